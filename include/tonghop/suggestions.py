"""'Did you mean …': what a misspelled word may stand for. A suggestion is shown, never taken as an answer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from rapidfuzz import fuzz, process

K = TypeVar("K", bound=Hashable)

_ALIKE = 60.0  # of 100: two thirds of the letters, in their order, as Python's difflib had it


def closest(text: str, known: Mapping[K, str], *, limit: int = 1, threshold: float = _ALIKE) -> list[K]:
    """The keys of the texts most like ``text``, the likeliest first.

    Args:
        known: texts to compare with, each under what it stands for.
        limit: how many at most.
        threshold: how alike a text must be, of 100 (equal).
    """
    found = process.extract(text, known, scorer=fuzz.ratio, limit=limit, score_cutoff=threshold)
    return [key for _, _, key in found]


def likeness(one: str, other: str) -> float:
    """How alike two texts are, of 100 (equal)."""
    return fuzz.ratio(one, other)


def did_you_mean(text: str, known: Iterable[str], otherwise: str = "") -> str:
    """A remedy: "Did you mean 'plan'?" where a known word is like ``text``, else ``otherwise``."""
    near = closest(text, {word: word for word in known})
    return f"Did you mean '{near[0]}'?" if near else otherwise
