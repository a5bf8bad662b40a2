"""How many cells a second a workbook gives: opened, its size judged, every value in hand. Run by hand:

    .venv/bin/python -m tests.bench.reading_workbook [rows] [columns]

Prints wall and processor time a format, and the same for a hand-made table read to statements.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import openpyxl
import xlwt

from tests.submissions.handmade.writers import SheetModel, write
from tonghop.submissions.books.book import open_book
from tonghop.submissions.handmade.aliases import Catalogue, Indicator, settled
from tonghop.submissions.handmade.reader import read_handmade


def _xlsx(rows: int, columns: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("S")
    for row in range(rows):
        sheet.append([f"Huyện {row}", *(row * at % 9973 for at in range(1, columns))])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _xls(rows: int, columns: int) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row in range(min(rows, 65536)):
        sheet.write(row, 0, f"Huyện {row}")
        for at in range(1, columns):
            sheet.write(row, at, row * at % 9973)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _model(rows: int, columns: int) -> SheetModel:
    model = SheetModel("S")
    for row in range(1, rows + 1):
        model.put(row, 1, f"Huyện {row}")
        for at in range(2, columns + 1):
            model.put(row, at, row * at % 9973)
    return model


def _handmade(rows: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("S")
    for line in (["tháng 5 năm 2012"], ["STT", "Tên đơn vị", "Đã làm", "Tổng số lớp"]):
        sheet.append(line)
    for row in range(rows):
        sheet.append([row + 1, f"Huyện {row}", row, row + 1])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _read_handmade(content: bytes) -> int:
    catalogue = Catalogue(
        {code: Indicator(code, name, "count", "direct_committee") for code, name in (("a", "Đã làm"), ("b", "Tổng số lớp"))},
        {},
        settled([("STT", "", "stt"), ("Tên đơn vị", "", "unit_name")]),
    )
    reading = read_handmade(content, "b.xlsx", sender_code="60", period=None, catalogue=catalogue, confirmed={})
    return len(reading.statements) * 2


def _cells(content: bytes) -> int:
    return sum(grid.height * grid.width for grid in open_book(content, "b").grids)


def _measure(name: str, content: bytes, read: Callable[[bytes], int]) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    cells = read(content)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{name:24} {cells:>9,} cells {wall:6.2f} s {cells / wall:>10,.0f}/s · processor {cells / processor:>10,.0f}/s")


def main(rows: int = 40_000, columns: int = 25) -> None:
    """Measure each format once warm."""
    small = _xlsx(10, 3)
    open_book(small, "b")
    _measure(".xlsx", _xlsx(rows, columns), _cells)
    _measure(".xls", _xls(rows, columns), _cells)
    _measure(".ods", write([_model(rows // 4, columns)], ".ods"), _cells)
    _measure("hand-made to statements", _handmade(rows // 4), _read_handmade)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
