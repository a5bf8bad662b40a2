"""What each body row of a table is: a unit's, a total, a section, part of the row above. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from tonghop.submissions.books.grid import Grid
from tonghop.submissions.handmade.headers import is_figure
from tonghop.submissions.handmade.tables import Table
from tonghop.submissions.handmade.words import Label, key, label_kind, level_of, without_enumerator

_DASH = 5


class Kind(StrEnum):
    """What the figures of a row are."""

    UNIT = "unit"
    TOTAL = "total"
    SECTION = "section"
    PART = "part"
    CARRIED = "carried"
    NAMELESS = "nameless"
    EMPTY = "empty"


@dataclass
class Row:
    """A body row.

    Attributes:
        unit, code: as written, without the enumerator before it; the cell above's where it is merged down.
        item: path of row labels, where rows are headings.
        level: how deep its enumerator stands.
        figures: columns of figures in which it says anything at all, a number or not.
        parts: rows that a section or total adds up.
    """

    at: int
    kind: Kind
    label: str
    unit: str = ""
    code: str = ""
    item: tuple[str, ...] = ()
    level: int | None = None
    figures: list[int] = field(default_factory=list)
    is_hidden: bool = False
    parts: list[int] = field(default_factory=list)
    is_bare_total: bool = False


def read_rows(table: Table, value_columns: Iterable[int]) -> list[Row]:
    """Classify the body rows of a table.

    Args:
        value_columns: columns that hold figures.
    """
    columns = list(value_columns)
    rows, unit, code, is_of_which = [], "", "", False
    labels: list[tuple[int, str]] = []
    for at in table.rows:
        row = _row(table, at, columns)
        if row.item:
            if not row.unit and not row.code:
                row.unit, row.code = unit, code
            elif (row.unit, row.code) != (unit, code):
                labels.clear()
            row.item = _nested(labels, row.item[0], row.level)
        elif label_kind(row.label) is Label.OF_WHICH:
            is_of_which = True
        elif is_of_which and row.kind is Kind.UNIT and row.level is not None and row.level >= _DASH:
            row.kind = Kind.PART  # "Trong đó:" governs the dashes after it
        else:
            is_of_which = False
        if row.unit or row.code:
            unit, code = row.unit, row.code
        rows.append(row)
    if not table.anchors("item"):
        _find_sections(rows)
        _name_the_total(rows)
    return rows


def _row(table: Table, at: int, columns: list[int]) -> Row:
    grid = table.grid
    stt, number, item = (" ".join(_texts(table, at, role)[:1]) for role in ("stt", "unit_code", "item"))
    names = _texts(table, at, "unit_name")  # "Huyện", "Xã": the last one named is the row's
    name = names[-1] if names else ""
    label = item or name or _word(number) or _word(stt)
    # Beside a unit's name the enumerator counts units, not the rows of one.
    level = level_of("" if item and table.anchors("unit_name") else stt, label)
    row = Row(
        at,
        Kind.UNIT,
        label,
        unit=without_enumerator(name),
        code=number,
        item=(label,) if table.anchors("item") and label else (),
        level=level,
        figures=[each for each in columns if not grid.is_blank(at, each)],
        is_hidden=grid.is_hidden_row(at),
    )
    if not row.figures:
        row.kind = Kind.EMPTY
    elif row.item:
        row.kind = Kind.UNIT
    elif not label and not number:
        row.kind = Kind.NAMELESS if any(is_figure(grid, at, each) for each in row.figures) else Kind.EMPTY
    else:
        kinds = {
            Label.TOTAL: Kind.TOTAL,
            Label.SECTION_TOTAL: Kind.SECTION,
            Label.CARRIED: Kind.CARRIED,
            Label.OF_WHICH: Kind.PART,
        }
        row.kind = kinds.get(label_kind(label), Kind.UNIT) if label else Kind.UNIT
        if row.kind is Kind.TOTAL and len(names) > 1:
            row.kind = Kind.SECTION  # "Huyện Bắc Bình", "Cộng": of that unit alone
    return row


def _word(text: str) -> str:
    """An enumerator's cell that holds a word after all: "Tổng cộng", merged over STT and name."""
    return text if re.search(r"[^\W\d_]{3,}", text) and level_of(text, "") is None else ""


