"""A store that was published before its observations became narrow: nothing that analysts read may differ afterwards.

Without this test an upgrade could swap a mark, lose who sent a figure, or drop the views that analysts made of their own.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg2
import pytest
from pydantic import SecretStr

from tests.night.conftest import as_admin, as_analyst
from tonghop.settings import Settings
from tonghop.warehouse import migrate
from tonghop.warehouse.connection import admin_url, connect, rows

_NARROW = "0022_narrow_observations.sql"
_READ = ("marts.fct_observation", "marts.fct_rollup", "marts.fct_population", "marts.rpt_province", "marts.rpt_nation",
         "analyst_work.mine", *(f"marts_as_of.{name}({release})" for release in (1, 2)
                                for name in ("fct_observation", "fct_rollup", "rpt_province")))

# Every scope, mark and flag, with and without sender, department, province, rate and rules; closed in release 1, or current.
_PUBLISHED = """
insert into store.release (release_id, run_id) values (1, 'one'), (2, 'two');
insert into store.unit_key (unit_key, unit_id) overriding system value
    values (1, 'VN'), (2, 'V-1'), (3, 'A-1'), (4, 'G-1'), (5, 'G-2');
insert into store.org_unit (unit_key, unit_code, unit_name, ascii_name, unit_type, level, parent_unit_id, first_release)
values (1, 'VN', 'n', 'n', 'nation', 'nation', null, 1), (2, 'V-1', 'v', 'v', 'department', 'department', 'VN', 1),
    (3, '1', 'a', 'a', 'province', 'province', 'V-1', 1), (4, '11', 'g', 'g', 'ward', 'grassroots', 'A-1', 1),
    (5, '12', 'h', 'h', 'ward', 'grassroots', 'A-1', 1);
insert into store.indicator_key (indicator) select 'i' || lpad(number::text, 2, '0') from generate_series(1, 96) as number;
insert into store.indicator (indicator, indicator_group, name_vi, name_en, kind, population, reporter_class,
                             is_cumulative, parts_are_all, may_exceed_one, first_release)
select indicator, 'g', indicator, indicator, case when indicator_key %% 3 = 0 then 'count' else 'ratio' end, 'p', 'c',
    true, false, false, 1
from store.indicator_key;
insert into store.period_key values (201211, '2012-11', '2012-11-30'), (201301, '2013-01', '2013-01-31');
insert into store.period (period, first_day, last_day, first_release)
    values ('2012-11', '2012-11-01', '2012-11-30', 1), ('2013-01', '2013-01-01', '2013-01-31', 1);
insert into raw.submission (submission_id, sender, kind, file_name, content_hash, form, reader, reader_version,
                            received_at, loaded_at, status)
    values ('s1', '1', 'delimited', 'a.csv', 'a', 'f', 'r', '1', now(), now(), 'loaded'),
           ('s2', 'V-1', 'delimited', 'b.csv', 'b', 'f', 'r', '1', now(), now(), 'loaded');
insert into store.observation (
    period_key, unit_key, indicator_key, scope, sender_key, department_key, province_key, mark, numerator, denominator,
    stated_rate, stated_decimals, is_reporter, is_counted, is_withheld, withheld_by, submission_seq, row_number,
    first_release, last_release)
select
    period.period_key, unit.unit_key, said.indicator_key, (array['own', 'total'])[1 + said.indicator_key %% 2],
    case unit.unit_key when 2 then 2 when 5 then null else 3 end,
    case when unit.unit_key > 1 then 2 end,
    case when unit.unit_key > 2 then 3 end,
    (enum_range(null::store.mark))[1 + said.indicator_key / 2 %% 4],
    case when said.indicator_key / 2 %% 4 < 2 then said.indicator_key * 1000000000000 end,
    case when said.indicator_key %% 5 > 0 then said.indicator_key %% 7 end,
    case when said.indicator_key %% 4 = 0 then 0.917800 end, case when said.indicator_key %% 4 = 0 then 2 end,
    said.indicator_key / 8 %% 2 = 1, said.indicator_key / 16 %% 2 = 1, said.indicator_key / 32 %% 2 = 1,
    case when said.indicator_key / 32 %% 2 = 1 then 'D03,D04' end,
    1 + said.indicator_key %% 2, said.indicator_key, valid.first_release, valid.last_release
from store.period_key as period, store.unit_key as unit, store.indicator_key as said,
    (values (1, 1), (2, null)) as valid (first_release, last_release);
insert into store.rollup (period_key, unit_key, indicator_key, department_key, province_key, numerator, denominator, rate,
                          rate_low, rate_high, basis, reporting_units, expected_units, withheld_units, may_exceed_one,
                          first_release, last_release)
select period.period_key, unit.unit_key, said.indicator_key, 2, case unit.unit_key when 3 then 3 end, valid.first_release, 3,
    valid.first_release / 3.0, null, 1, 'partial', 1, 2, 0, false, valid.first_release, valid.last_release
from store.period_key as period, store.unit_key as unit, store.indicator_key as said,
    (values (1, 1), (2, null)) as valid (first_release, last_release)
where unit.unit_key < 4;
"""


@pytest.fixture
def older(server: Settings, tmp_path: Path) -> Settings:
    """A checkout, with a database of its own, in which the store is still wide."""
    sql = tmp_path / "older" / "include" / "sql"
    shutil.copytree(server.sql_dir, sql)
    for path in (sql / "migrations").glob("*.sql"):
        if path.name >= _NARROW:
            path.unlink()
    with connect(server, database="postgres", autocommit=True) as connection:
        rows(connection, "create database tonghop_wide")
    url = admin_url(server).set(database="tonghop_wide").render_as_string(hide_password=False)
    return server.model_copy(update={"project_dir": tmp_path / "older", "database_url": SecretStr(url)})


def _shown(settings: Settings) -> dict[str, list[tuple[str]]]:
    return {name: as_analyst(settings, f"select to_jsonb(shown)::text from {name} as shown order by 1") for name in _READ}


def test_a_store_that_was_published_wide_reads_the_same_once_it_is_narrow(server: Settings, older: Settings) -> None:
    try:
        migrate.init(older)
        as_admin(older, _PUBLISHED)
        as_analyst(older, "create view analyst_work.mine as select unit_id, mark, rate from marts.fct_observation")
        stored = "select (to_jsonb(observation) - 'source_key')::text from store.observation order by 1"
        shown, kept = _shown(older), as_admin(older, stored)
        assert len(kept) == 2 * 2 * 5 * 96
        assert {len(found) > 100 for name, found in shown.items() if "rpt_nation" not in name} == {True}

        newer = older.model_copy(update={"project_dir": server.project_dir})
        assert _NARROW in migrate.init(newer)
        after = _shown(newer)
        assert {name for name in shown if shown[name] != after[name]} == set()
        assert as_admin(newer, stored) == kept
        with pytest.raises(psycopg2.errors.UniqueViolation):
            as_admin(newer, "insert into store.observed select * from store.observed_current limit 1")
    finally:
        with connect(server, database="postgres", autocommit=True) as connection:
            rows(connection, "drop database if exists tonghop_wide with (force)")
