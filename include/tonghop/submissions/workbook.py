"""Read a workbook made by ``tonghop template``: hidden keys say what each column and row is."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from tonghop.submissions.layout import MATRIX, META_MARK, META_SHEET, RETURNS, VERSION, Column, Meta
from tonghop.submissions.reading import COLUMNS, Reading, Unreadable
from tonghop.submissions.rows import Cell, Place, read_row
from tonghop.submissions.text import clean

READER, READER_VERSION = "workbook", "1"
_BLANK = Cell("")
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a zip (xlsx, ods) or an old Office file."""
    return content.startswith((b"PK\x03\x04", _OLD_OFFICE))


def read_workbook(content: bytes, file_name: str) -> Reading:
    """Read all sheets; cells that break a reading rule are kept aside and the rest is read.

    Raises:
        Unreadable: S01 when it cannot be opened, S02 when it is not the template's workbook.
    """
    values, formats = _open(content)
    meta = _meta(values)
    reading = Reading("workbook", f"template:{meta.period}:{meta.form}", READER, READER_VERSION)
    number = 0
    for name in values.sheet_names:
        if name == META_SHEET:
            continue
        grid = _Grid(name, values.get_sheet_by_name(name).to_python(skip_empty_area=False), formats[name])
        for cells, places in _facts(grid, meta):
            number += 1
            outcome = read_row(cells, Place(file_name, number, places["numerator"], places))
            if outcome is None:
                continue
            reading.rows_read += 1
            if isinstance(outcome, list):
                reading.asides += outcome
            else:
                reading.statements.append(outcome)
    return reading


def _open(content: bytes) -> tuple[CalamineWorkbook, Any]:
    if content.startswith(_OLD_OFFICE):
        raise Unreadable(
            "S01",
            "file",
            "tệp là .xls cũ hoặc đặt mật khẩu; hãy bỏ mật khẩu và lưu dạng .xlsx",
            "the file is an old .xls or has a password; remove the password and save it as .xlsx",
        )
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content)), openpyxl.load_workbook(io.BytesIO(content))
    except Exception as error:  # both libraries raise whatever their parsers meet in a damaged file
        detail = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unreadable(
            "S01",
            "file",
            f"không mở được bảng tính ({detail}); hãy mở bằng Excel và lưu lại dạng .xlsx",
            f"the workbook cannot be opened ({detail}); open it in Excel and save it as .xlsx",
        ) from error


def _meta(values: CalamineWorkbook) -> Meta:
    """What the hidden sheet says.

    Raises:
        Unreadable: S02, not the template's workbook, or one of another version.
    """
    try:
        pairs = {str(row[0]): str(row[1]) for row in values.get_sheet_by_name(META_SHEET).to_python() if len(row) > 1}
    except (CalamineError, KeyError):
        pairs = {}
    if META_MARK not in pairs or not {"sender", "unit_code", "period", "form"} <= pairs.keys():
        raise Unreadable(
            "S02",
            values.sheet_names[0] if values.sheet_names else "file",
            "không phải bảng tính theo mẫu; hãy lấy mẫu bằng 'tonghop template NƠI_GỬI KỲ' và chép số liệu vào",
            "this is not the template's workbook; make one with 'tonghop template SENDER PERIOD'",
        )
    if pairs[META_MARK] != VERSION:
        raise Unreadable(
            "S02",
            META_SHEET,
            f"mẫu phiên bản {pairs[META_MARK]}, ở đây đọc phiên bản {VERSION}; hãy lấy mẫu mới",
            f"the template is of version {pairs[META_MARK]}, version {VERSION} is read here; make a new one",
        )
    return Meta(pairs["sender"], pairs["unit_code"], pairs["period"], pairs["form"], pairs[META_MARK])


class _Grid:
    """The cells of a sheet: values by calamine, formats and what calamine leaves blank by openpyxl."""

    def __init__(self, name: str, values: list[list[Any]], sheet: Any) -> None:
        self.name, self._values, self._sheet = name, values, sheet
        self.height = len(values)
        self.width = len(values[0]) if values else 0

    def text(self, row: int, column: int) -> str:
        return clean(self.cell(row, column).text)

    def cell(self, row: int, column: int) -> Cell:
        inside = row <= self.height and column <= self.width
        value = self._values[row - 1][column - 1] if inside else ""
        if isinstance(value, str) and value:
            return Cell(value)
        behind = self._sheet.cell(row, column)
        if isinstance(value, bool):
            return Cell(str(value).upper())
        if isinstance(value, int | float):
            shown = str(int(value)) if value == int(value) else str(value)
            return Cell(shown, float(value), str(behind.number_format))
        if isinstance(value, date | datetime | time):
            return Cell(f"{value.isoformat()} (ngày/date)")
        if behind.data_type in ("e", "f") and behind.value is not None:  # an error, or a formula never computed
            return Cell(str(behind.value))
        return _BLANK

    def place(self, row: int, column: int) -> str:
        return f"{self.name}!{get_column_letter(column)}{row}"


_Fact = tuple[dict[str, Cell], dict[str, str]]


def _facts(grid: _Grid, meta: Meta) -> Iterator[_Fact]:
    """The facts of a sheet as rows of the public contract, with the place of each cell."""
    kind = grid.text(1, 1)
    if kind not in (MATRIX, RETURNS):
        return
    first = grid.text(1, 2)
    if not first.isdigit():
        raise Unreadable(
            "S02",
            f"{grid.name}!B1",
            "hàng 1 (ẩn) của mẫu đã bị sửa; hãy lấy mẫu mới và chép số liệu vào",
            "the hidden row 1 of the template was changed; make a new one and copy the figures in",
        )
    for row in range(int(first), grid.height + 1):
        if kind == MATRIX:
            yield from _matrix_row(grid, row, meta)
        else:
            yield from _returns_row(grid, row, meta)


def _matrix_row(grid: _Grid, row: int, meta: Meta) -> Iterator[_Fact]:
    unit_code = grid.text(row, 1)
    by_indicator: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for at in range(3, grid.width + 1):
        column = Column.parse(grid.text(1, at))
        if column is not None:
            scope = column.sender_scope if unit_code == meta.unit_code else "own"
            by_indicator[column.indicator, scope][column.field] = at
    for (indicator, scope), columns in by_indicator.items():
        fixed = {"unit_code": unit_code, "indicator": indicator, "period": meta.period, "scope": scope}
        yield _fact(grid, row, fixed, columns)


def _returns_row(grid: _Grid, row: int, meta: Meta) -> Iterator[_Fact]:
    population = grid.text(row, 1)
    columns = {}
    for at in range(3, grid.width + 1):
        column = Column.parse(grid.text(1, at))
        if column is not None:
            columns[column.field] = at
    fixed = {"unit_code": meta.unit_code, "indicator": population, "period": meta.period, "scope": "total"}
    yield _fact(grid, row, fixed, columns)


def _fact(grid: _Grid, row: int, fixed: dict[str, str], columns: dict[str, int]) -> _Fact:
    cells = {name: Cell(fixed[name]) if name in fixed else _BLANK for name in COLUMNS}
    numerator = columns.get("numerator", 3)
    places = {name: grid.place(row, columns.get(name, 1 if name in fixed else numerator)) for name in COLUMNS}
    for name, at in columns.items():
        cells[name] = grid.cell(row, at)
    return cells, places
