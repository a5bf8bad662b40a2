"""Findings laid beside the truth: what was found by kind, what nobody planted, and where the planted cause ranks. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.detection.truth import Planted

_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Finding:
    """One open finding, as ``quality.finding`` has it."""

    finding_id: str
    group_id: str
    rule: str
    severity: str
    sender_unit_id: str | None
    unit_id: str | None
    indicator: str | None
    population: str | None
    period: str | None
    scope: str | None
    locator: str | None
    expected: str | None
    actual: str | None
    message_en: str
    explanations: list[dict[str, Any]]


@dataclass
class Tally:
    """One kind: how many were planted and found, and of how many the cause came first, or among the first three."""

    kind: str
    rules: list[str]
    causes: list[str]
    planted: int = 0
    found: int = 0
    explained: int = 0
    first: int = 0
    first_three: int = 0
    extra_groups: int = 0
    missed: list[str] = field(default_factory=list)


@dataclass
class Score:
    """The whole corpus.

    Attributes:
        kinds: a tally a kind, in the order of their names.
        unexplained: findings that touch nothing planted, or break a rule that what is planted there does not break.
        clean: how many figures are clean.
    """

    kinds: list[Tally]
    unexplained: list[Finding]
    clean: int

    @property
    def false_findings(self) -> int:
        """Findings nobody planted, and groups beyond the first of one planted error."""
        return len(self.unexplained) + sum(each.extra_groups for each in self.kinds)

    @property
    def false_by_thousand(self) -> float:
        return 1000 * self.false_findings / self.clean

    def share(self, part: str, whole: str) -> float:
        """Of all kinds together; 1 where there is nothing to have a share of."""
        of = sum(getattr(each, whole) for each in self.kinds)
        return sum(getattr(each, part) for each in self.kinds) / of if of else 1.0

    @property
    def lowest_recall(self) -> float:
        return min((each.found / each.planted for each in self.kinds), default=1.0)


def score(findings: Iterable[Finding], planted: Iterable[Planted], clean: int) -> Score:
    """Match findings with planted errors.

    A planted error is found where one of its rules fired on one of its subjects. Everything in a group that holds such a
    finding is explained by it, if it stands on a subject of the same error and breaks a rule that the error may break;
    a second group is an extra one, and counts as false.

    Args:
        clean: how many clean figures the corpus has.
    """
    planted = list(planted)
    by_group: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_group[finding.group_id].append(finding)
    tallies: dict[str, Tally] = {}
    claimed: set[str] = set()
    places = _by_period(planted)
    groups_of: dict[str, list[list[Finding]]] = defaultdict(list)
    for group in by_group.values():
        for finding in group:
            for error in places[finding.period]:
                if finding.rule in error.rules + error.also and touches(finding, error):
                    claimed.add(finding.finding_id)
                    if group not in groups_of[error.error_id]:
                        groups_of[error.error_id].append(group)
    for error in planted:
        tally = tallies.setdefault(error.kind, Tally(error.kind, error.rules, error.causes))
        _count(tally, error, groups_of[error.error_id])
    unexplained = [each for group in by_group.values() for each in group if each.finding_id not in claimed]
    return Score(sorted(tallies.values(), key=lambda each: each.kind), unexplained, clean)


def _by_period(planted: list[Planted]) -> dict[str | None, list[Planted]]:
    found: dict[str | None, list[Planted]] = defaultdict(list)
    for error in planted:
        found[error.period].append(error)
    return found


def touches(finding: Finding, error: Planted) -> bool:
    """Whether a finding stands on a subject of an error: its period, one of its units, and what was counted there.

    A finding without a unit stands on its sender. One without indicator and population is of a whole form.
    """
    if finding.period != error.period:
        return False
    is_there = finding.unit_id in error.units if finding.unit_id else finding.sender_unit_id in error.senders
    if not is_there:
        return False
    if finding.indicator is not None:
        return finding.indicator in error.indicators or finding.indicator in error.populations
    if finding.population is not None:
        return finding.population in error.populations
    return error.is_of_whole_form


def _count(tally: Tally, error: Planted, groups: list[list[Finding]]) -> None:
    tally.planted += 1
    hits = [group for group in groups if any(each.rule in error.rules and touches(each, error) for each in group)]
    tally.extra_groups += max(0, len(groups) - 1)
    if not hits:
        tally.missed.append(error.error_id)
        return
    tally.found += 1
    if error.causes:
        tally.explained += 1
        rank = min(_rank(group, error) for group in hits)
        tally.first += rank == 0
        tally.first_three += rank < 3


def _rank(group: list[Finding], error: Planted) -> int:
    """Where a planted cause ranks in what leads the group: the gravest of its findings that says any cause."""
    telling = [each for each in group if each.explanations and touches(each, error)]
    if not telling:
        return 99
    leading = min(telling, key=lambda each: (_SEVERITIES.index(each.severity), each.rule, each.finding_id))
    said = [each.get("cause") for each in leading.explanations]
    return next((rank for rank, cause in enumerate(said) if cause in error.causes), 99)
