"""The register day by day: one parent, one unit a code, no cycle, no orphan; successions and departments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from tonghop.reference.files import Located, Problem, Reference, dangling
from tonghop.reference.models import LEVELS, Dated, Department, OrgUnit, Succession, UnitType

Versions = dict[str, list[Located[OrgUnit]]]


def check_units(reference: Reference, versions: Versions) -> Iterator[Problem]:
    """Every problem of the territorial tree, of successions and of departments."""
    types = {each.row.type for each in reference.of(UnitType)}
    misplaced = []
    for unit in versions.values():
        for version in unit:
            if version.row.type not in types:
                yield dangling(version, "type", version.row.type, types)
            if version.row.level not in LEVELS:
                misplaced.append(version.problem(f"a unit of level '{version.row.level}'", "Move it to groupings.csv."))
    yield from misplaced or _tree(versions)
    yield from _successions(reference.of(Succession), versions)
    yield from _departments(reference.of(Department), versions)


def overlap(one: Dated, other: Dated) -> date | None:
    """The first day on which both hold."""
    day = max(one.opens, other.opens)
    return day if day < min(one.closes, other.closes) else None


def day_text(day: date) -> str:
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
        day = overlap(longest.row, version.row)
        one, other = sorted((longest, version), key=lambda each: each.file != OrgUnit.file)
        longest = max(longest, version, key=lambda each: each.row.closes)
        if day is None or (what == "code" and one.row.unit_id == other.row.unit_id):
            continue  # (two versions of one unit are said as such)
        clash = f"unit '{other.row.unit_id}' has two versions"
        if what == "code":
            clash = f"code '{other.row.code}' is two units ('{one.row.unit_id}' and '{other.row.unit_id}')"
        elif one.row.parent_unit_id != other.row.parent_unit_id:
            clash += f" with two parents ('{one.row.parent_unit_id}' and '{other.row.parent_unit_id}')"
        yield other.problem(f"{clash} on {day_text(day)}; the other is {one.source}", remedy)


def _parent(child: Located[OrgUnit], versions: Versions) -> Iterator[Problem]:
    parent_id = child.row.parent_unit_id or ""
    parents = versions.get(parent_id)
    if not parents:
        yield dangling(child, "parent_unit_id", parent_id, versions)
        return
    covered = child.row.opens
    for parent in sorted(parents, key=lambda each: each.row.opens):
        if overlap(child.row, parent.row) is not None:
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
            f"parent '{parent_id}' is not open on {day_text(covered)}, and the unit is open{last}",
            "Correct the dates of one of them, or give the unit a version with its next parent.",
        )


def _cycles(versions: Versions) -> Iterator[Problem]:
    """Only units under a unit of their own level can close a circle, since no parent is of a deeper level."""
    levels_of = {unit_id: {version.row.level for version in unit} for unit_id, unit in versions.items()}
    edges = [
        version
        for unit in versions.values()
        for version in unit
        if version.row.level in levels_of.get(version.row.parent_unit_id or "", ())
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
                    f"the tree has a cycle on {day_text(day)}: {' → '.join(circle)}",
                    "Correct parent_unit_id of one of them.",
                )


def _open_on(unit: list[Located[OrgUnit]], day: date) -> Located[OrgUnit] | None:
    return next((version for version in unit if version.row.opens <= day < version.row.closes), None)


def _successions(rows: list[Located[Succession]], versions: Versions) -> Iterator[Problem]:
    heirs: dict[tuple[str, date], list[Located[Succession]]] = defaultdict(list)
    for each in rows:
        ends = (("old_unit_id", each.row.old_unit_id), ("new_unit_id", each.row.new_unit_id))
        unknown = [end for end in ends if end[1] not in versions]
        yield from (dangling(each, column, code, versions) for column, code in unknown)
        if unknown:
            continue
        heirs[each.row.old_unit_id, each.row.effective_on].append(each)
        if max(version.row.closes for version in versions[each.row.old_unit_id]) < each.row.effective_on:
            yield each.problem(
                f"'{each.row.old_unit_id}' had ended before {each.row.effective_on}", "Correct effective_on."
            )
        stays = _open_on(versions[each.row.old_unit_id], each.row.effective_on)
        if each.row.relation == "whole" and stays is not None:
            yield each.problem(
                f"'{each.row.old_unit_id}' went whole to another unit and is still open ({stays.source})",
                "Close it the day before, or say part.",
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
    """Each province has one department on every day, the one it hangs under."""
    assigned: dict[str, list[Located[Department]]] = defaultdict(list)
    for each in rows:
        assigned[each.row.province_unit_id].append(each)
        if each.row.province_unit_id not in versions:
            yield dangling(each, "province_unit_id", each.row.province_unit_id, versions)
        if each.row.department_unit_id not in versions:
            yield dangling(each, "department_unit_id", each.row.department_unit_id, versions)
        for version in versions.get(each.row.province_unit_id, []):
            if overlap(version.row, each.row) and version.row.parent_unit_id != each.row.department_unit_id:
                yield each.problem(
                    f"'{each.row.province_unit_id}' follows '{each.row.department_unit_id}' here and"
                    f" '{version.row.parent_unit_id}' in {version.source}",
                    "Make the two agree.",
                )
    for unit_id, unit in versions.items():
        for version in unit:
            day = first_without(version, assigned[unit_id]) if version.row.level == "province" else None
            if day is not None:
                yield version.problem(
                    f"province '{unit_id}' has no row in {Department.file} on {day_text(day)}",
                    "Say which department follows it.",
                )


def first_without(version: Located[Dated], rows: Sequence[Located[Dated]]) -> date | None:
    """The first day of a dated row on which none of the others holds."""
    covered = version.row.opens
    for each in sorted(rows, key=lambda row: row.row.opens):
        if each.row.opens <= covered:
            covered = max(covered, each.row.closes)
    return covered if covered < version.row.closes else None
