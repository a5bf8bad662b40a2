"""The dated register: versions of units and successions, as of any day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from world import Unit


@dataclass(frozen=True)
class Version:
    """A unit as it was from ``opens`` until the day before ``closes``."""

    unit: Unit
    opens: date
    closes: date = date.max


@dataclass(frozen=True)
class Succession:
    """From this day on, the old unit (or a part of it) is the new one's."""

    old: str
    new: str
    relation: str
    effective_on: date


@dataclass(frozen=True)
class Register:
    """All versions and successions there are."""

    versions: tuple[Version, ...]
    successions: tuple[Succession, ...]

    def units_on(self, day: date) -> list[Unit]:
        """The units open on a day, each with its parent of that day."""
        return [each.unit for each in self.versions if each.opens <= day < each.closes]

    def is_open(self, unit: str, day: date) -> bool:
        return any(each.unit_id == unit for each in self.units_on(day))

    def last_version(self, unit: str, until: date) -> Version:
        """The latest version of a unit that had opened by a day."""
        versions = [each for each in self.versions if each.unit.unit_id == unit and each.opens <= until]
        return max(versions, key=lambda each: each.opens)

    def next_successions(self, unit: str, after: date, until: date) -> list[Succession]:
        """Those of the first day after ``after``, and not after ``until``, on which the unit has any."""
        ahead = [each for each in self.successions if each.old == unit and after < each.effective_on <= until]
        first = min((each.effective_on for each in ahead), default=None)
        return [each for each in ahead if each.effective_on == first]

    def succession_days(self) -> set[date]:
        return {each.effective_on for each in self.successions}

    def days_of_change(self) -> list[date]:
        return sorted({each.opens for each in self.versions} | {each.closes for each in self.versions} - {date.max})


def last_day(period: str) -> date:
    """The last day of a month."""
    year, month = (int(part) for part in period.split("-"))
    return date(year, month, monthrange(year, month)[1])


def month_before(day: date, months: int) -> str:
    """The month so many months before a day's own."""
    at = day.replace(day=1)
    for _ in range(months):
        at = (at - timedelta(days=1)).replace(day=1)
    return f"{at:%Y-%m}"
