"""How a count, a mark and a rate are written. Pure.

Reported, nil, not applicable and missing are four things and stay four. In counts a dot or a space before exactly three
digits groups thousands (``43.240`` is 43240) and nothing else is allowed beside digits. A rate is in per cent when it
is text ("91,78%", "91,78"), keeps the number of decimals it was written with, and never groups.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from math import isfinite

from tonghop.text.clean import clean

LARGEST = 10**12 - 1
"""Nobody counts a trillion; and the sum of such figures over every unit of a nation is still a PostgreSQL bigint."""

_MISSING = re.compile(r"[.…\s]*")
_NIL = re.compile(r"0+|[-–—]|không|không có", re.IGNORECASE)
_NOT_APPLICABLE = re.compile(r"x", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+)")
_NEGATIVE = re.compile(r"[-–—−]\s*[0-9][0-9., ]*%?")
_FRACTIONAL = re.compile(r"[0-9]+(?:[.,][0-9]+)+")
_RATIO = re.compile(r"([0-9. ]+)/([0-9. ]+)")
_RATE = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,15}))?\s*%?")
_GENERAL_DIGITS = 10
_LARGEST_RATE = 1e9
_FORMAT_DECIMALS = re.compile(r"\.([0#?]+)")


class Mark(StrEnum):
    """What a cell says."""

    REPORTED = "reported"
    NIL = "nil"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"


@dataclass(frozen=True)
class Count:
    """A count as read; ``value`` is None where the mark is not_applicable or missing."""

    mark: Mark
    value: int | None


@dataclass(frozen=True)
class Rate:
    """A rate as a fraction of one, and the decimals of the percentage as written."""

    value: Decimal
    decimals: int


class NumberRefused(ValueError):
    """A text that is no number where one belongs (S07), or no non-negative whole count (S08)."""

    def __init__(self, rule: str, vi: str, en: str) -> None:
        self.rule, self.vi, self.en = rule, vi, en
        super().__init__(en)


@lru_cache(maxsize=65536)
def parse_count(text: str) -> Count:
    """Read a count, or a mark in its place.

    Raises:
        NumberRefused: S07 for what is no number, S08 for a negative or fractional one.
    """
    plain = clean(text)
    if _MISSING.fullmatch(plain):
        return Count(Mark.MISSING, None)
    if _NIL.fullmatch(plain):
        return Count(Mark.NIL, 0)
    if _NOT_APPLICABLE.fullmatch(plain):
        return Count(Mark.NOT_APPLICABLE, None)
    if _DIGITS.fullmatch(plain) or _GROUPED.fullmatch(plain):
        digits = plain.replace(".", "").replace(" ", "").lstrip("0")
        if len(digits) > len(str(LARGEST)):
            raise NumberRefused(
                "S07",
                f"“{_short(plain)}” quá lớn; hãy kiểm tra lại chữ số",
                f"“{_short(plain)}” is too large; check the digits",
            )
        return Count(Mark.REPORTED, int(digits))
    raise _refusal(plain)


def count_from_number(value: float, number_format: str = "General") -> Count:
    """Read a number that Excel holds as a number.

    Raises:
        NumberRefused: S07 for one that the cell shows as a percentage, S08 for a negative or fractional one.
    """
    if "%" in number_format:
        shown = _short(f"{Decimal(str(value)).scaleb(2).normalize():f}%")
        raise NumberRefused(
            "S07",
            f"“{shown}” là tỷ lệ, không phải số lượng; hãy ghi số nguyên",
            f"“{shown}” is a rate, not a count; write a whole number",
        )
    if not isfinite(value) or abs(value) > LARGEST:
        raise _refusal(str(value))
    if value == int(value):
        return parse_count(str(int(value)))
    raise _refusal(f"{Decimal(str(value)):f}")


def _refusal(plain: str) -> NumberRefused:
    shown = _short(plain)
    if _NEGATIVE.fullmatch(plain):
        return NumberRefused(
            "S08",
            f"“{shown}” là số âm; hãy ghi số nguyên không âm",
            f"“{shown}” is negative; write a whole number from 0 up",
        )
    if _FRACTIONAL.fullmatch(plain):
        return NumberRefused(
            "S08",
            f"“{shown}” không phải số nguyên; hãy ghi số nguyên (dấu chấm chỉ để tách từng ba chữ số: 43.240)",
            f"“{shown}” is no whole number; write one (a dot only groups three digits: 43.240)",
        )
    if _RATIO.fullmatch(plain):
        return NumberRefused(
            "S07",
            f"“{shown}” là hai số; hãy ghi số trước vào tử số, số sau vào mẫu số",
            f"“{shown}” is two numbers; write the first as numerator, the second as denominator",
        )
    return NumberRefused(
        "S07",
        f"“{shown}” không phải là số; hãy ghi số nguyên, hoặc 0, -, không, X, hoặc để trống",
        f"“{shown}” is not a number; write a whole number, or 0, -, không, X, or leave it blank",
    )


@lru_cache(maxsize=65536)
def parse_rate(text: str) -> Rate | None:
    """Read a rate in per cent; None where nothing is stated (blank, "…", "-", "không", X).

    Raises:
        NumberRefused: S07 for what is no rate, S08 for a negative one.
    """
    plain = clean(text)
    if not states_rate(plain):
        return None
    found = _RATE.fullmatch(plain)
    if found is not None:
        decimals = found[2] or ""
        return Rate(Decimal(f"{found[1]}.{decimals or 0}").scaleb(-2), len(decimals))
    shown = _short(plain)
    if _NEGATIVE.fullmatch(plain):
        raise NumberRefused(
            "S08",
            f"tỷ lệ “{shown}” là số âm; hãy ghi như 91,78%",
            f"the rate “{shown}” is negative; write it as 91,78%",
        )
    raise NumberRefused(
        "S07",
        f"“{shown}” không phải là tỷ lệ; hãy ghi như 91,78% hoặc để trống",
        f"“{shown}” is not a rate; write it as 91,78% or leave it blank",
    )


@lru_cache(maxsize=65536)
def states_rate(text: str) -> bool:
    """Whether a rate's cell states one: a mark (blank, "…", "-", "không", X) does not; "0" does."""
    plain = clean(text)
    marks = bool(_NIL.fullmatch(plain)) and not _DIGITS.fullmatch(plain)
    return not (marks or _MISSING.fullmatch(plain) or _NOT_APPLICABLE.fullmatch(plain))


