"""The functions of readers: every mart has one as of a release, and what they are made of can change under them."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg2
import pytest

from tests.night.conftest import as_admin, as_analyst
from tonghop.settings import Settings
from tonghop.warehouse import migrate

MARTS = "select relname::text from pg_class where relnamespace = 'marts'::regnamespace and relkind = 'v' order by 1"


def test_analysts_reach_the_marts_of_earlier_releases_and_nothing_behind_them(warehouse: Settings) -> None:
    as_admin(warehouse, "insert into store.release (release_id, run_id) values (1, 'x')")
    for (name,) in as_analyst(warehouse, MARTS):
        as_analyst(warehouse, f"select * from marts_as_of.{name}(1)")
    seen = as_admin(warehouse, "select table_name || '.' || column_name from information_schema.columns"
                               " where table_schema = 'marts_as_of' and table_name like 'raw%%' order by 1")
    assert [name for (name,) in seen] == [
        "raw_statement.locator", "raw_statement.row_number", "raw_statement.submission_seq",
        "raw_submission.submission_id", "raw_submission.submission_seq",
    ]
    for table in ("store.rollup", "raw.statement", "reference.org_unit"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            as_analyst(warehouse, f"select * from {table}")


def test_a_mart_that_no_release_can_be_told_of_stops_init(warehouse: Settings) -> None:
    as_admin(warehouse, "create view marts.rpt_new as select rollup.unit_id, max(release.release_id) as release_id"
                        " from marts.fct_rollup as rollup, store.release group by rollup.unit_id")
    migrate.init(warehouse)
    as_admin(warehouse, "insert into store.release (release_id, run_id) values (1, 'x')")
    assert as_analyst(warehouse, "select * from marts_as_of.rpt_new(1)") == []
    as_admin(warehouse, "create view marts.rpt_waiver as select reason from quality.waiver")
    with pytest.raises(psycopg2.errors.RaiseException, match=r"quality\.waiver, which has no releases"):
        migrate.init(warehouse)
    as_admin(warehouse, "drop view marts.rpt_waiver")
    as_admin(warehouse, "create view marts.rpt_ever as select unit_key, last_release from store.rollup")
    with pytest.raises(psycopg2.Error, match="last_release"):
        migrate.init(warehouse)


def test_a_later_migration_may_change_a_mart_that_functions_return(warehouse: Settings, tmp_path: Path) -> None:
    shutil.copytree(warehouse.sql_dir, tmp_path / "include" / "sql")
    newer = warehouse.model_copy(update={"project_dir": tmp_path})
    (newer.sql_dir / "migrations" / "9999_other_period.sql").write_text(
        "drop view marts.dim_period; alter table store.period drop column first_day;"
        "create view marts.dim_period as select period, 1 as added from store.period where last_release is null;",
        encoding="utf-8")
    as_admin(warehouse, "insert into store.release (release_id, run_id) values (1, 'x')")
    as_analyst(warehouse, "select first_day from marts_as_of.dim_period(1)")
    assert migrate.init(newer) == ["9999_other_period.sql"]
    as_analyst(warehouse, "select added from marts_as_of.dim_period(1)")


def test_every_key_of_current_rows_is_one_of_closed_rows_too(warehouse: Settings) -> None:
    # Without it, as of a release, each key is looked up by a scan of the whole table: rpt_population took minutes.
    definitions = dict(as_admin(
        warehouse, "select regexp_replace(pg_get_indexdef(indexrelid), '^.* ON ', ''), indisunique from pg_index"
                   " where indrelid in (select oid from pg_class where relnamespace = 'store'::regnamespace"
                   " and relkind = 'r')"))
    current = [text for text, is_unique in definitions.items()
               if is_unique and ("last_release IS NULL" in text or "_current USING" in text)]
    assert len(current) > 8
    assert sorted(text.split()[0] for text in current if "_current USING" in text) == [
        "store.observed_current", "store.rollup_current"]
    for text in current:
        closed = text.replace("last_release IS NULL", "last_release IS NOT NULL").replace(" NULLS NOT DISTINCT", "")
        assert closed.replace("_current USING", "_closed USING") in definitions


def test_a_newer_checkout_brings_its_functions_though_it_has_no_migration(warehouse: Settings, tmp_path: Path) -> None:
    assert migrate.is_current(warehouse)
    shutil.copytree(warehouse.sql_dir, tmp_path / "include" / "sql")
    newer = warehouse.model_copy(update={"project_dir": tmp_path})
    (newer.sql_dir / "readers" / "zz_new.sql").write_text(
        "create or replace function marts.answer() returns integer language sql as 'select 42';", encoding="utf-8")
    assert not migrate.is_current(newer)
    assert migrate.init(newer) == []
    assert migrate.is_current(newer)
    assert as_analyst(warehouse, "select marts.answer()") == [(42,)]
