"""What must hold of the oracle itself, whatever is sent: sums, bounds, and what one figure more may change.

Without these tests the SQL and its slow implementation could agree on something that no reader would call a sum.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import random_nation
from cascade import WHOLE, Cascade
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ledger import Ledger
from oracle import Oracle
from random_statements import write_statements
from verdict import Cell, Fact, Observation, Verdict
from world import Case, Catalogue, Statement, Tree

_CATALOGUE = random_nation.catalogue([])
_EXAMPLES = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Cells = dict[tuple[str, str], Cell]


@dataclass(frozen=True)
class Told:
    """A small nation and what the oracle says of it."""

    tree: Tree
    known: Catalogue
    verdict: Verdict

    def cells(self, observations: dict[Fact, Observation], withheld: dict[Fact, set[str]]) -> Cells:
        """The cells if these observations stood, by the same ledger."""
        ledger = Ledger(self.tree, self.known, self.verdict.observations.values())
        return Cascade(self.tree, self.known, observations, withheld, ledger).cells()


@st.composite
def nations(draw: st.DrawFn) -> Told:
    """Shrinks to one province, one indicator and an early seed."""
    provinces = draw(st.integers(1, 4))
    chosen = draw(st.lists(st.sampled_from(sorted(_CATALOGUE.indicators)), min_size=1, max_size=6, unique=True))
    chosen += [host for code in chosen if (host := _CATALOGUE.indicators[code].nested_in) and host not in chosen]
    rng = random.Random(draw(st.integers(0, 10_000)))
    case = Case("2012-01", random_nation.units(rng, provinces, 2))
    known = replace(random_nation.catalogue([case]), indicators={code: _CATALOGUE.indicators[code] for code in chosen})
    write_statements(rng, [case], known)
    tree = Tree(case.units, known.reporters)
    return Told(tree, known, Oracle(tree, known, case.statements).verdict())


def _kept(told: Told) -> dict[Fact, Observation]:
    return {fact: each for fact, each in told.verdict.observations.items() if not told.verdict.withheld.get(fact)}


def _terminals(told: Told, unit: str, code: str) -> Iterator[Cell]:
    """The figures that a cell stands on, found from the top: reporters' own, and declarations that were taken."""
    cell = told.verdict.cells.get((unit, code))
    if cell is None:
        return
    if cell.basis in ("own", "declared"):
        yield cell
        return
    for child in told.tree.children(unit, told.known.indicators[code].reported_by):
        yield from _terminals(told, child, code)


@_EXAMPLES
@given(nations())
def test_every_cell_is_the_sum_of_what_it_stands_on(told: Told) -> None:
    """Without it a figure could be lost on the way up, or counted on two ways."""
    for (unit, code), cell in told.verdict.cells.items():
        stood_on = list(_terminals(told, unit, code))
        assert cell.numerator == sum(each.numerator for each in stood_on), (unit, code)
        assert (cell.denominator or 0) == sum(each.denominator or 0 for each in stood_on), (unit, code)
        assert cell.reporting == sum(each.reporting for each in stood_on), (unit, code)


@_EXAMPLES
@given(nations())
def test_bounds_hold_the_rate_and_coverage_is_a_share(told: Told) -> None:
    """Without it a page could show a rate outside of its own bounds, or more units reporting than there are."""
    for (unit, code), cell in told.verdict.cells.items():
        where = (unit, code, cell)
        assert 0 <= cell.reporting <= cell.expected or cell.basis == "declared", where
        assert (cell.basis in WHOLE) == (cell.reporting == cell.expected) or cell.basis == "own", where
        if told.known.indicators[code].kind != "ratio":
            assert (cell.rate, cell.low, cell.high) == (None, None, None), where
        if cell.basis in WHOLE:
            assert cell.low == cell.rate == cell.high, where
        for lower, upper in ((0, cell.low), (cell.low, cell.rate), (cell.rate, cell.high)):
            assert lower is None or upper is None or lower <= upper, where
        if cell.high is not None and not told.known.indicators[code].may_exceed_one and cell.basis == "partial":
            assert cell.high <= 1, where


