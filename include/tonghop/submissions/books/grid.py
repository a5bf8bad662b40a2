"""One sheet, whatever the format: values, what the cells show, and what only formats tell (read when first asked)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from tonghop.submissions.books.limits import MAX_CELL_TEXT
from tonghop.submissions.books.shown import fraction_shown, number_shown
from tonghop.submissions.rows import Cell, Refused
from tonghop.text.clean import clean

Value = str | int | float | bool | date | datetime | time | timedelta


class Span(NamedTuple):
    """A merged range; rows and columns from 1, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class Style(NamedTuple):
    """How a cell is drawn, as far as it changes what it says."""

    number_format: str
    font: str


PLAIN = Style("General", "")


@dataclass
class Marks:
    """What a sheet says beside its values. Rows and columns from 1.

    Attributes:
        styles: style of the cells that have one.
        uncached: formulas without a cached value, as written.
        errors: error values ("#DIV/0!").
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Span] = field(default_factory=list)
    styles: Mapping[tuple[int, int], Style] = field(default_factory=dict)
    uncached: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass
class Grid:
    """The cells of one sheet; rows and columns from 1.

    Attributes:
        values: rows of values; blank, error and uncached cells are "".
        find_marks: reads the sheet's marks; called once, when first needed.
        decode: text of a cell and its font to Unicode (old Vietnamese fonts have encodings of their own).
    """

    name: str
    values: Sequence[Sequence[Value]]
    find_marks: Callable[[], Marks]
    is_hidden: bool = False
    decode: Callable[[str, str], str] | None = None

    @property
    def height(self) -> int:
        return len(self.values)

    @cached_property
    def width(self) -> int:
        return max((len(row) for row in self.values), default=0)

    @cached_property
    def marks(self) -> Marks:
        return self.find_marks()

    @cached_property
    def _spans(self) -> dict[tuple[int, int], Span]:
        cells = {}
        for span in self.marks.merged:  # beyond the values a merge says nothing
            for row in range(span.top, min(span.bottom, self.height) + 1):
                for column in range(span.left, min(span.right, self.width) + 1):
                    cells[row, column] = span
        return cells

    def value(self, row: int, column: int) -> Value:
        """The value; "" where there is none."""
        if not 1 <= row <= len(self.values):
            return ""
        line = self.values[row - 1]
        return line[column - 1] if 1 <= column <= len(line) else ""

    def text(self, row: int, column: int) -> str:
        """What the cell says, cleaned, in Unicode."""
        value = self.value(row, column)
        if isinstance(value, str):
            if not value:
                return self.marks.errors.get((row, column), "")
            return clean(self._decoded(value, row, column))
        return clean(self.cell(row, column).text)

    def cell(self, row: int, column: int) -> Cell:
        """The cell as the rules read it: a text, a number with its format, or a refusal with its remedy."""
        value = self.value(row, column)
        if isinstance(value, str):
            return Cell(self._decoded(value, row, column)) if value else self._behind(row, column)
        style = self.style(row, column)
        if isinstance(value, bool):
            return Cell(str(value).upper())
        if isinstance(value, int | float):
            fraction = fraction_shown(value, style.number_format)
            if fraction:
                return Cell(fraction, refused=_as_fraction(fraction))
            return Cell(number_shown(value), float(value), style.number_format)
        return _date(value, style.number_format)

    def style(self, row: int, column: int) -> Style:
        return self.marks.styles.get((row, column), PLAIN)

    def is_blank(self, row: int, column: int) -> bool:
        """No value, and none that got lost (an error, a formula without its value)."""
        value = self.value(row, column)
        if isinstance(value, str) and not value.strip():
            return (row, column) not in self.marks.errors and (row, column) not in self.marks.uncached
        return False

    def is_hidden_row(self, row: int) -> bool:
        return row in self.marks.hidden_rows

    def is_hidden_column(self, column: int) -> bool:
        return column in self.marks.hidden_columns

    def span(self, row: int, column: int) -> Span | None:
        """The merged range that holds a cell."""
        return self._spans.get((row, column))

    def place(self, row: int, column: int) -> str:
        return f"{self.name}!{get_column_letter(column)}{row}"

    def _decoded(self, text: str, row: int, column: int) -> str:
        text = text[:MAX_CELL_TEXT]
        if self.decode is None or text.isascii():
            return text
        return self.decode(text, self.style(row, column).font)

    def _behind(self, row: int, column: int) -> Cell:
        formula = self.marks.uncached.get((row, column))
        if formula is not None:
            return Cell(formula, refused=_as_uncached(formula))
        error = self.marks.errors.get((row, column))
        return Cell("") if error is None else Cell(error, refused=_as_error(error))


def _as_uncached(formula: str) -> Refused:
    short = formula if len(formula) <= 40 else formula[:39] + "…"
    return Refused(
        "S07",
        f"công thức “{short}” chưa có kết quả lưu trong tệp; hãy mở bằng Excel, lưu lại, hoặc ghi thẳng con số",
        f"the formula “{short}” has no value stored in the file; open it in Excel and save, or write the figure",
    )


def _as_error(error: str) -> Refused:
    return Refused(
        "S07",
        f"ô báo lỗi {error}; hãy sửa công thức hoặc ghi thẳng con số",
        f"the cell shows the error {error}; mend its formula or write the figure",
    )


def _as_fraction(shown: str) -> Refused:
    return Refused(
        "S07",
        f"ô là một số lẻ hiện thành phân số “{shown}”, tử và mẫu thật không còn; hãy định dạng Text rồi gõ lại",
        f"the cell is a number shown as the fraction “{shown}”, its real parts are lost; format as Text, type it again",
    )


def _date(value: date | datetime | time | timedelta, number_format: str) -> Cell:
    """A date where a figure belongs: most often "7/12" typed into a cell that is no text."""
    written = value.isoformat() if not isinstance(value, timedelta) else str(value)
    if not isinstance(value, date):
        return Cell(f"{written} (giờ/time)")
    if isinstance(value, datetime) and value.time() == time():
        written = value.date().isoformat()
    shown = number_format.lower()
    day_month, month_day = f"{value.day}/{value.month}", f"{value.month}/{value.day}"
    if "d" not in shown and "y" in shown:  # 7/15: no day and month, so Excel took month and year
        guesses = f"{value.month}/{value.year % 100}"
    else:
        guesses = day_month if day_month == month_day else f"{day_month}” / “{month_day}".replace(" / ", ", ")
    return Cell(
        f"{written} (ngày/date)",
        refused=Refused(
            "S07",
            f"ô là ngày {written}, không phải số; có thể đã gõ “{guesses}” và Excel đổi thành ngày;"
            " hãy định dạng ô là Text rồi gõ lại",
            f"the cell is the date {written}, no figure; “{guesses}” may have been typed and turned into a date;"
            " format the cell as Text and type it again",
        ),
    )
