"""What a dated register costs: loading all of it, and resolving 2.2 million statements as of their period.

The conform step (statements laid beside the register, then the one that stands) runs as the night's own models compile it,
and once more, in the same run, with a register that has no dates: one row a unit, joined by code alone. The ratio of the
two, the building of the period's tree included, is what dates cost. Prints a table; ``--json`` for machines.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from tonghop.night import steps
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.warehouse import dbt
from tonghop.warehouse.connection import connect, rows
from tonghop.warehouse.server import opened

PERIOD = "2012-05"
_SEED = """
insert into reference.org_unit (unit_id, code, name, ascii_name, type, level, parent_unit_id, valid, source)
select 'G-' || number, 'G-' || number, 'Tổ chức ' || number, 'To chuc ' || number, 'grassroots_org', 'grassroots',
       parents.unit_ids[1 + number %% cardinality(parents.unit_ids)], '(,2025-07-01)', 'bench'
from generate_series(1, %(units)s) as number
cross join (select array_agg(unit_id order by unit_id) as unit_ids from reference.org_unit
            where level = 'district' and valid @> date '2012-05-31') as parents;
insert into reference.indicator (indicator, indicator_group, name_vi, name_en, kind, population, reported_by, is_cumulative,
                                 parts_are_all, may_exceed_one, source_report)
select 'bench_' || number, 'bench', 'b', 'b', 'ratio', 'grassroots_org', 'grassroots', true, false, false, ''
from generate_series(1, %(indicators)s) as number;
insert into raw.submission (submission_id, sender, kind, file_name, content_hash, form, reader, reader_version, received_at,
                            status)
select 'S' || code, code, 'delimited', 'f', code, 'f', 'bench', '1', '2012-06-01', 'loaded'
from reference.org_unit where level = 'province' and valid @> date '2012-05-31';
insert into raw.statement (submission_seq, row_number, locator, action, unit_code, indicator, period, scope, mark,
                           numerator_value, denominator_value)
select submission.submission_seq, row_number() over (partition by submission.submission_seq), 'line', 'state', unit.code,
       'bench_' || number, '2012-05', 'own', 'reported', 1, 2
from reference.org_unit as unit
inner join reference.org_unit as district on district.unit_id = unit.parent_unit_id and district.valid @> date '2012-05-31'
inner join reference.org_unit as province
    on province.unit_id = district.parent_unit_id and province.valid @> date '2012-05-31'
inner join raw.submission on submission.sender = province.code
cross join generate_series(1, %(indicators)s) as number
where unit.source = 'bench';
insert into raw.submission_period (submission_seq, period, rows_kept)
select submission_seq, '2012-05', count(*) from raw.statement group by submission_seq;
"""
_UNDATED = (
    ("statements.period = coded.period\n            and statements.unit_code = coded.code", "statements.unit_code = coded.code"),
    ('"intermediate"."int_unit_hierarchized"', "staging.bench_undated_unit"),
)


def measure(settings: Settings, units: int, indicators: int, rounds: int) -> dict[str, Any]:
    """Seconds of each part and the ratios (the least of the rounds, taken in turns)."""
    began = time.monotonic()
    reference.load(settings)
    loaded = time.monotonic() - began
    with connect(settings) as connection:
        rows(connection, _SEED, {"units": units, "indicators": indicators})
        statements = rows(connection, "select count(*) from raw.statement")[0][0]
        rows(connection, "analyze")
    run_id = steps.open_night(settings, owner="bench", kind="hand", periods=[PERIOD])
    assert run_id is not None
    for phase in ("stage", "observe"):
        dbt.build(settings, run_id, phase)
    tree, resolved, standing = (_compiled(settings, name) for name in (
        "int_unit_hierarchized", "int_statement_resolved", "int_observation_standing"))
    undated = resolved.replace(f'"{_database(settings)}".', "")
    for old, new in _UNDATED:
        assert old in undated, "the model has changed: mend the bench"
        undated = undated.replace(old, new, 1)
    with connect(settings, "builder") as connection:
        rows(connection, "create table staging.bench_undated_unit as select * from intermediate.int_unit_hierarchized")
        rows(connection, "analyze staging.bench_undated_unit")
    taken: dict[str, list[float]] = {"tree": [], "as_of": [], "undated": [], "standing": []}
    for _ in range(rounds):
        for name, sql in (("tree", tree), ("as_of", resolved), ("undated", undated), ("standing", standing)):
            taken[name].append(_timed(settings, sql))
    least = {name: round(min(seconds), 2) for name, seconds in taken.items()}
    dated, plain = least["tree"] + least["as_of"] + least["standing"], least["undated"] + least["standing"]
    return {"statements": statements, "register_load_s": round(loaded, 2), **{f"{name}_s": each for name, each in least.items()},
            "conform_dated_over_undated": round(dated / plain, 3),
            "resolve_dated_over_undated": round((least["tree"] + least["as_of"]) / least["undated"], 3)}


def _database(settings: Settings) -> str:
    with connect(settings) as connection:
        return str(rows(connection, "select current_database()")[0][0])


def _compiled(settings: Settings, model: str) -> str:
    return next((dbt.target_dir(settings) / "compiled").rglob(f"{model}.sql")).read_text(encoding="utf-8")


def _timed(settings: Settings, sql: str) -> float:
    with connect(settings, "builder") as connection:
        began = time.monotonic()
        rows(connection, f"create unlogged table staging.bench as {sql}")
        taken = time.monotonic() - began
        rows(connection, "drop table staging.bench")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--units", type=int, default=55_000)
    parser.add_argument("--indicators", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(state_dir=Path(folder) / "state", database_url=None, inbox="", reference_dirs="")
        with opened(settings):
            result = measure(settings, given.units, given.indicators, given.rounds)
    if given.json:
        print(json.dumps(result, indent=1))
        return
    for name, value in result.items():
        print(f"{name:<28} {value:>12}")


if __name__ == "__main__":
    main()
