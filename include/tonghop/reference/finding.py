"""Find the unit that a text means, on one day: by its code, by its id, else by its name under the parent it stands in.

A name is taken only where one unit can be meant. Where several can, they are the candidates; where none can, what is
spelled alike is suggested. Neither is ever taken as the answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from psycopg2.extensions import connection as Connection

from tonghop.reference.names import folded, name_key, spelling_key, split_type
from tonghop.suggestions import closest, likeness
from tonghop.warehouse.connection import rows

_SUGGESTED = 3
_LONGEST_NUMBER = 3  # digits: Phường 14, Tổ dân phố 101; what is longer is meant as a code
_ALIKE = 78.0  # of 100, between names without their type and their diacritics
_MOST_PARTS = 6
# "Xã Hòa Bình, huyện Tương Dương", "Huyện X / Xã Y", "Huyện X > Xã Y", "Xã Y (huyện X)", "Xã Y - huyện X"
_SEPARATOR = re.compile(r"\s*(?:[-=]+>|[,;/\\>»→|(])\s*|\s+[-–—]\s+")
_STRAY = " ,;/\\>»→|"

_UNITS = "select unit_id, code, name, type, parent_unit_id from reference.org_unit where valid @> %s::date"
_VARIANTS = "select unit_id, name_a, name_b from reference.name_variant"


class Unit(NamedTuple):
    """A unit as it stood on the day."""

    unit_id: str
    code: str
    name: str
    type: str
    parent_unit_id: str | None


class Variant(NamedTuple):
    """Two spellings of one unit."""

    unit_id: str
    name_a: str
    name_b: str


class Candidate(NamedTuple):
    """A unit that may be meant."""

    unit_id: str
    code: str
    name: str
    parent_name: str

    @property
    def written(self) -> str:
        """How to write it so that it is found: name and parent, with the code."""
        return f"{self.name}, {self.parent_name} ({self.code})" if self.parent_name else f"{self.name} ({self.code})"


@dataclass(frozen=True)
class Found:
    """The one unit that the text means."""

    unit_id: str


@dataclass(frozen=True)
class Ambiguous:
    """Several units have the name, or it has one only further down than a child: the parent, or the code, must say."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Unknown:
    """No unit has the name; those spelled most alike, the likeliest first."""

    suggestions: tuple[Candidate, ...]


Slot = tuple[str, str]  # what the key is of (_WHOLE name, _BARE name, or bare name of a type), and the key
_WHOLE, _BARE = "=", ""


class _Shelf:
    """Some units, by the keys of their names. Four levels, the finest first: names, then variants, by either key."""

    def __init__(self) -> None:
        self._levels: tuple[dict[Slot, set[str]], ...] = tuple(defaultdict(set) for _ in range(4))

    def put(self, unit: Unit, variants: Iterable[str]) -> None:
        """Add a unit under its name and every variant of it."""
        for offset, name in ((0, unit.name), *((2, variant) for variant in variants)):
            bare = _bare(name, unit.type)
            for level, key in ((offset, name_key), (offset + 1, spelling_key)):
                for slot in ((_WHOLE, key(name)), (_BARE, key(bare)), (unit.type, key(bare))):
                    self._levels[level][slot].add(unit.unit_id)

    def at(self, level: int, slots: Iterable[Slot]) -> set[str]:
        """The units of one level that stand in any of the slots."""
        table = self._levels[level]
        return {unit_id for slot in slots for unit_id in table.get(slot, ())}


def _bare(name: str, unit_type: str) -> str:
    """The name without its type, where the word before it says the type that the unit has."""
    typed = split_type(name)
    return typed.bare if unit_type in typed.types else name_key(name)


