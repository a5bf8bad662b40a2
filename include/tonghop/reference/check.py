"""What one row cannot know: the tree day by day, and every code that names something in another row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeVar

from tonghop.reference.check_trees import check_trees
from tonghop.reference.check_units import Versions, check_units, day_text, overlap
from tonghop.reference.files import Located, Problem, Reference, dangling
from tonghop.reference.models import (
    MODELS,
    CalendarEntry,
    HeadingAlias,
    Indicator,
    NameVariant,
    OrgUnit,
    Population,
    Reporter,
    Row,
    UnitType,
)

R = TypeVar("R", bound=Row)


def check(reference: Reference) -> list[Problem]:
    """Every problem of the whole, in the order of files and lines; those met while reading first."""
    if reference.problems:  # dangling codes of a half-read file would only be noise
        return reference.problems
    versions: Versions = defaultdict(list)
    for unit in reference.of(OrgUnit):
        versions[unit.row.unit_id].append(unit)
    found = [problem for model in MODELS for problem in _duplicates(reference.of(model))]
    found += check_units(reference, versions)
    found += check_trees(reference, versions)
    found += _catalogue(reference)
    found += _aliases(reference)
    found += _calendar(reference, versions)
    found += [
        dangling(each, "unit_id", each.row.unit_id, versions)
        for each in reference.of(NameVariant)
        if each.row.unit_id not in versions
    ]
    order = {model.file: number for number, model in enumerate(MODELS)}
    return sorted(set(found), key=lambda each: (order.get(each.file.rsplit("/", 1)[-1], 99), each.file, each.line))


def _duplicates(rows: list[Located[R]]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], Located[R]] = {}
    for each in rows:
        key = tuple(str(getattr(each.row, column)) for column in each.row.key)
        first = seen.setdefault(key, each)
        if first is not each:
            yield each.problem(
                f"the same {', '.join(each.row.key)} stands in {first.source}", "Keep one of the two rows."
            )


def _catalogue(reference: Reference) -> Iterator[Problem]:
    populations = {each.row.population: each for each in reference.of(Population)}
    types = {each.row.type for each in reference.of(UnitType)}
    indicators = {each.row.indicator: each for each in reference.of(Indicator)}
    reporters = {each.row.reporter for each in reference.of(Reporter)}
    composed: dict[str, list[str]] = defaultdict(list)
    for population in reference.of(Population):
        composed[population.row.population] += population.row.composed_of
        for part in population.row.composed_of:
            if part not in populations:
                yield dangling(population, "composed_of", part, populations)
    yield from _circles(populations, composed, "composed_of")
    yield from _two_versions(reference.of(Population))
    counted: list[Located[Population | Reporter]] = [*reference.of(Population), *reference.of(Reporter)]
    for each in counted:
        yield from (dangling(each, "unit_types", name, types) for name in each.row.unit_types if name not in types)
    for indicator in indicators.values():
        row = indicator.row
        if row.population is not None and row.population not in populations:
            yield dangling(indicator, "population", row.population, populations)
        if row.reported_by not in reporters:
            yield dangling(indicator, "reported_by", row.reported_by, reporters)
        if row.indicator in populations:
            yield indicator.problem(
                f"'{row.indicator}' is also a population ({populations[row.indicator].source})",
                "Senders state a population's count under its code: rename one of them.",
            )
        for column in ("part_of", "complement_of", "nested_in"):
            other = getattr(row, column)
            if other is not None and other not in indicators:
                yield dangling(indicator, column, other, indicators)
        if row.parts_are_all and not any(each.row.part_of == row.indicator for each in indicators.values()):
            yield indicator.problem(
                "parts_are_all is yes, but no indicator is part_of it", "Name the parts, or say no."
            )
    for column in ("part_of", "complement_of", "nested_in"):
        links = {name: [getattr(each.row, column)] for name, each in indicators.items() if getattr(each.row, column)}
        yield from _circles(indicators, links, column)


def _aliases(reference: Reference) -> Iterator[Problem]:
    known = {each.row.population for each in reference.of(Population)}
    known |= {each.row.indicator for each in reference.of(Indicator)}
    for alias in reference.of(HeadingAlias):
        if alias.row.indicator is not None and alias.row.indicator not in known:
            yield dangling(alias, "indicator", alias.row.indicator, known)


def _two_versions(rows: list[Located[Population]]) -> Iterator[Problem]:
    seen: dict[str, list[Located[Population]]] = defaultdict(list)
    for each in rows:
        for other in seen[each.row.population]:
            if day := overlap(other.row, each.row):
                yield each.problem(
                    f"population '{each.row.population}' has two versions on {day_text(day)}; see {other.source}",
                    "Close the earlier version the day before the next one begins.",
                )
        seen[each.row.population].append(each)


def _circles(rows: dict[str, Located[R]], links: dict[str, list[str]], column: str) -> Iterator[Problem]:
    for name, linked in links.items():
        ahead, seen = list(linked), set[str]()
        while ahead:
            at = ahead.pop()
            if at == name:
                yield rows[name].problem(f"{column} leads from '{name}' back to itself", f"Correct {column}.")
                break
            if at not in seen:
                seen.add(at)
                ahead += links.get(at, [])


def _calendar(reference: Reference, versions: Versions) -> Iterator[Problem]:
    groups = {each.row.group for each in reference.of(Indicator)}
    levels: dict[str, set[str]] = defaultdict(set)
    for unit_id, unit in versions.items():
        for version in unit:
            levels[unit_id].add(version.row.level)
            levels[version.row.code].add(version.row.level)
    for each in reference.of(CalendarEntry):
        yield from (dangling(each, "group", group, groups) for group in each.row.group if group not in groups)
        for sender in each.row.senders:
            if sender not in levels:
                yield dangling(each, "senders", sender, levels)
            elif each.row.sender_level not in levels[sender]:
                yield each.problem(
                    f"senders: '{sender}' is no {each.row.sender_level}", "Correct senders or sender_level."
                )
