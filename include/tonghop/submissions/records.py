"""The delimited form record by record: what a line is, what a header must say, which records are out of shape.

This is where meaning is defined; ``blocks.py`` and ``plain.py`` only take the plain rows faster.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from tonghop.submissions.reading import COLUMNS, Aside, Statement, Unreadable
from tonghop.submissions.rows import Cell, Place, read_row
from tonghop.text.clean import clean

SEPARATORS = (",", ";", "\t")
LONGEST_LINE = 4 * 2**20
"""Bytes of a physical line; a longer one is no line of figures."""
_SPLIT_RATE = re.compile(r"[0-9]{1,6}\s*%")
_QUOTE_VI = 'giá trị có dấu phẩy phải đặt trong ngoặc kép: "91,78%"'
_QUOTE_EN = 'a value with a comma must be quoted: "91,78%"'


@dataclass(frozen=True)
class Record:
    """The cells of one record, and the physical lines on which it starts and ends."""

    cells: list[str]
    first: int
    last: int
    problem: str = ""

    @property
    def locator(self) -> str:
        return f"line {self.first}"


@dataclass(frozen=True)
class Form:
    """How a file is laid out: its columns in their order, what separates them, and how messages call it."""

    file: str
    header: list[str]
    separator: str


def separator_of(text: str) -> str:
    """The separator of the first line that gives most of the columns."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")

    def known(separator: str) -> int:
        return sum(clean(cell).strip('"').lower() in COLUMNS for cell in first.split(separator))

    return max(SEPARATORS, key=known)


class Lines:
    """The records at the start of a stretch of a file, with how much of it they take.

    Args:
        content: UTF-8 that starts where a record starts.
        is_last: whether the file ends with it; if not, its last line may be cut.
        separator: between cells.
        first: number of its first physical line.

    Attributes:
        taken: bytes of the records given so far (blank lines before them included).
        next_line: number of the physical line after them.
        ended: nothing after them can be read: a quote is not closed, or a cell or line is too long.
    """

    def __init__(self, content: bytes, is_last: bool, separator: str, first: int) -> None:
        whole = len(content)
        if not is_last:  # a carriage return at the very end may be half of a line end
            whole = max(content.rfind(b"\n"), content.rfind(b"\r", 0, len(content) - 1)) + 1
        self._lines = io.StringIO(content[:whole].decode(), newline="").readlines()
        self._rest = len(content) - whole
        self._is_last, self._separator, self._first = is_last, separator, first
        self._used = 0
        self.taken, self.next_line, self.ended = 0, first, False

    def records(self) -> Iterator[Record]:
        """Records that are whole; stops before one that the stretch cuts off."""
        reader = csv.reader(iter(self._lines), delimiter=self._separator)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                yield self._end(reader.line_num, str(error))
                return
            if reader.line_num == len(self._lines) and self._is_open(reader.line_num):
                if self._is_last:
                    yield self._end(reader.line_num, "unclosed quote", cells)
                    return
                break
            record = self._take(cells, reader.line_num)
            if cells:
                yield record
        if not self._is_last and self._rest > LONGEST_LINE:
            yield self._end(len(self._lines) + 1, f"line longer than {LONGEST_LINE} bytes")

    def _take(self, cells: list[str], used: int, problem: str = "") -> Record:
        lines = self._lines[self._used : used]
        self.taken += sum(len(line) if line.isascii() else len(line.encode()) for line in lines)
        record = Record(cells, self.next_line, self._first + used - 1, problem)
        self._used, self.next_line = used, self._first + used
        return record

    def _end(self, used: int, problem: str, cells: list[str] | None = None) -> Record:
        self.ended = True
        return self._take(cells or [], used, problem)

    def _is_open(self, used: int) -> bool:
        """Whether the last record ends inside a quote: then it would swallow one more line."""
        lines = self._lines[self._used : used]
        reader = csv.reader([*lines, "\n"], delimiter=self._separator)
        try:
            next(reader)
        except csv.Error:  # too long by that line
            return True
        return reader.line_num > len(lines)


def cells_of(line: str, separator: str) -> list[str]:
    """The cells of a record of one physical line."""
    return next(csv.reader([line], delimiter=separator), [])


def header_of(record: Record) -> list[str]:
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


def is_blank(record: Record) -> bool:
    return not record.problem and not any(cell.strip() for cell in record.cells)


def judge(record: Record, row_number: int, form: Form) -> Statement | list[Aside] | None:
    """Read one record that is not blank: a statement, why it is kept aside, or nothing."""
    place = Place(form.file, row_number, record.locator, {})
    refused = _shape(record, form, place)
    if refused is not None:
        return [refused]
    return read_row({column: Cell(record.cells[at]) for at, column in enumerate(form.header)}, place)


def _shape(record: Record, form: Form, place: Place) -> Aside | None:
    """A record that is not one cell a column, or whose rate was cut in two by its comma."""
    cells, header, separator = record.cells, form.header, form.separator
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
