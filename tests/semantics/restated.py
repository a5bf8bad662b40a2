"""Every period on today's tree, cell by cell, from the text of ``decisions/0013-what-restating-means.md`` alone.

Where the text leaves room, these decisions are taken:

a. A single heir with the relation ``part`` is no division, but not exact either.
b. *Landed exactly at w*: landed at *w* and is exact.
c. *Each is known* (in *D*) of no unit at all is not known.
d. A cell without a numerator has no denominator, rate or bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from cascade import WHOLE
from register import Register, last_day
from verdict import Cell, Verdict
from world import Catalogue, Indicator, Tree


@dataclass(frozen=True)
class Fate:
    """What became of a unit by today: the units that have it, and whether it went over whole at every step."""

    parts: frozenset[str]
    is_exact: bool


@dataclass(frozen=True)
class Speaker:
    """A figure that enters a sum of its period: a topmost reporter's own, or a declaration that was taken."""

    unit: str
    numerator: int
    denominator: int | None
    is_declaration: bool
    covers: tuple[str, ...]


@dataclass(frozen=True)
class RestatedCell:
    """One cell of the restated roll-up."""

    numerator: int | None
    denominator: int | None
    basis: str
    reporting: int
    expected: int
    withheld: int
    held_above: int = 0
    restated_at: str | None = None
    rate: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Place:
    """Where a figure landed, exactly or not, and the units of today that have a part of what it speaks of."""

    landing: str
    parts: frozenset[str]
    is_exact: bool


class Landings:
    """Where the units of one period landed in today's tree.

    Args:
        register: all versions and successions.
        today: the day of the release.
        target: the tree of that day.
        period: the month; its last day is where every unit is followed from.
    """

    def __init__(self, register: Register, today: date, target: Tree, period: str) -> None:
        self._register = register
        self._today = today
        self._target = target
        self._from = last_day(period)
        self.fate = cache(self._fate)
        self.landing = cache(self._landing)

    def _fate(self, unit: str) -> Fate:
        return self._follow(unit, self._from)

    def _follow(self, unit: str, day: date) -> Fate:
        steps = self._register.next_successions(unit, day, self._today)
        if steps:
            handed_over = steps[0].effective_on
            heirs = [each.new for each in steps]
            if self._register.is_open(unit, handed_over):
                heirs.append(unit)
            fates = [self._follow(heir, handed_over) for heir in heirs]
            is_whole = len(heirs) == 1 and steps[0].relation == "whole"
            return Fate(frozenset().union(*(fate.parts for fate in fates)),
                        is_whole and all(fate.is_exact for fate in fates))
        if self._register.is_open(unit, self._today):
            return Fate(frozenset({unit}), True)
        ended = self._register.last_version(unit, self._today)
        assert ended.unit.parent is not None, "the nation has ended"
        return Fate(self._follow(ended.unit.parent, ended.closes - timedelta(days=1)).parts, False)

    def _landing(self, unit: str) -> str:
        """The deepest unit of today's tree that holds all parts."""
        parts = self.fate(unit).parts
        return next(high for high in self._target.path(min(parts))
                    if all(high in self._target.path(part) for part in parts))

    def landed_within(self, unit: str, at: str) -> bool:
        """Whether a unit of the period landed at or under a unit of today."""
        return at in self._target.path(self.landing(unit))

    def landed_exactly(self, unit: str, at: str) -> bool:
        return self.landing(unit) == at and self.fate(unit).is_exact

    def is_held_above(self, unit: str, at: str) -> bool:
        """Whether it has a part at or under ``at`` and landed above: then it was divided, on the way here or before."""
        has_part = any(at in self._target.path(part) for part in self.fate(unit).parts)
        return has_part and not self.landed_within(unit, at)


