"""An independent check of a corpus, written from the semantics: slow, obvious, without SQL, blind to what was planted.

It holds the clean nation to every identity, and each planted error to breaking the one it should. It is no reference
for the product (``tests/semantics`` is): provinces held whole, waivers, prose and releases are not here.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from tests.detection.received import Refused, Register, Row, Said, Tree, read_register, said

Fact = tuple[str, str, str, str]  # unit, indicator, period, scope


class Problem(NamedTuple):
    """A rule that does not hold, and where; without a unit it is a row of its sender."""

    rule: str
    unit: str
    indicator: str
    period: str
    sender: str = ""


class Check:
    """One corpus."""

    def __init__(self, folder: Path, files: list[dict[str, str]]) -> None:
        self.register: Register = read_register(folder / "reference")
        self.problems: set[Problem] = set()
        self.standing: dict[Fact, Said] = {}
        self.withheld: set[Fact] = set()
        self._received: dict[tuple[str, str], str] = {}
        for sent in files:
            self._read(folder / "returns" / sent["file"], sent)
        self.by_unit: dict[tuple[str, str], dict[str, Said]] = defaultdict(dict)
        for (unit, code, period, _), each in self.standing.items():
            self.by_unit[unit, period][code] = each
        self.periods = sorted({sent["period"] for sent in files})

    def run(self) -> set[Problem]:
        """Every problem."""
        self._ledgers: dict[tuple[str, str, str], int | None] = {}
        for (unit, period), stated in self.by_unit.items():
            for each in stated.values():
                if each.is_applicable and each.indicator in self.register.indicators:
                    self._ratio(each, self.register.indicators[each.indicator])
            self._denominators(unit, period, stated)
            self._counts(unit, period, stated)
        for (unit, period), stated in self.by_unit.items():
            self._sums(unit, period, stated)
        self._expected()
        return self.problems

    def _find(self, rule: str, each: Said, *, is_error: bool = True) -> None:
        self.problems.add(Problem(rule, each.unit, each.indicator, each.period))
        if is_error:
            self.withheld.add((each.unit, each.indicator, each.period, each.scope))

    # Rows -------------------------------------------------------------------------------------------------------------

    def _read(self, path: Path, sent: dict[str, str]) -> None:
        tree = self.register.tree(sent["period"])
        sender = tree.by_code[sent["sender"]]
        self._received.setdefault((sender, sent["period"]), sent["received_on"])
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                fault = self._fault(row, tree, sender)
                if fault:
                    self.problems.add(Problem(fault, tree.by_code.get(row["unit_code"], ""), row["indicator"], row["period"],
                                              sender))
                    continue
                self._keep(row, tree, sent["file"], sender)

    def _keep(self, row: Row, tree: Tree, file: str, sender: str) -> None:
        try:
            each = said(row, tree.by_code[row["unit_code"]], file, sender)
        except Refused as refused:
            self.problems.add(Problem(str(refused), "", row["indicator"], row["period"], sender))
            return
        fact = (each.unit, each.indicator, each.period, each.scope)
        before = self.standing.get(fact)
        if before is not None and before.file == file:
            if before.value != each.value:
                self._find("S06", each)
            return
        self.standing[fact] = each

    def _fault(self, row: Row, tree: Tree, sender: str) -> str | None:
        unit = tree.by_code.get(row["unit_code"])
        if unit is None:
            return "S10" if any(each["code"] == row["unit_code"] for each in self.register.units) else "S03"
        if row["indicator"] not in self.register.indicators and row["indicator"] not in self.register.populations:
            return "S04"
        if tree.province(unit) != sender:
            return "S05"
        indicator = self.register.indicators.get(row["indicator"])
        if indicator and not self._reports(tree, unit, indicator) and not (
                row["scope"] == "total" and self._has_below(tree, unit, indicator)):
            return "S11"
        return None

    def _reports(self, tree: Tree, unit: str, indicator: Row) -> bool:
        reporter, here = self.register.reporters[indicator["reported_by"]], tree.units[unit]
        above = tree.units.get(here["parent_unit_id"], {"level": ""})["level"]
        return here["type"] in reporter["unit_types"].split("|") and reporter["parent_level"] in ("", above)

    def _has_below(self, tree: Tree, unit: str, indicator: Row) -> bool:
        return any(self._reports(tree, low, indicator) for low in tree.under(unit)[1:])

    # Ratios -----------------------------------------------------------------------------------------------------------

    def _ratio(self, each: Said, indicator: Row) -> None:
        numerator, denominator = each.numerator, each.denominator
        if denominator == 0 or (indicator["kind"] == "ratio" and denominator is None and each.rate is None):
            self._find("D01", each)
        ledger = self.ledger(each.unit, indicator["population"], each.period) if indicator["population"] else None
        if denominator:
            if numerator is not None and numerator > denominator:
                self._find("D02", each)
            if not indicator["nested_in"] and ledger not in (None, denominator):
                self._find("D03", each)
            outer = self.by_unit[each.unit, each.period].get(indicator["nested_in"])
            if outer is not None and outer.numerator != denominator and not self._is_withheld(outer):
                self._find("D07", each, is_error=False)
        if each.rate is not None:
            self._rate(each, ledger)

    def _rate(self, each: Said, ledger: int | None) -> None:
        assert each.rate is not None
        if each.denominator and each.numerator is not None and rounded(each.numerator, each.denominator, each.decimals) != each.rate:
            exact = Fraction(100 * each.numerator, each.denominator)
            self._find("R01", each, is_error=abs(Fraction(each.rate) - exact) > Fraction(1, 2))
            if not self._is_possible(each):
                self._find("R02", each, is_error=False)
        elif each.denominator and each.numerator is None and not self._is_possible(each):
            self._find("R02", each, is_error=False)
        elif not each.denominator and each.numerator is not None and ledger and (
                rounded(each.numerator, ledger, each.decimals) != each.rate):
            self._find("R03", each, is_error=False)

    @staticmethod
    def _is_possible(each: Said) -> bool:
        """Some whole numerator over the denominator gives the rate, or some denominator under the numerator."""
        assert each.rate is not None
        if any(rounded(number, each.denominator or 1, each.decimals) == each.rate for number in range((each.denominator or 0) + 1)):
            return True
        return each.numerator is not None and any(rounded(each.numerator, size, each.decimals) == each.rate
                                                  for size in range(max(1, each.numerator), 100 * each.numerator + 2))

    def _is_withheld(self, each: Said) -> bool:
        return (each.unit, each.indicator, each.period, each.scope) in self.withheld

    def _denominators(self, unit: str, period: str, stated: dict[str, Said]) -> None:
        """D04, and D06 against the month before."""
        quotes = self._quotes(stated)
        for population, sizes in quotes.items():
            if len(set(sizes)) > 1:
                self.problems.add(Problem("D04", unit, population, period))
                ledger = self.ledger(unit, population, period)
                for each in stated.values():
                    row = self.register.indicators.get(each.indicator)
                    if row and row["population"] == population and not row["nested_in"] and each.denominator not in (None, ledger):
                        self.withheld.add((unit, each.indicator, period, each.scope))
            if population not in stated and not self._stock(stated, population) and not self._is_registered(population):
                before = self._before(period)
                was, now = (self.ledger(unit, population, at) if at else None for at in (before, period))
                is_derived = self.register.populations[population]["counted_from"] == "derived"
                if was is not None and now is not None and was != now and not is_derived:
                    self.problems.add(Problem("D06", unit, population, period))

    def _is_registered(self, population: str) -> bool:
        return "register" in self.register.populations[population]["counted_from"]

    def _before(self, period: str) -> str | None:
        at = self.periods.index(period)
        return self.periods[at - 1] if at else None

    def _quotes(self, stated: dict[str, Said]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for each in stated.values():
            row = self.register.indicators.get(each.indicator)
            if row and row["population"] and each.denominator and not row["nested_in"]:
                found[row["population"]].append(each.denominator)
        return found

    def _stock(self, stated: dict[str, Said], population: str) -> int | None:
        return next((each.numerator for each in stated.values() if each.indicator in self.register.indicators
                     and self.register.indicators[each.indicator]["kind"] == "stock"
                     and self.register.indicators[each.indicator]["population"] == population), None)

    def ledger(self, unit: str, population: str, period: str) -> int | None:
        """The one count that counts: register, return, composition, what a strict majority quotes."""
        key = unit, population, period
        if key not in self._ledgers:
            self._ledgers[key] = self._counted(*key)
        return self._ledgers[key]

    def _counted(self, unit: str, population: str, period: str) -> int | None:
        row, tree, stated = self.register.populations[population], self.register.tree(period), self.by_unit[unit, period]
        if "register" in row["counted_from"]:
            registered = sum(tree.units[low]["type"] in row["unit_types"].split("|") for low in tree.under(unit))
            if registered:
                return registered
        if "return" in row["counted_from"]:
            returned = stated[population].numerator if population in stated else self._stock(stated, population)
            if returned is not None:
                return returned
        parts = [self.ledger(unit, part, period) for part in row["composed_of"].split("+") if part]
        if parts and None not in parts:
            return sum(part or 0 for part in parts)
        quotes = self._quotes(stated)[population]
        return next((size for size in set(quotes) if 2 * quotes.count(size) > len(quotes)), None)

    # Counts -----------------------------------------------------------------------------------------------------------

    def _counts(self, unit: str, period: str, stated: dict[str, Said]) -> None:
        parts: dict[str, list[Said]] = defaultdict(list)
        before = self.by_unit.get((unit, self._before(period) or ""), {})
        for each in stated.values():
            row = self.register.indicators.get(each.indicator)
            if row is None or each.numerator is None:
                continue
            whole, done = stated.get(row["part_of"]), stated.get(row["complement_of"])
            if whole is not None and whole.numerator is not None:
                parts[row["part_of"]].append(each)
                if each.numerator > whole.numerator:
                    self._find("N02", each, is_error=False)
            if done is not None and not self._is_withheld(done) and done.denominator is not None and (
                    each.numerator + (done.numerator or 0) != done.denominator):
                self._find("N05", each)
            last = before.get(each.indicator)
            is_comparable = last is not None and not self._is_withheld(last) and not self._is_withheld(each)
            if row["cumulative"] == "yes" and is_comparable and last is not None and each.numerator < (last.numerator or 0):
                self._find("N04", each, is_error=False)
        for whole_code, some in parts.items():
            is_all = self.register.indicators[whole_code]["parts_are_all"] == "yes"
            if is_all and sum(each.numerator or 0 for each in some) != stated[whole_code].numerator:
                self._find("N03", stated[whole_code], is_error=False)
        for code, row in self.register.populations.items():
            composed = [self.ledger(unit, part, period) for part in row["composed_of"].split("+") if part]
            if code in stated and composed and None not in composed and sum(filter(None, composed)) != stated[code].numerator:
                self.problems.add(Problem("D08", unit, code, period))

    # Sums -------------------------------------------------------------------------------------------------------------

    def _sums(self, unit: str, period: str, stated: dict[str, Said]) -> None:
        tree = self.register.tree(period)
        for each in stated.values():
            row = self.register.indicators.get(each.indicator)
            if row is None or self._reports(tree, unit, row) or self._is_withheld(each):
                continue
            below = [self._resolved(tree, child, row, period) for child in tree.below.get(unit, [])
                     if self._reports(tree, child, row) or self._has_below(tree, child, row)]
            if None in below:
                continue
            sums = [sum(side) for side in zip(*(pair for pair in below if pair), strict=True)]
            for rule, stated_here, summed in (("N01", each.numerator, sums[0]), ("D05", each.denominator, sums[1])):
                if stated_here != summed and (rule == "N01" or row["kind"] == "ratio"):
                    self.problems.add(Problem(rule, unit, each.indicator, period))

    def _resolved(self, tree: Tree, unit: str, row: Row, period: str) -> tuple[int, int] | None:
        each = self.by_unit[unit, period].get(row["indicator"])
        stands = None
        if each is not None and each.numerator is not None and not self._is_withheld(each) and not (
                row["kind"] == "ratio" and each.denominator is None):
            stands = each.numerator, each.denominator or 0
        if self._reports(tree, unit, row):
            return stands
        below = [self._resolved(tree, child, row, period) for child in tree.below.get(unit, [])
                 if self._reports(tree, child, row) or self._has_below(tree, child, row)]
        if None not in below:
            return sum(pair[0] for pair in below if pair), sum(pair[1] for pair in below if pair)
        return stands

    # Forms ------------------------------------------------------------------------------------------------------------

    def _expected(self) -> None:
        """C01: who stated nothing of a form that its level owes; C02: received after the due day."""
        for form in self.register.calendar:
            tree, period = self.register.tree(form["period"]), form["period"]
            codes = {code for code, row in self.register.indicators.items() if row["group"] in form["group"].split("|")}
            for unit, row in tree.units.items():
                if row["level"] == "province" and self._received.get((unit, period), "") > form["due_on"]:
                    self.problems.add(Problem("C02", unit, "", period))
                if row["level"] == form["sender_level"] and row["type"] != "department" and not (
                        codes & set(self.by_unit.get((unit, period), {}))):
                    self.problems.add(Problem("C01", unit, "", period))


def rounded(numerator: int, denominator: int, decimals: int) -> Decimal:
    """A rate in per cent, half-up at so many decimals."""
    exact: Any = Decimal(100 * numerator) / Decimal(denominator)
    return Decimal(exact).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