@_EXAMPLES
@given(nations())
def test_what_is_withheld_counts_as_missing(told: Told) -> None:
    """Without it a figure that a rule withholds could still move a sum, a coverage or a bound."""
    withheld = {fact: rules for fact, rules in told.verdict.withheld.items() if rules - {"N01", "D05"}}
    assume(withheld)
    kept = {fact: each for fact, each in told.verdict.observations.items() if fact not in withheld}
    without = told.cells(kept, {})
    assert without == {key: replace(cell, withheld=0) for key, cell in told.verdict.cells.items()}


@_EXAMPLES
@given(nations())
def test_a_declaration_over_whole_children_changes_nothing(told: Told) -> None:
    """Without it a department's own total could replace a sum that is known."""
    idle = [fact for fact in told.verdict.observations
            if fact[2] == "total" and (cell := told.verdict.cells.get(fact[:2])) and cell.basis in ("complete", "mixed")]
    assume(idle)
    kept = {fact: each for fact, each in told.verdict.observations.items() if fact not in idle}
    assert told.cells(kept, _before_totals(told)) == told.verdict.cells


def _before_totals(told: Told) -> dict[Fact, set[str]]:
    return {fact: rules - {"N01", "D05"} for fact, rules in told.verdict.withheld.items()}


@_EXAMPLES
@given(nations(), st.data())
def test_one_report_more_never_tells_less(told: Told, data: st.DataObject) -> None:
    """Without it a province that reports could widen the nation's bounds, lower its coverage, or move another's page."""
    silent = _silent(told)
    assume(silent)
    unit, code = data.draw(st.sampled_from(silent))
    indicator = told.known.indicators[code]
    of = data.draw(st.integers(1, 4))
    said = Statement(0, 0, "", "", told.tree.units[unit].code, code, "own", numerator=data.draw(st.integers(0, of)),
                     denominator=of if indicator.kind == "ratio" else None)
    more = {**_kept(told), (unit, code, "own"): Observation(unit, code, "own", said, False, False)}
    before, after = told.cells(_kept(told), {}), told.cells(more, {})
    assert after[unit, code].numerator == said.numerator
    for key, cell in before.items():
        if key[1] != code or key[0] not in told.tree.path(unit):
            is_nested = told.known.indicators[key[1]].nested_in == code  # its whole is the other's numerator
            assert after[key] == cell or is_nested, key
            continue
        assert after[key].reporting >= cell.reporting or "declared" in (cell.basis, after[key].basis), key
        if cell.basis == after[key].basis == "partial":
            assert after[key].numerator >= cell.numerator or _lost_cover(told, before, after, unit, code), key
            _assert_narrower(cell, after[key], key)


def _silent(told: Told) -> list[tuple[str, str]]:
    """Topmost reporters of which nothing stands or all is withheld; without X, and not excused."""
    kept = _kept(told)
    return [(unit, indicator.code) for indicator in told.known.indicators.values() for unit in told.tree.units
            if told.tree.is_topmost(unit, indicator.reported_by) and (unit, indicator.code, "own") not in kept]


def _lost_cover(told: Told, before: Cells, after: Cells, unit: str, code: str) -> bool:
    """Whether a declaration below no longer speaks, since its children are whole now."""
    return any((cell := before.get((high, code))) and cell.basis == "declared" and after[high, code].basis != "declared"
               for high in told.tree.path(unit))


def _assert_narrower(before: Cell, after: Cell, key: Any) -> None:
    known = (before.low, before.high, after.low, after.high)
    if None not in known and before.reporting < after.reporting:
        assert after.low >= before.low, key  # type: ignore[operator]
        assert after.high <= before.high, key  # type: ignore[operator]
