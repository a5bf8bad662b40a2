"""What one row cannot know: the tree day by day, and every code that names something in another row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from tonghop.reference.files import Located, Problem, Reference
from tonghop.reference.models import (
    LEVELS,
    MODELS,
    CalendarEntry,
    Department,
    Indicator,
    NameVariant,
    OrgUnit,
    Population,
    Reporter,
    Row,
    Succession,
)

R = TypeVar("R", bound=Row)
Versions = dict[str, list[Located[OrgUnit]]]


def check(reference: Reference) -> list[Problem]:
    """Every problem of the whole, in the order of files and lines; those met while reading first."""
    if reference.problems:  # dangling codes of a half-read file would only be noise
        return reference.problems
    versions: Versions = defaultdict(list)
    for unit in reference.of(OrgUnit):
        versions[unit.row.unit_id].append(unit)
    found = [problem for model in MODELS for problem in _duplicates(reference.of(model))]
    found += _tree(versions)
    found += _successions(reference.of(Succession), versions)
    found += _departments(reference.of(Department), versions)
    found += _catalogue(reference)
    found += _calendar(reference, versions)
    found += [
        _dangling(each, "unit_id", each.row.unit_id, versions)
        for each in reference.of(NameVariant)
        if each.row.unit_id not in versions
    ]
    order = {model.file: number for number, model in enumerate(MODELS)}
    return sorted(set(found), key=lambda each: (order.get(each.file.rsplit("/", 1)[-1], 99), each.file, each.line))


def _dangling(at: Located[R], column: str, code: str, known: Iterable[str]) -> Problem:
    close = get_close_matches(code, list(known), 1)
    return at.problem(
        f"{column}: nothing is called '{code}'",
        f"Did you mean '{close[0]}'?" if close else "Correct the code, or add the row it names.",
    )


def _duplicates(rows: list[Located[R]]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], Located[R]] = {}
    for each in rows:
        key = tuple(str(getattr(each.row, column)) for column in each.row.key)
        first = seen.setdefault(key, each)
        if first is not each:
            yield each.problem(
                f"the same {', '.join(each.row.key)} stands in {first.source}", "Keep one of the two rows."
            )


def _overlap(one: OrgUnit, other: OrgUnit) -> date | None:
    """A day on which both versions are open."""
    day = max(one.opens, other.opens)
    return day if day < min(one.closes, other.closes) else None


def _day(day: date) -> str:
    return "an unknown early day" if day == date.min else day.isoformat()


def _tree(versions: Versions) -> Iterator[Problem]:
    for unit in versions.values():
        yield from _clashes(unit, "unit", "Close the earlier version the day before the next one opens.")
    by_code: dict[str, list[Located[OrgUnit]]] = defaultdict(list)
    for unit in versions.values():
        for version in unit:
            by_code[version.row.code].append(version)
    for holders in by_code.values():
        yield from _clashes(holders, "code", "One code is one unit on any day: correct a code or a date.")
    nations = [version for unit in versions.values() for version in unit if version.row.level == "nation"]
    roots = {version.row.unit_id for version in nations}
    if not roots:
        yield Problem(OrgUnit.file, 0, "no unit of level nation", "Add the one root that everything rolls up to.")
    if len(roots) > 1:
        for version in nations[1:]:
            yield version.problem(f"a second nation beside {nations[0].source}", "Exactly one unit is the nation.")
    for unit in versions.values():
        for version in unit:
            if version.row.parent_unit_id is not None:
                yield from _parent(version, versions)
    yield from _cycles(versions)


def _clashes(rows: list[Located[OrgUnit]], what: str, remedy: str) -> Iterator[Problem]:
    """Rows open on one day; the one that is blamed is a registration's before an authored one, else the later."""
    ordered = sorted(rows, key=lambda each: (each.row.opens, each.line))
    longest = ordered[0]  # the row seen so far that closes last
    for version in ordered[1:]:
        day = _overlap(longest.row, version.row)
        one, other = sorted((longest, version), key=lambda each: each.file != OrgUnit.file)
        longest = max(longest, version, key=lambda each: each.row.closes)
        if day is None or (what == "code" and one.row.unit_id == other.row.unit_id):
            continue  # (two versions of one unit are said as such)
        clash = f"unit '{other.row.unit_id}' has two versions"
        if what == "code":
            clash = f"code '{other.row.code}' is two units ('{one.row.unit_id}' and '{other.row.unit_id}')"
        elif one.row.parent_unit_id != other.row.parent_unit_id:
            clash += f" with two parents ('{one.row.parent_unit_id}' and '{other.row.parent_unit_id}')"
        yield other.problem(f"{clash} on {_day(day)}; the other is {one.source}", remedy)


def _parent(child: Located[OrgUnit], versions: Versions) -> Iterator[Problem]:
    parent_id = child.row.parent_unit_id or ""
    parents = versions.get(parent_id)
    if not parents:
        yield _dangling(child, "parent_unit_id", parent_id, versions)
        return
    covered = child.row.opens
    for parent in sorted(parents, key=lambda each: each.row.opens):
        if _overlap(child.row, parent.row) is not None:
            if LEVELS.index(parent.row.level) > LEVELS.index(child.row.level):
                yield child.problem(
                    f"a {child.row.level} under '{parent_id}', a {parent.row.level}",
                    "A parent is never of a deeper level: correct parent_unit_id or level.",
                )
            if parent.row.opens <= covered:
                covered = max(covered, parent.row.closes)
    if covered < child.row.closes:
        last = "" if child.row.valid_to is None else f" until {child.row.valid_to}"
        yield child.problem(
            f"parent '{parent_id}' is not open on {_day(covered)}, and the unit is open{last}",
            "Correct the dates of one of them, or give the unit a version with its next parent.",
        )


