"""What an `Oracle` says: which observations stand, what is withheld and found, and every cell of the roll-up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from world import Statement

Fact = tuple[str, str, str]  # unit id, indicator (or population) code, scope
Key = tuple[str, ...]  # of a finding: the rule, and what it is about
Outcome = Literal["broken", "kept", "silenced"]


@dataclass(frozen=True)
class Observation:
    """The statement of a fact that stands."""

    unit: str
    indicator: str
    scope: str
    said: Statement
    has_two_values: bool
    is_return: bool

    @property
    def fact(self) -> Fact:
        return self.unit, self.indicator, self.scope


@dataclass(frozen=True)
class Cell:
    """One cell of the roll-up."""

    numerator: int
    denominator: int | None
    basis: str
    reporting: int
    expected: int
    withheld: int
    rate: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Reconciliation:
    """A declared number beside the sum of the children."""

    declared: int
    computed: int | None

    @property
    def imbalance(self) -> int | None:
        return None if self.computed is None else self.declared - self.computed


@dataclass
class Verdict:
    """All that a night says about one period."""

    observations: dict[Fact, Observation] = field(default_factory=dict)
    withheld: dict[Fact, set[str]] = field(default_factory=lambda: defaultdict(set))
    findings: set[Key] = field(default_factory=set)
    cautions: dict[Key, Outcome] = field(default_factory=dict)  # the broken ones are findings too
    below: dict[str, set[str]] = field(default_factory=dict)  # all units under a unit
    ledger: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    reconciliations: dict[tuple[str, str, str], Reconciliation] = field(default_factory=dict)