class Finder:
    """Finds units of one day.

    Args:
        units: every unit that was open on the day.
        variants: known spellings; those of units that were not open are left out.
    """

    def __init__(self, units: Iterable[Unit], variants: Iterable[Variant] = ()) -> None:
        self._units = {unit.unit_id: unit for unit in units}
        self._by_code = {unit.code: unit.unit_id for unit in self._units.values()}
        self._children: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._units.values():
            self._children[unit.parent_unit_id or ""].append(unit)
        self._variants: dict[str, set[str]] = defaultdict(set)
        for variant in variants:
            if variant.unit_id in self._units:
                self._variants[variant.unit_id] |= {variant.name_a, variant.name_b}
        self._shelves: dict[tuple[str, str], _Shelf] = {}
        self._spoken: dict[str, dict[str, str]] = {}
        self._numbered: dict[str, dict[int, list[str]]] = {}

    def find(self, text: str, within: str | None) -> Found | Ambiguous | Unknown:
        """The unit that ``text`` means when the unit ``within`` says it.

        Args:
            text: a code of the day, a unit id, or a name, with or without its parents, in either order.
            within: unit id of the sender: a name means it or a child of it, a deeper unit where the parents are named.
        """
        written = text.strip()
        coded = self.by_code(written)
        if coded is not None:
            return Found(coded)
        if within not in self._units:
            return Unknown(())
        name = written.strip(_STRAY)
        if name.isdecimal() and len(name) > _LONGEST_NUMBER:  # a code that nobody has: laying out names finds nothing
            return Unknown(tuple(map(self.candidate, self._cut(name, within)[:_SUGGESTED])))
        meant = self._read(name, within, itself=True)
        if len(meant) == 1:
            return Found(meant.pop())
        return Ambiguous(self._candidates(meant)) if meant else self._lost(name, within)

    def by_code(self, text: str) -> str | None:
        """The id of the unit that has this code on the day, or this id; None where no unit has."""
        return self._by_code.get(text, text if text in self._units else None)

    def candidate(self, unit_id: str) -> Candidate:
        """A unit with its parent's name, to be shown."""
        unit = self._units[unit_id]
        parent = self._units.get(unit.parent_unit_id or "")
        return Candidate(unit_id, unit.code, unit.name, parent.name if parent else "")

    def _candidates(self, unit_ids: Iterable[str]) -> tuple[Candidate, ...]:
        return tuple(sorted(map(self.candidate, unit_ids), key=lambda each: (each.code, each.unit_id)))

    def _read(self, text: str, place: str, *, itself: bool) -> set[str]:
        """Units that a text can mean as a child of ``place`` (or as itself): its whole first, else with its parents."""
        shelves = [self._shelf("children", place), *([self._shelf("itself", place)] if itself else [])]
        found = _match(text, shelves)
        if not found:
            for child, parent in _readings(text):
                for above in self._read(parent, place, itself=itself):
                    found |= self._read(child, above, itself=False)
        return found

    def _lost(self, text: str, place: str) -> Ambiguous | Unknown:
        """What to say of a text that means no child: units of that name further down, else what is spelled alike."""
        for child, parent in _readings(text):
            above = self._read(parent, place, itself=True)
            if len(above) == 1:
                return self._lost(child, above.pop())
        parts = [part for part in map(_trimmed, _SEPARATOR.split(text)) if part]
        deeper = {unit_id for part in (text, *parts) for unit_id in _match(part, [self._shelf("deeper", place)])}
        if deeper:
            return Ambiguous(self._candidates(deeper))
        alike = [unit_id for part in parts for unit_id in (*self._cut(part, place), *self._alike(part, place))]
        return Unknown(tuple(map(self.candidate, list(dict.fromkeys(alike))[:_SUGGESTED])))

    def _cut(self, text: str, place: str) -> list[str]:
        """Units under ``place`` whose code, once its leading zeros are cut (by Excel), is this number."""
        if not text.isdecimal():
            return []
        if place not in self._numbered:  # a file can have thousands of codes that nobody has
            numbered = self._numbered[place] = defaultdict(list)
            for unit in (self._units[place], *self._below(place)):
                if unit.code.isdecimal():
                    numbered[int(unit.code)].append(unit.unit_id)
        return self._numbered[place].get(int(text), [])

    def _alike(self, text: str, place: str) -> list[str]:
        if place not in self._spoken:
            under = (self._units[place], *self._below(place))
            self._spoken[place] = {unit.unit_id: folded(_bare(unit.name, unit.type)) for unit in under}
        said = split_type(text)
        threshold = 100.0 if said.bare.isdecimal() else _ALIKE  # no number is like another
        near = closest(folded(said.bare), self._spoken[place], limit=3 * _SUGGESTED, threshold=threshold)

        def likelier(unit_id: str) -> tuple[float, bool]:
            unit = self._units[unit_id]
            return -likeness(said.bare, _bare(unit.name, unit.type)), unit.type not in said.types

        return sorted(near, key=likelier)[:_SUGGESTED]

    def _below(self, place: str) -> Iterator[Unit]:
        for child in self._children.get(place, ()):
            yield child
            yield from self._below(child.unit_id)

    def _shelf(self, which: str, place: str) -> _Shelf:
        """The shelf of a unit's children, of itself, or of what is deeper than its children; made when first asked."""
        if (which, place) not in self._shelves:
            shelf = self._shelves[which, place] = _Shelf()
            for unit in self._on(which, place):
                shelf.put(unit, self._spellings(unit))
        return self._shelves[which, place]

    def _spellings(self, unit: Unit) -> Iterator[str]:
        """The unit's variants, but for another number that it cannot be told to have had on the day.

        Phường 8 became Phường 2 when it received Phường 2. As long as a sibling is Phường 2 too (the register carries
        today's names back), the variant tells them apart; afterwards it names a ward that is no more.
        """
        own = _bare(unit.name, unit.type)
        for variant in self._variants.get(unit.unit_id, ()):
            other = _bare(variant, unit.type)
            if own == other or not (own.isdecimal() and other.isdecimal()) or self._has_namesake(unit):
                yield variant

    def _has_namesake(self, unit: Unit) -> bool:
        siblings = self._children[unit.parent_unit_id or ""]
        return sum(name_key(sibling.name) == name_key(unit.name) for sibling in siblings) > 1

    def _on(self, which: str, place: str) -> Iterable[Unit]:
        if which == "itself":
            return (self._units[place],)
        children = self._children.get(place, [])
        if which == "children":
            return children
        return (unit for child in children for unit in self._below(child.unit_id))