def _cycles(versions: Versions) -> Iterator[Problem]:
    """Only units under a unit of their own level can close a circle, since no parent is of a deeper level."""
    level_of = {unit_id: unit[0].row.level for unit_id, unit in versions.items()}
    edges = [
        version
        for unit in versions.values()
        for version in unit
        if version.row.parent_unit_id and level_of.get(version.row.parent_unit_id) == version.row.level
    ]
    for day in sorted({version.row.opens for version in edges}):
        parent_of = {version.row.unit_id: version for version in edges if version.row.opens <= day < version.row.closes}
        done: set[str] = set()
        for start in parent_of:
            path: list[str] = []
            at: str | None = start
            while at in parent_of and at not in done and at not in path:
                path.append(at)
                at = parent_of[at].row.parent_unit_id
            done.update(path)
            if at in path:
                circle = [*path[path.index(at) :], at]
                yield parent_of[at].problem(
                    f"the tree has a cycle on {_day(day)}: {' → '.join(circle)}",
                    "Correct parent_unit_id of one of them.",
                )


def _open_on(unit: list[Located[OrgUnit]], day: date) -> Located[OrgUnit] | None:
    return next((version for version in unit if version.row.opens <= day < version.row.closes), None)


def _successions(rows: list[Located[Succession]], versions: Versions) -> Iterator[Problem]:
    heirs: dict[tuple[str, date], list[Located[Succession]]] = defaultdict(list)
    for each in rows:
        ends = (("old_unit_id", each.row.old_unit_id), ("new_unit_id", each.row.new_unit_id))
        unknown = [end for end in ends if end[1] not in versions]
        yield from (_dangling(each, column, code, versions) for column, code in unknown)
        if unknown:
            continue
        heirs[each.row.old_unit_id, each.row.effective_on].append(each)
        if max(version.row.closes for version in versions[each.row.old_unit_id]) < each.row.effective_on:
            yield each.problem(
                f"'{each.row.old_unit_id}' had ended before {each.row.effective_on}", "Correct effective_on."
            )
        if _open_on(versions[each.row.new_unit_id], each.row.effective_on) is None:
            yield each.problem(
                f"'{each.row.new_unit_id}' is not open on {each.row.effective_on}", "Correct effective_on."
            )
    for (old, _), shares in heirs.items():
        if len(shares) > 1 and any(each.row.relation == "whole" for each in shares):
            yield shares[1].problem(
                f"'{old}' went whole to one unit and also to another; see {shares[0].source}",
                "Say part for each, or keep the one that is whole.",
            )


def _departments(rows: list[Located[Department]], versions: Versions) -> Iterator[Problem]:
    assigned = {each.row.province_unit_id for each in rows}
    for each in rows:
        province = versions.get(each.row.province_unit_id, [])
        if not province:
            yield _dangling(each, "province_unit_id", each.row.province_unit_id, versions)
        if each.row.department_unit_id not in versions:
            yield _dangling(each, "department_unit_id", each.row.department_unit_id, versions)
        for version in province:
            if version.row.parent_unit_id != each.row.department_unit_id:
                yield each.problem(
                    f"'{each.row.province_unit_id}' follows '{each.row.department_unit_id}' here and"
                    f" '{version.row.parent_unit_id}' in {version.source}",
                    "Make the two agree.",
                )
    for unit_id, unit in versions.items():
        if unit[0].row.level == "province" and unit_id not in assigned:
            yield unit[0].problem(
                f"province '{unit_id}' has no row in {Department.file}", "Say which department follows it."
            )


def _catalogue(reference: Reference) -> Iterator[Problem]:
    populations = {each.row.population: each for each in reference.of(Population)}
    indicators = {each.row.indicator: each for each in reference.of(Indicator)}
    reporters = {each.row.reporter for each in reference.of(Reporter)}
    for population in populations.values():
        for part in population.row.composed_of:
            if part not in populations:
                yield _dangling(population, "composed_of", part, populations)
    yield from _circles(populations, {name: each.row.composed_of for name, each in populations.items()}, "composed_of")
    for indicator in indicators.values():
        row = indicator.row
        if row.population is not None and row.population not in populations:
            yield _dangling(indicator, "population", row.population, populations)
        if row.reported_by not in reporters:
            yield _dangling(indicator, "reported_by", row.reported_by, reporters)
        if row.indicator in populations:
            yield indicator.problem(
                f"'{row.indicator}' is also a population ({populations[row.indicator].source})",
                "Senders state a population's count under its code: rename one of them.",
            )
        for column in ("part_of", "complement_of", "nested_in"):
            other = getattr(row, column)
            if other is not None and other not in indicators:
                yield _dangling(indicator, column, other, indicators)
        if row.parts_are_all and not any(each.row.part_of == row.indicator for each in indicators.values()):
            yield indicator.problem(
                "parts_are_all is yes, but no indicator is part_of it", "Name the parts, or say no."
            )
    for column in ("part_of", "complement_of", "nested_in"):
        links = {name: [getattr(each.row, column)] for name, each in indicators.items() if getattr(each.row, column)}
        yield from _circles(indicators, links, column)


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
        yield from (_dangling(each, "group", group, groups) for group in each.row.group if group not in groups)
        for sender in each.row.senders:
            if sender not in levels:
                yield _dangling(each, "senders", sender, levels)
            elif each.row.sender_level not in levels[sender]:
                yield each.problem(
                    f"senders: '{sender}' is no {each.row.sender_level}", "Correct senders or sender_level."
                )
