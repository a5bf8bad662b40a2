"""Why a change is impossible: judged before the rows of a day are written, and after. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from tonghop.reference.changes import Change
from tonghop.reference.check_units import day_text
from tonghop.reference.draft import Draft
from tonghop.reference.files import Located, Problem, dangling
from tonghop.reference.models import LEVELS, OrgUnit
from tonghop.reference.plan import Plan

_NAMED = 5
"""How many units one message names."""
_SUGGESTED = 50
"""A suggestion looks through all units; a file with more mistakes than that gets the rest without."""


def before(
    draft: Draft, plan: Plan, rows: dict[str, list[Located[Change]]], refused: set[str], earlier: Collection[Problem]
) -> list[Problem]:
    """What stands against a plan before the day is written: what does not exist, has ended, or comes out of order.

    Args:
        rows: all rows of the day by unit; a unit that opens that day may be named by others.
        refused: units whose rows were refused before; what names them is refused without a word.
        earlier: problems found so far.
    """
    found = _opening(draft, plan) if plan.opens is not None else _beginning(draft, plan, len(earlier) < _SUGGESTED)
    type_row = plan.set_by.get("type")
    if type_row is not None:
        unit_type = draft.types.get(plan.sets["type"])
        if unit_type is None:
            found.append(dangling(type_row, "type", plan.sets["type"], draft.types))
        elif unit_type.level == "grouping":
            what = f"'{unit_type.type}' is a type of another tree"
            found.append(type_row.problem(what, "Its nodes stand in groupings.csv; name a type of the register."))
    named = [(row, "into_unit_id") for row in plan.heirs.values()]
    if "parent_unit_id" in plan.sets:
        named.append((plan.set_by["parent_unit_id"], "parent_unit_id"))
    for row, column in named:
        unit_id = getattr(row.row, column)
        opens_today = any(each.row.change == "open" for each in rows.get(unit_id, ()))
        if unit_id not in draft.units and not opens_today and unit_id not in refused:
            found.append(_unknown(draft, row, column, plan.day, len(earlier) < _SUGGESTED))
    return found


def _opening(draft: Draft, plan: Plan) -> list[Problem]:
    row = plan.opens or plan.first
    if plan.unit_id in draft.units:
        known = draft.newest(plan.unit_id)
        ended = "" if known.row.valid_to is None else f", ended on {known.row.valid_to}"
        what = f"'{plan.unit_id}' is in the register already ({known.row.name}{ended}; {known.source})"
        return [row.problem(what, "A unit's id is never used again: open it under a new one.")]
    code = plan.sets.get("code", plan.unit_id)
    if (node := draft.nodes.get(plan.unit_id) or draft.nodes.get(code)) is not None:
        return [row.problem(f"'{node.row.unit_id}' is a grouping ({node.source})", "Choose another id or code.")]
    return []


def _beginning(draft: Draft, plan: Plan, is_suggested: bool) -> list[Problem]:
    """Whether the unit is there to be changed, and the day comes after all that is known of it."""
    unit_id, row = plan.unit_id, plan.first
    if unit_id not in draft.units:
        return [_unknown(draft, row, "unit_id", plan.day, is_suggested)]
    newest = draft.newest(unit_id)
    if newest.row.closes <= plan.day:
        heirs = [each.row.new_unit_id for each in draft.heirs.get(unit_id, ())]
        became = f" (it became {_few(heirs)})" if heirs else ""
        what = f"'{unit_id}' ended on {newest.row.valid_to}{became}"
        return [row.problem(what, "Correct the day, or name the unit that is open then.")]
    if newest.row.opens >= plan.day:
        what = f"'{unit_id}' already has a version from {newest.row.valid_from or 'the beginning'} on ({newest.source})"
        return [row.problem(what, "Changes are made in the order of days: write a later day, or withdraw that change.")]
    if (node := draft.nodes.get(plan.sets.get("code", ""))) is not None:
        return [row.problem(f"'{node.row.code}' is a grouping ({node.source})", "Choose another code.")]
    return []


def _unknown(draft: Draft, row: Located[Change], column: str, day: date, is_suggested: bool) -> Problem:
    unit_id = getattr(row.row, column)
    if not is_suggested:
        return row.problem(f"{column}: nothing is called '{unit_id}'", "Correct the id, or open the unit first.")
    for versions in draft.units.values():
        for version in versions:
            if version.row.code == unit_id and version.row.opens <= day < version.row.closes:
                what = f"{column}: '{unit_id}' is no unit id but a code, on that day of {version.row.name}"
                return row.problem(what, f"Write '{version.row.unit_id}'.")
    return dangling(row, column, unit_id, draft.units)


def after(draft: Draft, plan: Plan, refused: set[str]) -> list[Problem]:
    """What stands against a plan once the whole day is written: children left behind, circles, a parent not there."""
    if plan.ends is not None:
        return _left_behind(draft, plan, plan.ends, refused)
    found: list[Problem] = []
    now = draft.newest(plan.unit_id).row
    parent_row = plan.set_by.get("parent_unit_id")
    if parent_row is not None and now.parent_unit_id not in refused:
        found += _parent(draft, plan, parent_row, now)
    level_row = plan.set_by.get("level") or plan.set_by.get("type")
    if level_row is not None and plan.opens is None:
        deeper = [
            version.row for version in _under(draft, plan)
            if LEVELS.index(version.row.level) < LEVELS.index(now.level) and version.row.unit_id not in refused
        ]
        if deeper:
            what = f"'{plan.unit_id}' would be a {now.level} above {_units(deeper)}, which are of a higher level"
            found.append(level_row.problem(what, "Move them first, or correct type or level."))
    return found


def _under(draft: Draft, plan: Plan) -> list[Located[OrgUnit]]:
    """Versions that stand under the unit on the day or later."""
    return [
        version
        for child in sorted(draft.children.get(plan.unit_id, ()))
        for version in draft.units[child]
        if version.row.parent_unit_id == plan.unit_id and version.row.closes > plan.day
    ]


def _left_behind(draft: Draft, plan: Plan, end: Located[Change], refused: set[str]) -> list[Problem]:
    found = []
    left = {version.row.unit_id: version.row for version in _under(draft, plan) if version.row.unit_id not in refused}
    if left:
        is_one = len(left) == 1
        what = f"'{plan.unit_id}' would end and leave {_units(list(left.values()))} under it"
        remedy = f"Close {'it' if is_one else 'them'}, or move {'it' if is_one else 'them'} to another parent, on the"
        found.append(end.problem(what, f"{remedy} same day or before."))
    later = [each for each in draft.heirs.get(plan.unit_id, ()) if each.row.effective_on > plan.day]
    if later:
        what = f"'{plan.unit_id}' would end before it goes to '{later[0].row.new_unit_id}' ({later[0].source})"
        found.append(end.problem(what, "Correct the day, or withdraw that change first."))
    return found


def _parent(draft: Draft, plan: Plan, row: Located[Change], now: OrgUnit) -> list[Problem]:
    parent_id = now.parent_unit_id or ""
    parent = draft.on(parent_id, plan.day)
    if parent is None:
        ended = draft.newest(parent_id).row.valid_to if parent_id in draft.units else None
        why = f": it ended on {ended}" if ended is not None and ended < plan.day else ""
        what = f"parent '{parent_id}' is not open on {day_text(plan.day)}{why}"
        return [row.problem(what, "Name a parent that is open on that day.")]
    if plan.unit_id in draft.path(parent_id, plan.day):
        through = "itself" if parent_id == plan.unit_id else f"'{parent_id}', which stands under it"
        return [row.problem(f"'{plan.unit_id}' would stand under {through}", "Name a parent outside of it.")]
    return _ranks(plan, row, now, parent.row)


def _ranks(plan: Plan, row: Located[Change], now: OrgUnit, parent: OrgUnit) -> list[Problem]:
    """Whether the levels of a unit and its parent go together."""
    if LEVELS.index(parent.level) > LEVELS.index(now.level):
        what = f"a {now.level} cannot stand under '{parent.unit_id}', a {parent.level}"
        return [row.problem(what, "A parent is never of a deeper level: correct parent_unit_id or level.")]
    if now.level == "province" and parent.level != "department":
        what = f"province '{plan.unit_id}' under '{parent.unit_id}', a {parent.level}"
        return [row.problem(what, "A province hangs under the department that follows it.")]
    if row is plan.assigned and now.level != "province":
        what = f"'{plan.unit_id}' is a {now.level}, and departments follow provinces"
        return [row.problem(what, "Write move.")]
    return []


def eve(draft: Draft, plan: Plan) -> tuple[list[str], str | None]:
    """Where a unit stood before its day (its path upwards), and its type."""
    if plan.opens is not None or plan.day == date.min:
        return [], None
    yesterday = plan.day - timedelta(days=1)
    version = draft.on(plan.unit_id, yesterday)
    return draft.path(plan.unit_id, yesterday), version.row.type if version is not None else None


def own(draft: Draft, plan: Plan, stood: tuple[list[str], str | None], sender: str) -> list[Problem]:
    """What stands against a plan of a province: it changes only units of its own, below the administrative tree."""
    path, was_type = stood
    types = [was_type] if was_type is not None else []
    paths = [path] if plan.opens is None else []
    if plan.ends is None:
        now = draft.newest(plan.unit_id).row
        types.append(now.type)
        paths.append(draft.path(plan.unit_id, plan.day))
        if now.level != draft.types[now.type].level:
            what = f"'{plan.unit_id}', a {now.type}, at the level {now.level}"
            return [plan.first.problem(what, f"Leave level blank: it is {draft.types[now.type].level}.")]
    if administrative := [name for name in types if draft.types[name].is_administrative]:
        what = f"'{plan.unit_id}' is a {administrative[0]}, and '{sender}' may not change the administrative tree"
        return [plan.first.problem(what, "Ask the centre: its register is changed there.")]
    if any(sender not in each[1:] for each in paths):
        what = f"'{plan.unit_id}' does not stand under '{sender}' on {day_text(plan.day)} and the day before"
        if plan.opens is not None:
            what = f"'{plan.unit_id}' would not stand under '{sender}'"
        return [plan.first.problem(what, "A province changes its own units only.")]
    code = plan.sets.get("code", "")
    if code.isdecimal():
        what = f"code '{code}' is of the kind that the centre gives"
        return [plan.set_by["code"].problem(what, f"Choose one with a letter, as {code}-A01.")]
    return _own_heirs(draft, plan, sender)


def _own_heirs(draft: Draft, plan: Plan, sender: str) -> list[Problem]:
    for heir, row in plan.heirs.items():
        version = draft.on(heir, plan.day)
        is_own = sender in draft.path(heir, plan.day)[1:]
        if version is None or not is_own or draft.types[version.row.type].is_administrative:
            what = f"'{heir}' is no unit of '{sender}' below the administrative tree"
            return [row.problem(what, "A province changes its own units only.")]
    return []


def _units(rows: list[OrgUnit]) -> str:
    few = ", ".join(f"{row.unit_id} {row.name}" for row in rows[:_NAMED])
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return f"{len(rows)} unit{'s' if len(rows) > 1 else ''} ({few}{more})"


def _few(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
