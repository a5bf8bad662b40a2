"""Ranks, changes and warnings of the reports, each computed once more here from the figures that analysts see."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.night.conftest import as_admin, as_analyst
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

LEVELS = {"rpt_department": "department_unit_id", "rpt_province": "province_unit_id"}


@pytest.mark.parametrize("mart", LEVELS)
def test_a_rank_counts_those_who_are_ahead_and_only_whole_figures_race(published: Settings, mart: str) -> None:
    """A province must not be shown as last because half of it is silent, nor two equal ones in an order by chance."""
    found = as_analyst(published, f"select period, indicator, kind, numerator, rate, basis, rank, ranked_units from {mart}")
    values: dict[tuple[str, str], list[Decimal]] = {}
    for period, indicator, kind, numerator, rate, basis, *_ in found:
        value = rate if kind == "ratio" else numerator
        if basis != "partial" and value is not None:
            values.setdefault((period, indicator), []).append(Decimal(value))
    assert max(map(len, values.values())) >= (13 if mart == "rpt_province" else 1)
    for period, indicator, kind, numerator, rate, basis, rank, ranked in found:
        peers = values.get((period, indicator), [])
        assert ranked == len(peers)
        value = rate if kind == "ratio" else numerator
        if basis == "partial" or value is None:
            assert rank is None
        else:
            assert rank == 1 + sum(other > value for other in peers)


def test_equal_figures_share_a_place_and_the_next_is_skipped(published: Settings) -> None:
    ranks = [rank for (rank,) in as_analyst(published, "select rank from rpt_province where period = '2012-11'"
                                                       " and indicator = 'review_agency' order by rank")]
    assert ranks[:5] == [1, 1, 3, 4, 4]


@pytest.mark.parametrize("mart", ["rpt_nation", *LEVELS])
def test_a_change_is_against_the_last_period_that_has_a_figure(published: Settings, mart: str) -> None:
    """Against an empty month between, or another unit's figure, a growth would be invented."""
    unit = LEVELS.get(mart, "unit_id")
    columns = ("period", "numerator", "denominator", "rate", "basis", "expected_units")
    figures: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for key_unit, indicator, *figure in as_analyst(
            published, f"select unit_id, indicator, {', '.join(columns)} from fct_rollup order by period"):
        figures.setdefault((key_unit, indicator), []).append(tuple(figure))
    moved = 0
    for found in as_analyst(published, f"select {unit}, indicator, period, kind, numerator, rate, basis, expected_units,"
                                       f" previous_period, previous_numerator, previous_rate, change, warnings from {mart}"):
        key, period, kind, numerator, rate, basis, expected = found[:2], *found[2:8]
        before = [figure for figure in figures[key] if figure[0] < period]
        if not before:
            assert found[8:12] == (None, None, None, None)
            continue
        moved += 1
        was = before[-1]
        assert found[8:11] == (was[0], was[1], was[3])
        assert found[11] == (rate - was[3] if kind == "ratio" else numerator - was[1])
        assert ("uneven_change" in found[12]) == ("partial" in (basis, was[4]) or expected != was[5])
    assert moved == 2


@pytest.mark.parametrize("mart", ["fct_rollup", "fct_rollup_restated"])
def test_warnings_say_what_the_columns_say(published: Settings, mart: str) -> None:
    """A figure of 13 provinces out of 63 that goes into a paper without its warning is a false one."""
    more = "held_above, restated_at" if mart == "fct_rollup_restated" else "0, null"
    seen: set[str] = set()
    for basis, reporting, expected, withheld, denominator, low, held, restated_at, warnings in as_analyst(
            published, "select basis, reporting_units, expected_units, withheld_units, denominator, rate_low,"
                       f" {more}, warnings from {mart}"):
        said = {
            "partial_coverage": basis == "partial" or reporting < expected, "withheld_units": withheld > 0,
            "declared_not_computed": basis == "declared", "mixed_declarations": basis == "mixed",
            "restated_above_level": restated_at is not None, "held_above": held > 0,
            "unknown_population": basis == "partial" and denominator is not None and low is None,
            "zero_denominator": denominator == 0,
        }
        assert [name for name, holds in said.items() if holds] == [
            name for name in warnings if name not in ("waived_error", "questioned_figure")]
        seen |= set(warnings)
    assert {"partial_coverage", "declared_not_computed", "mixed_declarations", "unknown_population"} <= seen
    assert ("restated_above_level" in seen) == (mart == "fct_rollup_restated")


def test_the_vocabulary_is_closed_and_each_word_stands_where_it_says(published: Settings) -> None:
    """A word that nobody explains is noise; one that no figure can carry is a promise."""
    shown = dict(as_analyst(published, "select warning, shown_in from dim_warning"))
    assert list(shown) == [word for (word,) in as_admin(published, "select unnest(enum_range(null::store.figure_warning))::text")]
    for mart in ("fct_rollup", "fct_rollup_restated", "rpt_nation", *LEVELS):
        used = {word for (word,) in as_analyst(published, f"select distinct unnest(warnings) from {mart}")}
        assert used, mart
        assert all(mart in shown[word].split(", ") for word in used)


