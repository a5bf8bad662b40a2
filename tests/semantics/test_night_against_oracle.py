"""A whole night on random nations, cell by cell against the oracle.

Without this test a model could count a withheld figure, or lose a child, in a tree of a shape nobody thought of, and
the nation's rate would be wrong by a little: the kind of error that no reader sees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from oracle import Oracle
from random_nation import Case, cases, catalogue
from verdict import Verdict
from warehouse_loading import fetch, load, run_night
from world import Tree

from tonghop.settings import Settings

PERIODS = [f"2012-{month:02}" for month in range(1, 13)]
BASES = {"own", "complete", "mixed", "declared", "partial"}
RULES = {"S03", "S04", "S05", "S06", "S10", "S11", "D01", "D02", "D03", "D04", "D05", "N01", "N05", "R01"}
SOURCES = {"register", "return", "composition", "agreed"}

Compared = dict[tuple[Any, ...], Any]


@pytest.mark.parametrize("seed", [1, 42])
def test_night_finds_what_the_text_says(warehouse: Settings, seed: int) -> None:
    """Every roll-up cell, observation, reconciliation, ledger count and finding of twelve random periods."""
    made = cases(seed, PERIODS)
    known = catalogue(made)
    load(warehouse, made, known)
    run_night(warehouse)
    verdicts = {
        case.period: Oracle(Tree(case.units, known.reporters), known, case.statements).verdict() for case in made}

    _assert_sees_everything(verdicts)
    differences = [line for name, sides in _SIDES.items() for line in _differences(name, *sides(warehouse, verdicts))]
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
    published = fetch(warehouse, "select period, unit_id, population, amount, source from candidate.fct_population")
    return (
        {row[:3]: row[3:] for row in published},
        {(period, *key): counted for period, verdict in verdicts.items() for key, counted in verdict.ledger.items()},
    )


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