def _texts(table: Table, row: int, role: str) -> list[str]:
    """What stands in a role's columns; in the merged cell that covers one from above, where there is one."""
    grid: Grid = table.grid
    found = []
    for at in table.anchors(role):
        span = grid.span(row, at)
        is_covered = span is not None and (span.top, span.left) != (row, at) and span.left == at and role != "stt"
        text = grid.text(span.top, at) if span is not None and is_covered else grid.text(row, at)
        if text:
            found.append(" ".join(text.split()))
    return found


def _nested(labels: list[tuple[int, str]], label: str, level: int | None) -> tuple[str, ...]:
    """The labels that a row stands under, by its enumerator, and its own; "Trong đó" governs the dashes after it."""
    deep = 9 if level is None else level
    if level is None and label_kind(label) is Label.OF_WHICH:
        deep = 8
    while labels and labels[-1][0] >= deep:
        labels.pop()
    labels.append((deep, without_enumerator(label)))
    return tuple(text for _, text in labels)


def _find_sections(rows: list[Row]) -> None:
    """I, II or A, B before rows of numbers head a section: their figures are subtotals of the rows under them."""
    levels = [row.level for row in rows]
    for at, row in enumerate(rows):
        if row.kind is Kind.UNIT and row.level in (0, 1):
            deeper: list[int] = []
            for other, level in zip(range(at + 1, len(rows)), levels[at + 1 :], strict=True):
                if level is not None and level <= row.level:
                    break
                if level is not None:
                    deeper.append(other)
            if deeper:
                row.kind, row.parts = Kind.SECTION, _tops(rows, deeper)
    start = 0
    for at, row in enumerate(rows):
        is_head = row.level in (0, 1) and row.kind in (Kind.EMPTY, Kind.SECTION) and label_kind(row.label) is Label.UNIT
        if is_head:
            start = at + 1
        elif row.kind is Kind.SECTION and not row.parts:
            row.parts = _tops(rows, range(start, at))
            start = at + 1


def _tops(rows: list[Row], among: Iterable[int]) -> list[int]:
    """The units among the rows that stand highest: what a sum adds up."""
    units = [at for at in among if rows[at].kind is Kind.UNIT]
    shallowest = min((level for at in units if (level := rows[at].level) is not None), default=None)
    return [rows[at].at for at in units if rows[at].level in (None, shallowest)]


def _name_the_total(rows: list[Row]) -> None:
    """One row at most speaks for the whole table; of several "Cộng" the inner ones are sections'."""
    totals = [at for at, row in enumerate(rows) if row.kind is Kind.TOTAL]
    heads = [at for at, row in enumerate(rows) if row.level in (0, 1) and row.kind in (Kind.EMPTY, Kind.SECTION)]
    outer = totals
    if len(totals) > 1:
        weak = key("Cộng")
        strong = [at for at in totals if key(without_enumerator(rows[at].label)) != weak]
        outer = strong if len(strong) == 1 else []
    elif totals and len(heads) > 1 and not _is_outermost(rows, totals[0], heads):
        outer = []
    start = 0
    for at in totals:
        if at in outer:
            rows[at].parts = _tops(rows, range(len(rows)))
            rows[at].is_bare_total = len(totals) == 1 and len(heads) > 1
            continue
        rows[at].kind = Kind.SECTION
        begin = max([start, *(head + 1 for head in heads if head < at)])
        rows[at].parts = _tops(rows, range(begin, at))
        start = at + 1


def _is_outermost(rows: list[Row], at: int, heads: list[int]) -> bool:
    """A single total among sections stands first or last."""
    figures = [other for other, row in enumerate(rows) if row.kind is Kind.UNIT]
    return bool(figures) and (at < min(figures) or at > max(figures)) and at not in heads