def rate_from_number(value: float, number_format: str) -> tuple[str, Rate]:
    """Read a rate that Excel holds as a number: as it is shown.

    Args:
        value: a fraction of one where the format is a percentage, else per cent.
        number_format: the cell's format; its decimals are those the sender sees ("General": those of the value).

    Returns:
        The text as shown ("91,78%"), and the rate.

    Raises:
        NumberRefused: S07 for one beyond all measure, S08 for a negative one.
    """
    is_percentage = "%" in number_format
    if not isfinite(value) or abs(value) >= _LARGEST_RATE:
        written = _short(str(value))
        raise NumberRefused(
            "S07",
            f"“{written}” không phải là tỷ lệ; hãy ghi như 91,78% hoặc để trống",
            f"“{written}” is not a rate; write it as 91,78% or leave it blank",
        )
    exact = Decimal(str(value)).scaleb(2) if is_percentage else Decimal(str(value))
    decimals = _shown_decimals(number_format)
    if decimals is None:  # "General" shows ten digits at most, whatever is stored
        exact = Decimal(f"{exact:.{_GENERAL_DIGITS}g}").normalize()
        decimals = min(max(0, -int(exact.as_tuple().exponent)), 15)
    shown = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{shown:f}".replace(".", ",") + ("%" if is_percentage else "")
    rate = parse_rate(text)
    if rate is None:  # pragma: no cover - digits always state a rate
        raise NumberRefused("S07", f"“{text}” không phải là tỷ lệ", f"“{text}” is not a rate")
    return text, rate


def _shown_decimals(number_format: str) -> int | None:
    if number_format in ("General", "@", ""):
        return None
    found = _FORMAT_DECIMALS.search(number_format.split(";", maxsplit=1)[0])
    return len(found[1]) if found else 0


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
