"""The other trees: their nodes, and where units stand in them, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tonghop.reference.check_units import Versions, day_text, first_without, overlap
from tonghop.reference.files import Located, Problem, Reference, dangling
from tonghop.reference.models import TERRITORIAL, Grouping, Hierarchy, Indicator, Placement, UnitType


def check_trees(reference: Reference, versions: Versions) -> Iterator[Problem]:
    """Every problem of hierarchies, groupings and placements, and of the trees that indicators climb."""
    trees = {each.row.hierarchy for each in reference.of(Hierarchy)}
    nodes: dict[str, list[Located[Grouping]]] = defaultdict(list)
    for each in reference.of(Grouping):
        nodes[each.row.unit_id].append(each)
    if TERRITORIAL not in trees:
        yield Problem(Hierarchy.file, 0, f"no hierarchy is called '{TERRITORIAL}'", "Put its row back.")
    for indicator in reference.of(Indicator):
        for tree in indicator.row.hierarchies:
            if tree not in trees:
                yield dangling(indicator, "hierarchies", tree, trees)
    yield from _groupings(reference, nodes, versions, trees)
    yield from _placements(reference, nodes, versions, trees)


def _groupings(
    reference: Reference, nodes: dict[str, list[Located[Grouping]]], versions: Versions, trees: set[str]
) -> Iterator[Problem]:
    types = {each.row.type for each in reference.of(UnitType)}
    codes = {version.row.code: version for unit in versions.values() for version in unit}
    for each in reference.of(Grouping):
        row = each.row
        if row.hierarchy not in trees - {TERRITORIAL}:
            yield dangling(each, "hierarchy", row.hierarchy, trees - {TERRITORIAL})
        if row.type not in types:
            yield dangling(each, "type", row.type, types)
        if row.level != "grouping":
            yield each.problem(f"a grouping of level '{row.level}'", "Leave the column out, or write grouping.")
        taken = versions.get(row.unit_id, [None])[0] or codes.get(row.code)
        if taken is not None:
            yield each.problem(f"'{row.unit_id}' ({row.code}) is also a unit ({taken.source})", "Choose another code.")
        yield from _under(each, row.parent_unit_id or "", nodes, versions)
        path = [row.unit_id]
        while path[-1] in nodes and path[-1] not in path[:-1]:
            path.append(nodes[path[-1]][0].row.parent_unit_id or "")
        if path[-1] in path[:-1]:
            yield each.problem(f"the tree has a cycle: {' → '.join(path)}", "Correct parent_unit_id of one of them.")


def _placements(
    reference: Reference, nodes: dict[str, list[Located[Grouping]]], versions: Versions, trees: set[str]
) -> Iterator[Problem]:
    types = {each.row.type for each in reference.of(UnitType)}
    placed: dict[tuple[str, str], list[Located[Placement]]] = defaultdict(list)
    for each in reference.of(Placement):
        row = each.row
        if row.hierarchy not in trees - {TERRITORIAL}:
            yield dangling(each, "hierarchy", row.hierarchy, trees - {TERRITORIAL})
        if row.unit_id is not None and row.unit_id not in versions:
            yield dangling(each, "unit_id", row.unit_id, versions)
        if row.unit_type is not None and row.unit_type not in types:
            yield dangling(each, "unit_type", row.unit_type, types)
        yield from _under(each, row.parent_unit_id, nodes, versions)
        for other in placed[row.hierarchy, row.unit_id or f"type {row.unit_type}"]:
            if day := overlap(other.row, row):
                yield each.problem(
                    f"'{row.unit_id or row.unit_type}' stands in two places on {day_text(day)}; see {other.source}",
                    "Close the earlier placement the day before the next one begins.",
                )
        placed[row.hierarchy, row.unit_id or f"type {row.unit_type}"].append(each)


def _under(
    each: Located[Grouping] | Located[Placement],
    parent_id: str,
    nodes: dict[str, list[Located[Grouping]]],
    versions: Versions,
) -> Iterator[Problem]:
    """A place is under the nation or under a grouping of the same tree that is open all the while."""
    if any(version.row.level == "nation" for version in versions.get(parent_id, [])):
        return
    parents = [node for node in nodes.get(parent_id, []) if node.row.hierarchy == each.row.hierarchy]
    if not parents:
        yield dangling(each, "parent_unit_id", parent_id, nodes)
        return
    day = first_without(each, parents)
    if day is not None:
        yield each.problem(f"'{parent_id}' is not open on {day_text(day)}", "Correct the dates of one of them.")
