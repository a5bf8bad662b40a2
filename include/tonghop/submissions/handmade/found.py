"""The tables of a book with their body rows, their columns read as a steward confirmed them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tonghop.submissions.books.book import Book
from tonghop.submissions.handmade.aliases import ANCHORS, Catalogue
from tonghop.submissions.handmade.body import Row, read_rows
from tonghop.submissions.handmade.mapping import Choice, Confirmed
from tonghop.submissions.handmade.propose import column_keys, form_key
from tonghop.submissions.handmade.tables import Column, Table, find_tables


@dataclass
class Found:
    """A table with its body rows."""

    table: Table
    rows: list[Row]


def tables_of(book: Book, catalogue: Catalogue, confirmed: Confirmed) -> list[Found]:
    """All tables, those of hidden sheets too, sheet by sheet."""
    found = []
    for grid in book.grids:
        for table in find_tables(grid, catalogue.generic):
            table.columns = _as_confirmed(table, confirmed.get(form_key(table), {}))
            values = [column.at for column in table.columns if not _says_no_figure(column, catalogue)]
            found.append(Found(table, read_rows(table, [*values, *table.bare])))
    return found


def _as_confirmed(table: Table, choices: Mapping[str, Choice]) -> list[Column]:
    """The columns, each naming rows or not as a steward confirmed."""
    keys = column_keys(table)
    found = []
    for column in table.columns:
        choice = choices.get(keys[column.at])
        role = column.anchor if choice is None else choice.role if choice.role in ANCHORS else None
        found.append(replace(column, anchor=role))
    return found


def _says_no_figure(column: Column, catalogue: Catalogue) -> bool:
    """A column that names rows, or whose heading says note or another period in every form."""
    word = catalogue.generic.get(column.keys[-1]) if len(column.path) == 1 else None
    return column.anchor is not None or word in ("note", "ignored")