def test_an_open_warning_questions_its_own_figure_alone(published: Settings) -> None:
    found = as_analyst(published, "select unit_id, indicator from fct_rollup where 'questioned_figure' = any(warnings)")
    warned = as_analyst(published, "select unit_id, indicator from fct_finding where severity = 'warning' and state = 'open'")
    assert sorted(found) == sorted(set(warned))
    assert {("A-60", "urgent_registered_agency"), ("A-60", "study_participant")} < set(found)


def test_a_waived_error_is_footnoted_up_to_the_nation(published: Settings) -> None:
    """What a steward accepted with a reason must not look as clean, at any level, as what was never wrong."""
    with connect(published) as connection:
        rows(connection, "update store.finding set state = 'waived' where rule = 'D03' and unit_id = 'A-60'")
        rows(connection, "update store.finding set indicator = 'plan_issued_agency' where rule = 'D03' and state = 'waived'")
        found = rows(connection, "select level, unit_id from marts.fct_rollup where 'waived_error' = any(warnings)"
                                 " order by unit_id")
        assert found == [("province", "A-60"), ("department", "V-3"), ("nation", "VN")]
        assert rows(connection, "select period from marts.rpt_nation where 'waived_error' = any(warnings)") == [("2012-05",)]
        connection.rollback()


def test_every_column_that_analysts_see_says_what_it_is(published: Settings) -> None:
    columns = as_admin(published, """
        select attribute.attrelid::regclass::text, attribute.attname, col_description(view.oid, attribute.attnum),
               obj_description(view.oid, 'pg_class')
        from pg_class as view
        inner join pg_attribute as attribute on view.oid = attribute.attrelid and attribute.attnum > 0
        where view.relnamespace = 'marts'::regnamespace and view.relkind in ('v', 'm', 'r')""")
    assert len({view for view, *_ in columns}) >= 17
    assert [(view, column) for view, column, meaning, of_view in columns if not meaning or not of_view] == []


def test_a_report_of_one_period_and_indicator_never_reads_the_leaves(warehouse: Settings) -> None:
    """With 26 million figures behind it, a page of 63 provinces that reads them all is a page that nobody waits for."""
    with connect(warehouse) as connection:
        rows(connection, """
            insert into store.period_key values (202601, '2026-01', '2026-01-31'), (202602, '2026-02', '2026-02-28');
            insert into store.indicator_key (indicator) select 'i' || number from generate_series(1, 20) as number;
            insert into store.indicator (indicator, indicator_group, name_vi, name_en, kind, reporter_class, is_cumulative,
                parts_are_all, may_exceed_one, first_release, hierarchies)
            select indicator, 'g', indicator, indicator, 'ratio', 'c', false, false, false, 1, 'territorial'
            from store.indicator_key;
            insert into store.unit_key (unit_id) select 'u' || number from generate_series(1, 5000) as number;
            insert into store.org_unit (unit_key, unit_code, unit_name, ascii_name, unit_type, level, first_release)
            select unit_key, unit_id, unit_id, unit_id, 't', case when substr(unit_id, 2)::integer <= 60 then 'province'
                else 'grassroots' end, 1
            from store.unit_key;
            insert into store.source (submission_seq) values (1);
            insert into store.observed (period_key, unit_key, indicator_key, traits, source_key, numerator, denominator,
                row_number, first_release)
            select period_key, unit_key, indicator_key, 8 + 16, source_key, 1, 2, 1, 1
            from store.period_key, store.indicator_key, store.unit_key, store.source where unit_id > 'u2';
            insert into store.rollup (period_key, unit_key, indicator_key, numerator, denominator, rate, basis,
                reporting_units, expected_units, withheld_units, may_exceed_one, first_release)
            select period_key, unit_key, indicator_key, 50, 100, 0.5, 'complete', 1, 1, 0, false, 1
            from store.period_key, store.indicator_key, store.unit_key where unit_id in ('u1', 'u10', 'u11')""")
        rows(connection, "analyze store.observed; analyze store.source; analyze store.rollup; analyze store.org_unit;"
                         "analyze store.unit_key; analyze store.indicator; analyze store.indicator_key;"
                         "analyze store.period_key")
        for query in ("select * from marts.rpt_province where period = '2026-02' and indicator = 'i7'",
                      "select * from marts.rpt_province where period = '2026-02'",
                      "select * from marts.fct_rollup where period = '2026-02' and indicator = 'i7' and unit_id = 'u5'"):
            plan = json.dumps(rows(connection, f"explain (analyze, format json) {query}"))
            assert '"Index Name": "observed_current_key' in plan, "the plan reads no leaf by index: this test sees nothing"
            scans = [node for node in plan.split('"Node Type": ')[1:]
                     if node.startswith('"Seq Scan"') and '"Relation Name": "observed_current"' in node]
            assert scans == [], query
        assert len(rows(connection, "select * from marts.rpt_province where period = '2026-02' and indicator = 'i7'")) > 30
        connection.rollback()
