"""What a night published beside what the oracle says, and the smallest case in which they differ, told whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from census import Judged
from world import Statement

Compared = dict[tuple[Any, ...], Any]

_DIGITS = 16  # of a quotient, at least: what PostgreSQL keeps


@dataclass(frozen=True)
class Difference:
    """One row that is not the same; ``key`` begins with the period and, but for findings, the unit."""

    name: str
    key: tuple[Any, ...]
    night: Any
    oracle: Any

    def __str__(self) -> str:
        return f"{self.name} {' '.join(map(str, self.key))}: night {self.night}, oracle {self.oracle}"


def differences(name: str, published: Compared, expected: Compared) -> list[Difference]:
    """Every key whose rows differ or that one side does not have."""
    return [Difference(name, key, published.get(key, "-"), expected.get(key, "-"))
            for key in sorted(published.keys() | expected.keys(), key=str) if published.get(key) != expected.get(key)]


def exactly(published: Decimal | None, expected: Fraction | None) -> Decimal | Fraction | None:
    """The fraction that a published quotient stands for, where it is that fraction to its last digit; else itself.

    A quotient has as many decimals as PostgreSQL gave it, the last one rounded half-up, and sixteen digits at least.
    """
    if published is None or expected is None:
        return published
    digit = Fraction(1, 10 ** -int(published.as_tuple().exponent))
    rounded = (expected / digit + Fraction(1, 2)).__floor__() * digit
    is_long = digit <= max(expected, Fraction(1, 10**9)) / 10 ** (_DIGITS - 1) or rounded == expected
    return expected if Fraction(published) == rounded and is_long else published


def report(found: list[Difference], judged: dict[str, Judged], most: int = 40) -> str:
    """The smallest case that differs with its subtree and what was said of it, then the first of the differences."""
    placed = [each for each in found if each.name != "finding" and each.key[1] in judged[each.key[0]].tree.units]
    smallest = min(placed, key=lambda each: len(_subtree(judged[each.key[0]], each.key[1])), default=None)
    story = [] if smallest is None else ["The smallest:", str(smallest), *_story(judged[smallest.key[0]], smallest)]
    return "\n".join([f"{len(found)} differences.", *story, "", "All of them:", *map(str, found[:most])])


def _subtree(each: Judged, unit: str) -> tuple[str, ...]:
    """The case of the unit: all under its province, or under itself where it stands above the provinces."""
    return each.tree.subtree(each.place(unit))


def _story(each: Judged, difference: Difference) -> Iterator[str]:
    about = set(map(str, difference.key[2:]))
    indicators = [indicator for indicator in each.known.indicators.values()
                  if about & {indicator.code, str(indicator.population)}]
    words = about | {other for indicator in indicators for other in (
        indicator.code, indicator.population, indicator.nested_in, indicator.complement_of, indicator.part_of) if other}
    for unit in _subtree(each, str(difference.key[1])):
        here = each.tree.units[unit]
        yield f"{'  ' * len(each.tree.path(unit))}{unit} ({here.type})"
        for said in each.case.statements:
            if said.unit_code == here.code and said.indicator in words:
                yield f"{'  ' * len(each.tree.path(unit))}    {_wording(said)}{_fate(each, unit, said)}"


def _wording(said: Statement) -> str:
    rate = "" if said.rate is None else f" {said.rate}%"
    return (f"{said.seq}.{said.row} {said.sender} {said.action} {said.indicator} {said.scope}"
            f" {said.mark} {said.numerator}/{said.denominator}{rate}")


def _fate(each: Judged, unit: str, said: Statement) -> str:
    for (at, _, _), standing in each.verdict.observations.items():
        if at == unit and standing.said is said:
            rules = each.verdict.withheld.get(standing.fact, set())
            return f"  <- stands as {standing.scope}" + (f", withheld by {', '.join(sorted(rules))}" if rules else "")
    return ""
