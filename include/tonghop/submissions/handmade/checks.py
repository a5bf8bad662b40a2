"""What a table's own arithmetic says: subtotals against their rows, the formulas of the row of column numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from tonghop.submissions.books.grid import Grid
from tonghop.submissions.handmade.body import Kind, Row
from tonghop.submissions.handmade.figures import count_of
from tonghop.submissions.handmade.tables import Table
from tonghop.submissions.numbers import NumberRefused, Rate, parse_rate, rate_from_number

_RANGE = re.compile(r"(\d+)\s*\+\s*(?:\.{2,}|…)\s*\+?\s*(\d+)")
_TOKEN = re.compile(r"\d+|[-+*/:x×()]")
_LABEL = re.compile(r"\(?\s*(\d{1,3})\s*\)?\s*(?:=\s*(.+))?", re.DOTALL)


@dataclass(frozen=True)
class Remark:
    """Something a reader of the table should know; no figure was changed or left out for it.

    Attributes:
        severity: a warning (the table contradicts itself) or information (a subtotal that was not read as a unit's).
    """

    severity: Literal["warning", "info"]
    locator: str
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.locator}: {self.vi} / {self.en}"


def subtotals(table: Table, rows: Sequence[Row], counts: Sequence[int]) -> Iterator[Remark]:
    """Sections and the total against the rows they add up, in the columns of counts."""
    for row in rows:
        if row.kind not in (Kind.SECTION, Kind.TOTAL, Kind.CARRIED):
            continue
        wrong = False
        for at in counts if row.parts else ():
            stated = count_of(table.grid.cell(row.at, at))
            parts = [count_of(table.grid.cell(part, at)) for part in row.parts]
            known = [part for part in parts if part is not None]
            if stated is None or len(known) < len(parts) or sum(known) == stated:
                continue
            wrong = True
            terms = " + ".join(map(str, known[:12])) + (" + …" if len(known) > 12 else "")
            yield Remark(
                "warning",
                table.grid.place(row.at, at),
                f"“{row.label}” ghi {stated}, các dòng cộng lại {terms} = {sum(known)}",
                f"“{row.label}” says {stated}, its rows make {terms} = {sum(known)}",
            )
        if row.kind is not Kind.TOTAL:
            figures = ", ".join(table.grid.text(row.at, at) for at in row.figures)
            agrees_vi, agrees_en = ("không khớp", "they disagree") if wrong else ("đã đối chiếu", "they were compared")
            yield Remark(
                "info",
                table.grid.place(row.at, row.figures[0]),
                f"“{row.label}” ({figures}) là dòng cộng, không tính thêm; {agrees_vi}",
                f"“{row.label}” ({figures}) is a subtotal and was not added; {agrees_en}",
            )


def is_last_sections(table: Table, rows: Sequence[Row], total: Row, counts: Sequence[int]) -> bool:
    """Whether a lone "Cộng" at the end equals its last section and not the whole: then it speaks for that alone."""
    above = [row for row in rows if row.at < total.at]
    heads = [at for at, row in enumerate(above) if row.kind in (Kind.EMPTY, Kind.SECTION) and row.level in (0, 1)]
    last = [row.at for row in above[heads[-1] + 1 :] if row.kind is Kind.UNIT] if heads else []
    for at in counts:
        stated = count_of(table.grid.cell(total.at, at))
        whole = [count_of(table.grid.cell(part, at)) or 0 for part in total.parts]
        section = [count_of(table.grid.cell(part, at)) or 0 for part in last]
        if stated is not None and last and sum(section) == stated != sum(whole):
            return True
    return False


def formulas(table: Table, rows: Sequence[Row]) -> Iterator[Remark]:
    """Each row against "4 = 2:3" and "2 = 4+...+14" of the row of column numbers (":" divides)."""
    if not table.numbers:
        return
    columns: dict[int, int] = {}
    rules: dict[int, str] = {}
    for column in table.columns:
        found = _LABEL.fullmatch(table.grid.text(table.numbers, column.at))
        if found:
            columns.setdefault(int(found[1]), column.at)
            if found[2]:
                rules[int(found[1])] = found[2]
    for row in rows:
        for number, rule in rules.items():
            if row.figures and not row.item:
                yield from _compare(table.grid, row, number, rule, columns)


def _compare(grid: Grid, row: Row, number: int, rule: str, columns: dict[int, int]) -> Iterator[Remark]:
    tokens = _tokens(rule, columns)
    used = {int(token) for token in tokens if token.isdigit() and int(token) in columns}
    known = {each: _number(grid, row.at, columns[each]) for each in used}
    if not used or any(value is None for value in known.values()):
        return
    values = {each: value for each, value in known.items() if value is not None}
    try:
        result = _Expression(tokens, values).value()
    except (ZeroDivisionError, ValueError, IndexError):
        return
    at = columns[number]
    if _agrees(grid, row.at, at, result):
        return
    spelled = "".join(_plain(values[int(each)]) if each.isdigit() and int(each) in values else each for each in tokens)
    shown = _plain(result) if result.denominator == 1 else f"{float(result):.4f}"
    yield Remark(
        "warning",
        grid.place(row.at, at),
        f"cột {number} = {rule.strip()}: {spelled} = {shown}, ô ghi “{grid.text(row.at, at)}”",
        f"column {number} = {rule.strip()}: {spelled} = {shown}, the cell says “{grid.text(row.at, at)}”",
    )


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _tokens(rule: str, columns: dict[int, int]) -> list[str]:
    def spread(found: re.Match[str]) -> str:
        first, last = int(found[1]), int(found[2])
        return "+".join(str(each) for each in range(first, last + 1) if each in columns) if last - first < 200 else ""

    return _TOKEN.findall(_RANGE.sub(spread, rule.split("=", maxsplit=1)[0].replace("%", "")))


def _number(grid: Grid, row: int, column: int) -> Fraction | None:
    count = count_of(grid.cell(row, column))
    return None if count is None else Fraction(count)


def _agrees(grid: Grid, row: int, column: int, result: Fraction) -> bool:
    """Whether a cell says the result: as a count, or as a rate at the decimals it shows; nothing said agrees."""
    cell = grid.cell(row, column)
    count = count_of(cell)
    if count is not None and count == result:
        return True
    try:
        rate: Rate | None
        if cell.refused is not None:
            return True  # kept aside with its own reason
        rate = parse_rate(cell.text) if cell.number is None else rate_from_number(cell.number, cell.number_format)[1]
    except NumberRefused:
        return count is None
    if rate is None:
        return True
    half = Fraction(Decimal(5).scaleb(-rate.decimals - 3))
    stated = Fraction(rate.value)
    return any(abs(stated * scale - result) <= half * scale for scale in (1, 100, 10_000))


class _Expression:
    """Sums and products of columns, by recursive descent; nothing is evaluated but these."""

    def __init__(self, tokens: list[str], values: dict[int, Fraction]) -> None:
        self._tokens, self._values, self._at = tokens, values, 0

    def value(self) -> Fraction:
        """Raises ValueError or IndexError for what is no expression, ZeroDivisionError."""
        found = self._sum()
        if self._at < len(self._tokens):
            raise ValueError(self._tokens[self._at])
        return found

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _sum(self) -> Fraction:
        found = self._product()
        while self._peek() in ("+", "-"):
            sign = self._peek()
            self._at += 1
            term = self._product()
            found = found + term if sign == "+" else found - term
        return found

    def _product(self) -> Fraction:
        found = self._factor()
        while self._peek() in ("*", "x", "×", ":", "/"):
            sign = self._peek()
            self._at += 1
            factor = self._factor()
            found = found / factor if sign in (":", "/") else found * factor
        return found

    def _factor(self) -> Fraction:
        token = self._tokens[self._at]
        self._at += 1
        if token == "(":  # noqa: S105
            found = self._sum()
            if self._peek() != ")":
                raise ValueError("(")
            self._at += 1
            return found
        number = int(token)
        return self._values.get(number, Fraction(number))
