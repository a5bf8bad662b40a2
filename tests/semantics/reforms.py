"""A nation whose tree changes over time, in one dated register: units merge, divide, end and move at random."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import random_nation
import random_statements
from register import Register, Succession, Version, last_day, month_before
from world import Case, Catalogue, Unit

SINCE = date(2000, 1, 1)
MONTHS_AGO = (40, 31, 25, 14, 8, 2)


@dataclass(frozen=True)
class World:
    """A register, and what was received for some of its periods."""

    register: Register
    today: date
    catalogue: Catalogue
    cases: list[Case]


def world(seed: int, today: date, provinces: int = 7, months_ago: tuple[int, ...] = MONTHS_AGO) -> World:
    """One random nation, its reforms, and its statements for the periods so many months ago."""
    rng = random.Random(seed)
    periods = [month_before(today, months) for months in months_ago]
    register = _register(rng, periods, today, provinces)
    cases = [Case(period, register.units_on(last_day(period))) for period in periods]
    known = replace(random_nation.catalogue(cases),
                    codes_of_some_time=frozenset(each.unit.code for each in register.versions))
    random_statements.write_statements(rng, cases, known)
    return World(register, today, known, cases)


def _register(rng: random.Random, periods: list[str], today: date, provinces: int) -> Register:
    reforms = Reforms(rng, random_nation.units(rng, provinces))
    states = [(SINCE, dict(reforms.units))]
    for day in _days(rng, periods, today):
        reforms.on(day)
        states.append((day, dict(reforms.units)))
    return Register(tuple(_versions(states)), tuple(reforms.successions))


def _days(rng: random.Random, periods: list[str], today: date) -> list[date]:
    """One to four days of reform, the first of them between two periods; sometimes one more after today."""
    lasts = [last_day(period) for period in periods]
    days = {_between(rng, lasts[0] + timedelta(1), lasts[-1])}
    for _ in range(rng.randint(0, 3)):
        last = rng.choice(lasts)
        days.add(rng.choice((_between(rng, lasts[0] + timedelta(1), today), last, last + timedelta(1), today)))
    days = {day for day in days if day > lasts[0]}
    if rng.random() < 0.5:
        days.add(today + timedelta(rng.choice((1, 40))))
    return sorted(days)


def _between(rng: random.Random, first: date, last: date) -> date:
    """A day; not by ``randint``, which takes from ``rng`` as months are long: worlds must not depend on today."""
    return first + timedelta(int(rng.random() * ((last - first).days + 1)))


def _versions(states: list[tuple[date, dict[str, Unit]]]) -> list[Version]:
    """One version of a unit for as long as nothing about it changes."""
    versions = []
    running: dict[str, tuple[Unit, date]] = {}
    for day, units in [*states, (date.max, {})]:
        for unit, (was, since) in list(running.items()):
            if units.get(unit) != was:
                versions.append(Version(was, since, day))
                del running[unit]
        running = {**{unit: (now, day) for unit, now in units.items()}, **running}
    return versions


@dataclass
class Reforms:
    """Changes a tree, day after day; what it succeeded stands in ``successions``."""

    rng: random.Random
    base: list[Unit]
    successions: list[Succession] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.units = {unit.unit_id: unit for unit in self.base}
        self._day = SINCE
        self._kept: set[str] = set()  # may not end on this day: they have just opened, or inherited something
        self._done: set[str] = set()  # have had their reform of this day
        self._freed: list[str] = []  # codes that nobody has any more
        self._opened = 0

    def on(self, day: date) -> None:
        """A day of reform: some events, each on the tree that the ones before it left."""
        self._day, self._kept, self._done = day, set(), set()
        events: dict[Callable[[], None], int] = {
            self._merge: 5, self._divide: 4, self._rename: 2, self._close: 3, self._move: 3, self._recode: 1,
            self._abolish_districts: 2}
        for event in self.rng.choices(list(events), list(events.values()), k=self.rng.randint(3, 9)):
            event()

    # The events ---------------------------------------------------------------------------------------------------

    def _merge(self) -> None:
        """Two or three units of one kind become one, new or one of theirs; mostly neighbours."""
        first = self._any_of(("province", "province", "commune", "commune", "rural_district", "provincial_agency",
                              "direct_committee", "grassroots_org"))
        if first is None:
            return
        alike = [each for each in self._alike(first) if self._may_end(each)]
        near = [each for each in alike if each.parent == first.parent]
        others = near if near and self.rng.random() < 0.7 else alike
        old = [first, *self.rng.sample(others, min(len(others), self.rng.choice((1, 1, 2))))]
        if len(old) < 2:
            return
        heir = self._open(first) if self.rng.random() < 0.5 else old.pop()
        for each in old:
            self._succeed(each, [heir], "whole")
            self._end(each, [heir])

    def _rename(self) -> None:
        old = self._any_of(("province", "commune", "rural_district", "provincial_agency", "department"))
        if old is not None:
            heir = self._open(old)
            self._succeed(old, [heir], "whole")
            self._end(old, [heir])

    def _divide(self) -> None:
        """Into one to three others, new ones or neighbours, here or elsewhere; it may stay and keep a part."""
        old = self._any_of(("province", "commune", "commune", "rural_district", "provincial_agency",
                            "direct_committee", "grassroots_org"), must_end=False)
        if old is None:
            return
        stays = not self._may_end(old) or self.rng.random() < 0.4
        size = self.rng.choice((1, 2)) if stays else self.rng.choice((1, 2, 2, 2, 3))
        heirs: list[Unit] = []
        for _ in range(size):
            neighbours = [each for each in self._alike(old) if each not in heirs and each.unit_id not in self._done]
            if neighbours and self.rng.random() < 0.4:
                heirs.append(self.rng.choice(neighbours))
            else:
                heirs.append(self._open(old, elsewhere=self.rng.random() < 0.3))
        self._succeed(old, heirs, "part")
        if not stays:
            self._end(old, heirs)
        else:
            self._kept.add(old.unit_id)

    def _close(self) -> None:
        """Without successor; those under it go to its parent, or to another of its kind, or end with it."""
        old = self._any_of(("rural_district", "rural_district", "direct_committee", "provincial_agency", "commune",
                            "grassroots_org", "province", "department"))
        if old is None:
            return
        others = self._alike(old)
        if old.level in ("province", "department") and (len(others) < 2 or self.rng.random() < 0.7):
            return
        keeps_level = old.level in ("province", "department") or self.rng.random() < 0.3
        parent = self.units[old.parent or ""]
        self._end(old, [self.rng.choice(others)] if keeps_level and others else [parent])

    def _abolish_districts(self) -> None:
        """Every district of a province closes without successor; its communes come directly under the province."""
        province = self._any_of(("province",), must_end=False)
        if province is None:
            return
        for each in self._children(province):
            if each.type == "rural_district" and self._may_end(each):
                self._end(each, [province])

    def _move(self) -> None:
        """To another parent of the same kind: a province to another department, a district to another province."""
        unit = self._any_of(("province", "province", "rural_district", "provincial_agency", "commune",
                             "grassroots_org"), must_end=False)
        if unit is not None:
            others = self._alike(self.units[unit.parent or ""])
            if others:
                self._change(unit, parent=self.rng.choice(others).unit_id)

    def _recode(self) -> None:
        """A unit takes the code of one that has ended, as 24 was Bắc Giang and is now Bắc Ninh."""
        unit = self._any_of(("province", "province", "commune", "provincial_agency"), must_end=False)
        if unit is not None and self._freed:
            code = self._freed.pop()
            self._freed.append(unit.code)
            self._change(unit, code=code)

    # What events are made of --------------------------------------------------------------------------------------

    def _any_of(self, types: tuple[str, ...], *, must_end: bool = True) -> Unit | None:
        """A unit of one of these types that may have its reform today."""
        chosen = self.rng.choice(types)
        free = [each for each in self.units.values() if each.type == chosen and each.unit_id not in self._done
                and (self._may_end(each) or not must_end)]
        return self.rng.choice(free) if free else None

    def _may_end(self, unit: Unit) -> bool:
        return unit.unit_id not in self._kept | self._done

    def _alike(self, unit: Unit) -> list[Unit]:
        return [each for each in self.units.values() if each.type == unit.type and each.unit_id != unit.unit_id]

    def _children(self, unit: Unit) -> list[Unit]:
        return [each for each in self.units.values() if each.parent == unit.unit_id]

    def _open(self, like: Unit, *, elsewhere: bool = False) -> Unit:
        """A new unit of the same kind, beside it or under another parent; half of the time with a code used before."""
        self._opened += 1
        parents = self._alike(self.units[like.parent or ""]) if elsewhere else []
        parent = self.rng.choice(parents).unit_id if parents else like.parent
        code = self._freed.pop() if self._freed and self.rng.random() < 0.5 else f"n{self._opened}"
        opened = Unit(f"N-{self._opened}", code, like.type, like.level, parent)
        self.units[opened.unit_id] = opened
        self._kept.add(opened.unit_id)
        return opened

    def _change(self, unit: Unit, **changed: str) -> None:
        self.units[unit.unit_id] = replace(self.units[unit.unit_id], **changed)

    def _succeed(self, old: Unit, heirs: list[Unit], relation: str) -> None:
        self._done.add(old.unit_id)
        self._kept |= {heir.unit_id for heir in heirs}
        self.successions += [Succession(old.unit_id, heir.unit_id, relation, self._day) for heir in heirs]

    def _end(self, old: Unit, heirs: list[Unit]) -> None:
        """The unit ends; each unit under it moves to an heir, is succeeded by one there, or ends with it."""
        self._done.add(old.unit_id)
        for child in self._children(old):
            fate = self.rng.random() if self._may_end(child) and child.level != "province" else 1.0
            heir = self.rng.choice(heirs)
            if fate < 0.15:
                successor = self._open(replace(child, parent=heir.unit_id))
                self._succeed(child, [successor], "whole")
                self._end(child, [successor])
            elif fate < 0.25:
                self._end(child, [heir])
            else:
                self._change(child, parent=heir.unit_id)
        self._freed.append(self.units.pop(old.unit_id).code)


def describe(register: Register) -> str:
    """What changed, day by day, for a person who looks at a difference."""
    lines: dict[date, list[str]] = defaultdict(list)
    for each in register.successions:
        lines[each.effective_on].append(f"{each.old} →{each.relation}→ {each.new}")
    for version in register.versions:
        if version.opens != SINCE:
            lines[version.opens].append(f"{version.unit.unit_id} ({version.unit.code}) under {version.unit.parent}")
        if version.closes != date.max:
            lines[version.closes].append(f"{version.unit.unit_id} was under {version.unit.parent}")
    return "\n".join(f"{day}: {line}" for day in sorted(lines) for line in lines[day])
