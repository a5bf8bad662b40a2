"""The end of a night at a terminal."""

from __future__ import annotations

from tonghop.reports.summary import night_summary
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows


def test_the_summary_names_release_marts_periods_findings_and_page(small_site: Settings) -> None:
    told = night_summary(small_site)
    assert told.startswith("Release 7, 22-11-2026 11:14")
    for shown in ("fct_rollup 4", "2012-05", "D03", "The denominator differs from the ledger", "P01",
                  str(small_site.reports_dir / "index.html")):
        assert shown in told, shown
    assert "S04" not in told  # corrected


def test_the_summary_stays_within_forty_lines(small_site: Settings) -> None:
    with connect(small_site) as connection:
        rows(connection, """
            insert into quality.finding
            select (f).* from (select jsonb_populate_record(finding, jsonb_build_object(
                'finding_id', 'x' || n, 'rule', 'X' || n)) as f
            from quality.finding, generate_series(1, 60) as n where finding_id = 'D03-1') as many
        """)
        rows(connection, "insert into store.period select '20' || n || '-01', '2000-01-01', '2000-01-31', 7, null"
                         " from generate_series(13, 60) as n")
    told = night_summary(small_site)
    assert len(told.splitlines()) <= 40
    assert "more: 'tonghop findings'" in told


def test_an_empty_warehouse_says_so(warehouse: Settings) -> None:
    told = night_summary(warehouse)
    assert "Nothing has been published yet." in told
    assert "Nothing is left to mend." in told
