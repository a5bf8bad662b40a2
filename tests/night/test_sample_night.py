"""The night of the sample: what the issue promises of its figures, seen as an analyst and as a steward see them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import fresh_warehouse
from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.warehouse import dbt
from tonghop.warehouse.connection import connect, rows


@pytest.fixture(scope="module")
def sample(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The sample, submitted, and one night over it."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("sample")) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        for folder in sorted((settings.sample_dir / "inbox").iterdir()):
            files = [inbox.submit(settings, path, folder.name) for path in sorted(Path(folder).iterdir())]
            inbox.ingest_sender(settings, folder.name, whole=files)
        assert run_night(settings)
        yield settings


def figure(settings: Settings, unit: str, indicator: str, period: str) -> dict[str, object] | None:
    columns = ("numerator", "denominator", "rate_low", "rate_high", "basis", "coverage", "reporting_units",
               "expected_units", "withheld_units")
    found = as_analyst(settings, f"select {', '.join(columns)} from marts.fct_rollup"
                                 " where unit_id = %s and indicator = %s and period = %s", unit, indicator, period)
    return dict(zip(columns, found[0], strict=True)) if found else None


def test_agencies_of_binh_thuan_roll_up_complete(sample: Settings) -> None:
    found = figure(sample, "A-60", "plan_issued_agency", "2012-05")
    assert found is not None
    assert (found["numerator"], found["denominator"], found["basis"], found["coverage"]) == (67, 73, "complete", 1)


@pytest.mark.parametrize("indicator", ["urgent_plan_agency", "comment_given_agency", "comment_received_agency"])
def test_a_denominator_that_is_not_the_ledgers_is_withheld_and_named(sample: Settings, indicator: str) -> None:
    assert figure(sample, "A-60", indicator, "2012-05") is None
    withheld = as_analyst(sample, "select is_withheld, withheld_by from marts.fct_observation"
                                  " where unit_id = 'A-60' and indicator = %s", indicator)
    assert withheld == [(True, "D03,D04")]
    found = as_analyst(sample, "select expected, actual, severity from marts.fct_finding"
                               " where rule = 'D03' and indicator = %s", indicator)
    assert found == [("73", "88", "error")]


def test_findings_of_one_cause_share_a_group_and_an_explanation(sample: Settings) -> None:
    groups = as_analyst(sample, "select count(*), count(distinct group_id), bool_and(explanation like '%%88 = 73%%15%%')"
                                " from marts.fct_finding where rule in ('D03', 'D04') and unit_id = 'A-60'")
    assert groups == [(4, 1, True)]


def test_the_department_stands_on_its_provinces(sample: Settings) -> None:
    committees = figure(sample, "V-2", "review_direct_committee", "2012-11")
    assert committees is not None
    assert (committees["numerator"], committees["denominator"], committees["basis"]) == (221, 222, "mixed")
    agencies = figure(sample, "V-2", "review_agency", "2012-11")
    assert agencies is not None
    assert (agencies["numerator"], agencies["denominator"], agencies["basis"]) == (709, 724, "complete")
    declared = as_analyst(sample, "select is_withheld, withheld_by from marts.fct_observation"
                                  " where unit_id = 'V-2' and indicator = 'review_agency'")
    assert declared == [(True, "R01")]


def test_the_nation_says_how_little_it_knows(sample: Settings) -> None:
    found = figure(sample, "VN", "review_province_collective", "2012-09")
    assert found is not None
    assert (found["numerator"], found["denominator"], found["basis"]) == (13, 13, "partial")
    assert isinstance(found["coverage"], Decimal)
    assert isinstance(found["rate_low"], Decimal)
    assert round(found["coverage"], 4) == round(found["rate_low"], 4) == Decimal("0.2063")
    assert found["rate_high"] == 1


def test_rates_are_judged_at_the_decimals_they_were_written_with(sample: Settings) -> None:
    found = as_analyst(sample, "select unit_id, severity, actual, expected from marts.fct_finding where rule = 'R01' order by 1")
    assert found == [("A-60", "warning", "52,07%", "52.05%"), ("V-2", "error", "99,55%", "97.93%")]


def test_no_other_rule_fires_than_those_the_sample_breaks(sample: Settings) -> None:
    """A false finding costs a steward's trust: these are all there are."""
    found = as_analyst(sample, "select rule, count(*) from marts.fct_finding group by 1 order by 1")
    assert dict(found) == {"D03": 3, "D04": 1, "D07": 3, "N03": 1, "R01": 2, "R02": 2, "S02": 2, "S03": 1, "S04": 1, "S05": 1, "S07": 2, "S08": 2, "S10": 1}


def test_the_gates_saw_what_they_judged_and_recorded_what_they_observed(sample: Settings) -> None:
    gates = as_admin(sample, "select gate, sum(judged_rows), bool_and(observed = recorded), bool_or(verdict = 'failed')"
                             " from ops.gate_run group by 1 order by 1")
    assert [gate for gate, *_ in gates] == ["figures", "release", "totals"]
    assert all(judged > 0 and equal and not failed for _, judged, equal, failed in gates)
    observed = as_admin(sample, "select sum(observed) from ops.gate_run")[0][0]
    read = as_admin(sample, "select count(*) from quality.rejected_row where judged = 'reading'")[0][0]
    assert observed + read == as_admin(sample, "select count(*) from quality.finding")[0][0]


def test_descriptions_reach_the_views(sample: Settings) -> None:
    silent = as_admin(sample, "select attrelid::regclass::text, attname from pg_attribute where attrelid in"
                              " (select oid from pg_class where relnamespace = 'marts'::regnamespace and relname ~ '^(dim|fct)_'"
                              "  and relname <> 'dim_release') and attnum > 0 and col_description(attrelid, attnum) is null")
    assert silent == []


def test_analysts_can_read_marts_and_nothing_else(sample: Settings) -> None:
    import psycopg2

    for table in ("raw.statement", "store.rollup", "quality.finding", "reference.org_unit", "ops.run"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            as_analyst(sample, f"select * from {table} limit 1")


def test_a_second_night_publishes_nothing_new(sample: Settings) -> None:
    before = as_analyst(sample, "select release_id, published_at from marts.dim_release")
    assert run_night(sample) is None
    assert run_night(sample, full=True)
    assert as_analyst(sample, "select release_id, published_at from marts.dim_release") == before
    assert as_admin(sample, "select status from ops.run order by started_at") == [("published",), ("unchanged",), ("unchanged",)]


def test_every_grain_that_a_model_promises_holds(sample: Settings) -> None:
    """Nights leave the tests of the largest relations out: somebody must run them."""
    with connect(sample) as connection:  # views read the night that is running
        rows(connection, "update ops.run set status = 'running'"
                         " where run_id = (select run_id from ops.run order by started_at desc limit 1)")
    try:
        outcome = dbt.invoke(sample, ["test", "--resource-type", "test"])
    finally:
        with connect(sample) as connection:
            rows(connection, "update ops.run set status = 'published' where status = 'running'")
    verdicts = {result.node.name: str(result.status) for result in outcome.result or ()}
    assert len(verdicts) > 70
    assert {name: status for name, status in verdicts.items() if status != "pass"} == {}
