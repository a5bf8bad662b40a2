"""Which indicator of the catalogue a claim speaks of, where its words say so well enough. Pure.

A link is never forced: a claim whose words fit two indicators alike, or none well, has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from tonghop.narrative.claims import Claim
from tonghop.narrative.lexicon import key_of
from tonghop.narrative.populations import profile
from tonghop.reference.models import Indicator, Population

ENOUGH = 0.62
"""Score from which words fit well enough."""
MARGIN = 0.06
"""How much better the best must be than the second."""

_WORD = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)?")
_OTHER_KIND = 0.85  # a bare count may be the numerator of a ratio, but words fit counts first
_WEAK = 0.35  # weight of the population's words against those of the deed


@dataclass(frozen=True)
class Link:
    """What a claim may be in the catalogue.

    Attributes:
        claim: index of the claim.
        indicator: its code; None where no indicator fits well enough, or two alike.
        score: of the best, 0 to 1.
        second: of the next best, 0 to 1.
    """

    claim: int
    indicator: str | None
    score: float
    second: float


def link(claims: Sequence[Claim], indicators: Sequence[Indicator], populations: Sequence[Population]) -> list[Link]:
    """Link claims to the catalogue, one link a claim, in their order.

    Args:
        claims: as ``check_text`` gives them; its ``context`` tells the deed, its population who did it.
        indicators: the catalogue. A count may be a stock or a count, a ratio only a ratio.
        populations: what their denominators count.
    """
    named = {each.population: each.name_vi for each in populations}
    links: list[Link] = []
    taken: set[tuple[int, str]] = set()
    for at, claim in enumerate(claims):
        found = _best(at, claim, indicators, named)
        if found.indicator and (claim.sentence, found.indicator) in taken:  # a sentence states a figure once
            found = replace(found, indicator=None)
        if found.indicator:
            taken.add((claim.sentence, found.indicator))
        links.append(found)
    return links


def _best(at: int, claim: Claim, indicators: Sequence[Indicator], named: dict[str, str]) -> Link:
    scored = sorted(
        (
            (_score(claim, each, named.get(each.population or "", "")), each.indicator)
            for each in indicators
            if _may_be(claim, each)
        ),
        reverse=True,
    )
    if not scored:
        return Link(at, None, 0.0, 0.0)
    best, second = scored[0][0], scored[1][0] if len(scored) > 1 else 0.0
    is_clear = best >= ENOUGH and best - second >= MARGIN
    return Link(at, scored[0][1] if is_clear else None, round(best, 4), round(second, 4))


def _may_be(claim: Claim, indicator: Indicator) -> bool:
    """Whether the kinds agree: a ratio needs a denominator, a bare count may be the numerator of a ratio."""
    if claim.kind in ("ratio", "count_rate", "rate"):
        return indicator.kind == "ratio"
    return claim.numerator is not None


def _score(claim: Claim, indicator: Indicator, population: str) -> float:
    """How well words agree, 0 to 1: the indicator's own words found in the sentence, then the population's likeness.

    Half of it says how much of the indicator's name the sentence holds (or its deed is another), the
    other half how alike the phrases are as wholes; words that the population alone explains weigh less.
    """
    name, said = _keys(indicator.name_vi), _keys(claim.context)
    shared = profile(population) | profile(claim.population)
    weights = {word: _WEAK if word in shared else 1.0 for word in name}
    held = sum(weight for word, weight in weights.items() if word in said) / max(sum(weights.values()), 1e-9)
    whole = fuzz.token_set_ratio(" ".join(sorted(name)), " ".join(sorted(said))) / 100
    who = _overlap(profile(population) or profile(indicator.name_vi), profile(claim.population))
    if population and claim.denominator is not None and who == 0:
        return 0.0  # another population: the deed alone makes no indicator
    agrees = (claim.kind == "count") == (indicator.kind != "ratio")
    return (0.5 * held + 0.25 * whole + 0.25 * who) * (1.0 if agrees else _OTHER_KIND)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


@lru_cache(maxsize=4096)
def _keys(text: str) -> frozenset[str]:
    return frozenset(key_of(word) for word in _WORD.findall(text.lower()))
