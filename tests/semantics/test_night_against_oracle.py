"""A whole night on random nations, cell by cell against the oracle.

Without this test a model could count a withheld figure, or lose a child, in a tree of a shape nobody thought of, and
the nation's rate would be wrong by a little: the kind of error that no reader sees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from ledger import Ledger
from oracle import Oracle
from random_nation import Case, cases, catalogue
from verdict import Verdict
from warehouse_loading import fetch, load, run_night
from world import Catalogue, Tree

from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

PERIODS = [f"2012-{month:02}" for month in range(1, 13)]
BASES = {"own", "complete", "mixed", "declared", "partial"}
RULES = {"S03", "S04", "S05", "S06", "S10", "S11", "D01", "D02", "D03", "D04", "D05", "N01", "N05", "R01"}
SOURCES = {"register", "return", "composition", "agreed"}
REASONS = {("register", "counts"), ("register", "not_allowed"),
           ("return", "counts"), ("return", "not_allowed"), ("return", "outranked"), ("return", "two_values"),
           ("composition", "counts"), ("composition", "outranked"),
           ("agreed", "counts"), ("agreed", "outranked"), ("agreed", "no_majority"),
           ("quoted", "agrees"), ("quoted", "outranked"), ("quoted", "no_majority"), ("quoted", "two_values")}
# From here on the committees directly under a province are its communes' and the others.
REFORM = "2012-07"

Compared = dict[tuple[Any, ...], Any]


@pytest.mark.parametrize("seed", [1, 42])
def test_night_finds_what_the_text_says(warehouse: Settings, seed: int) -> None:
    """Every roll-up cell, observation, reconciliation, ledger count and finding of twelve random periods."""
    made = cases(seed, PERIODS)
    known = catalogue(made)
    load(warehouse, made, known)
    _reform(warehouse)
    run_night(warehouse)
    worlds = {case.period: (Tree(case.units, known.reporters), _as_defined(known, case.period)) for case in made}
    verdicts = {case.period: Oracle(*worlds[case.period], case.statements).verdict() for case in made}
    ledgers = {period: Ledger(*worlds[period], verdict.observations.values()) for period, verdict in verdicts.items()}

    _assert_sees_everything(verdicts)
    _assert_sees_every_statement(ledgers)
    differences = [line for name, sides in _SIDES.items() for line in _differences(name, *sides(warehouse, verdicts))]
    differences += _differences("statement", *_statements(warehouse, ledgers))
    assert not differences, f"{len(differences)} differences:\n" + "\n".join(differences[:60])


def _assert_sees_everything(verdicts: dict[str, Verdict]) -> None:
    """A comparison of nothing with nothing would pass: each basis, rule and source must occur."""
    cells = [cell for verdict in verdicts.values() for cell in verdict.cells.values()]
    bases = Counter(cell.basis for cell in cells)
    assert len(cells) > 1000
    assert set(bases) == BASES
    assert sum(bases.values()) - bases["own"] > 500, bases
    assert {finding[0] for verdict in verdicts.values() for finding in verdict.findings} >= RULES
    assert {source for verdict in verdicts.values() for _, source in verdict.ledger.values()} == SOURCES
    assert any("HELD" in rules for verdict in verdicts.values() for rules in verdict.withheld.values())
    assert any(cell.low is not None and cell.low < cell.high for cell in cells if cell.high is not None)
    assert any(cell.basis == "partial" and cell.denominator and cell.low is None for cell in cells)
    assert any(cell.withheld and cell.basis == "declared" for cell in cells)
    assert {beside.imbalance is None or beside.imbalance == 0 for verdict in verdicts.values()
            for beside in verdict.reconciliations.values()} == {True, False}


def _as_defined(known: Catalogue, period: str) -> Catalogue:
    """The catalogue with its populations as they are defined at the period's end."""
    if period < REFORM:
        return known
    committee = replace(known.populations["committee"], composed_of=("commune", "other_committee"))
    return replace(known, populations={**known.populations, "committee": committee})


