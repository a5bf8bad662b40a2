"""Find the tables of a sheet: titles, header rows, columns with their paths of headings, body rows. Pure."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace

from tonghop.submissions.books.grid import Grid
from tonghop.submissions.handmade.aliases import ANCHORS
from tonghop.submissions.handmade.headers import header_bottom, header_top, is_figure, names, path_of, right_of
from tonghop.submissions.handmade.periods import without_periods
from tonghop.submissions.handmade.words import Label, ends_table, is_letterhead, is_measure_word, key, label_kind

_LONGEST_HEADING = 250
_NUMBERED = re.compile(r"\(?\s*(?:\d{1,3}|[A-ZĐ])\s*\)?(?:\s*=.*)?", re.DOTALL)
_FORMULA = re.compile(r"\(?\s*\d{1,3}\s*\)?\s*=\s*[\d(].*", re.DOTALL)
_MAX_TITLES = 14


@dataclass(frozen=True)
class Column:
    """A column of a table: the texts of its headings from the outermost in, and what kind of anchor it is, if any.

    ``is_supposed``: it stands where names stand, under a heading nobody knows; a steward has to say so.
    """

    at: int
    path: tuple[str, ...]
    place: str
    anchor: str | None = None
    is_supposed: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key(text) for text in self.path)


@dataclass
class Table:
    """A table of a sheet.

    Attributes:
        titles: lines above it and their places.
        top, bottom: its header rows.
        columns: those with a heading.
        bare: columns inside it without a heading.
        rows: body rows (blank ones, repeated headers and rows of column numbers left out).
        numbers: the row of column numbers and formulas, 0 for none.
        last: the last row that belongs to it.
    """

    grid: Grid
    top: int
    bottom: int
    columns: list[Column]
    titles: list[tuple[str, str]] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    numbers: int = 0
    last: int = 0

    def anchors(self, role: str) -> list[int]:
        return [column.at for column in self.columns if column.anchor == role]

    @property
    def place(self) -> str:
        return self.grid.place(self.top, self.columns[0].at)

    @property
    def caption(self) -> str:
        """Its title as written, without letterheads."""
        return " · ".join(" ".join(text.split()) for text, _ in self.titles if not is_letterhead(text))

    @property
    def subject(self) -> str:
        """Its title without periods, numbers and letterheads: what is left names the form."""
        lines = [key(without_periods(text)) for text, _ in self.titles if not is_letterhead(text)]
        return " / ".join(re.sub(r"\d+", "", line).strip() for line in lines if line)


def find_tables(grid: Grid, generic: dict[str, str]) -> list[Table]:
    """The tables of a sheet from top to bottom.

    Args:
        generic: keys of headings that mean the same in every form, with their role.
    """
    tables: list[Table] = []
    row, after = 1, 0
    while row <= grid.height:
        anchors = _anchor_columns(grid, row, generic)
        if not anchors:
            row += 1
            continue
        groups = _side_by_side(anchors, generic, grid, row)
        ends = [*(group[0] for group in groups[1:]), grid.width + 1]
        found = [_table(grid, row, group, (after, end), generic) for group, end in zip(groups, ends, strict=True)]
        tables += [table for table in found if table is not None]
        row = max((table.bottom for table in found if table is not None), default=row) + 1
        after = row - 1
    return _joined(tables)


def _anchor_columns(grid: Grid, row: int, generic: dict[str, str]) -> list[int]:
    """Columns of the row that head a table; a row with a number in it heads none."""
    found, others = [], 0
    for at, value in enumerate(grid.values[row - 1], start=1):
        if not isinstance(value, str):
            return []
        if not value or len(value) > _LONGEST_HEADING:
            continue
        others += 1
        if generic.get(key(grid.text(row, at))) in ANCHORS:
            found.append(at)
    roles = {generic[key(grid.text(row, at))] for at in found}
    if others >= 2 and roles & {"unit_name", "unit_code", "item"}:
        return found
    beside = found[0] + 1 if len(found) == 1 else 0  # "STT", then a heading nobody knows: names may stand under it
    return [*found, beside] if others >= 3 and beside and grid.text(row, beside) else []


def _side_by_side(anchors: list[int], generic: dict[str, str], grid: Grid, row: int) -> list[list[int]]:
    """The anchors of each table in the row: the second STT or unit column that stands apart begins another."""
    groups: list[list[int]] = []
    for at in anchors:
        role = generic.get(key(grid.text(row, at)))
        seen = {generic.get(key(grid.text(row, each))) for each in groups[-1]} if groups else set()
        if groups and (role not in seen or at == groups[-1][-1] + 1):
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _table(grid: Grid, row: int, anchors: list[int], bounds: tuple[int, int], generic: dict[str, str]) -> Table | None:
    """The header that the anchors stand in.

    Args:
        bounds: the last row before it that is taken, and the first column beside it that is.
    """
    after, end = bounds
    top, bottom = header_top(grid, row, anchors, after), header_bottom(grid, row, anchors)
    right = right_of(grid, top, bottom, anchors, end)
    left = anchors[0]
    columns, bare = [], []
    for at in range(left, right + 1):
        path = path_of(grid, top, bottom, at, anchors)
        if path:
            anchor = generic.get(key(path[-1])) if len(path) == 1 else None
            is_supposed = at in anchors and anchor is None
            role = "unit_name" if is_supposed else anchor if anchor in ANCHORS else None
            columns.append(Column(at, path, grid.place(top, at), role, is_supposed))
        else:
            bare.append(at)
    if len(columns) < 2:
        return None
    table = Table(grid, top, bottom, columns, bare=bare)
    table.titles = _titles(grid, top, after, left, right)
    return table


def _titles(grid: Grid, top: int, after: int, left: int, right: int) -> list[tuple[str, str]]:
    """The lines above a table, from the last row of the one before it (or of a table's foot) on."""
    lines: list[tuple[str, str]] = []
    for row in range(top - 1, max(after, top - 1 - _MAX_TITLES), -1):
        texts = [
            (grid.text(row, at), grid.place(row, at)) for at in range(1, grid.width + 1) if not grid.is_blank(row, at)
        ]
        if after and any(
            is_figure(grid, row, at) and not names(grid.value(row, at)) for at in range(1, grid.width + 1)
        ):
            break
        if after and any(ends_table(text) for text, _ in texts):
            break
        lines = texts + lines
    return lines


def _joined(tables: list[Table]) -> list[Table]:
    """Give each table its body; a header that is only repeated (a page break) continues the table above."""
    kept: list[Table] = []
    for at, table in enumerate(tables):
        below = [other for other in tables[at + 1 :] if other.top > table.bottom and _overlap(table, other)]
        end = min((_start(other) for other in below), default=table.grid.height + 1) - 1
        last = kept[-1] if kept else None
        repeats = (
            last is not None
            and [column.path for column in last.columns] == [column.path for column in table.columns]
            and [column.at for column in last.columns] == [column.at for column in table.columns]
            and (not table.subject or table.subject == last.subject)
            and not _is_closed(last)
        )
        into = last if repeats and last is not None else table
        if into is table:
            kept.append(table)
        elif not table.numbers:
            into.titles += table.titles
        _take_body(into, table.bottom + 1, end)
    for table in kept:
        table.columns = [_demoted(table, column) for column in table.columns]
    return kept


def _demoted(table: Table, column: Column) -> Column:
    """A column headed like one of names that holds none: counts ("Cấp ủy trực thuộc"), or the unit of measure."""
    said = [row for row in table.rows if not table.grid.is_blank(row, column.at)]
    is_beside = column.anchor == "unit_name" and column.at != min(table.anchors("unit_name"))
    counts = sum(is_figure(table.grid, row, column.at) and not names(table.grid.value(row, column.at)) for row in said)
    is_measure = (
        column.anchor == "unit_name"
        and bool(said and table.anchors("item"))
        and all(is_measure_word(table.grid.text(row, column.at)) for row in said)
    )
    if is_measure or (is_beside and counts * 2 > len(said)):
        return replace(column, anchor=None)
    return column


def _is_closed(table: Table) -> bool:
    """Its last row is its total."""
    names_of_rows = [at for role in ANCHORS for at in table.anchors(role)]
    texts = [table.grid.text(table.last, at) for at in names_of_rows] if table.last else []
    return any(label_kind(text) is Label.TOTAL for text in texts if text)


def _overlap(one: Table, other: Table) -> bool:
    return one.columns[0].at <= other.columns[-1].at and other.columns[0].at <= one.columns[-1].at


def _start(table: Table) -> int:
    """The first row of a table's titles."""
    rows = [int(re.sub(r"\D", "", place.rpartition("!")[2])) for _, place in table.titles]
    return min([table.top, *rows])


def _take_body(table: Table, first: int, end: int) -> None:
    """Body rows up to the foot: who signed, when, notes; or two blank rows and no figures after them."""
    grid, columns = table.grid, [*(column.at for column in table.columns), *table.bare]
    is_first = True
    for row in range(first, end + 1):
        filled = [at for at in columns if not grid.is_blank(row, at)]
        if not filled:
            continue
        # Column numbers stand under the headings, or are the same ones again: nowhere else may figures look like them.
        is_same = table.numbers > 0 and _texts(grid, row, columns) == _texts(grid, table.numbers, columns)
        is_place, is_first = is_first or is_same, False
        if is_place and _is_numbers(grid, row, filled, table):
            table.numbers = table.numbers or row
            continue
        if _is_foot(grid, row, filled, table, end):
            break
        table.rows.append(row)
        table.last = row


def _texts(grid: Grid, row: int, columns: list[int]) -> list[str]:
    return [grid.text(row, at) for at in columns]


def _is_foot(grid: Grid, row: int, filled: list[int], table: Table, end: int) -> bool:
    anchors = {at for role in ANCHORS for at in table.anchors(role)}
    if any(at not in anchors and is_figure(grid, row, at) and not names(grid.value(row, at)) for at in filled):
        return False
    texts = [grid.text(row, at) for at in filled]
    if not any(ends_table(text) for text in texts):
        return False
    values = [column.at for column in table.columns if column.at not in anchors]
    is_starred = texts[0].startswith(("*", "(*"))  # a note, or a section ("* Khối huyện"): figures below tell
    return not (is_starred and any(is_figure(grid, below, at) for below in range(row + 1, end + 1) for at in values))


def _is_numbers(grid: Grid, row: int, filled: list[int], table: Table) -> bool:
    """The row of column numbers: 1, 2, 3 or A, B, 1, 2, perhaps with formulas (4 = 2:3)."""
    texts = [grid.text(row, at) for at in filled]
    names_of_rows = [at for role in ("unit_name", "item") for at in table.anchors(role)]
    if filled[0] != table.columns[0].at or len(filled) * 2 < len(table.columns) or len(filled) < 2:
        return False
    if not all(_NUMBERED.fullmatch(text) for text in texts):
        return False
    if not all(grid.text(row, at) for at in names_of_rows):  # a row of figures that lost its name is no row of numbers
        return False
    numbers = [int(found[0]) for text in texts if (found := re.search(r"\d+", text))]
    is_rising = all(later == earlier + 1 for earlier, later in itertools.pairwise(numbers))
    return any(_FORMULA.fullmatch(text) for text in texts) or (is_rising and bool(numbers) and numbers[0] <= 2)
