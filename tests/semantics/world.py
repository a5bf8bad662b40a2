"""The world an `Oracle` judges: units and their tree, the catalogue, and statements as they were received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache


@dataclass(frozen=True)
class Unit:
    """One unit of the tree of the period."""

    unit_id: str
    code: str
    type: str
    level: str
    parent: str | None


@dataclass(frozen=True)
class Population:
    """What a denominator counts, and who may count it."""

    code: str
    counted_from: tuple[str, ...]
    unit_types: tuple[str, ...] = ()
    composed_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """One entry of the catalogue."""

    code: str
    kind: str
    population: str | None
    reported_by: str
    complement_of: str | None = None
    nested_in: str | None = None
    part_of: str | None = None
    may_exceed_one: bool = False
    is_cumulative: bool = True
    parts_are_all: bool = False


@dataclass(frozen=True)
class ReporterClass:
    """Who reports: units of these types (that hang under a unit of this level)."""

    code: str
    unit_types: tuple[str, ...]
    parent_level: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """What can be stated, and every code that any unit has ever had."""

    populations: dict[str, Population]
    indicators: dict[str, Indicator]
    reporters: dict[str, ReporterClass]
    codes_of_some_time: frozenset[str]


@dataclass(frozen=True)
class Statement:
    """One row of one submission. ``rate`` is in percent, with the decimals it was written with."""

    seq: int
    row: int
    sender: str
    form: str
    unit_code: str
    indicator: str
    scope: str
    mark: str = "reported"
    numerator: int | None = None
    denominator: int | None = None
    rate: Decimal | None = None
    action: str = "state"

    @property
    def value(self) -> tuple[str, int | None, int | None, Decimal | None]:
        """What is stated, to be compared with another statement of the same fact."""
        return self.mark, self.numerator, self.denominator, self.rate


@dataclass
class Case:
    """One period: its tree and everything received for it."""

    period: str
    units: list[Unit]
    statements: list[Statement] = field(default_factory=list)


class Tree:
    """The units of the period, and who reports to whom."""

    def __init__(self, units: Iterable[Unit], classes: dict[str, ReporterClass]) -> None:
        self.units = {unit.unit_id: unit for unit in units}
        self.by_code = {unit.code: unit for unit in self.units.values()}
        self._classes = classes
        self._below: dict[str | None, list[str]] = defaultdict(list)
        for unit in self.units.values():
            self._below[unit.parent].append(unit.unit_id)
        self.path = cache(self._path)
        self.subtree = cache(self._subtree)
        self.is_reporter = cache(self._is_reporter)
        self.is_topmost = cache(self._is_topmost)
        self.is_declarer = cache(self._is_declarer)
        self.children = cache(self._children)

    def _path(self, unit: str) -> tuple[str, ...]:
        """The unit and those above it, lowest first."""
        parent = self.units[unit].parent
        return (unit, *(self.path(parent) if parent else ()))

    def _subtree(self, unit: str) -> tuple[str, ...]:
        """The unit and all under it."""
        return (unit, *(low for child in self._below[unit] for low in self.subtree(child)))

    def province(self, unit: str) -> str | None:
        return next((high for high in self.path(unit) if self.units[high].level == "province"), None)

    def _is_reporter(self, unit: str, name: str) -> bool:
        here, reporter = self.units[unit], self._classes[name]
        parent_level = self.units[here.parent].level if here.parent else None
        return here.type in reporter.unit_types and reporter.parent_level in (None, parent_level)

    def _is_topmost(self, unit: str, name: str) -> bool:
        return self.is_reporter(unit, name) and not any(self.is_reporter(high, name) for high in self.path(unit)[1:])

    def _is_declarer(self, unit: str, name: str) -> bool:
        return self.units[unit].level == "province" and not any(
            self.is_reporter(low, name) for low in self.subtree(unit))

    def is_above_reporters(self, unit: str, name: str) -> bool:
        """Above a reporter, or a declarer, or above a declarer: it may declare a total."""
        return any(self.is_reporter(low, name) for low in self.subtree(unit)[1:]) or any(
            self.is_declarer(low, name) for low in self.subtree(unit))

    def is_in_cascade(self, unit: str, name: str) -> bool:
        """Whether a sum upward passes here: a topmost reporter, a declarer, or a unit above one."""
        return any(self.is_topmost(low, name) or self.is_declarer(low, name) for low in self.subtree(unit))

    def _children(self, unit: str, name: str) -> tuple[str, ...]:
        if self.is_reporter(unit, name):
            return ()
        return tuple(child for child in self._below[unit] if self.is_in_cascade(child, name))
