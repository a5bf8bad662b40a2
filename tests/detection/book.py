"""Everything that is stated of the nation: one figure a unit, indicator, period and scope; and what planting changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Place(NamedTuple):
    """Where a figure stands; a population's code as the indicator returns its count."""

    unit: str
    indicator: str
    period: str
    scope: str


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        numerator: None is left blank; -1 says that the indicator does not apply (X).
        written: the numerator's cell, where it is not the plain number.
    """

    numerator: int | None
    denominator: int | None = None
    rate: str = ""
    written: str = ""

    def cells(self) -> tuple[str, str, str]:
        """Numerator, denominator and rate as they are written."""
        top = "" if self.numerator is None else "X" if self.numerator == -1 else str(self.numerator)
        return self.written or top, "" if self.denominator is None else str(self.denominator), self.rate


@dataclass(frozen=True)
class Line:
    """A row written beside the figures: by another sender, of an unknown unit, a second time, later."""

    sender: str
    period: str
    unit_code: str
    indicator: str
    scope: str
    figure: Figure
    is_amendment: bool = False


@dataclass
class Book:
    """The statements of the nation.

    Attributes:
        figures: what stands in the first file of each sender and period.
        lines: rows beside them.
        late: provinces whose file of a period comes after its due day.
    """

    figures: dict[Place, Figure] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    late: set[tuple[str, str]] = field(default_factory=set)

    def numerator(self, unit: str, indicator: str, period: str, scope: str = "own") -> int:
        found = self.figures[Place(unit, indicator, period, scope)].numerator
        assert found is not None
        return found

    def denominator(self, unit: str, indicator: str, period: str, scope: str = "own") -> int:
        found = self.figures[Place(unit, indicator, period, scope)].denominator
        assert found is not None
        return found

    def counted(self, unit: str, population: str, period: str) -> int:
        """A returned count."""
        return self.numerator(unit, population, period, "total")
