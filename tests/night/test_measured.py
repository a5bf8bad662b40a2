"""The planner knows what a night has just written; what it does not know it takes for a row or two, and loops over the rest."""

from __future__ import annotations

from collections.abc import Callable

import psycopg2.errors
import pytest

from tests.night.conftest import as_admin, run_night
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

KNOWN = "select relname, reltuples from pg_class where relnamespace = 'store'::regnamespace and relkind = 'r' order by 1"
SENDERS = "select cardinality(most_common_vals::text::text[]) from pg_stats where tablename = 'statement' and attname = 'submission_seq'"


def test_a_night_measures_what_was_sent_and_what_it_published(country: Settings, send: Callable[..., None]) -> None:
    """Two nights while PostgreSQL itself does not look."""
    stored = [f"store.{name}" for name, _ in as_admin(country, KNOWN)]
    for table in ("raw.statement", "raw.submission_period", "ops.run_submission", "ops.run_partition", *stored):
        as_admin(country, f"alter table {table} set (autovacuum_enabled = off)")
    for period in ("2012-05", "2012-06"):
        for province, unit in (("60", "60-A01"), ("24", "24-A01")):
            send(province, *(f"{province},{code},{period},own,{count},,,"
                             for code, count in (("study_class", 12), ("feedback_collective", 28))),
                 *(f"{unit[:-2]}{number:02d},urgent_plan_agency,{period},own,1,1,," for number in range(1, 6)))
        assert run_night(country)
        for table, known in as_admin(country, KNOWN):
            (held,) = as_admin(country, f"select count(*) from store.{table}")[0]
            assert max(known, 0) >= 0.98 * held, (period, table)
        sent = as_admin(country, "select count(distinct submission_seq) from raw.statement")
        assert as_admin(country, SENDERS) == sent, "every sender's rows are known to be many"
        for table in ("run_submission", "run_partition"):
            (held,) = as_admin(country, f"select count(*) from ops.{table}")[0]
            assert as_admin(country, "select reltuples from pg_class where relname = %s", table) == [(held,)]


def test_the_builder_measures_what_is_the_nights_alone(warehouse: Settings) -> None:
    with connect(warehouse, "builder") as connection:
        rows(connection, "select ops.measure('quality.run_finding'), ops.measure('store.rollup')")
        assert connection.notices == [], "a refused analyze is a warning only"
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="not measured by a night"):
            rows(connection, "select ops.measure('quality.finding')")
