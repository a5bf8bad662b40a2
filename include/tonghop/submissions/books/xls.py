"""Excel's old .xls, read whole by xlrd: values, formats, fonts, hidden rows, merged ranges."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, time

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.book import Book as OldBook
from xlrd.sheet import Sheet as OldSheet
from xlrd.xldate import XLDateError, xldate_as_datetime

from tonghop.submissions.books import limits
from tonghop.submissions.books.grid import PLAIN, Grid, Marks, Span, Style, Value
from tonghop.submissions.books.refusals import broken, has_password, too_large

_PLAIN_TYPES = frozenset((xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK))


def open_xls(content: bytes, decode: Callable[[str, str], str] | None) -> list[Grid]:
    """The sheets of an old workbook.

    Raises:
        Unreadable: S01; damaged, with a password, or beyond the limits.
    """
    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # xlrd tells its warnings to standard output
            book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=nowhere)
    except Exception as error:  # xlrd raises whatever it meets in damaged bytes
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise has_password() from None
        raise broken(str(error) or type(error).__name__) from None
    if book.nsheets > limits.MAX_SHEETS:
        raise too_large(f"{book.nsheets} trang", f"{book.nsheets} sheets")
    cells = sum(sheet.row_len(row) for sheet in book.sheets() for row in range(sheet.nrows))  # rows are ragged
    if cells > limits.MAX_CELLS:
        raise too_large(f"{cells} ô", f"{cells} cells")
    return [_grid(book, sheet, decode) for sheet in book.sheets()]


def _grid(book: OldBook, sheet: OldSheet, decode: Callable[[str, str], str] | None) -> Grid:
    values: list[list[Value]] = []
    for row in range(sheet.nrows):
        types, cells = sheet.row_types(row), sheet.row_values(row)
        if _PLAIN_TYPES.issuperset(types):
            values.append(list(cells))
        else:
            values.append([_value(book, kind, cell) for kind, cell in zip(types, cells, strict=True)])
    return Grid(sheet.name, values, lambda: _marks_or_refusal(book, sheet), sheet.visibility != 0, decode)


def _value(book: OldBook, kind: int, cell: str | float) -> Value:
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(cell)
    if kind == xlrd.XL_CELL_ERROR:
        return ""
    if kind == xlrd.XL_CELL_DATE and isinstance(cell, float):
        try:
            moment: datetime = xldate_as_datetime(cell, book.datemode)
        except (XLDateError, ValueError, OverflowError):
            return cell
        return moment.time() if 0 <= cell < 1 else moment.date() if moment.time() == time() else moment
    return cell


def _marks_or_refusal(book: OldBook, sheet: OldSheet) -> Marks:
    try:
        return _marks(book, sheet)
    except Exception as error:  # styles that point nowhere, in damaged bytes
        raise broken(str(error) or type(error).__name__, sheet.name) from None


def _marks(book: OldBook, sheet: OldSheet) -> Marks:
    marks = Marks()
    marks.merged = [Span(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    marks.hidden_rows = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    marks.hidden_columns = {column + 1 for column, info in sheet.colinfo_map.items() if info.hidden or not info.width}
    known: dict[int, Style] = {}
    styles: dict[tuple[int, int], Style] = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            number = sheet.cell_xf_index(row, column)
            if number not in known:
                known[number] = _style(book, number)
            styles[row + 1, column + 1] = known[number]
            kind, cell = sheet.cell_type(row, column), sheet.cell_value(row, column)
            if kind == xlrd.XL_CELL_ERROR:
                marks.errors[row + 1, column + 1] = error_text_from_code.get(int(cell), "#VALUE!")
            elif kind == xlrd.XL_CELL_TEXT and cell == "":
                # Only a formula leaves an empty text: one that shows nothing, or one that nobody computed.
                marks.uncached[row + 1, column + 1] = "=…"
    marks.styles = styles
    return marks


def _style(book: OldBook, number: int) -> Style:
    """A style by its number; a damaged book points to styles and fonts that it does not have."""
    try:
        xf = book.xf_list[number]
        return Style(book.format_map[xf.format_key].format_str, book.font_list[xf.font_index].name)
    except (IndexError, KeyError):
        return PLAIN
