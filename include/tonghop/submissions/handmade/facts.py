"""The facts of a table: which cells make one, of which unit, in which scope. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tonghop.submissions.books.grid import Grid
from tonghop.submissions.handmade.aliases import Catalogue, Target
from tonghop.submissions.handmade.body import Kind, Row
from tonghop.submissions.handmade.figures import Parts, is_division_of_nothing, says_nothing, settled_rate, split
from tonghop.submissions.handmade.mapping import Choice
from tonghop.submissions.handmade.propose import column_keys, row_keys
from tonghop.submissions.handmade.tables import Table
from tonghop.submissions.handmade.words import is_grassroots, key
from tonghop.submissions.reading import COLUMNS
from tonghop.submissions.rows import Cell, Refused

_BLANK = Cell("")
_FIGURES = ("numerator", "denominator", "stated_rate")


@dataclass
class Fact:
    """One fact of a table.

    Attributes:
        unit: code, or the name as written.
        cells: where each field stands (row and column; more than one where headings say the same).
        rows: the body rows it comes from.
    """

    unit: str
    indicator: str
    scope: str
    rows: list[Row]
    cells: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @property
    def first(self) -> tuple[int, int]:
        return min(place for places in self.cells.values() for place in places)


def facts_of(
    table: Table, rows: Sequence[Row], choices: Mapping[str, Choice], catalogue: Catalogue, sender_code: str
) -> list[Fact]:
    """The facts of a table whose headings are settled, in the order of the sheet.

    Args:
        choices: by heading key; headings without one are left alone.
    """
    of_column = {at: choices[name] for at, name in column_keys(table).items() if name in choices}
    of_row = {at: choices[name] for at, name in row_keys(rows).items() if name in choices}
    notes = [at for at, choice in of_column.items() if choice.role == "note"]
    found: dict[tuple[object, ...], Fact] = {}
    for row in rows:
        if row.kind not in (Kind.UNIT, Kind.TOTAL):
            continue
        named = row.code or row.unit
        is_sender = row.kind is Kind.TOTAL or not named or key(named) == key(sender_code)
        unit = sender_code if is_sender else named
        for at, target in _targets(row, of_column, of_row):
            if table.grid.is_blank(row.at, at):
                continue
            scope = _scope(target, unit, is_sender, catalogue)
            name = (unit if row.item else row.at, target.indicator, scope)
            fact = found.setdefault(name, Fact(unit, target.indicator, scope, []))
            if row not in fact.rows:
                fact.rows.append(row)
            fact.cells.setdefault(target.field, []).append((row.at, at))
    for fact in found.values():
        for at in notes:
            if not table.grid.is_blank(fact.rows[0].at, at):
                fact.cells.setdefault("note", []).append((fact.rows[0].at, at))
    return sorted((fact for fact in found.values() if fact.cells.keys() - {"note"}), key=lambda fact: fact.first)


def _targets(row: Row, of_column: Mapping[int, Choice], of_row: Mapping[int, Choice]) -> Iterator[tuple[int, Target]]:
    """Where each column of a row goes."""
    if not row.item:
        for at, choice in of_column.items():
            for target in choice.targets if choice.role == "figure" else ():
                yield at, target
        return
    choice_of_row = of_row.get(row.at)
    if choice_of_row is None or choice_of_row.role != "figure":
        return
    for at, choice in of_column.items():
        for column in choice.targets if choice.role == "figure" else ():
            for line in choice_of_row.targets:
                is_plain = line.field == "numerator"
                if is_plain or column.field in ("numerator", "denominator"):
                    where = column.field if is_plain else line.field
                    yield at, Target(line.indicator, where, line.scope)


def _scope(target: Target, unit: str, is_sender: bool, catalogue: Catalogue) -> str:
    """``own`` for a reporter below the sender, ``total`` for the sender and for what stands above reporters."""
    if is_sender:
        return "total"
    if target.scope != "auto":
        return target.scope
    indicator = catalogue.indicators.get(target.indicator)
    if indicator is None or (indicator.reported_by == "grassroots" and not is_grassroots(unit)):
        return "total"
    return "own"


def cells_of(fact: Fact, grid: Grid, period: str) -> tuple[dict[str, Cell], dict[str, str]]:
    """The eight columns of the public contract and the place of each; what cannot be taken as written is refused."""
    fixed = {"unit_code": fact.unit, "indicator": fact.indicator, "period": period, "scope": fact.scope}
    cells = {name: Cell(fixed.get(name, "")) for name in COLUMNS}
    places = dict.fromkeys(COLUMNS, grid.place(*fact.first))
    for name, where in fact.cells.items():
        target = "numerator" if name == "ratio" else name
        cell = _one(grid, where, fact)
        if target == "numerator":
            cell, others = _taken_apart(cell, name, fact)
            for column, part in others.items():
                cells[column], places[column] = part, grid.place(*where[0])
        cells[target], places[target] = cell, grid.place(*where[0])
    rate = cells["stated_rate"]
    if is_division_of_nothing(rate, cells["numerator"], cells["denominator"]):
        cells["stated_rate"] = _BLANK
    else:
        cells["stated_rate"] = settled_rate(rate, cells["numerator"], cells["denominator"])
    return cells, places


def _taken_apart(cell: Cell, name: str, fact: Fact) -> tuple[Cell, dict[str, Cell]]:
    """The numerator of a cell that may hold a ratio; its other numbers, which go where nothing else does."""
    parts = split(cell)
    if parts is None:
        has_digits = cell.refused is None and bool(cell.text.strip("0 ")) and any(sign.isdigit() for sign in cell.text)
        return (cell._replace(refused=_no_ratio(cell.text)) if name == "ratio" and has_digits else cell), {}
    if _collides(parts, fact):
        return cell, {}  # "67/73" beside a column of denominators: two numbers in one cell, which the rules refuse
    others = {"denominator": parts.denominator, "stated_rate": parts.rate}
    return parts.numerator, {column: part for column, part in others.items() if part is not None}


def _collides(parts: Parts, fact: Fact) -> bool:
    taken = {"denominator": parts.denominator, "stated_rate": parts.rate}
    return any(part is not None and column in fact.cells for column, part in taken.items())


def _one(grid: Grid, where: list[tuple[int, int]], fact: Fact) -> Cell:
    """The cell of a field, or why it does not count: hidden, merged over several, said twice."""
    row, column = where[0]
    cell = grid.cell(row, column)
    if says_nothing(cell):
        return cell
    span = grid.span(row, column)
    if any(each.is_hidden for each in fact.rows):
        return cell._replace(refused=_hidden("hàng", "row", row))
    if grid.is_hidden_column(column):
        return cell._replace(refused=_hidden("cột", "column", column))
    if span is not None and (span.bottom > span.top or span.right > span.left) and not _is_one_unit(grid, span, fact):
        return cell._replace(
            refused=Refused(
                "S02",
                f"ô gộp cho nhiều dòng hoặc cột, không rõ “{cell.text}” của đơn vị nào; hãy bỏ gộp và ghi từng ô",
                f"the cell is merged over several, whose “{cell.text}” is is not clear; unmerge and fill in each cell",
            )
        )
    others = [grid.cell(*place) for place in where[1:]]
    if any(not says_nothing(other) and (other.text, other.number) != (cell.text, cell.number) for other in others):
        second = grid.place(*where[1])
        return cell._replace(
            refused=Refused(
                "S02",
                f"“{cell.text}” và {second} cùng là một số liệu mà khác nhau; hãy giữ một",
                f"“{cell.text}” and {second} are the same figure and differ; keep one",
            )
        )
    return cell


def _is_one_unit(grid: Grid, span: tuple[int, int, int, int], fact: Fact) -> bool:
    """Whether a merged cell lies within one column and the rows of one unit (which is merged as deep)."""
    top, left, bottom, right = span
    if left != right:
        return False
    for column in range(1, left):
        other = grid.span(top, column)
        if other is not None and other.top <= top and other.bottom >= bottom and grid.text(other.top, other.left):
            return True
    return False


def _hidden(vi: str, en: str, at: int) -> Refused:
    return Refused(
        "S02",
        f"{vi} {at} đang ẩn nên số không được tính; hãy bỏ ẩn rồi gửi lại, hoặc xóa đi",
        f"{en} {at} is hidden, so its figure does not count; unhide it and send again, or delete it",
    )


def _no_ratio(text: str) -> Refused:
    return Refused(
        "S07",
        f"“{text}” không phải tỷ số; cột này ghi như 67/73",
        f"“{text}” is no ratio; this column is written as 67/73",
    )