def _reform(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        rows(connection, f"update reference.population set valid = '(,{REFORM}-01)' where population = 'committee'")
        rows(connection, "insert into reference.population (population, name_vi, name_en, counts, counted_from, unit_types,"
                         " composed_of, note, valid) select population, name_vi, name_en, counts, counted_from, unit_types,"
                         f" '{{commune,other_committee}}', note, '[{REFORM}-01,)' from reference.population"
                         " where population = 'committee'")


def _assert_sees_every_statement(ledgers: dict[str, Ledger]) -> None:
    said = [(key, each) for ledger in ledgers.values() for key, each in ledger.statements().items()]
    assert {(source, each.reason) for (_, _, source, _), each in said} == REASONS
    assert {each.is_disagreeing for _, each in said} == {True, False}
    composed = {period: ledger.counts() for period, ledger in ledgers.items()}
    for is_reformed in (False, True):
        assert any((amount, source) for period, counts in composed.items() if (period >= REFORM) is is_reformed
                   for (_, population), (amount, source) in counts.items()
                   if (population, source) == ("committee", "composition"))


def _differences(name: str, published: Compared, expected: Compared) -> list[str]:
    return [
        f"{name} {' '.join(map(str, key))}: night {published.get(key, '-')}, oracle {expected.get(key, '-')}"
        for key in sorted(published.keys() | expected.keys(), key=str) if published.get(key) != expected.get(key)
    ]


def _number(value: Fraction | Decimal | None) -> float | None:
    return None if value is None else round(float(value), 12)


def _cells(warehouse: Settings, verdicts: dict[str, Verdict]) -> tuple[Compared, Compared]:
    published = fetch(warehouse, """
        select period, unit_id, indicator, numerator, denominator, basis, reporting_units, expected_units,
               withheld_units, rate, rate_low, rate_high, coverage
        from marts.fct_rollup""")
    return (
        {row[:3]: (*row[3:9], *map(_number, row[9:])) for row in published},
        {(period, *key): (cell.numerator, cell.denominator, cell.basis, cell.reporting, cell.expected, cell.withheld,
                          _number(cell.rate), _number(cell.low), _number(cell.high),
                          _number(Fraction(cell.reporting, cell.expected)) if cell.expected else None)
         for period, verdict in verdicts.items() for key, cell in verdict.cells.items()},
    )


def _observations(warehouse: Settings, verdicts: dict[str, Verdict]) -> tuple[Compared, Compared]:
    published = fetch(warehouse, """
        select period, unit_id, indicator, scope, mark, numerator, denominator, is_withheld, coalesce(withheld_by, '')
        from marts.fct_observation""")
    return (
        {row[:4]: row[4:] for row in published},
        {(period, *fact): (each.said.mark, each.said.numerator, each.said.denominator, bool(verdict.withheld.get(fact)),
                           ",".join(sorted(verdict.withheld.get(fact, ()))))
         for period, verdict in verdicts.items() for fact, each in verdict.observations.items() if not each.is_return},
    )


def _reconciliations(warehouse: Settings, verdicts: dict[str, Verdict]) -> tuple[Compared, Compared]:
    published = fetch(warehouse, """
        select period, unit_id, indicator, measure, declared, computed, imbalance, verdict
        from candidate.fct_reconciliation""")
    return (
        {row[:4]: row[4:] for row in published},
        {(period, *key): (each.declared, each.computed, each.imbalance,
                          None if each.imbalance is None else each.imbalance == 0)
         for period, verdict in verdicts.items() for key, each in verdict.reconciliations.items()},
    )


def _ledger(warehouse: Settings, verdicts: dict[str, Verdict]) -> tuple[Compared, Compared]:
    published = fetch(warehouse, "select period, unit_id, population, amount, source from intermediate.int_population_counted")
    return (
        {row[:3]: row[3:] for row in published},
        {(period, *key): counted for period, verdict in verdicts.items() for key, counted in verdict.ledger.items()},
    )


def _statements(warehouse: Settings, ledgers: dict[str, Ledger]) -> tuple[Compared, Compared]:
    """Every statement of every population, quotes too: what counts beside it, and why it counts or not."""
    published = fetch(warehouse, """
        select period, unit_id, population, source, indicator, amount, reason, is_counted, counted_amount, counted_source,
               is_disagreeing
        from marts.fct_population""")
    assert len(published) == len({row[:5] for row in published}), "the grain is not what it says"
    expected = {}
    for period, ledger in ledgers.items():
        counts = ledger.counts()
        for (unit, population, source, indicator), each in ledger.statements().items():
            counted = counts.get((unit, population), (None, None))
            expected[period, unit, population, source, indicator] = (
                each.amount, each.reason, each.reason == "counts", *counted, each.is_disagreeing)
    return {row[:5]: row[5:] for row in published}, expected


def _findings(warehouse: Settings, verdicts: dict[str, Verdict]) -> tuple[Compared, Compared]:
    """By rule and key: of a kept-aside row the key is what it says, which the finding's texts carry."""
    published = fetch(warehouse, """
        select finding.period, finding.rule,
               case
                   when finding.rule like 'S%' and finding.rule <> 'S06' then array[
                       coalesce(finding.sender_unit_id, submission.sender), statement.unit_code, finding.indicator,
                       finding.scope]
                   when finding.rule = 'D04' then array[finding.unit_id, finding.population]
                   else array[finding.unit_id, finding.indicator, finding.scope]
               end
        from quality.finding
        left join raw.submission using (submission_id)
        left join raw.statement
            on statement.submission_seq = submission.submission_seq and statement.locator = finding.locator""")
    return (
        dict(Counter((period, rule, *key) for period, rule, key in published)),
        {(period, *finding): 1 for period, verdict in verdicts.items() for finding in verdict.findings},
    )


_SIDES: dict[str, Callable[[Settings, dict[str, Verdict]], tuple[Compared, Compared]]] = {
    "roll-up": _cells, "observation": _observations, "reconciliation": _reconciliations, "ledger": _ledger,
    "finding": _findings,
}


def test_the_generator_makes_ragged_trees() -> None:
    """Trees where reporters stand at different depths, under reporters, and nowhere under a province."""
    case: Case = cases(1, PERIODS[:1])[0]
    known = catalogue([case])
    tree = Tree(case.units, known.reporters)
    depths = {len(tree.path(unit)) for unit in tree.units if tree.is_topmost(unit, "grassroots")}
    assert len(depths) > 1
    assert any(tree.is_reporter(unit, "grassroots") and not tree.is_topmost(unit, "grassroots") for unit in tree.units)
    assert any(tree.is_declarer(unit, "committee") for unit in tree.units)
