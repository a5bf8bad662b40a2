"""Read the delimited form of the public contract: a header, then one fact a line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from tonghop.submissions import blocks, records
from tonghop.submissions.limits import Limits, check_rows
from tonghop.submissions.reading import Head, InMemory, Reading, Sink, Statement
from tonghop.submissions.records import Form, Lines, Record
from tonghop.submissions.sources import open_text

if TYPE_CHECKING:
    import polars as pl

READER, VERSION = "delimited", "2"
_BLOCK = 2**20
"""Bytes that are judged together: about ten thousand rows."""
_PATIENCE, _MOST_PATIENCE = 256, 2**14
"""Records that are read one by one where quotes are wild, before a block is tried again: twice as many after each try
that gave nothing."""
_LINE = 128
"""Bytes that a record is guessed to take."""


def read_delimited(content: bytes, file_name: str, limits: Limits | None = None) -> Reading:
    """Read a file that is in memory; rows that break a reading rule are kept aside and the rest is read.

    Args:
        content: the bytes as received.
        file_name: names the form (``delimited:<file name>``), and the file in messages.

    Raises:
        Unreadable: S01 when it is no text or beyond a limit, S02 when its header is not that of the form.
    """
    sink = InMemory()
    return sink.reading(stream_delimited(io.BytesIO(content), file_name, sink, limits or Limits()))


def stream_delimited(file: IO[bytes], file_name: str, sink: Sink, limits: Limits) -> Head:
    """Read a file piece by piece into a sink.

    Args:
        file: seekable, at its start.
        file_name: as in ``read_delimited``.

    Raises:
        Unreadable: as ``read_delimited``; the sink may have taken rows by then.
    """
    text = open_text(file, limits)
    Reader(text.blocks, file_name, sink, limits).read()
    return Head("delimited", f"delimited:{file_name}", READER, VERSION, text.encoding, text.warning)


class Reader:
    """Goes through a text once: by the block where it is plain, record by record where it is not."""

    def __init__(
        self, pieces: Iterator[bytes], file_name: str, sink: Sink, limits: Limits, block: int = _BLOCK
    ) -> None:
        self._pieces, self._sink, self._limits, self._block = pieces, sink, limits, block
        self._buffer, self._is_last = b"", False
        self._line, self._number = 1, 0
        self._file = file_name
        self._ended = False
        self._patience = _PATIENCE

    def read(self) -> None:
        """Read all of it.

        Raises:
            Unreadable: S02, the header; S01, too many rows.
        """
        self._fill(self._block)
        self._form, self._width = self._header()
        self._names = [*self._form.header, *(f"beyond_{at}" for at in range(len(self._form.header), self._width))]
        while not self._ended:
            self._fill(self._block)
            if not self._buffer:
                return
            self._by_block()
            if self._buffer and (self._is_last or len(self._buffer) >= self._block):
                self._by_record()

    def _fill(self, size: int) -> None:
        """Have at least so many bytes at hand, or all that are left."""
        pieces = [self._buffer]
        have = len(self._buffer)
        while have < size and not self._is_last:
            piece = next(self._pieces, None)
            if piece is None:
                self._is_last = True
            else:
                pieces.append(piece)
                have += len(piece)
        self._buffer = b"".join(pieces)

    def _take(self, size: int, next_line: int) -> None:
        self._buffer, self._line = self._buffer[size:], next_line

    def _header(self) -> tuple[Form, int]:
        """The form of the file, and how many cells its header has (blank ones at its end included)."""
        while not self._is_last and len(self._buffer.lstrip().splitlines()) < 2 and len(self._buffer) < _BLOCK:
            self._fill(len(self._buffer) + 1)
        separator = records.separator_of(self._buffer[: blocks.LONGEST_RECORD].decode(errors="ignore"))
        for record in self._records(separator, 1):
            return Form(self._file, records.header_of(record), separator), len(record.cells)
        records.header_of(Record([], 1, 1))
        raise AssertionError("a header without columns is refused")  # pragma: no cover

    def _records(self, separator: str, most: int) -> Iterator[Record]:
        """Up to so many of the next records, read one by one."""
        window = most * _LINE
        while True:
            is_all = window >= len(self._buffer)
            lines = Lines(self._buffer[:window], self._is_last and is_all, separator, self._line)
            found = []
            for record in lines.records():
                found.append(record)
                if len(found) == most:
                    break
            self._ended = lines.ended
            self._take(lines.taken, lines.next_line)
            if found or (self._is_last and is_all):
                yield from found
                return
            window *= 4  # the record is longer than was guessed
            if is_all:
                self._fill(2 * len(self._buffer) + self._block)

    def _by_record(self) -> None:
        for record in self._records(self._form.separator, self._patience):
            self._number += 1
            if records.is_blank(record):
                continue
            statement = self._judged(record, self._number)
            if statement is not None:
                self._sink.keep(statement)
        check_rows(self._sink.rows_read, self._limits)

    def _judged(self, record: Record, number: int) -> Statement | None:
        outcome = records.judge(record, number, self._form)
        if outcome is None:
            return None
        self._sink.rows_read += 1
        if isinstance(outcome, Statement):
            return outcome
        for aside in outcome:
            self._sink.set_aside(aside)
        return None

    def _by_block(self) -> None:
        stretch = blocks.scan(self._buffer, self._is_last, self._form.separator, self._width)
        if stretch.size:
            self._judge(stretch)
        self._patience = _PATIENCE if stretch.size > _PATIENCE else min(2 * self._patience, _MOST_PATIENCE)
        self._number += stretch.size
        self._take(len(stretch.content), self._line + stretch.line_count)
        check_rows(self._sink.rows_read, self._limits)

    def _judge(self, stretch: blocks.Stretch) -> None:
        """Plain rows by the column, the others one by one; both reach the sink in the order of the file."""
        import polars as pl

        from tonghop.submissions import plain

        cells = stretch.cells(self._form.separator, self._names).with_columns(
            at=pl.Series(stretch.regular.nonzero()[0])
        )
        found = plain.classes(cells.drop("at"), self._form.header, self._form.separator)
        easy = cells.filter(found == plain.PLAIN)
        rows = plain.statements(
            easy, easy["at"] + (self._number + 1), pl.Series(stretch.lines)[easy["at"]] + self._line
        )
        self._sink.rows_read += rows.height
        hard = self._one_by_one(stretch, cells.filter(found == plain.HARD))
        if hard:
            rows = pl.concat([rows, as_block(hard)]).sort("row_number")
        if rows.height:
            self._sink.keep_block(rows)

    def _one_by_one(self, stretch: blocks.Stretch, shaped: pl.DataFrame) -> list[Statement]:
        """The records that are not plain: those out of shape, and those whose cells are unusual."""
        texts = {row[-1]: list(row[:-1]) for row in shaped.iter_rows()}
        shapeless = (~stretch.regular).nonzero()[0].tolist()
        kept = []
        for at in sorted([*texts, *shapeless]):
            cells = texts.get(at) or records.cells_of(stretch.text(at), self._form.separator)
            record = Record(cells, self._line + int(stretch.lines[at]), self._line + stretch.last_line(at))
            if records.is_blank(record):
                continue
            statement = self._judged(record, self._number + at + 1)
            if statement is not None:
                kept.append(statement)
        return kept


def as_block(statements: list[Statement]) -> pl.DataFrame:
    """Statements as the block that ``Sink.keep_block`` takes."""
    import polars as pl

    from tonghop.submissions.plain import SCHEMA

    def cells(each: Statement) -> list[object]:
        texts = vars(each) | {"rate_value": None if each.rate_value is None else str(each.rate_value)}
        return [texts[name] for name in SCHEMA]

    return pl.DataFrame([cells(each) for each in statements], schema=SCHEMA, orient="row")


