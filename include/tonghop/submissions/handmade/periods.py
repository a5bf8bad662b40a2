"""Which month a table speaks of, by its titles. Pure.

A quarter, "6 tháng đầu năm" and "đến 30/5/2012" are the month they end in. A year alone is no period: it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tonghop.submissions.reading import PERIOD, Unreadable
from tonghop.text.clean import clean

_YEAR = r"((?:19|20)\d\d)"
_SEPARATOR = r"\s*[/.\-–]\s*"
_UNTIL = re.compile(
    rf"đến\s*(?:hết\s*)?(?:ngày\s*)?\d{{1,2}}(?:{_SEPARATOR}|\s*tháng\s*)(\d{{1,2}})(?:{_SEPARATOR}|\s*năm\s*){_YEAR}"
)
_DATE = re.compile(
    rf"(?:ngày\s*)?\b\d{{1,2}}{_SEPARATOR}\d{{1,2}}{_SEPARATOR}{_YEAR}|ngày[\s.…\d]*tháng[\s.…\d]*năm[\s.…\d]*"
)
_HALF = re.compile(rf"\b(3|6|9|12|sáu|chín|ba)\s*tháng\s*(đầu|cuối)?\s*(?:năm\s*)?{_YEAR}")
_MONTH = re.compile(rf"(?:tháng|kỳ|kì)\s*(?:báo cáo)?\s*:?\s*(\d{{1,2}})(?:{_SEPARATOR}|\s*(?:,\s*)?năm\s*){_YEAR}")
_QUARTER = re.compile(rf"qu[ýíyi]\s*(i{{1,3}}|iv|[1-4])(?:{_SEPARATOR}|\s*(?:,\s*)?(?:năm\s*)?){_YEAR}")
_YEAR_ALONE = re.compile(rf"năm\s*(?:báo cáo\s*)?:?\s*{_YEAR}")
_TERM = re.compile(rf"{_YEAR}{_SEPARATOR}{_YEAR}")
_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "ba": 3, "sáu": 6, "chín": 9}


@dataclass(frozen=True)
class Told:
    """What a title says: ``YYYY-MM``, or ``YYYY`` where it names only the year; its words and its place."""

    period: str
    text: str
    place: str


def periods_in(text: str, place: str) -> list[Told]:
    """The periods that a line names; the year alone only where no month is named."""
    plain = clean(text).lower()
    found: list[str] = [_month(year, month) for month, year in _UNTIL.findall(plain)]
    plain = _TERM.sub(" ", _DATE.sub(" ", _UNTIL.sub(" ", plain)))
    for number, half, year in _HALF.findall(plain):
        months = _NUMBERS.get(number) or int(number)
        found.append(_month(year, 12 if half == "cuối" else months))
    plain = _HALF.sub(" ", plain)
    found += [_month(year, month) for month, year in _MONTH.findall(plain)]
    found += [_month(year, 3 * (_NUMBERS.get(quarter) or int(quarter))) for quarter, year in _QUARTER.findall(plain)]
    found = [each for each in found if PERIOD.fullmatch(each)]
    if not found:
        found = _YEAR_ALONE.findall(plain)
    return [Told(each, clean(text), place) for each in dict.fromkeys(found)]


def without_periods(text: str) -> str:
    """A title without its dates and periods, to be recognised next month."""
    plain = clean(text).lower()
    for pattern in (_UNTIL, _DATE, _HALF, _MONTH, _QUARTER, _YEAR_ALONE, re.compile(r"\btháng\s*\d{1,2}\b")):
        plain = pattern.sub(" ", plain)
    return " ".join(plain.split())


def settle(told: Iterable[Told], asked: str | None) -> str:
    """The one period of a book.

    Args:
        asked: what the sender said, if it did; it must agree with every title.

    Raises:
        Unreadable: S02; the titles disagree among themselves or with the sender, or nobody names a month.
    """
    said = list({(each.period, each.place): each for each in told}.values())
    months = [each for each in said if len(each.period) == 7]
    years = [each for each in said if len(each.period) == 4]
    one = asked or (months[0].period if months else None)
    if one is None:
        if not years:
            raise Unreadable(
                "S02",
                "file",
                "tiêu đề không ghi kỳ; hãy ghi như “tháng 5 năm 2012” trên bảng, hoặc nêu kỳ khi gửi",
                "no title names the period; write “tháng 5 năm 2012” above the table, or say the period when sending",
            )
        raise Unreadable(
            "S02",
            years[0].place,
            f"“{years[0].text}” chỉ ghi năm; hãy nêu kỳ (tháng) khi gửi hoặc ghi tháng trên tiêu đề",
            f"“{years[0].text}” names only a year; say the period (month) when sending, or write it in the title",
        )
    for each in [*months, *years]:
        if not one.startswith(each.period):
            other_vi = f"nơi gửi nêu kỳ {asked}" if asked else f"{months[0].place} ghi kỳ {one}"
            other_en = f"the sender says {asked}" if asked else f"{months[0].place} says {one}"
            raise Unreadable(
                "S02",
                each.place,
                f"tiêu đề “{each.text}” là kỳ {each.period} nhưng {other_vi}; hãy sửa cho khớp",
                f"the title “{each.text}” is of {each.period} but {other_en}; make them agree",
            )
    return one


def _month(year: str, month: str | int) -> str:
    return f"{year}-{int(month):02d}"
