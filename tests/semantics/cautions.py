"""The rules that publish with a footnote: D06, D07, D08, N02, N03, N04, R02, R03. None of them withholds anything.

They are judged after every error rule on observations and before provinces are held. Where the text leaves room:

l. "Already withheld" is withheld by S, D01-D04, N05 or R01: what is held with its province, and what D05 or N01 set aside
   later, still speaks. To a later period, what was set aside of an earlier one does not: N04 looks past it.
m. D07, N02, N03 and N04 have no verdict where any figure they need is withheld, and none where it is missing or X. Only
   one scope of one unit is compared; a ratio without its denominator has a numerator all the same.
n. D07: 0/0 within an outer numerator that is not zero is a finding.
o. N03: every part that the catalogue names must be stated; if one is not, there is no verdict, even where the others
   exceed the whole. Parts of parts are not looked at.
p. N04: counts only, against the latest earlier period in which the same fact has a figure that is not withheld, however
   long ago: silence, withheld figures and declarations that were set aside are looked past. No new year begins the count again.
q. D06 compares the unit's own count with the latest earlier one, whatever its source. Only quotes move it wrongly: it is
   found where the count now is agreed, or is composed of a part (or a part's part) that is agreed and is not what the
   ledger last held of that part. A composition that a register or a return moves, or a new definition, is content;
   so is a count that comes, or comes back, from a register or a return; and so is what a unit agrees on anew where the
   register has changed who is below it since, or a unit below has a registered or returned count that is not what the
   ledger held of it then.
r. D08: the first return with a single value, whether it counts or not, beside the sum of the unit's own counts of the
   parts, whatever their source. A count that was not returned has no verdict.
s. R02 goes with R01, or with a rate whose numerator is left out; it asks for numerators alone, of the stated denominator.
t. R03 judges ratios that are not nested, by the D of D03. No rate can be of a D of zero.
u. R02 and R03 look at one observation: like D02 and R01 they judge it even if another rule withholds it, and then by the
   first row of two values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from ledger import Ledger
from rates import is_written_as
from verdict import Fact, Key, Observation, Outcome, Verdict
from world import Catalogue, Indicator, Tree

AFTERWARDS = frozenset({"HELD", "D05", "N01"})

Judged = Iterator[tuple[Key, Outcome]]


class Cautions:
    """Judges one period beside those before it.

    Args:
        now: what the error rules on observations made of the period.
        earlier: what was made of the periods before it, the oldest first.
    """

    def __init__(self, tree: Tree, catalogue: Catalogue, ledger: Ledger, now: Verdict,
                 earlier: Sequence[Verdict]) -> None:
        self._tree = tree
        self._catalogue = catalogue
        self._ledger = ledger
        self._now = now
        self._earlier = earlier

    def outcomes(self) -> dict[Key, Outcome]:
        """By rule and key: broken, kept, or silenced by a figure that is withheld; without a verdict there is nothing."""
        return dict(each for rule in (
            self._nested, self._parts, self._wholes, self._falls, self._moves, self._compositions, self._impossible_rates,
            self._implied_denominators) for each in rule())

    # Figures of one unit ------------------------------------------------------------------------------------------

    def _figures(self) -> Iterator[tuple[Observation, Indicator]]:
        for each in self._now.observations.values():
            if not each.is_return:
                yield each, self._catalogue.indicators[each.indicator]

    def _numerator(self, fact: Fact) -> int | None:
        said = self._now.observations.get(fact)
        return None if said is None else said.said.numerator

    def _outcome(self, needed: list[Fact], *, is_broken: bool) -> Outcome:
        if any(is_withheld(self._now, fact) for fact in needed):
            return "silenced"
        return "broken" if is_broken else "kept"

    def _nested(self) -> Judged:
        """D07: the denominator of a nested ratio is the outer numerator."""
        for inner, indicator in self._figures():
            outer = (inner.unit, indicator.nested_in or "", inner.scope)
            numerator = self._numerator(outer)
            if inner.said.denominator is not None and numerator is not None:
                yield ("D07", *inner.fact), self._outcome(
                    [inner.fact, outer], is_broken=inner.said.denominator != numerator)

    def _parts(self) -> Judged:
        """N02: a part is not more than its whole."""
        for part, indicator in self._figures():
            whole = (part.unit, indicator.part_of or "", part.scope)
            numerator = self._numerator(whole)
            if part.said.numerator is not None and numerator is not None:
                yield ("N02", *part.fact), self._outcome([part.fact, whole], is_broken=part.said.numerator > numerator)

    def _wholes(self) -> Judged:
        """N03: the parts are the whole, where the catalogue says that they are all."""
        for whole, indicator in self._figures():
            parts = [(whole.unit, each.code, whole.scope) for each in self._catalogue.indicators.values()
                     if each.part_of == indicator.code]
            numerators = [self._numerator(part) for part in parts]
            if indicator.parts_are_all and parts and whole.said.numerator is not None and None not in numerators:
                total = sum(each for each in numerators if each is not None)
                yield ("N03", *whole.fact), self._outcome(
                    [whole.fact, *parts], is_broken=total != whole.said.numerator)

    def _falls(self) -> Judged:
        """N04: a cumulative count does not fall."""
        for later, indicator in self._figures():
            earlier = self._last_standing(later.fact)
            is_judged = indicator.kind == "count" and indicator.is_cumulative
            if is_judged and later.said.numerator is not None and earlier is not None:
                yield ("N04", *later.fact), self._outcome([later.fact], is_broken=later.said.numerator < earlier)

    def _last_standing(self, fact: Fact) -> int | None:
        """The latest earlier numerator of the fact that no error withholds and that was not set aside."""
        for verdict in reversed(self._earlier):
            said = verdict.observations.get(fact)
            if said is not None and said.said.numerator is not None and not verdict.withheld.get(fact, set()) - {"HELD"}:
                return said.said.numerator
        return None

    # Counts of the ledger -----------------------------------------------------------------------------------------

    def _counts(self) -> Iterator[tuple[str, str, int, str]]:
        for (unit, population), (amount, source) in self._ledger.counts().items():
            yield unit, population, amount, source

    def _moves(self) -> Judged:
        """D06: a count moves between periods only when the register or a return moves it."""
        for unit, population, amount, _ in self._counts():
            before = self._count_before(unit, population)
            if before is not None:
                is_broken = amount != before and self._is_moved_by_quotes(unit, population)
                yield ("D06", unit, population), "broken" if is_broken else "kept"

    def _count_before(self, unit: str, population: str) -> int | None:
        return next((verdict.ledger[unit, population][0] for verdict in reversed(self._earlier)
                     if (unit, population) in verdict.ledger), None)

    def _is_moved_by_quotes(self, unit: str, population: str) -> bool:
        """Whether an agreed count, its own or that of a part, is not what the ledger last held of the same population."""
        counted = self._ledger.own_count(unit, population)
        if counted is None:
            return False
        amount, source = counted
        if source == "composition":
            parts = self._catalogue.populations[population].composed_of
            return any(self._is_moved_by_quotes(unit, part) for part in parts)
        if source != "agreed" or amount == self._count_before(unit, population):
            return False
        return not self._is_moved_below(unit, population)

    def _is_moved_below(self, unit: str, population: str) -> bool:
        """Whether the register, or a count below that is not agreed, gave a unit's count a reason to move."""
        since = [number for number, verdict in enumerate(self._earlier) if (unit, population) in verdict.ledger]
        if not since:
            return False
        then = self._earlier[since[-1]].ledger
        below = set(self._tree.subtree(unit)[1:])
        counts = [(low, self._ledger.own_count(low, population)) for low in below]
        return any(verdict.below.get(unit, set()) != below for verdict in self._earlier[since[-1]:]) or any(
            counted is not None and counted[1] in ("register", "return")
            and counted[0] != then.get((low, population), (None, ""))[0] for low, counted in counts)

    def _compositions(self) -> Judged:
        """D08: a count is the sum of its composition."""
        for unit in self._tree.units:
            for population in self._catalogue.populations:
                returned, composed = (each(unit, population) for each in (self._ledger.returned, self._ledger.composed))
                if returned is not None and composed is not None:
                    yield ("D08", unit, population), "broken" if returned != composed else "kept"

    # Rates --------------------------------------------------------------------------------------------------------

    def _impossible_rates(self) -> Judged:
        """R02: some whole numerator could give the stated rate; asked where R01 is found, or a ratio has none."""
        for each, indicator in self._figures():
            denominator, rate = each.said.denominator, each.said.rate
            is_alone = indicator.kind == "ratio" and each.said.numerator is None and denominator != 0
            is_asked = is_alone or ("R01", *each.fact) in self._now.findings
            if is_asked and denominator is not None and rate is not None:
                most = denominator
                if indicator.may_exceed_one:  # one more than the rate could need
                    most = max(most, (Fraction(rate) * denominator / 100).__ceil__() + 1)
                yield ("R02", *each.fact), "kept" if _has_numerator(denominator, rate, most) else "broken"

    def _implied_denominators(self) -> Judged:
        """R03: the denominators that a numerator and its rate leave hold the ledger's."""
        for each, indicator in self._figures():
            numerator, rate = each.said.numerator, each.said.rate
            is_judged = indicator.kind == "ratio" and indicator.nested_in is None and each.said.denominator is None
            counted = self._ledger.whole_count(each.unit, indicator.population, indicator.reported_by)
            if is_judged and numerator is not None and rate is not None and counted is not None:
                is_held = counted > 0 and is_written_as(Fraction(100 * numerator, counted), rate)
                yield ("R03", *each.fact), "kept" if is_held else "broken"


def is_withheld(verdict: Verdict, fact: Fact) -> bool:
    """By a rule on observations: not with its province, and not set aside as a declaration."""
    return bool(verdict.withheld.get(fact, set()) - AFTERWARDS)


def _has_numerator(denominator: int, rate: Decimal, most: int) -> bool:
    return any(is_written_as(Fraction(100 * numerator, denominator), rate) for numerator in range(most + 1))
