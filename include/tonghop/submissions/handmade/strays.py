"""Figures that stand where no figure can be placed: under a table's foot, in a column without a heading. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tonghop.submissions.books.grid import Grid
from tonghop.submissions.handmade.headers import is_figure
from tonghop.submissions.handmade.tables import Table

_PURE = re.compile(r"\s*(?:\d[\d., ]*%?|\d[\d. ]*/\s*\d[\d. ]*)\s*")
_SHOWN = 8


def strays(grid: Grid, tables: Sequence[Table]) -> list[str]:
    """Places of cells with a figure outside every table, its titles and its header."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for table in tables:
        inside = (table.columns[0].at, table.columns[-1].at)
        for row in [*range(table.top, table.bottom + 1), *range(table.bottom + 1, table.last + 1)]:
            taken.setdefault(row, []).append(inside)
    titles = {place for table in tables for _, place in table.titles}
    found = []
    for row, values in enumerate(grid.values, start=1):
        for at, value in enumerate(values, start=1):
            if value == "" or not _is_pure(value) or any(left <= at <= right for left, right in taken.get(row, ())):
                continue
            place = grid.place(row, at)
            if place not in titles or not isinstance(value, str):
                found.append(place)
    return found


def _is_pure(value: object) -> bool:
    """A number, or a text that is nothing but one (or a ratio, or a rate)."""
    return _PURE.fullmatch(value) is not None if isinstance(value, str) else True


def listed(places: Sequence[str]) -> str:
    """The first places, and how many more."""
    rest = len(places) - _SHOWN
    return ", ".join(places[:_SHOWN]) + (f" … (+{rest})" if rest > 0 else "")


def bare_figures(table: Table) -> list[str]:
    """Places of figures in columns of a table that have no heading."""
    return [table.grid.place(row, at) for row in table.rows for at in table.bare if is_figure(table.grid, row, at)]
