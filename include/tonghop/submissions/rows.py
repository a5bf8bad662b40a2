"""Read one written row: a statement, a row kept aside, or nothing (a blank mentions nothing)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tonghop.submissions import numbers
from tonghop.submissions.numbers import Count, Mark, NumberRefused, Rate
from tonghop.submissions.reading import COLUMNS, PERIOD, SCOPES, Aside, Statement
from tonghop.text.clean import clean

_VI = {"numerator": "tử số", "denominator": "mẫu số", "stated_rate": "tỷ lệ"}
_EN = {"numerator": "numerator", "denominator": "denominator", "stated_rate": "stated rate"}


class Place(NamedTuple):
    """Where a row stands: which file, which number, and the place of each of its cells.

    ``cells`` gives the place of a column where it differs from the row's own (workbooks).
    """

    file: str
    row_number: int
    locator: str
    cells: Mapping[str, str]

    def of(self, column: str) -> str:
        return self.cells.get(column, self.locator)


class Refused(NamedTuple):
    """Why a cell holds no figure whatever its text looks like: a date, an error, a formula nobody computed."""

    rule: str
    vi: str
    en: str


class Cell(NamedTuple):
    """A cell as written, and the number Excel holds in it, if it does (with its format)."""

    text: str
    number: float | None = None
    number_format: str = "General"
    refused: Refused | None = None


@dataclass(frozen=True)
class _Refusal:
    rule: str
    column: str
    vi: str
    en: str


def read_row(cells: Mapping[str, Cell], place: Place) -> Statement | list[Aside] | None:
    """Judge one row by S02, S07 and S08.

    Args:
        cells: the eight columns of the public contract.

    Returns:
        A statement; or why it is kept aside, one entry a rule and place; or None, where no count and no rate is.
    """
    text = {column: clean(cells[column].text) for column in COLUMNS}
    refusals = _frame(text)
    try:
        numerator = count(cells["numerator"])
    except NumberRefused as error:
        refusals.append(_Refusal(error.rule, "numerator", error.vi, error.en))
        numerator = Count(Mark.REPORTED, None)
    if numerator.mark is Mark.MISSING and not numbers.states_rate(text["stated_rate"]):
        return _nothing_but_a_mark(text, place)
    denominator, rate = Count(Mark.MISSING, None), None
    try:
        denominator = count(cells["denominator"])
    except NumberRefused as error:
        refusals.append(_Refusal(error.rule, "denominator", error.vi, error.en))
    written_rate: str | None = cells["stated_rate"].text
    try:
        written_rate, rate = _rate(cells["stated_rate"])
    except NumberRefused as error:
        refusals.append(_Refusal(error.rule, "stated_rate", error.vi, error.en))
    if refusals:
        return asides(refusals, text, place)
    return Statement(
        row_number=place.row_number,
        locator=place.of("numerator"),
        unit_code=text["unit_code"],
        indicator=text["indicator"],
        period=text["period"],
        scope=text["scope"].lower(),
        numerator=_as_written(cells["numerator"].text),
        denominator=_as_written(cells["denominator"].text),
        stated_rate=_as_written(written_rate),
        note=_as_written(cells["note"].text),
        mark=numerator.mark.value,
        numerator_value=numerator.value,
        denominator_value=denominator.value,
        rate_value=rate.value if rate else None,
        rate_decimals=rate.decimals if rate else None,
    )


def _nothing_but_a_mark(text: Mapping[str, str], place: Place) -> list[Aside] | None:
    """A numerator left blank: nothing was said, unless its rate's cell holds "-" or X, which is no answer."""
    mark = text["stated_rate"]
    if not mark.strip(".… "):
        return None
    return asides(
        [
            _Refusal(
                "S07",
                "stated_rate",
                f"“{mark}” không phải là tỷ lệ; muốn nói không có thì ghi 0 ở tử số",
                f"“{mark}” is not a rate; to say there is none, write 0 as the numerator",
            )
        ],
        text,
        place,
    )


def _frame(text: Mapping[str, str]) -> list[_Refusal]:
    """What a row must say beside its figures (S02)."""
    found = [
        _Refusal("S02", column, f"cột {column} để trống; hãy điền", f"{column} is blank; fill it in")
        for column in ("unit_code", "indicator")
        if not text[column]
    ]
    if not PERIOD.fullmatch(text["period"]):
        found.append(
            _Refusal(
                "S02",
                "period",
                f"kỳ “{text['period']}” sai; hãy ghi NNNN-TT, ví dụ 2012-05",
                f"the period “{text['period']}” is wrong; write YYYY-MM, as in 2012-05",
            )
        )
    if text["scope"].lower() not in SCOPES:
        found.append(
            _Refusal(
                "S02",
                "scope",
                f"phạm vi “{text['scope']}” sai; hãy ghi own (riêng) hoặc total (toàn bộ)",
                f"the scope “{text['scope']}” is wrong; write own or total",
            )
        )
    return found


def count(cell: Cell) -> Count:
    """Read the cell of a count.

    Raises:
        NumberRefused: S07 or S08, or whatever the cell itself is refused for.
    """
    if cell.refused is not None:
        raise NumberRefused(*cell.refused)
    if cell.number is None:
        return numbers.parse_count(cell.text)
    return numbers.count_from_number(cell.number, cell.number_format)


def _rate(cell: Cell) -> tuple[str, Rate | None]:
    if cell.refused is not None:
        raise NumberRefused(*cell.refused)
    if cell.number is None:
        return cell.text, numbers.parse_rate(cell.text)
    return numbers.rate_from_number(cell.number, cell.number_format)


def _as_written(text: str | None) -> str | None:
    if text is None or not clean(text):
        return None
    return text.replace("\x00", "")


def asides(refusals: list[_Refusal], raw: Mapping[str, str], place: Place) -> list[Aside]:
    """One entry a rule and place, its reasons together."""
    grouped: dict[tuple[str, str], list[_Refusal]] = {}
    for refusal in refusals:
        grouped.setdefault((refusal.rule, place.of(refusal.column)), []).append(refusal)
    found = []
    for (rule, locator), group in grouped.items():
        vi = "; ".join(f"{_VI[each.column]}: {each.vi}" if each.column in _VI else each.vi for each in group)
        en = "; ".join(f"{_EN[each.column]}: {each.en}" if each.column in _EN else each.en for each in group)
        found.append(Aside(place.row_number, locator, rule, told(f"{place.file}, {locator}", vi, en), dict(raw)))
    return found


def told(where: str, vi: str, en: str) -> str:
    """A reason in both languages; " / " stands between them and nowhere else ("35 / 41" is quoted as "35/41")."""
    return f"{where}: {vi.replace(' / ', '/')} / {en.replace(' / ', '/')}"