def _match(text: str, shelves: list[_Shelf]) -> set[str]:
    """The units that a text names at the finest level at which it names any.

    A bare number names nothing: "1" may be Quận 1, a row's number, or the code 001 without its zeros.
    """
    typed = split_type(text)
    if typed.bare.isdecimal() and not typed.types:
        return set()
    for level in range(4):
        key: Callable[[str], str] = spelling_key if level % 2 else name_key
        bare = key(typed.bare)
        for slots in ([(_WHOLE, key(text))], [(each, bare) for each in typed.types], [(_BARE, key(text))]):
            found = {unit_id for shelf in shelves for unit_id in shelf.at(level, slots)}
            if found:
                return found
    return set()


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """Ways to read a text as a unit and what it stands under, in either order; none where there are too many parts."""
    cuts = list(_SEPARATOR.finditer(text))
    for cut in reversed(cuts if len(cuts) < _MOST_PARTS else []):
        left, right = _trimmed(text[:cut.start()]), _trimmed(text[cut.end():])
        if left and right:
            yield left, right
            yield right, left


def _trimmed(text: str) -> str:
    """A part without separators around it, and without the bracket that its beginning left open."""
    part = text.strip(_STRAY)
    return part.removesuffix(")").rstrip() if part.count(")") > part.count("(") else part


def finder_on(connection: Connection, day: date) -> Finder:
    """A finder of the register as it stood on a day."""
    return Finder(
        (Unit(*row) for row in rows(connection, _UNITS, (day,))),
        (Variant(*row) for row in rows(connection, _VARIANTS)),
    )
