"""The ledger of denominators: for each unit and population the one count that counts, and its source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from verdict import Observation
from world import Catalogue, Tree


class Ledger:
    """Counts the populations of one period from its register and the observations that stand."""

    def __init__(self, tree: Tree, catalogue: Catalogue, observations: Iterable[Observation]) -> None:
        self._tree = tree
        self._catalogue = catalogue
        self._by_unit: dict[str, list[Observation]] = defaultdict(list)
        for each in observations:
            self._by_unit[each.unit].append(each)
        self.own_count = cache(self._count_here)

    def counts(self) -> dict[tuple[str, str], tuple[int, str]]:
        """Every count known of a unit itself, with its source."""
        counted = {(unit, population): self.own_count(unit, population)
                   for unit in self._tree.units for population in self._catalogue.populations}
        return {key: count for key, count in counted.items() if count is not None}

    def _count_here(self, unit: str, code: str) -> tuple[int, str] | None:
        """The ledger's own count: register, return, composition, what a strict majority quotes; or unknown."""
        population = self._catalogue.populations[code]
        if "register" in population.counted_from and self._tree.province(unit):
            registered = sum(self._tree.units[low].type in population.unit_types for low in self._tree.subtree(unit))
            if registered:
                return registered, "register"
        if "return" in population.counted_from:
            returned = self._returned(unit, code)
            if returned is not None:
                return returned, "return"
        if population.composed_of:
            parts = [self.own_count(unit, part) for part in population.composed_of]
            if all(parts):
                return sum(part[0] for part in parts if part), "composition"
        quotes = [each.said.denominator for each in self.quotes(unit, code) if not each.has_two_values]
        agreed = next((value for value in set(quotes) if quotes.count(value) * 2 > len(quotes)), None)
        return None if agreed is None else (agreed, "agreed")

    def _returned(self, unit: str, code: str) -> int | None:
        returns = [each for each in self._by_unit[unit] if each.is_return and each.indicator == code]
        stocks = [each for each in self._by_unit[unit] if not each.is_return
                  and self._catalogue.indicators[each.indicator].kind == "stock"
                  and self._catalogue.indicators[each.indicator].population == code]
        return next((each.said.numerator for each in returns + stocks
                     if each.said.numerator is not None and not each.has_two_values), None)

    def quotes(self, unit: str, population: str) -> list[Observation]:
        """The unit's statements whose denominators count the population; nested ones count something narrower."""
        return [each for each in self._by_unit[unit] if not each.is_return
                and self._catalogue.indicators[each.indicator].population == population
                and self._catalogue.indicators[each.indicator].nested_in is None
                and each.said.denominator is not None and each.said.denominator > 0]

    def whole_count(self, unit: str, population: str | None, name: str) -> int | None:
        """D: the unit's own count, else the sum over its children in the cascade, if each is known."""
        if population is None:
            return None
        own = self.own_count(unit, population)
        if own is not None:
            return own[0]
        below = [self.whole_count(child, population, name) for child in self._tree.children(unit, name)]
        return sum(each for each in below if each is not None) if below and None not in below else None
