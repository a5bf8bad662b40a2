"""Read the delimited form of the public contract: a header, then one fact a line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from tonghop.submissions.reading import COLUMNS, Aside, Reading, Unreadable
from tonghop.submissions.rows import Cell, Place, read_row
from tonghop.submissions.text import clean, decode

READER, VERSION = "delimited", "1"
_SEPARATORS = (",", ";", "\t")
_SPLIT_RATE = re.compile(r"[0-9]{1,6}\s*%")
_QUOTE_VI = 'giá trị có dấu phẩy phải đặt trong ngoặc kép: "91,78%"'
_QUOTE_EN = 'a value with a comma must be quoted: "91,78%"'


@dataclass(frozen=True)
class _Record:
    """The cells of one record, and the physical lines on which it starts and ends."""

    cells: list[str]
    first: int
    last: int
    problem: str = ""

    @property
    def locator(self) -> str:
        return f"line {self.first}"


def read_delimited(content: bytes, file_name: str) -> Reading:
    """Read a whole file; rows that break a reading rule are kept aside and the rest is read.

    Args:
        content: the bytes as received.
        file_name: names the form (``delimited:<file name>``), and the file in messages.

    Raises:
        Unreadable: S01 when it is no text, S02 when its header is not that of the form.
    """
    text = decode(content)
    separator = _separator(text)
    records = _records(text, separator)
    header = _header(next(records, _Record([], 1, 1)))
    reading = Reading("delimited", f"delimited:{file_name}", READER, VERSION)
    for number, record in enumerate(records, start=1):
        if not any(cell.strip() for cell in record.cells) and not record.problem:
            continue
        place = Place(file_name, number, record.locator, {})
        refused = _shape(record, header, separator, place)
        if refused is not None:
            reading.rows_read += 1
            reading.asides.append(refused)
            continue
        outcome = read_row({column: Cell(record.cells[at]) for at, column in enumerate(header)}, place)
        if outcome is None:
            continue
        reading.rows_read += 1
        if isinstance(outcome, list):
            reading.asides += outcome
        else:
            reading.statements.append(outcome)
    return reading


def _separator(text: str) -> str:
    """The separator of the first line that gives most of the columns."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")

    def known(separator: str) -> int:
        return sum(clean(cell).strip('"').lower() in COLUMNS for cell in first.split(separator))

    return max(_SEPARATORS, key=known)


def _records(text: str, separator: str) -> Iterator[_Record]:
    """Records with the physical line they start on (a quoted cell may run over several)."""
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(iter(lines), delimiter=separator)
    first = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Record([], first, reader.line_num, str(error))
            return
        last = reader.line_num
        if last == len(lines) and _is_open(lines[first - 1 : last], separator):
            yield _Record(cells, first, last, "unclosed quote")
            return
        if cells:
            yield _Record(cells, first, last)
        first = last + 1


def _is_open(lines: list[str], separator: str) -> bool:
    """Whether the last record ends inside a quote: then it swallowed the lines after the quote."""
    try:
        list(csv.reader(iter(lines), delimiter=separator, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _header(record: _Record) -> list[str]:
    """The columns in the order of the file.

    Raises:
        Unreadable: S02, naming the column that is missing, unknown or there twice.
    """
    header = [clean(cell).lower() for cell in record.cells]
    while header and not header[-1]:
        header.pop()
    vi, en = [], []
    for column in dict.fromkeys(header):
        if column not in COLUMNS:
            close = get_close_matches(column, COLUMNS, 1)
            vi.append(f"cột lạ “{column}”" + (f" (có phải {close[0]}?)" if close else ""))
            en.append(f"unknown column “{column}”" + (f" (did you mean {close[0]}?)" if close else ""))
        elif header.count(column) > 1:
            vi.append(f"cột {column} có hai lần")
            en.append(f"column {column} stands twice")
    for column in COLUMNS:
        if column not in header:
            vi.append(f"thiếu cột {column}")
            en.append(f"column {column} is missing")
    if vi:
        wanted = ",".join(COLUMNS)
        raise Unreadable(
            "S02",
            record.locator,
            f"dòng tiêu đề sai: {'; '.join(vi)}; dòng đầu phải là {wanted}",
            f"the header is wrong: {'; '.join(en)}; the first line must be {wanted}",
        )
    return header


def _shape(record: _Record, header: list[str], separator: str, place: Place) -> Aside | None:
    """A record that is not one cell a column, or whose rate was cut in two by its comma."""
    cells = record.cells
    figures = min(header.index(column) for column in ("numerator", "denominator", "stated_rate", "note"))
    raw = {
        **dict(zip(header[:figures], cells, strict=False)),
        "cells": cells,
    }  # before a cut, columns are where they belong
    if record.problem:
        return Aside(
            place.row_number,
            place.locator,
            "S01",
            f"{place.file}, {place.locator}: ngoặc kép không đóng hoặc ô quá dài ({record.problem}), từ đây đến dòng"
            f" {record.last} không đọc được; hãy đóng ngoặc kép / a quote is not closed or a cell too long"
            f" ({record.problem}): nothing from here to line {record.last} could be read; close the quote",
            raw,
        )
    trailing = len(cells) - len(header)
    if trailing > 0 and not any(cell.strip() for cell in cells[len(header) :]):
        trailing = 0
    if trailing != 0:
        hint_vi, hint_en = (
            (_QUOTE_VI, _QUOTE_EN)
            if trailing > 0 and separator == ","
            else ("mỗi cột một ô, ô trống vẫn giữ dấu ngăn", "one cell a column, blank cells keep their separator")
        )
        span = f" (đến dòng {record.last} / to line {record.last})" if record.last > record.first else ""
        return Aside(
            place.row_number,
            place.locator,
            "S02",
            f"{place.file}, {place.locator}{span}: có {len(cells)} ô, tiêu đề có {len(header)}; {hint_vi}"
            f" / {len(cells)} cells where the header has {len(header)}; {hint_en}",
            raw,
        )
    at = header.index("stated_rate")
    after = cells[at + 1].strip() if at + 1 < len(header) else ""
    if separator == "," and cells[at].strip().isdigit() and _SPLIT_RATE.fullmatch(after):
        return Aside(
            place.row_number,
            place.locator,
            "S02",
            f"{place.file}, {place.locator}: tỷ lệ {cells[at].strip()},{after} bị tách thành hai ô; {_QUOTE_VI}"
            f" / the rate {cells[at].strip()},{after} was cut in two cells; {_QUOTE_EN}",
            raw,
        )
    return None
