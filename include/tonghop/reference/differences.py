"""What two registers say differently of units, day by day. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from tonghop.reference.changes import ATTRIBUTES
from tonghop.reference.files import Reference
from tonghop.reference.models import OrgUnit, Succession


@dataclass(frozen=True)
class UnitDifference:
    """A unit that is another from a day on.

    Attributes:
        day: the first day on which it differs (None: from an unknown early day).
        before, after: what it is on that day; None where it is not open.
        became: unit → ``whole`` or ``part``, where it ends or is divided on that day.
    """

    unit_id: str
    day: date | None
    before: OrgUnit | None
    after: OrgUnit | None
    became: dict[str, str]

    @property
    def kind(self) -> str:
        """opened, ended, divided or changed."""
        if self.before is None or self.after is None:
            return "opened" if self.before is None else "ended"
        return "changed" if self.fields else "divided"

    @property
    def fields(self) -> list[str]:
        """The attributes that differ on that day."""
        if self.before is None or self.after is None:
            return []
        return [name for name in ATTRIBUTES if getattr(self.before, name) != getattr(self.after, name)]


def unit_differences(before: Reference, after: Reference) -> list[UnitDifference]:
    """Every unit that differs, once a day on which its difference begins, by day and unit."""
    was, now = _versions(before), _versions(after)
    became = _became(before, after)
    days: dict[str, set[date]] = defaultdict(set)
    for unit_id in was.keys() | now.keys():
        for version in was.get(unit_id, set()) ^ now.get(unit_id, set()):
            days[unit_id] |= {version.opens, version.closes} - {date.max}
    for unit_id, day in became:
        days[unit_id].add(day)
    found = []
    for unit_id, its_days in days.items():
        old, new = was.get(unit_id, set()), now.get(unit_id, set())
        for day in its_days:
            one, other = _on(old, day), _on(new, day)
            difference = UnitDifference(
                unit_id, None if day == date.min else day, one, other, became.get((unit_id, day), {})
            )
            is_new = (one is None) != (other is None) or difference.fields or difference.became
            if is_new and not _is_as_the_day_before(difference, old, new, day):
                found.append(difference)
    return sorted(found, key=lambda each: (each.day or date.min, each.unit_id))


def _is_as_the_day_before(difference: UnitDifference, old: set[OrgUnit], new: set[OrgUnit], day: date) -> bool:
    """Whether the unit differed in the same way the day before: then it was told there."""
    if day == date.min or difference.became:
        return False
    eve = day - timedelta(days=1)
    one, other = _on(old, eve), _on(new, eve)
    return _told(one, other) == _told(difference.before, difference.after)


def _told(one: OrgUnit | None, other: OrgUnit | None) -> list[tuple[str, object, object]]:
    values = ((name, getattr(one, name, None), getattr(other, name, None)) for name in ATTRIBUTES)
    return [value for value in values if value[1] != value[2]]


def _versions(reference: Reference) -> dict[str, set[OrgUnit]]:
    found: dict[str, set[OrgUnit]] = defaultdict(set)
    for each in reference.of(OrgUnit):
        found[each.row.unit_id].add(each.row)
    return found


def _became(before: Reference, after: Reference) -> dict[tuple[str, date], dict[str, str]]:
    known = {each.row for each in before.of(Succession)}
    found: dict[tuple[str, date], dict[str, str]] = defaultdict(dict)
    for each in after.of(Succession):
        if each.row not in known:
            found[each.row.old_unit_id, each.row.effective_on][each.row.new_unit_id] = each.row.relation
    return found


def _on(versions: set[OrgUnit], day: date) -> OrgUnit | None:
    return next((version for version in versions if version.opens <= day < version.closes), None)
