"""What a night must find, computed a second time from the text of ``semantics.md``: slow, obvious, and without SQL.

One `Oracle` judges the statements of one period on one tree. Where the text leaves room, these decisions are taken (those
of the warnings, l to u, stand in ``cautions.py``; C01-C03 and P are not judged here):

a. A register counts at province level and below, where at least one unit is registered; above the provinces a count is
   the sum over the children of the cascade, if each is known.
b. Returns and agreed counts hold for their own period only.
c. Reporters under a reporter are never summed: a topmost reporter without a figure is missing.
d. A return's fact has scope ``total`` whatever was written.
e. Where the latest submission that mentions a fact gives it two values, all are withheld, and what it superseded stays
   superseded. To the other rules its first row speaks; as a quote or a return of a count it says nothing.
f. A nested ratio is nil, not D01, where numerator and denominator are both zero.
g. X from a unit that is not a reporter is a statement without a value.
h. A province under which no reporter is registered (a declarer) is itself expected, unless it says X.
i. A row that is kept aside is forgotten (as a finding) once its sender sends the same form for the period again.
j. Where all reporters under a unit say X there is no sum; what it declares is taken all the same, and then it is a
   child with a figure like any other.
k. X is not one of the figures that are held with their province; an X that is withheld (S06) excuses nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from cascade import Cascade
from cautions import Cautions
from ledger import Ledger
from rates import is_written_as
from verdict import Fact, Observation, Verdict
from world import Catalogue, Statement, Tree, Unit


class Oracle:
    """Judges one period.

    Args:
        tree: the units open at the period's end.
        catalogue: indicators, populations, reporters.
        statements: everything received for the period, in any order.
        earlier: what was said of the periods before, of which the warehouse knows any, the oldest first.
    """

    def __init__(self, tree: Tree, catalogue: Catalogue, statements: list[Statement],
                 earlier: Sequence[Verdict] = ()) -> None:
        self._tree = tree
        self._catalogue = catalogue
        self._statements = sorted(statements, key=lambda each: (each.seq, each.row))
        self._earlier = earlier
        self._out = Verdict()

    def verdict(self) -> Verdict:
        """The rules in the order of the text: statements, figures, the cascade, declarations."""
        self._let_stand([row for row in self._statements if not self._faults(row)])
        self._find_faults()
        self._ledger = Ledger(self._tree, self._catalogue, self._out.observations.values())
        self._out.ledger = self._ledger.counts()
        self._out.below = {unit: set(self._tree.subtree(unit)[1:]) for unit in self._tree.units}
        self._judge_figures()
        self._judge_complements()
        self._caution()
        self._hold_provinces()
        cascade = Cascade(self._tree, self._catalogue, self._out.observations, self._out.withheld, self._ledger)
        self._out.cells = cascade.cells()
        self._out.reconciliations = cascade.reconciliations()
        self._judge_declarations()
        return self._out

    @property
    def _figures(self) -> list[Observation]:
        return [each for each in self._out.observations.values() if not each.is_return]

    # Which statement stands ---------------------------------------------------------------------------------------

    def _sender(self, name: str) -> Unit | None:
        found = self._tree.units.get(name) or self._tree.by_code.get(name)
        return found if found and found.level in ("province", "department") else None

    def _faults(self, row: Statement) -> list[str]:
        """The rules S03, S04, S05, S10, S11 that a row breaks; S11 is asked only where the others are content."""
        tree, faults = self._tree, []
        unit = tree.by_code.get(row.unit_code)
        is_known = row.indicator in self._catalogue.indicators or row.indicator in self._catalogue.populations
        if unit is None:
            faults.append("S10" if row.unit_code in self._catalogue.codes_of_some_time else "S03")
        if not is_known:
            faults.append("S04")
        if unit is not None:
            sender = self._sender(row.sender)
            speaks_for = sender is not None and (
                unit == sender if sender.level == "department" else tree.province(unit.unit_id) == sender.unit_id)
            if not speaks_for:
                faults.append("S05")
            elif is_known and not self._may_state(unit.unit_id, row):
                faults.append("S11")
        return faults

    def _may_state(self, unit: str, row: Statement) -> bool:
        indicator = self._catalogue.indicators.get(row.indicator)
        if indicator is None:  # a return: of all under the unit, or its own where it reports over the population
            return row.scope == "total" or any(
                self._tree.is_reporter(unit, each.reported_by)
                for each in self._catalogue.indicators.values() if each.population == row.indicator)
        if self._tree.is_reporter(unit, indicator.reported_by):
            return True
        return row.scope == "total" and self._tree.is_above_reporters(unit, indicator.reported_by)

    def _find_faults(self) -> None:
        """The newest row of each wording is judged, as long as its form was not sent again."""
        newest = {(self._sender_name(row), row.unit_code, row.indicator, row.scope): row for row in self._statements}
        forms = {(row.sender, row.form): row.seq for row in self._statements}
        for key, row in newest.items():
            if row.action == "state" and row.seq == forms[row.sender, row.form]:
                self._out.findings |= {(rule, *key) for rule in self._faults(row)}

    def _sender_name(self, row: Statement) -> str:
        sender = self._sender(row.sender)
        return sender.unit_id if sender else row.sender

    def _let_stand(self, admitted: list[Statement]) -> None:
        facts: dict[Fact, list[Statement]] = defaultdict(list)
        for row in admitted:
            facts[self._fact(row)].append(row)
        for (unit, indicator, scope), rows in facts.items():
            latest = [row for row in rows if row.seq == rows[-1].seq]
            if latest[0].action == "state":
                standing = Observation(unit, indicator, scope, latest[0], len({row.value for row in latest}) > 1,
                                       indicator not in self._catalogue.indicators)
                self._out.observations[standing.fact] = standing

    def _fact(self, row: Statement) -> Fact:
        unit = self._tree.by_code[row.unit_code].unit_id
        indicator = self._catalogue.indicators.get(row.indicator)
        if indicator is None:
            return unit, row.indicator, "total"
        return unit, row.indicator, "own" if self._tree.is_reporter(unit, indicator.reported_by) else row.scope

    # The figures gate ---------------------------------------------------------------------------------------------

    def _withhold(self, fact: Fact, rule: str) -> None:
        self._out.withheld[fact].add(rule)

    def _find(self, observation: Observation, rule: str, *, error: bool = True) -> None:
        self._out.findings.add((rule, *observation.fact))
        if error and not observation.is_return:
            self._withhold(observation.fact, rule)

    def _judge_figures(self) -> None:
        for each in self._out.observations.values():
            if each.has_two_values:
                self._find(each, "S06")
        for each in self._figures:
            self._judge_figure(each)
        for unit in self._tree.units:
            for population in self._catalogue.populations:
                self._judge_denominators(unit, population)

    def _judge_figure(self, each: Observation) -> None:
        said, indicator = each.said, self._catalogue.indicators[each.indicator]
        if said.mark == "not_applicable":
            return
        is_nil = indicator.nested_in is not None and said.numerator == 0 and said.denominator == 0
        is_bare = indicator.kind == "ratio" and said.denominator is None and said.rate is None
        if is_bare or (said.denominator is not None and said.denominator <= 0 and not is_nil):
            self._find(each, "D01")
        if said.denominator is None or said.denominator <= 0:
            return
        if said.numerator is not None and said.numerator > said.denominator and not indicator.may_exceed_one:
            self._find(each, "D02")
        ledger = self._ledger.whole_count(each.unit, indicator.population, indicator.reported_by)
        if indicator.nested_in is None and ledger not in (None, said.denominator):
            self._find(each, "D03")
        if said.numerator is not None and said.rate is not None:
            self._judge_rate(each, said.rate, Fraction(100 * said.numerator, said.denominator))

    def _judge_rate(self, each: Observation, stated: Decimal, exact: Fraction) -> None:
        """R01: at the decimals stated, half-up; half a point from the exact quotient separates a slip from an error."""
        if not is_written_as(exact, stated):
            self._find(each, "R01", error=abs(Fraction(stated) - exact) > Fraction(1, 2))

    def _judge_denominators(self, unit: str, population: str) -> None:
        """D04. Two classes of reporters may add up to two counts of one population: the greater is the ledger's."""
        quotes = self._ledger.quotes(unit, population)
        if len({each.said.denominator for each in quotes}) < 2:
            return
        self._out.findings.add(("D04", unit, population))
        counts = [self._ledger.whole_count(unit, population, self._catalogue.indicators[each.indicator].reported_by)
                  for each in quotes]
        ledger = max((count for count in counts if count is not None), default=None)
        for each in quotes:
            if each.said.denominator != ledger:
                self._withhold(each.fact, "D04")

    def _judge_complements(self) -> None:
        """N05, on figures of which neither is withheld so far."""
        before = {fact for fact, rules in self._out.withheld.items() if rules}
        for each in self._figures:
            done = self._out.observations.get(
                (each.unit, self._catalogue.indicators[each.indicator].complement_of or "", each.scope))
            if done is None or each.fact in before or done.fact in before:
                continue
            numbers = (each.said.numerator, done.said.numerator, done.said.denominator)
            if None not in numbers and numbers[0] + numbers[1] != numbers[2]:  # type: ignore[operator]
                self._find(each, "N05")

    def _caution(self) -> None:
        """The warnings: they withhold nothing, so that nothing below depends on them."""
        cautions = Cautions(self._tree, self._catalogue, self._ledger, self._out, self._earlier)
        self._out.cautions = cautions.outcomes()
        self._out.findings |= {key for key, outcome in self._out.cautions.items() if outcome == "broken"}

    def _hold_provinces(self) -> None:
        """More than half of a province's figures break an error rule: all of them count as withheld."""
        provinces: dict[str, list[Observation]] = defaultdict(list)
        for each in self._figures:
            province = self._tree.province(each.unit)
            if province and each.said.mark != "not_applicable":
                provinces[province].append(each)
        for figures in provinces.values():
            if sum(self._is_withheld(each) for each in figures) * 2 > len(figures):
                for each in figures:
                    if not self._is_withheld(each):
                        self._withhold(each.fact, "HELD")

    def _is_withheld(self, each: Observation) -> bool:
        return bool(self._out.withheld.get(each.fact))

    # The totals gate ----------------------------------------------------------------------------------------------

    def _judge_declarations(self) -> None:
        """D05, N01: a declaration that disagrees with children that are all whole is set aside; nothing is resummed."""
        for (unit, indicator, measure), beside in self._out.reconciliations.items():
            if beside.imbalance:
                self._find(self._out.observations[unit, indicator, "total"], "N01" if measure == "numerator" else "D05")
