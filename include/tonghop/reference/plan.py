"""What becomes of one unit on one day: the rows of a change file that speak of it, settled into one plan. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tonghop.reference.changes import Change
from tonghop.reference.files import Located, Problem


@dataclass
class Plan:
    """One unit on one day.

    Attributes:
        first: the row that is blamed where no other is.
        opens, ends: the row by which the unit begins or ends that day, if one does.
        sets: attribute → its new value; ``set_by`` names the row that says so.
        heirs: unit → the row by which it receives this one (itself among them: it stays).
        note: the first note of the rows.
    """

    unit_id: str
    day: date
    first: Located[Change]
    opens: Located[Change] | None = None
    ends: Located[Change] | None = None
    sets: dict[str, str] = field(default_factory=dict)
    set_by: dict[str, Located[Change]] = field(default_factory=dict)
    heirs: dict[str, Located[Change]] = field(default_factory=dict)
    note: str = ""

    @property
    def assigned(self) -> Located[Change] | None:
        """The row that assigns it to a department."""
        row = self.set_by.get("parent_unit_id")
        return row if row is not None and row.row.change == "assign" else None


def make_plan(unit_id: str, day: date, rows: list[Located[Change]]) -> tuple[Plan, list[Problem]]:
    """Settle the rows of one unit on one day; rows that contradict each other are problems."""
    plan = Plan(unit_id, day, min(rows, key=lambda row: row.line))
    problems: list[Problem] = []
    by_kind: dict[str, Located[Change]] = {}
    for each in sorted(rows, key=lambda row: row.line):
        by_kind.setdefault(each.row.change, each)
        plan.note = plan.note or each.row.note
        for attribute, value in each.row.sets.items():
            known = plan.set_by.setdefault(attribute, each)
            if plan.sets.setdefault(attribute, value) != value:
                problems.append(
                    each.problem(
                        f"{attribute} of '{unit_id}' is '{value}' here and '{plan.sets[attribute]}' in {known.source},"
                        f" on one day",
                        "Keep one of the two.",
                    )
                )
        if each.row.into_unit_id is not None:
            plan.heirs.setdefault(each.row.into_unit_id, each)
    plan.opens = by_kind.get("open")
    problems += _ends(plan, by_kind)
    return plan, problems


def _ends(plan: Plan, by_kind: dict[str, Located[Change]]) -> list[Problem]:
    """Whether and how the unit ends; what cannot be said beside that."""
    ends = [by_kind[kind] for kind in ("close", "merge", "split") if kind in by_kind]
    if not ends:
        return []
    if len(ends) > 1:
        what = f"'{plan.unit_id}' has a {ends[1].row.change} here and a {ends[0].row.change} in {ends[0].source}"
        return [ends[1].problem(f"{what}, on one day", "Keep one of the two.")]
    if plan.unit_id not in plan.heirs:
        plan.ends = ends[0]
    return _goes_nowhere(plan, ends[0]) or _does_more(plan, ends[0])


def _goes_nowhere(plan: Plan, end: Located[Change]) -> list[Problem]:
    """A merger into nobody or into several; a split that divides nothing."""
    unit_id = plan.unit_id
    if end.row.change == "merge":
        if unit_id in plan.heirs:
            return [plan.heirs[unit_id].problem(f"'{unit_id}' merges into itself", "Name the unit that receives it.")]
        if len(plan.heirs) > 1:
            first, second = list(plan.heirs.values())[:2]
            what = f"'{unit_id}' goes whole to '{second.row.into_unit_id}' and to '{first.row.into_unit_id}'"
            return [second.problem(f"{what} ({first.source})", "Write split for each, or keep one.")]
    if end.row.change == "split" and len(plan.heirs) == 1:
        what = f"'{unit_id}' is split into one unit only, '{end.row.into_unit_id}'"
        return [end.problem(what, "Write merge if it ends; if it stays, add a split row into itself.")]
    return []


def _does_more(plan: Plan, end: Located[Change]) -> list[Problem]:
    """A unit that ends does nothing else that day; one that opens is not divided at once."""
    other = [row for row in (plan.opens, *plan.set_by.values()) if row is not None]
    if plan.ends is not None and other:
        what = f"'{plan.unit_id}' ends on that day by {end.source}, and cannot {other[0].row.change} as well"
        return [other[0].problem(what, "Keep one of the two.")]
    if plan.opens is not None:
        return [end.problem(f"'{plan.unit_id}' opens and is split on one day", "Open the units that it becomes.")]
    return []