class Restatement:
    """One period on today's tree.

    Args:
        register: all versions and successions.
        today: the day of the release.
        catalogue: indicators, populations, reporters.
        period: the month.
        verdict: what the night says about it as reported.
    """

    def __init__(self, register: Register, today: date, catalogue: Catalogue, period: str, verdict: Verdict) -> None:
        self.tree = Tree(register.units_on(last_day(period)), catalogue.reporters)
        self.target = Tree(register.units_on(today), catalogue.reporters)
        self.landings = Landings(register, today, self.target, period)
        self.indicators = list(catalogue.indicators.values())
        self._catalogue = catalogue
        self._verdict = verdict
        since = [day for day in register.succession_days() if last_day(period) < day <= today]
        self.is_todays = _edges(self.tree) == _edges(self.target) and not since
        self._place = cache(self._find_place)
        self._cell = cache(self._make_cell)
        self.speakers = cache(self._speakers)
        self._spokesmen = cache(self._list_spokesmen)
        self.whole_count = cache(self._count_whole)

    def cells(self) -> dict[tuple[str, str], RestatedCell]:
        """Every cell there is, by unit and indicator."""
        if self.is_todays:
            return {key: as_reported(cell) for key, cell in self._verdict.cells.items()}
        return self.by_landing()

    def by_landing(self) -> dict[tuple[str, str], RestatedCell]:
        """The cells as the definitions make them, whether or not the tree has changed."""
        made = {(unit, indicator.code): self._cell(unit, indicator)
                for indicator in self.indicators for unit in self.target.units}
        return {key: cell for key, cell in made.items() if cell is not None}

    # The period, as reported --------------------------------------------------------------------------------------

    def _list_spokesmen(self, name: str) -> list[str]:
        """Topmost reporters, and the provinces that declare for want of any."""
        return [unit for unit in self.tree.units
                if self.tree.is_topmost(unit, name) or self.tree.is_declarer(unit, name)]

    def _speakers(self, indicator: Indicator) -> list[Speaker]:
        speakers = []
        for unit in self.tree.units:
            cell = self._verdict.cells.get((unit, indicator.code))
            if cell is None:
                continue
            is_topmost = self.tree.is_topmost(unit, indicator.reported_by)
            if cell.basis == "declared" or (cell.basis == "own" and is_topmost):
                speakers.append(Speaker(unit, cell.numerator, cell.denominator, cell.basis == "declared",
                                        tuple(self._declared(self.tree.path(unit)[1:], indicator))))
        return speakers

    def _declared(self, units: tuple[str, ...], indicator: Indicator) -> list[str]:
        """Those of the units whose declaration was taken."""
        cells = {unit: self._verdict.cells.get((unit, indicator.code)) for unit in units}
        return [unit for unit, cell in cells.items() if cell is not None and cell.basis == "declared"]

    def _is_withheld(self, unit: str, indicator: Indicator) -> bool:
        return bool(self._verdict.withheld.get(self._fact(unit, indicator)))

    def _fact(self, unit: str, indicator: Indicator) -> tuple[str, str, str]:
        return unit, indicator.code, "own" if self.tree.is_reporter(unit, indicator.reported_by) else "total"

    def _is_expected(self, unit: str, indicator: Indicator) -> bool:
        said = self._verdict.observations.get(self._fact(unit, indicator))
        says_x = said is not None and said.said.mark == "not_applicable"
        return not says_x or self._is_withheld(unit, indicator)

    def _period_whole(self, unit: str, indicator: Indicator) -> int | None:
        """The period's *D*: the unit's own count, else the sum over its children, if each is known."""
        counted = self._verdict.ledger.get((unit, indicator.population or ""))
        if counted is not None:
            return counted[0]
        below = [self._period_whole(child, indicator) for child in self.tree.children(unit, indicator.reported_by)]
        return sum(each for each in below if each is not None) if below and None not in below else None

    def _find_place(self, unit: str, name: str, is_declaration: bool) -> Place:
        """Where a figure of a unit landed; a declaration with those that were to report under its unit."""
        landing, fate = self.landings.landing(unit), self.landings.fate(unit)
        under = [each for each in self._spokesmen(name) if unit in self.tree.path(each)[1:]] if is_declaration else []
        strays = {self.landings.landing(each) for each in under if not self.landings.landed_within(each, landing)}
        if not strays:
            return Place(landing, fate.parts, fate.is_exact)
        parts = frozenset(strays | {landing})
        shared = next(high for high in self.target.path(landing)
                      if all(high in self.target.path(part) for part in parts))
        return Place(shared, parts, False)

    def place(self, speaker: Speaker, indicator: Indicator) -> Place:
        """Where a speaker's figure landed."""
        return self._place(speaker.unit, indicator.reported_by, speaker.is_declaration)

    def _has_part_above(self, place: Place, at: str) -> bool:
        """Whether something has a part at or under a unit of today and landed above it."""
        has_part = any(at in self.target.path(part) for part in place.parts)
        return has_part and at not in self.target.path(place.landing)

    # Today --------------------------------------------------------------------------------------------------------

    def counting(self, unit: str, indicator: Indicator) -> list[Speaker]:
        """The speakers that count at a unit of today."""
        def is_within(place: Place) -> bool:
            return unit in self.target.path(place.landing)

        return [each for each in self.speakers(indicator) if is_within(self.place(each, indicator))
                and not any(is_within(self._place(cover, indicator.reported_by, True)) for cover in each.covers)]

    def _make_cell(self, unit: str, indicator: Indicator) -> RestatedCell | None:
        counting = self.counting(unit, indicator)
        held = [each for each in (self.place(speaker, indicator) for speaker in self.speakers(indicator))
                if self._has_part_above(each, unit)]
        if not counting and not held:
            return None
        expected = [each for each in self._spokesmen(indicator.reported_by)
                    if self._is_expected(each, indicator) and self.landings.landed_within(each, unit)]
        reporting = sum(self._reports(each, unit, indicator) for each in expected)
        withheld = sum(self._is_withheld(each, indicator) for each in expected)
        waiting = any(self._is_expected(each, indicator) and self.landings.is_held_above(each, unit)
                      for each in self._spokesmen(indicator.reported_by))
        is_partial = bool(held) or waiting or reporting < len(expected)
        cell = RestatedCell(
            sum(each.numerator for each in counting) if counting else None,
            sum(each.denominator or 0 for each in counting) if counting and indicator.kind == "ratio" else None,
            "partial" if is_partial else self._basis(unit, counting, indicator),
            reporting, len(expected), withheld, len(held), self._restated_at(unit, counting, held, indicator))
        return self._with_rate(unit, indicator, cell)

    def _reports(self, spokesman: str, unit: str, indicator: Indicator) -> bool:
        has_figure = any(each.unit == spokesman for each in self.speakers(indicator))
        above = self._declared(self.tree.path(spokesman), indicator)
        places = [self._place(each, indicator.reported_by, True) for each in above]
        return has_figure or any(unit in self.target.path(place.landing) for place in places)

    def _basis(self, unit: str, counting: list[Speaker], indicator: Indicator) -> str:
        place = self.place(counting[0], indicator)
        if len(counting) == 1 and place.is_exact and place.landing == unit:
            return "declared" if counting[0].is_declaration else "own"
        return "mixed" if any(each.is_declaration for each in counting) else "complete"

    def _restated_at(self, unit: str, counting: list[Speaker], held: list[Place], indicator: Indicator) -> str | None:
        if held:
            return min((each.landing for each in held), key=lambda each: len(self.target.path(each)))
        places = [self.place(each, indicator) for each in counting]
        return unit if any(place.landing == unit and not place.is_exact for place in places) else None

    # Rates and bounds ---------------------------------------------------------------------------------------------

    def _with_rate(self, unit: str, indicator: Indicator, cell: RestatedCell) -> RestatedCell:
        numerator, denominator = cell.numerator, cell.denominator
        if numerator is None or denominator is None:
            return cell
        rate = Fraction(numerator, denominator) if denominator else None
        low = high = rate
        if cell.basis == "partial":
            low = high = None
            whole = self.whole_count(unit, indicator)
            if whole and denominator <= whole:
                low = Fraction(numerator, whole)
                high = None if indicator.may_exceed_one else Fraction(numerator + whole - denominator, whole)
        return RestatedCell(numerator, denominator, cell.basis, cell.reporting, cell.expected, cell.withheld,
                            cell.held_above, cell.restated_at, rate, low, high)

    def _count_whole(self, unit: str, indicator: Indicator) -> int | None:
        """*D* of a unit of today."""
        if indicator.nested_in is not None:
            outer = self._cell(unit, self._catalogue.indicators[indicator.nested_in])
            return outer.numerator if outer is not None and outer.basis in WHOLE else None
        if indicator.population is None:
            return None
        spokesmen = self._spokesmen(indicator.reported_by)
        if any(self.landings.is_held_above(each, unit) for each in spokesmen):
            return None
        came = self._came_whole(unit, indicator)
        return self._sum_of_children(unit, indicator) if came is None else came

    def _came_whole(self, unit: str, indicator: Indicator) -> int | None:
        """The sum of the period's *D* over what became this unit, where it neither won nor lost a reporter since."""
        exactly = self.landings.landed_exactly
        came = [each for each in self.tree.units if exactly(each, unit)
                and not any(exactly(parent, unit) for parent in self.tree.path(each)[1:2])]
        spokesmen = self._spokesmen(indicator.reported_by)
        were_under = [each for each in spokesmen if any(high in came for high in self.tree.path(each))]
        are_under = [each for each in spokesmen if self.landings.landed_within(each, unit)]
        counts = [self._period_whole(each, indicator) for each in came]
        if not came or None in counts or were_under != are_under:
            return None
        return sum(each for each in counts if each is not None)

    def _sum_of_children(self, unit: str, indicator: Indicator) -> int | None:
        spokesmen = self._spokesmen(indicator.reported_by)
        if any(self.landings.landing(each) == unit for each in spokesmen):
            return None
        children = [each.unit_id for each in self.target.units.values() if each.parent == unit
                    and any(self.landings.landed_within(spokesman, each.unit_id) for spokesman in spokesmen)]
        counts = [self.whole_count(child, indicator) for child in children]
        return sum(each for each in counts if each is not None) if counts and None not in counts else None


def _edges(tree: Tree) -> dict[str, str | None]:
    return {unit.unit_id: unit.parent for unit in tree.units.values()}


def as_reported(cell: Cell) -> RestatedCell:
    """A cell of the period on a tree that nothing has happened to."""
    return RestatedCell(cell.numerator, cell.denominator, cell.basis, cell.reporting, cell.expected, cell.withheld,
                        rate=cell.rate, low=cell.low, high=cell.high)
