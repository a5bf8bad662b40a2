"""Where errors may be planted so that no two meet, and the one act of planting.

Two errors interfere where one hides or mends the other: a withheld figure leaves a sum without verdict, a second error
in a sum changes its imbalance, an error last month makes this month's comparison fail. So each is planted in

- a commune that has no other error in any period, and has not moved;
- for declared indicators, a cell (province, indicator, period) of its own: no other figure of that indicator under that
  province is wrong in that period, so every sum there is the true one but for this error;
- for totals and provinces' own figures, a unit and period of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from tests.detection.book import Book, Figure, Line, Place
from tests.detection.catalogue import BY_CODE, DECLARED, PERIODS
from tests.detection.nation import Nation
from tests.detection.truth import Planted

T = TypeVar("T")


@dataclass
class Field:
    """The nation while errors are planted in it; ``clean`` stays as it was."""

    nation: Nation
    clean: Book
    book: Book
    dice: Random
    planted: list[Planted] = field(default_factory=list)
    _communes: set[str] = field(default_factory=set)
    _cells: set[tuple[str, str, str]] = field(default_factory=set)
    _seats: set[tuple[str, str]] = field(default_factory=set)
    _by_unit: dict[tuple[str, str], list[tuple[Place, Figure]]] = field(default_factory=dict)

    def communes(self, province: str, indicators: Sequence[str], periods: Sequence[str] = PERIODS) -> Iterator[tuple[str, str, str]]:
        """Free communes of a province, each with an indicator and a period whose cell is free, in random order."""
        cells = [(code, period) for code in indicators for period in periods if self.is_free(province, code, period)]
        for period in self._shuffled(PERIODS):
            here = [cell for cell in cells if cell[1] == period]
            units = [each for each in self.nation.communes(province, period)
                     if each not in self._communes and not self.nation.units[each].has_moved]
            for unit in self._shuffled(units):
                if here:
                    yield (unit, *self.dice.choice(here))

    def totals(self, province: str, indicators: Sequence[str], periods: Sequence[str] = PERIODS) -> Iterator[tuple[str, str, str]]:
        """Districts of a province and the province itself, with an indicator they declare and a period, all free."""
        found = [(unit, code, period) for code in indicators for period in periods
                 if self.is_free(province, code, period)
                 for unit in (province, *self.nation.districts(province, period)) if (unit, period) not in self._seats]
        yield from self._shuffled(found)

    def seats(self, province: str, periods: Sequence[str] = PERIODS) -> Iterator[str]:
        """Periods in which a province's own figures are free."""
        yield from self._shuffled([each for each in periods if (province, each) not in self._seats])

    def moved(self, province: str, side: str) -> list[tuple[str, str]]:
        """Communes that left a province's districts, each with who counts it ``before`` or ``after``: a district, or (where
        it went to another province) the province."""
        found = []
        for district in self.nation.districts(province, PERIODS[0]):
            for unit in self.nation.communes(district, PERIODS[0]):
                period = PERIODS[0] if side == "before" else PERIODS[-1]
                if self.nation.units[unit].has_moved:
                    found.append((unit, self.nation.parent(unit, period)))
                    if self.nation.province(unit, PERIODS[0]) != self.nation.province(unit, PERIODS[-1]):
                        found.append((unit, self.nation.province(unit, period)))
        return self._shuffled(found)

    def is_seat_free(self, unit: str, period: str) -> bool:
        return (unit, period) not in self._seats

    def take(self, unit: str) -> None:
        """Let no other error be planted in a commune."""
        self._communes.add(unit)

    def is_free(self, province: str, indicator: str, period: str) -> bool:
        return (province, indicator, period) not in self._cells

    def _shuffled(self, given: Sequence[T]) -> list[T]:
        return self.dice.sample(list(given), len(given))

    def below(self, unit: str, period: str) -> list[str]:
        """The units whose figures a district or a province sums."""
        if self.nation.units[unit].level == "province":
            return self.nation.districts(unit, period)
        return self.nation.communes(unit, period)

    def shares(self, unit: str, indicator: str, period: str) -> dict[str, int]:
        """What each unit below states, in the clean nation."""
        return {each: self.clean.numerator(each, indicator, period, self.scope(each))
                for each in self.below(unit, period)}

    def by_unit(self, unit: str, period: str) -> list[tuple[Place, Figure]]:
        """Everything that a unit states in a period, in the clean nation."""
        if not self._by_unit:
            for place, figure in self.clean.figures.items():
                self._by_unit.setdefault((place.unit, place.period), []).append((place, figure))
        return self._by_unit[unit, period]

    def scope(self, unit: str) -> str:
        """The scope in which a unit states a declared indicator."""
        return "own" if self.nation.units[unit].type == "commune" else "total"

    def plant(
        self, kind: str, place: Place, now: Figure, *, why: str, rules: Sequence[str], also: Sequence[str] = (),
        causes: Sequence[str] = (), units: Sequence[str] = (), indicators: Sequence[str] = (),
    ) -> Planted:
        """Write another figure in the place of a clean one, and keep what should come of it.

        Args:
            units: on whom it may show, where that is not the unit alone.
            indicators: under which it may show, where that is not the one alone.
        """
        was = self.clean.figures[place]
        self.book.figures[place] = now
        codes = list(indicators) or [place.indicator]
        return self.note(Planted(
            error_id=self.id_of(kind), kind=kind, unit=place.unit, indicator=place.indicator, period=place.period,
            scope=place.scope, was=_text(was), now=_text(now), why=why, rules=list(rules), also=list(also),
            causes=list(causes), units=list(units) or [place.unit], indicators=codes, populations=_populations(codes)))

    def add(
        self, kind: str, place: Place, line: Line, *, why: str, rules: Sequence[str], senders: Sequence[str] = (),
    ) -> Planted:
        """Write a row beside the clean figures; it stands on a unit, or (where that is nobody's) on its sender."""
        self.book.lines.append(line)
        return self.note(Planted(
            error_id=self.id_of(kind), kind=kind, unit=place.unit, indicator=place.indicator, period=place.period,
            scope=place.scope, was="", now=_text(line.figure), why=why, rules=list(rules),
            units=[] if senders else [place.unit], indicators=[place.indicator], senders=list(senders)))

    def note(self, planted: Planted, *, has_seat: bool = True) -> Planted:
        """Keep an error, and what no other may touch any more.

        Args:
            has_seat: whether it stands among the figures of a district or province (a file that is late does not).
        """
        unit, period = planted.unit, planted.period
        if unit in self.nation.units:
            province = self.nation.province(unit, period)
            if self.nation.units[unit].type == "commune":
                self._communes.add(unit)
            elif has_seat:
                self._seats.add((unit, period))
            if planted.indicator in DECLARED or planted.senders:
                self.reserve(province, [planted.indicator], [period])
        for sender in planted.senders:
            self.reserve(sender, [planted.indicator], [period])
        self.planted.append(planted)
        return planted

    def reserve(self, province: str, indicators: Sequence[str], periods: Sequence[str]) -> None:
        self._cells |= {(province, code, period) for code in indicators for period in periods}

    def id_of(self, kind: str) -> str:
        return f"{kind}-{1 + sum(each.kind == kind for each in self.planted)}"


def _populations(codes: Sequence[str]) -> list[str]:
    known = [BY_CODE[code].population if code in BY_CODE else code for code in codes]
    return sorted({each for each in known if each})


def _text(figure: Figure) -> str:
    numerator, denominator, rate = figure.cells()
    return " ".join(part for part in (f"{numerator}/{denominator}" if denominator else numerator, rate) if part)
