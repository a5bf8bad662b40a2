"""What a check hands on: a finding, its claims, and the causes that may explain it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
Cause = Literal[
    "neighbour_rate",
    "sum_of_populations",
    "truncated",
    "digits_swapped",
    "digit_dropped",
    "overlap",
    "nested_denominator",
    "swapped",
    "impossible",
    "single_slip",
    "other_whole",
]


@dataclass(frozen=True)
class Explanation:
    """A cause that fits the figures: a hypothesis, and its sentences say so. No figure is ever changed.

    Attributes:
        cause: the kind of cause, for programs.
        vi, en: the sentence with its arithmetic.
    """

    cause: Cause
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} / {self.en}"


@dataclass(frozen=True)
class Finding:
    """Figures that do not agree.

    Attributes:
        rule: R01, R03, D02, D04, D07, N02, N03 or N05. (R02 speaks inside R01's explanations.)
        vi, en: what does not agree, with the figures.
        claims: indices of the claims it speaks of, the subject first.
        explanations: what may explain it, the likeliest first.
    """

    rule: str
    severity: Severity
    vi: str
    en: str
    claims: tuple[int, ...]
    explanations: tuple[Explanation, ...] = ()

    @property
    def message(self) -> str:
        return f"{self.vi} / {self.en}"
