"""Read a workbook made by ``tonghop template``: hidden keys say what each column and row is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tonghop.submissions.books.book import Book
from tonghop.submissions.books.grid import Grid
from tonghop.submissions.layout import MATRIX, META_MARK, META_SHEET, RETURNS, VERSION, Column, Meta
from tonghop.submissions.reading import COLUMNS, Reading, Unreadable
from tonghop.submissions.rows import Cell, Place, read_row

READER, READER_VERSION = "workbook", "2"
_BLANK = Cell("")


def is_template(book: Book) -> bool:
    """Whether a workbook was made by ``tonghop template`` (whatever it was saved as since)."""
    return META_MARK in _pairs(book)


def read_template(book: Book, file_name: str) -> Reading:
    """Read all sheets; cells that break a reading rule are kept aside and the rest is read.

    Raises:
        Unreadable: S02 when it is not the template's workbook.
    """
    meta = _meta(book)
    reading = Reading("workbook", f"template:{meta.period}:{meta.form}", READER, READER_VERSION)
    number = 0
    for grid in book.grids:
        if grid.name == META_SHEET:
            continue
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


def _pairs(book: Book) -> dict[str, str]:
    grid = book.grid(META_SHEET)
    if grid is None:
        return {}
    return {grid.text(row, 1): grid.text(row, 2) for row in range(1, grid.height + 1)}


def _meta(book: Book) -> Meta:
    """What the hidden sheet says.

    Raises:
        Unreadable: S02, not the template's workbook, or one of another version.
    """
    pairs = _pairs(book)
    if META_MARK not in pairs or not {"sender", "unit_code", "period", "form"} <= pairs.keys():
        raise Unreadable(
            "S02",
            book.grids[0].name if book.grids else "file",
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


_Fact = tuple[dict[str, Cell], dict[str, str]]


def _facts(grid: Grid, meta: Meta) -> Iterator[_Fact]:
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


def _matrix_row(grid: Grid, row: int, meta: Meta) -> Iterator[_Fact]:
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


def _returns_row(grid: Grid, row: int, meta: Meta) -> Iterator[_Fact]:
    population = grid.text(row, 1)
    columns = {}
    for at in range(3, grid.width + 1):
        column = Column.parse(grid.text(1, at))
        if column is not None:
            columns[column.field] = at
    fixed = {"unit_code": meta.unit_code, "indicator": population, "period": meta.period, "scope": "total"}
    yield _fact(grid, row, fixed, columns)


def _fact(grid: Grid, row: int, fixed: dict[str, str], columns: dict[str, int]) -> _Fact:
    cells = {name: Cell(fixed[name]) if name in fixed else _BLANK for name in COLUMNS}
    numerator = columns.get("numerator", 3)
    places = {name: grid.place(row, columns.get(name, 1 if name in fixed else numerator)) for name in COLUMNS}
    for name, at in columns.items():
        cells[name] = grid.cell(row, at)
    return cells, places
