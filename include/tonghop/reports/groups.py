"""Findings of one cause, shown once with their members, and spread over pages of a bearable length."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from tonghop.reports.pages import rule
from tonghop.reports.vietnamese import both

Row = dict[str, Any]

MEMBERS_A_PAGE = 200
_ORDER = ("error", "warning", "info")


@dataclass(frozen=True)
class Group:
    """Findings that share a ``group_id``; the first member speaks for all.

    Attributes:
        is_continued: the group began on an earlier page.
    """

    members: list[Row]
    size: int
    part: int = 1

    @property
    def is_continued(self) -> bool:
        return self.part > 1

    @property
    def anchor(self) -> str:
        return f"{self.members[0]['group_id']}-{self.part}" if self.is_continued else str(self.members[0]["group_id"])

    @property
    def severity(self) -> str:
        return min((str(row["severity"]) for row in self.members), key=_ORDER.index)

    @property
    def rules(self) -> list[str]:
        return sorted({row["rule"] for row in self.members})

    @property
    def states(self) -> list[str]:
        return sorted({row["state"] for row in self.members})

    @property
    def is_escalated(self) -> bool:
        """Whether a warning among them stands past its due day (in a rehearsal none has a day)."""
        return any(row.get("is_escalated") for row in self.members)

    @property
    def due_on(self) -> Any:
        """The first day on which an answer is due; None where none is."""
        asked = (row.get("due_on") for row in self.members if row["state"] != "waived")
        return min((day for day in asked if day), default=None)

    @property
    def first_seen_at(self) -> Any:
        return min(row["first_seen_at"] for row in self.members)

    @property
    def explanations(self) -> list[tuple[str, str]]:
        """Each explanation once, in Vietnamese and English."""
        told: dict[tuple[str, str], None] = {}
        for row in self.members:
            entries = [entry for entry in row["explanations"] or [] if entry.get("text_vi")]
            for entry in entries:
                told[entry["text_vi"], entry.get("text_en", "")] = None
            if not entries and row["explanation"]:
                told[both(row["explanation"])] = None
        return list(told)

    @property
    def remedies(self) -> list[list[str]]:
        """What to do, once for each rule of the group."""
        told = {tuple(rule(name)["remedy"]): None for name in self.rules}
        return [list(remedy) for remedy in told]


def as_groups(rows: Iterable[Row]) -> list[Group]:
    """Rows that follow one another and share page and group, as groups."""
    groups = []
    for _, members in groupby(rows, key=lambda row: (row["page_unit_id"], row["group_id"])):
        found = sorted(members, key=_speaks_first)
        groups.append(Group(found, len(found)))
    return groups


def _speaks_first(row: Row) -> tuple[Any, ...]:
    """A finding that names the whole conflict (D04) before those it consists of."""
    return (_ORDER.index(row["severity"]), row["rule"] != "D04")


def in_pages(groups: list[Group], members: int = MEMBERS_A_PAGE) -> list[list[Group]]:
    """Groups spread over pages of at most ``members`` findings; a larger group is continued. At least one page."""
    pages: list[list[Group]] = [[]]
    room = members
    for group in groups:
        if group.size > room and room < members:
            pages.append([])
            room = members
        for part, start in enumerate(range(0, group.size, members), start=1):
            if room <= 0 or (part > 1 and pages[-1]):
                pages.append([])
                room = members
            shown = replace(group, members=group.members[start:start + members], part=part)
            pages[-1].append(shown)
            room -= len(shown.members)
    return pages
