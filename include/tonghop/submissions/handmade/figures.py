"""The cells of a fact as the rules read them: two numbers in one cell, rates whose scale is in doubt. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from tonghop.submissions.numbers import NumberRefused, states_rate
from tonghop.submissions.rows import Cell, Refused, count
from tonghop.text.clean import clean

_NUMBER = r"\d[\d. \u00a0]*"
_RATE = r"\d{1,4}(?:[.,]\d{1,15})?\s*%"
_PAIR = re.compile(
    rf"({_NUMBER}?)\s*/\s*({_NUMBER}?)\s*(?:[(;,=–-]?\s*(?:đạt|chiếm|tỷ lệ|tỉ lệ|đạt tỷ lệ|=|:|\s)*({_RATE})\s*\)?)?",
    re.IGNORECASE,
)
_COUNT_AND_RATE = re.compile(
    rf"({_NUMBER}?)\s*[(;]?\s*(?:đạt|chiếm|tỷ lệ|tỉ lệ|đạt tỷ lệ|\s)*({_RATE})\s*\)?", re.IGNORECASE
)
_FRACTION_OF_ONE = re.compile(r"0?[.,]\d+|1(?:[.,]0+)?")
_SLIP = Decimal("0.005")


class Parts(NamedTuple):
    """What one cell says of a ratio."""

    numerator: Cell
    denominator: Cell | None = None
    rate: Cell | None = None


def split(cell: Cell) -> Parts | None:
    """ "67/73", "67 / 73 (91,78%)", "3.484 (đạt 96%)" taken apart; None for anything else."""
    if cell.number is not None or cell.refused is not None:
        return None
    text = clean(cell.text)
    if found := _PAIR.fullmatch(text):
        return Parts(Cell(found[1].strip()), Cell(found[2].strip()), Cell(found[3]) if found[3] else None)
    if found := _COUNT_AND_RATE.fullmatch(text):
        return Parts(Cell(found[1].strip()), None, Cell(found[2]))
    return None


def count_of(cell: Cell) -> int | None:
    """The count in a cell, None where there is none or it cannot be read."""
    try:
        return count(cell).value
    except NumberRefused:
        return None


def settled_rate(rate: Cell, numerator: Cell, denominator: Cell) -> Cell:
    """A rate between 0 and 1 without a per cent sign: 0,92 is 92% or 0,92%, and the counts beside it may tell.

    Returns:
        The cell, as a percentage where the counts show it; refused where nothing tells which it is.
    """
    value = _fraction_of_one(rate)
    if value is None:
        return rate
    upper, lower = count_of(numerator), count_of(denominator)
    if upper is not None and lower:
        exact = Decimal(upper) / Decimal(lower)
        is_fraction, is_percent = abs(exact - value) <= _SLIP, abs(exact * 100 - value) <= _SLIP * 100
        decimals = max(0, -int(value.normalize().as_tuple().exponent) - 2)
        if is_fraction and not is_percent:
            return Cell(rate.text, float(value), f"0.{'0' * decimals}%" if decimals else "0%")
        if is_percent and not is_fraction:
            return rate
    percent = f"{value * 100:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return rate._replace(
        refused=Refused(
            "S07",
            f"“{clean(rate.text)}” có thể là {percent}% hoặc {clean(rate.text)}%; hãy ghi kèm dấu %",
            f"“{clean(rate.text)}” may be {percent}% or {clean(rate.text)}%; write it with the per cent sign",
        )
    )


def _fraction_of_one(rate: Cell) -> Decimal | None:
    """The number of a rate that does not say whether it is per cent; None where there is no doubt."""
    if rate.refused is not None or "%" in rate.number_format:
        return None
    if rate.number is not None:
        return Decimal(f"{rate.number:.10g}") if 0 < rate.number <= 1 else None
    text = clean(rate.text)
    value = Decimal(text.replace(",", ".")) if _FRACTION_OF_ONE.fullmatch(text) else Decimal(0)
    return value or None


def says_nothing(cell: Cell) -> bool:
    """Blank or "…"."""
    return cell.refused is None and cell.number is None and not clean(cell.text).strip(".…")


def is_division_of_nothing(rate: Cell, numerator: Cell, denominator: Cell) -> bool:
    """#DIV/0! where nothing, or 0 out of 0, was to be divided: a formula with no figures yet."""
    empty = says_nothing(denominator) or count_of(denominator) == 0
    return "#DIV/0!" in rate.text and empty and (says_nothing(numerator) or count_of(numerator) == 0)


def states(cell: Cell) -> bool:
    """Whether a rate's cell states one, or tries to."""
    return cell.refused is not None or cell.number is not None or states_rate(cell.text)
