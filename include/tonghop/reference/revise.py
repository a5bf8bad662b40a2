"""Write a change file into the register: a new register, or every reason why not. Pure; its input is never touched.

Days are applied in their order, and the rows of one day are one set: their order in the file says nothing, and a code
that a unit gives up is free for another on the same day. A row says what holds from its day on.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from pydantic import ValidationError

from tonghop.reference import check as checks
from tonghop.reference import judge
from tonghop.reference.changes import ATTRIBUTES, Change
from tonghop.reference.draft import Draft, LaterRow, Origin, ascii_name
from tonghop.reference.files import Located, Problem, Reference
from tonghop.reference.models import OrgUnit
from tonghop.reference.plan import Plan, make_plan


def revise(
    reference: Reference, changes: list[Located[Change]], sender: str | None = None
) -> tuple[Reference, list[Problem]]:
    """The register after a change file, checked as a whole; the register as it was, and why, where it is refused.

    Args:
        reference: a sound register.
        changes: the rows of one file.
        sender: unit id of the province that sends them (its own units below the administrative tree, and no others);
            None for the centre.
    """
    draft = Draft(reference)
    problems = write(draft, changes, sender)
    if not problems:
        revised = draft.reference()
        problems = checks.check(revised)
    return (reference, problems) if problems else (revised, [])


def write(draft: Draft, changes: list[Located[Change]], sender: str | None = None) -> list[Problem]:
    """Write one file into a draft, without checking the whole; a draft with problems is good for nothing more.

    Returns:
        Every problem, in the order of lines.
    """
    days: dict[date, dict[str, list[Located[Change]]]] = defaultdict(lambda: defaultdict(list))
    for each in changes:
        days[each.row.effective_on or date.min][each.row.unit_id].append(each)
    problems: list[Problem] = []
    refused: set[str] = set()  # what follows for a unit after a refused row would only be noise
    for day in sorted(days):
        problems += _apply_day(draft, day, days[day], refused, sender)
    return sorted(set(problems), key=_order)


def _order(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.line, problem.what


def _apply_day(
    draft: Draft, day: date, rows: dict[str, list[Located[Change]]], refused: set[str], sender: str | None
) -> list[Problem]:
    """Write all changes of one day, then judge the day as a whole."""
    problems: list[Problem] = []
    plans: dict[str, Plan] = {}
    for unit_id, its_rows in rows.items():
        plan, found = make_plan(unit_id, day, its_rows)
        if unit_id not in refused and not found:
            found = judge.before(draft, plan, rows, refused, problems)
        problems += [] if unit_id in refused else found
        if found:
            refused.add(unit_id)
        elif unit_id not in refused:
            plans[unit_id] = plan
    eves = {unit_id: judge.eve(draft, plan) for unit_id, plan in plans.items()} if sender else {}
    for plan in plans.values():
        found = _write(draft, plan)
        problems += found
        if found:
            refused.add(plan.unit_id)
    judged = [plan for plan in plans.values() if plan.unit_id not in refused]
    for plan in judged:
        found = judge.after(draft, plan, refused)
        if sender is not None and not found:
            found = judge.own(draft, plan, eves[plan.unit_id], sender)
        problems += found
    return problems


def _write(draft: Draft, plan: Plan) -> list[Problem]:
    """Give the unit its next version, or its end; its successions, and its row in ``departments.csv``."""
    origin, first = Origin(plan.first.file, plan.first.line), plan.first
    was = draft.newest(plan.unit_id).row if plan.opens is None else None
    try:
        now = None if plan.ends is not None else _next_version(draft, plan, was)
    except ValidationError as error:
        what = error.errors()[0]["msg"].removeprefix("Value error, ")
        return [first.problem(f"'{plan.unit_id}' cannot become so: {what}", "Correct the row.")]
    if was is not None and now is not None and not plan.heirs and _same(was, now):
        return [first.problem(f"nothing would change: '{plan.unit_id}' is so already", "Take the row out.")]
    if was is not None and (now is None or not _same(was, now)):
        draft.close(plan.unit_id, plan.day, origin)
    if now is not None and (was is None or not _same(was, now)):
        draft.add(now, origin)
    for heir, row in plan.heirs.items():
        if heir != plan.unit_id:
            relation = "whole" if row.row.change == "merge" else "part"
            draft.succeed(plan.unit_id, heir, relation, plan.day, Origin(row.file, row.line))
    try:
        draft.assign(was, now, plan.day, plan.note, origin)
    except LaterRow as later:
        return [
            first.problem(
                f"'{plan.unit_id}' already has a department from {later.row.row.valid_from} on ({later.row.source})",
                "Write the change for a later day, or correct that row first.",
            )
        ]
    return []


def _next_version(draft: Draft, plan: Plan, was: OrgUnit | None) -> OrgUnit:
    """The version that holds from the day on: the newest one with what the rows set."""
    sets = dict(plan.sets)
    if "name" in sets:
        sets.setdefault("ascii_name", ascii_name(sets["name"]))
    if "type" in sets:
        sets.setdefault("level", draft.types[sets["type"]].level)
    base = was.model_dump() if was is not None else {"unit_id": plan.unit_id, "code": plan.unit_id, "valid_to": None}
    return OrgUnit.model_validate(base | sets | {"valid_from": None if plan.day == date.min else plan.day})


def _same(one: OrgUnit, other: OrgUnit) -> bool:
    return all(getattr(one, attribute) == getattr(other, attribute) for attribute in ATTRIBUTES)
