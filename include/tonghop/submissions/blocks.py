"""Find the records of a stretch of delimited text by the million: where each starts, and which are plainly shaped.

Quotes are followed by their parity, which says the same as the ``csv`` module as long as every quote opens a cell,
closes one or is doubled inside one. Where one does none of these, the stretch ends before its record and
``records.Lines`` goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

LONGEST_RECORD = 100_000
"""Bytes; the ``csv`` module refuses a cell of 131 072 letters, so a longer record is left to it."""
_LF, _CR, _QUOTE = 10, 13, 34

_Flags = NDArray[np.bool_]
_Places = NDArray[np.int64]


@dataclass(frozen=True)
class Stretch:
    """The records at the start of a text that can be taken together; blank lines are not among them.

    Attributes:
        content: bytes of all of them, blank lines included.
        starts, ends: offsets of each record, without its line end.
        lines: the physical line of each, counted from 0 at the start of the stretch.
        line_count: physical lines of the stretch.
        regular: those with exactly as many cells as asked for.
        has_quotes: whether any cell is quoted.
    """

    content: bytes
    starts: _Places
    ends: _Places
    lines: _Places
    line_count: int
    regular: _Flags
    has_quotes: bool
    _kept: NDArray[np.uint8]

    @property
    def size(self) -> int:
        """How many records."""
        return len(self.starts)

    def last_line(self, at: int) -> int:
        """The physical line on which a record ends."""
        return int(self.lines[at]) + self.content.count(b"\n", self.starts[at], self.ends[at])

    def text(self, at: int) -> str:
        return self.content[self.starts[at] : self.ends[at]].decode()

    def cells(self, separator: str, names: list[str]) -> pl.DataFrame:
        """The cells of the regular records, as texts.

        Args:
            names: a name a column.
        """
        import polars as pl

        schema: Any = dict.fromkeys(names, pl.String)
        if not len(self._kept):
            return pl.DataFrame(schema=schema)
        return pl.read_csv(
            self._kept.tobytes(),
            has_header=False,
            schema=schema,
            separator=separator,
            quote_char='"' if self.has_quotes else None,
        ).with_columns(pl.all().fill_null(""))


def scan(content: bytes, is_last: bool, separator: str, width: int) -> Stretch:
    """The longest stretch of whole, tamely quoted records at the start of a text.

    Args:
        content: UTF-8 that starts where a record starts.
        is_last: whether the file ends with it; if not, the record that it cuts is left out.
        separator: between cells.
        width: cells of a regular record.
    """
    if is_last and content and not content.endswith(b"\n"):
        content += b"\n"  # the end of a file ends its last record, unless that is inside a quote
    array = np.frombuffer(content, np.uint8)
    feeds, quotes = array == _LF, array == _QUOTE
    has_quotes = bool(quotes.any())
    inside = np.bitwise_xor.accumulate(quotes.view(np.uint8)).view(np.bool_) if has_quotes else None
    boundaries = np.flatnonzero(feeds if inside is None else feeds & ~inside)
    limit = _first_wild(array, quotes if has_quotes else None, ord(separator))
    boundaries = boundaries[: np.searchsorted(boundaries, limit)]
    starts = np.concatenate((np.zeros(1, np.int64), boundaries + 1))[:-1]
    long = np.flatnonzero(boundaries - starts > LONGEST_RECORD)
    if len(long):
        boundaries, starts = boundaries[: long[0]], starts[: long[0]]
    size = int(boundaries[-1]) + 1 if len(boundaries) else 0
    array, feeds = array[:size], feeds[:size]
    separators = array == ord(separator)
    if inside is not None:
        separators &= ~inside[:size]
    return _laid_out(content[:size], array, boundaries, starts, feeds, separators, inside, width)


def _laid_out(  # noqa: PLR0913, PLR0917 - arrays of one text, side by side
    content: bytes,
    array: NDArray[np.uint8],
    boundaries: _Places,
    starts: _Places,
    feeds: _Flags,
    separators: _Flags,
    inside: _Flags | None,
    width: int,
) -> Stretch:
    returned = array[boundaries - 1] == _CR if len(boundaries) else np.zeros(0, np.bool_)
    ends = boundaries - (returned & (boundaries > starts))
    filled = ends > starts
    before = np.searchsorted(np.flatnonzero(separators), boundaries)
    regular = (np.diff(before, prepend=0) == width - 1) & filled
    lines = np.arange(len(starts)) if inside is None else np.searchsorted(np.flatnonzero(feeds), starts)
    kept = array
    if not regular.all() or returned.any():
        mask = np.repeat(regular, boundaries + 1 - starts)
        mask[boundaries[returned] - 1] = False
        kept = array[mask]
    has_quotes = inside is not None and bool((kept == _QUOTE).any())
    return Stretch(
        content, starts[filled], ends[filled], lines[filled], int(feeds.sum()), regular[filled], has_quotes, kept
    )


def _first_wild(array: NDArray[np.uint8], quotes: _Flags | None, separator: int) -> int:
    """Offset of the first byte that parity and plain line feeds do not explain; the length where there is none."""
    last = len(array) - 1
    limit = len(array)
    returns = np.flatnonzero(array == _CR)
    if len(returns):
        alone = returns[array[np.minimum(returns + 1, last)] != _LF]
        limit = int(alone[0]) if len(alone) else limit
    if quotes is None:
        return limit
    at = np.flatnonzero(quotes)
    openers, closers = at[0::2], at[1::2]
    before, after = array[np.maximum(openers - 1, 0)], array[np.minimum(closers + 1, last)]
    tame = (before == separator) | (before == _LF) | (before == _QUOTE) | (openers == 0)
    for wild in (openers[~tame], closers[(after != separator) & (after != _LF) & (after != _CR) & (after != _QUOTE)]):
        limit = min(limit, int(wild[0])) if len(wild) else limit
    return limit
