"""How numbers, days and texts of the warehouse are written on a page. Pure functions; only rounding is computed."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from tonghop.clock import ZONE

NOTHING = "–"
_THIN = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_WHOLE = re.compile(r"-?\d+")
_PERCENT = re.compile(r"(-?\d+)(?:[.,](\d+))?\s*%")
_LINE = re.compile(r"\bline (\d+)")
_COLUMNS = ("unit_code", "indicator", "period", "scope", "numerator", "denominator", "stated_rate", "note")
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=8192)
def number(value: int | Decimal | None) -> str:
    """A number with Vietnamese signs: 43.240; −1; 1,62. A missing one is a dash."""
    if value is None:
        return NOTHING
    exact = Decimal(value)
    if exact != exact.to_integral_value():
        exact = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    else:
        exact = exact.quantize(Decimal(1))
    return f"{exact:,}".translate(str.maketrans(",.-", ".," + _MINUS))


@lru_cache(maxsize=8192)
def percent(rate: Decimal | None, decimals: int = 2) -> str:
    """A fraction of one as a percentage: 91,78 %; whole ones without decimals: 100 %."""
    if rate is None:
        return NOTHING
    scaled = (Decimal(rate) * 100).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    shown = str(int(scaled)) if scaled == scaled.to_integral_value() else str(scaled)
    return shown.replace(".", ",").replace("-", _MINUS) + _THIN + "%"


@lru_cache(maxsize=8192)
def span(low: Decimal | None, high: Decimal | None, decimals: int = 2) -> str:
    """Two rates as a range: 20,63 – 100 %; one where both are the same."""
    if low is None or high is None:
        return NOTHING
    first, second = percent(low, decimals), percent(high, decimals)
    return first if first == second else f"{first.removesuffix(_THIN + '%')}{_THIN}–{_THIN}{second}"


@lru_cache(maxsize=8192)
def moment(value: datetime | None) -> str:
    """A moment in Vietnam's time: 22-11-2026 11:14."""
    return NOTHING if value is None else value.astimezone(ZONE).strftime("%d-%m-%Y %H:%M")


def duration(seconds: float) -> tuple[str, str]:
    """A duration in words of both languages: 2 phút 3 giây, 2 min 3 s."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if whole < 60:
        return f"{rest} giây", f"{rest} s"
    if not hours:
        return f"{minutes} phút {rest} giây", f"{minutes} min {rest} s"
    return f"{hours} giờ {minutes} phút", f"{hours} h {minutes} min"


def day(value: date | None) -> str:
    """A day: 20-06-2012."""
    return NOTHING if value is None else value.strftime("%d-%m-%Y")


@lru_cache(maxsize=8192)
def month(period: str | None) -> str:
    """A period as it is spoken: tháng 5 năm 2012."""
    if not period or not re.fullmatch(r"\d{4}-\d{2}", period):
        return "không rõ kỳ"
    return f"tháng {int(period[5:])} năm {period[:4]}"


def place(locator: str | None, file_name: str | None = None) -> str:
    """Where something stands in a file, without the file's name: "dòng 17"; "Biểu 1!C7"."""
    if not locator:
        return NOTHING
    shown = locator
    if file_name and shown.startswith(file_name):
        shown = shown.removeprefix(file_name).lstrip(" ·,:")
    return _LINE.sub(r"dòng \1", shown)


@lru_cache(maxsize=8192)
def both(text: str | None) -> tuple[str, str]:
    """A text written "Vietnamese / English" as its two parts; the second is empty where there is only one."""
    first, mark, second = (text or "").partition(" / ")
    if mark and " / " not in second and _LETTER.search(first) and _LETTER.search(second):
        return first, second
    return text or "", ""


def value(text: str | None) -> str:
    """A value of a finding: numbers and rates with Vietnamese signs, anything else as it stands."""
    if text is None or text == "":
        return NOTHING
    if _WHOLE.fullmatch(text):
        return number(int(text))
    rate = _PERCENT.fullmatch(text)
    if rate:
        return rate[1].replace("-", _MINUS) + (f",{rate[2]}" if rate[2] else "") + _THIN + "%"
    return text


def row(raw: Any) -> list[tuple[str, str]] | None:
    """A raw row (JSON object, or its text) as the pairs of column and text that its sender wrote.

    Empty cells are left out. None where it is no row.
    """
    if isinstance(raw, str):
        if not raw.startswith("{"):
            return None
        try:
            raw = json.loads(raw)
        except ValueError:
            return None
    if not isinstance(raw, dict):
        return None
    if raw.get("cells"):
        return [("cells", " | ".join(str(cell) for cell in raw["cells"]))]
    return [(name, str(raw[name])) for name in _COLUMNS if raw.get(name) not in (None, "")]
