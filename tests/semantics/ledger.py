"""The ledger of denominators: for each unit and population every statement, the one that counts, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from verdict import Observation
from world import Catalogue, Tree

Saying = tuple[str, str, str, str | None]  # unit, population, source, indicator that quotes or (a stock) returns it


@dataclass(frozen=True)
class Said:
    """What one source says of a population, and why it counts or not."""

    amount: int | None
    reason: str
    is_disagreeing: bool


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
        allowed = self._catalogue.populations[code].counted_from
        registered = self._registered(unit, code)
        if "register" in allowed and registered is not None:
            return registered, "register"
        returned = self.returned(unit, code)
        if "return" in allowed and returned is not None:
            return returned, "return"
        composed = self.composed(unit, code)
        if composed is not None:
            return composed, "composition"
        agreed = self._agreed(unit, code)
        return None if agreed is None else (agreed, "agreed")

    def _registered(self, unit: str, code: str) -> int | None:
        """Open units of its types under the unit; none is unknown, not zero, and so is any number above the provinces."""
        types = self._catalogue.populations[code].unit_types
        if self._tree.province(unit) is None:
            return None
        return sum(self._tree.units[low].type in types for low in self._tree.subtree(unit)) or None

    def _returns(self, unit: str, code: str) -> list[Observation]:
        """Statements that return the count: of its own code first, then of stock indicators by their codes."""
        stocks = [each for each in self._by_unit[unit] if not each.is_return
                  and self._catalogue.indicators[each.indicator].kind == "stock"
                  and self._catalogue.indicators[each.indicator].population == code]
        own = [each for each in self._by_unit[unit] if each.is_return and each.indicator == code]
        ordered = own + sorted(stocks, key=lambda each: each.indicator)
        return [each for each in ordered if each.said.numerator is not None]

    def _returned(self, unit: str, code: str) -> Observation | None:
        return next((each for each in self._returns(unit, code) if not each.has_two_values), None)

    def returned(self, unit: str, code: str) -> int | None:
        """What the unit returns, whether or not a return may count: its first statement with a single value."""
        said = self._returned(unit, code)
        return None if said is None else self._amount(said)

    @staticmethod
    def _amount(returned: Observation) -> int:
        assert returned.said.numerator is not None
        return returned.said.numerator

    def composed(self, unit: str, code: str) -> int | None:
        """The sum of the unit's own counts of its parts, if all are known."""
        parts = [self.own_count(unit, part) for part in self._catalogue.populations[code].composed_of]
        return sum(part[0] for part in parts if part) if parts and all(parts) else None

    def _agreed(self, unit: str, code: str) -> int | None:
        quotes = [each.said.denominator for each in self.quotes(unit, code) if not each.has_two_values]
        return next((value for value in set(quotes) if quotes.count(value) * 2 > len(quotes)), None)

    def quotes(self, unit: str, population: str) -> list[Observation]:
        """The unit's statements whose denominators count the population; nested ones count something narrower."""
        return [each for each in self._by_unit[unit] if not each.is_return
                and self._catalogue.indicators[each.indicator].population == population
                and self._catalogue.indicators[each.indicator].nested_in is None
                and each.said.denominator is not None and each.said.denominator > 0]

    def statements(self) -> dict[Saying, Said]:
        """Everything that is said of any population, whether it counts, and why."""
        said: dict[Saying, Said] = {}
        for unit in self._tree.units:
            for code in self._catalogue.populations:
                counted = self.own_count(unit, code)
                for source, indicator, amount, reason in (*self._sources(unit, code), *self._quoted(unit, code)):
                    if counted is not None:
                        is_disagreeing = amount is not None and amount != counted[0]
                    else:  # nothing counts: those in conflict are why
                        is_disagreeing = source == "quoted" or reason == "two_values"
                    said[unit, code, source, indicator] = Said(amount, reason, is_disagreeing)
        return said

    def _sources(self, unit: str, code: str) -> Iterable[tuple[str, str | None, int | None, str]]:
        allowed = self._catalogue.populations[code].counted_from
        counted = self.own_count(unit, code)
        source = counted[1] if counted else None

        registered = self._registered(unit, code)
        if registered is not None:
            yield "register", None, registered, "counts" if "register" in allowed else "not_allowed"
        for each in self._returns(unit, code):
            reason = "counts" if source == "return" and each is self._returned(unit, code) else "outranked"
            if each.has_two_values:
                reason = "two_values"
            if "return" not in allowed:
                reason = "not_allowed"
            yield "return", None if each.is_return else each.indicator, self._amount(each), reason
        composed = self.composed(unit, code)
        if composed is not None:
            yield "composition", None, composed, "counts" if source == "composition" else "outranked"
        if any(not each.has_two_values for each in self.quotes(unit, code)):
            agreed = self._agreed(unit, code)
            reason = "no_majority" if agreed is None else "counts" if source == "agreed" else "outranked"
            yield "agreed", None, agreed, reason

    def _quoted(self, unit: str, code: str) -> Iterable[tuple[str, str, int | None, str]]:
        """A quote never counts by itself: what a majority quotes is said once more, as agreed."""
        counted = self.own_count(unit, code)
        for each in self.quotes(unit, code):
            if each.has_two_values:
                reason = "two_values"
            elif counted is not None and each.said.denominator == counted[0]:
                reason = "agrees"
            else:
                reason = "no_majority" if counted is None or counted[1] == "agreed" else "outranked"
            yield "quoted", each.indicator, each.said.denominator, reason

    def whole_count(self, unit: str, population: str | None, name: str) -> int | None:
        """D: the unit's own count, else the sum over its children in the cascade, if each is known."""
        if population is None:
            return None
        own = self.own_count(unit, population)
        if own is not None:
            return own[0]
        below = [self.whole_count(child, population, name) for child in self._tree.children(unit, name)]
        return sum(each for each in below if each is not None) if below and None not in below else None
