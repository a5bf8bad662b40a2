"""The header of a table: how many rows it takes, how far it reaches, which headings stand over a column. Pure."""

from __future__ import annotations

import re

from tonghop.submissions.books.grid import Grid
from tonghop.submissions.handmade.periods import periods_in
from tonghop.submissions.handmade.words import is_letterhead
from tonghop.text.clean import clean

_DIGIT = re.compile(r"\d")
_MARK = re.compile(r"[.…]*|[xX]|[-–—]|không(?: có)?|chưa có", re.IGNORECASE)
_MAX_HEADER = 8


def is_figure(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell holds, or may hold, a figure: a number, a text with digits, a mark, an error, a lost formula."""
    value = grid.value(row, column)
    if isinstance(value, str):
        if value:
            return len(value) < 80 and (_DIGIT.search(value) is not None or _is_mark(value))
        return not grid.is_blank(row, column)
    return True


def _is_mark(value: str) -> bool:
    text = clean(value)
    return bool(text) and _MARK.fullmatch(text) is not None


def header_top(grid: Grid, row: int, anchors: list[int], after: int) -> int:
    """The first header row: above the anchors' row only where group headings stand beside them, not over them."""
    top = row
    while top > after + 1:
        above = top - 1
        filled = [at for at in range(1, grid.width + 1) if not grid.is_blank(above, at)]
        if (
            not filled
            or any(at <= max(anchors) for at in filled)
            or any(is_letterhead(text) or periods_in(text, "") for text in (grid.text(above, at) for at in filled))
        ):
            break
        spans = [grid.span(above, at) for at in filled]
        if not any(span is not None and span.left > max(anchors) and span.right > span.left for span in spans):
            break
        top = above
    return top


def header_bottom(grid: Grid, row: int, anchors: list[int]) -> int:
    """The last header row: as deep as the anchors are merged, and rows below with headings but no row label."""
    bottom = max((span.bottom for at in anchors if (span := grid.span(row, at)) is not None), default=row)
    while bottom < min(grid.height, row + _MAX_HEADER):
        below = bottom + 1
        filled = [at for at in range(1, grid.width + 1) if not grid.is_blank(below, at)]
        if not filled or any(at in anchors for at in filled) or min(filled) < min(anchors):
            break
        if any(is_figure(grid, below, at) and not names(grid.value(below, at)) for at in filled):
            break
        bottom = below
    return min(bottom, grid.height)


def names(value: object) -> bool:
    """Whether a text with digits in it is still a heading: "Bước 1", "Quý I/2012"; a number or a formula is none."""
    return isinstance(value, str) and len(re.findall(r"[^\W\d_]", value)) >= 2 and not _is_mark(value)


def right_of(grid: Grid, top: int, bottom: int, anchors: list[int], end: int) -> int:
    """The last column of the header: up to the first gap, or before the column ``end`` where another table begins."""
    right = anchors[-1]
    for at in range(anchors[-1] + 1, end):
        if any(_heading(grid, row, at) for row in range(top, bottom + 1)):
            right = at
        elif at > right + 1:
            break
    return right


def _heading(grid: Grid, row: int, at: int) -> str:
    span = grid.span(row, at)
    return grid.text(span.top, span.left) if span is not None else grid.text(row, at)


def path_of(grid: Grid, top: int, bottom: int, at: int, anchors: list[int]) -> tuple[str, ...]:
    """The headings over a column; a group heading that was not merged reaches over the blank cells right of it."""
    found: list[str] = []
    for row in range(top, bottom + 1):
        text = _heading(grid, row, at)
        if not text and at > max(anchors) and row < bottom and grid.span(row, at) is None:
            text = _reached(grid, row, bottom, at, max(anchors))
        if text and (not found or found[-1] != text):
            found.append(text)
    return tuple(" ".join(text.split()) for text in found)


def _reached(grid: Grid, row: int, bottom: int, at: int, last_anchor: int) -> str:
    """The group heading to the left, where both columns have headings of their own below."""

    def has_below(column: int) -> bool:
        return any(not grid.is_blank(below, column) for below in range(row + 1, bottom + 1))

    column = at
    while column > last_anchor + 1 and grid.is_blank(row, column) and has_below(column):
        column -= 1
        if not grid.is_blank(row, column):
            span = grid.span(row, column)
            is_open = span is None or (span.bottom == row and span.right == span.left)
            return grid.text(row, column) if is_open and has_below(column) else ""
    return ""
