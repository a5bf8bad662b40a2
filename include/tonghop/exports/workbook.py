"""XLSX: the rows on one sheet; on others what they are, what each column says and what the warnings mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from tonghop.errors import TonghopError
from tonghop.exports.asking import Asked, Column
from tonghop.exports.flow import Batches, as_text, plain

MAX_ROWS = 1_048_576 - 1  # a sheet's rows, without the header
_MAX_LETTERS = 32_767  # of a cell
_NUMBERS = ("integer", "decimal", "number", "boolean", "date")


def refuse_too_many(name: str) -> TonghopError:
    """What to say of more rows than a sheet has."""
    return TonghopError(f"{name} has more than {MAX_ROWS:,} rows, which is all that an Excel sheet can hold.",
                        "Narrow it with --period and --level, or export csv or parquet, which have no limit.")


def write(path: Path, asked: Asked, rows: Batches, *, about: dict[str, Any]) -> int:
    """Write the rows; returns how many.

    Args:
        about: what the file is (see ``citing.about``): fills the other sheets.

    Raises:
        TonghopError: there are more rows than a sheet holds.
    """
    book = Workbook(write_only=True)
    try:
        written = _write_data(book, asked, rows)
        _tell(book, {**about, "rows": written})
    except BaseException:
        for sheet in book.worksheets:
            sheet.close()  # openpyxl's own file of an unfinished sheet; left open, it complains when it is collected
        raise
    book.save(path)
    return written


def _write_data(book: Workbook, asked: Asked, rows: Batches) -> int:
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"
    sheet.append([_header(sheet, column.name) for column in asked.columns])
    written = 0
    for batch in rows:
        written += len(batch)
        if written > MAX_ROWS:
            raise refuse_too_many(asked.name)
        for row in batch:
            sheet.append([_cell(sheet, column, value) for column, value in zip(asked.columns, row, strict=True)])
    return written


def _tell(book: Workbook, about: dict[str, Any]) -> None:
    sheet = book.create_sheet("about")
    for name, value in about.items():
        if not isinstance(value, list):
            sheet.append([_header(sheet, name), _text(sheet, as_text(value))])
    for title in ("columns", "warnings"):
        sheet = book.create_sheet(title)
        for place, row in enumerate(about[title]):
            if place == 0:
                sheet.append([_header(sheet, name) for name in row])
            sheet.append([_text(sheet, value) for value in row.values()])


def _cell(sheet: WriteOnlyWorksheet, column: Column, value: Any) -> Any:
    if value is None or column.kind in _NUMBERS:
        return value
    return _text(sheet, as_text(plain(column, value)))


def _text(sheet: WriteOnlyWorksheet, text: str) -> Any:
    """Text that stays text: what begins with "=" is no formula here."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)[:_MAX_LETTERS]
    if not text.startswith("="):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _header(sheet: WriteOnlyWorksheet, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell
