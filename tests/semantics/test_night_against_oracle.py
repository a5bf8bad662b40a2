"""A whole night on random nations, row by row against the oracle.

A case is one province in one period: its own tree, its own gaps, its own figures, and what its department and the nation
make of them. Without this test a model could count a withheld figure, or lose a child, in a tree of a shape nobody
thought of, and the nation's rate would be wrong by a little: the kind of error that no reader sees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from census import FEATURES, Judged, census
from differences import Compared, differences, exactly, report
from ledger import Ledger
from oracle import Oracle
from random_nation import cases, catalogue
from warehouse_loading import fetch, load, run_night
from world import Case, Catalogue, Tree

from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

SEED = 3
PERIODS = [f"{2010 + number // 12}-{number % 12 + 1:02}" for number in range(84)]
CASES = 1000
OFTEN = 10  # cases in which each feature occurs, at least
RULES = {"S03", "S04", "S05", "S06", "S10", "S11", "D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08",
         "N01", "N02", "N03", "N04", "N05", "R01", "R02", "R03"}
REASONS = {("register", "counts"), ("register", "not_allowed"),
           ("return", "counts"), ("return", "not_allowed"), ("return", "outranked"), ("return", "two_values"),
           ("composition", "counts"), ("composition", "outranked"),
           ("agreed", "counts"), ("agreed", "outranked"), ("agreed", "no_majority"),
           ("quoted", "agrees"), ("quoted", "outranked"), ("quoted", "no_majority"), ("quoted", "two_values")}
# From here on the committees directly under a province are its communes' and the others.
REFORM = PERIODS[42]


def test_night_finds_what_the_text_says(warehouse: Settings) -> None:
    """Every roll-up cell, observation, reconciliation, ledger count and finding of more than a thousand cases."""
    made = cases(SEED, PERIODS)
    known = catalogue(made)
    judged = _judge(made, known)
    ledgers = {period: Ledger(each.tree, each.known, each.verdict.observations.values())
               for period, each in judged.items()}
    _assert_sees_everything(judged)
    _assert_sees_every_statement(ledgers)

    load(warehouse, made, known)
    _reform(warehouse)
    run_night(warehouse)

    found = [each for name, sides in _SIDES.items() for each in differences(name, *sides(warehouse, judged))]
    found += differences("population", *_statements(warehouse, ledgers))
    assert not found, report(found, judged)


def _judge(made: list[Case], known: Catalogue) -> dict[str, Judged]:
    """Period after period, each beside those before it."""
    judged: dict[str, Judged] = {}
    for case in made:
        assert case.statements, "a period that nobody reports is no period"
        tree, defined = Tree(case.units, known.reporters), _as_defined(known, case.period)
        earlier = [each.verdict for each in judged.values()]
        judged[case.period] = Judged(case, tree, defined, Oracle(tree, defined, case.statements, earlier).verdict())
    return judged


# What is compared is not nothing --------------------------------------------------------------------------------------


def _assert_sees_everything(judged: dict[str, Judged]) -> None:
    """A comparison of nothing with nothing would pass: a thousand cases, no two alike, and all that can occur in them."""
    alike = Counter(_content(each, province) for each in judged.values() for province in each.provinces())
    empty = [content for content in alike if not content[1]]
    assert len(alike) - len(empty) >= CASES
    seen = census(list(judged.values()))
    rare = {feature: len(seen[feature]) for feature in FEATURES if len(seen[feature]) < OFTEN}
    assert not rare, f"features in fewer than {OFTEN} cases: {rare}"
    assert not seen.keys() - FEATURES, "a feature that nobody asks for"
    assert {finding[0] for each in judged.values() for finding in each.verdict.findings} >= RULES


def _content(each: Judged, province: str) -> tuple[frozenset[object], frozenset[object]]:
    """All that makes a case: the units of a province, and every cell and withheld observation under it."""
    units = {unit: each.tree.units[unit] for unit in each.tree.subtree(province)}
    told = {(key, cell) for key, cell in each.verdict.cells.items() if key[0] in units}
    kept = {(fact, *rules) for fact, rules in each.verdict.withheld.items() if fact[0] in units}
    return frozenset((unit.unit_id, unit.type, unit.parent) for unit in units.values()), frozenset(told | kept)


def _assert_sees_every_statement(ledgers: dict[str, Ledger]) -> None:
    said = [(key, each) for ledger in ledgers.values() for key, each in ledger.statements().items()]
    assert {(source, each.reason) for (_, _, source, _), each in said} == REASONS
    assert {each.is_disagreeing for _, each in said} == {True, False}
    composed = {period: ledger.counts() for period, ledger in ledgers.items()}
    for is_reformed in (False, True):
        assert any((amount, source) for period, counts in composed.items() if (period >= REFORM) is is_reformed
                   for (_, population), (amount, source) in counts.items()
                   if (population, source) == ("committee", "composition"))


# The catalogue changes on the way -------------------------------------------------------------------------------------


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


# The two sides --------------------------------------------------------------------------------------------------------


def _cells(warehouse: Settings, judged: dict[str, Judged]) -> tuple[Compared, Compared]:
    """Numbers, basis and counts of units, and the four quotients as exact fractions."""
    expected: Compared = {
        (period, *key): (cell.numerator, cell.denominator, cell.basis, cell.reporting, cell.expected, cell.withheld,
                         cell.rate, cell.low, cell.high,
                         Fraction(cell.reporting, cell.expected) if cell.expected else None)
        for period, each in judged.items() for key, cell in each.verdict.cells.items()}
    published: Compared = {}
    for row in fetch(warehouse, """
            select period, unit_id, indicator, numerator, denominator, basis, reporting_units, expected_units,
                   withheld_units, rate, rate_low, rate_high, coverage
            from marts.fct_rollup"""):
        said = expected.get(row[:3], (None,) * 10)
        published[row[:3]] = (*row[3:9], *map(exactly, row[9:], said[6:]))
    return published, expected


def _observations(warehouse: Settings, judged: dict[str, Judged]) -> tuple[Compared, Compared]:
    """What stands, which of it is withheld, and by which rules."""
    published = fetch(warehouse, """
        select period, unit_id, indicator, scope, mark, numerator, denominator, is_withheld, coalesce(withheld_by, '')
        from marts.fct_observation""")
    return (
        {row[:4]: row[4:] for row in published},
        {(period, *fact): (standing.said.mark, standing.said.numerator, standing.said.denominator,
                           bool(each.verdict.withheld.get(fact)), ",".join(sorted(each.verdict.withheld.get(fact, ()))))
         for period, each in judged.items() for fact, standing in each.verdict.observations.items()
         if not standing.is_return},
    )


def _reconciliations(warehouse: Settings, judged: dict[str, Judged]) -> tuple[Compared, Compared]:
    """Numerator and denominator apart, at every level above the reporters."""
    published = fetch(warehouse, """
        select period, unit_id, indicator, measure, declared, computed, imbalance, verdict
        from marts.fct_reconciliation""")
    return (
        {row[:4]: row[4:] for row in published},
        {(period, *key): (beside.declared, beside.computed, beside.imbalance,
                          None if beside.imbalance is None else beside.imbalance == 0)
         for period, each in judged.items() for key, beside in each.verdict.reconciliations.items()},
    )


def _ledger(warehouse: Settings, judged: dict[str, Judged]) -> tuple[Compared, Compared]:
    published = fetch(warehouse, "select period, unit_id, population, amount, source from intermediate.int_population_counted")
    return (
        {row[:3]: row[3:] for row in published},
        {(period, *key): counted for period, each in judged.items() for key, counted in each.verdict.ledger.items()},
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


def _findings(warehouse: Settings, judged: dict[str, Judged]) -> tuple[Compared, Compared]:
    """By rule and key: of a kept-aside row the key is what it says, which the finding's texts carry."""
    published = fetch(warehouse, """
        select finding.period, finding.rule,
               case
                   when finding.rule like 'S%' and finding.rule <> 'S06' then array[
                       coalesce(finding.sender_unit_id, submission.sender), statement.unit_code, finding.indicator,
                       finding.scope]
                   when finding.rule in ('D04', 'D06', 'D08') then array[finding.unit_id, finding.population]
                   else array[finding.unit_id, finding.indicator, finding.scope]
               end
        from quality.finding
        left join raw.submission using (submission_id)
        left join raw.statement
            on statement.submission_seq = submission.submission_seq and statement.locator = finding.locator""")
    return (
        dict(Counter((period, rule, *key) for period, rule, key in published)),
        {(period, *finding): 1 for period, each in judged.items() for finding in each.verdict.findings},
    )


_SIDES: dict[str, Callable[[Settings, dict[str, Judged]], tuple[Compared, Compared]]] = {
    "roll-up": _cells, "observation": _observations, "reconciliation": _reconciliations, "ledger": _ledger,
    "finding": _findings,
}
