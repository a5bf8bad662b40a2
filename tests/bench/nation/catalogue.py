"""The forty indicators of the bench's nation, and the populations that their denominators count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["ratio", "count", "stock"]


@dataclass(frozen=True)
class Figure:
    """One indicator: every grassroots unit states it every period.

    Attributes:
        population: what its denominator counts; what it returns, of a stock; None of a count.
        is_cumulative: whether it counts from the beginning of the campaign (and so never falls).
    """

    code: str
    group: str
    kind: Kind
    population: str | None
    is_cumulative: bool


RETURNED = {"member": (20, 300, 3), "branch": (2, 12, 0)}
"""Populations that the units return: their least and greatest size in a unit, and by how much one may grow a month."""
AGREED = {"key_cadre": (3, 15, 0), "planned_cadre": (5, 25, 0), "programme_task": (4, 14, 0)}
"""Populations that nobody returns: what a unit's statements agree on counts."""
_RATIOS = {"member": 8, "branch": 6, "key_cadre": 5, "planned_cadre": 4, "programme_task": 3}
_COUNTS = 12


def _figures() -> tuple[Figure, ...]:
    stocks = [Figure(f"bench_{name}_total", "bench_size", "stock", name, False) for name in RETURNED]
    ratios = [
        Figure(f"bench_{name}_{number:02d}", f"bench_{name}", "ratio", name, number % 2 == 0)
        for name, many in _RATIOS.items()
        for number in range(1, many + 1)
    ]
    counts = [
        Figure(f"bench_count_{number:02d}", "bench_count", "count", None, number % 2 == 0)
        for number in range(1, _COUNTS + 1)
    ]
    return (*stocks, *ratios, *counts)


FIGURES = _figures()
"""In the order in which a unit states them: two stocks, twenty-six ratios, twelve counts."""


def groups() -> list[str]:
    """The groups of indicators, each once."""
    return list(dict.fromkeys(figure.group for figure in FIGURES))
