"""Nights that rebuild only what changed, against one night that rebuilds everything.

Without this test a figure could stay published that its province took back, or that a moved unit no longer adds to, for
as long as nothing else of its partition changes: each night would be right by its own account, and the marts wrong.
"""

from __future__ import annotations

import io
import random
from collections import Counter
from pathlib import Path

import pytest
from nightly_changes import CHANGES, REGISTERING, REPORTING, Nation, apply, nation
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from warehouse_loading import fetch, run_night

from tests.conftest import fresh_warehouse
from tonghop.night import steps
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

# Which release a row stands in, and when a finding was first and last seen, is the history of a warehouse, not its state.
HISTORY = {"release_id", "published_in_release_id", "first_seen_at", "last_seen_at", "new", "corrected"}
NOT_COMPARED = {"dim_release"}
# A finding of an earlier night that was mended since: a warehouse of one night has never seen it.
STILL_THERE = {"fct_finding": "state <> 'corrected'", "fct_finding_daily": "open + returned + waived > 0"}

Marts = dict[str, Counter[str]]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_changed_partitions_alone_give_the_same_marts(warehouse: Settings, server: Settings, tmp_path: Path,
                                                      seed: int) -> None:
    """Every row of every mart after five nights of changes, to the last digit."""
    made = nation(seed, warehouse)
    run_night(warehouse)
    for changes in _nights(seed):
        made.tomorrow()
        for name in changes:
            apply(name, made, warehouse)
        run_night(warehouse)
        if changes == ["correct late"]:
            assert _provinces_rebuilt(warehouse, min(made.cases)) == 1, "one province's correction rebuilt others"
    assert _rebuilt(warehouse) < len(made.cases), "the last night, of one province and one period, rebuilt everything"
    assert _is_restated(warehouse, min(made.cases)), "the period that was corrected stands on today's tree as it is"
    assert set(made.done) >= set(CHANGES)
    assert steps.open_night(warehouse, owner="test", kind="hand") is None, "a night without a change found one"

    with fresh_warehouse(server, tmp_path / "full") as other:
        _copy_inputs(warehouse, other)
        run_night(other, full=True)
        _assert_same(_marts(warehouse), _marts(other), made)


def _nights(seed: int) -> list[list[str]]:
    """Every kind of change in random order: a night without the register, two with it, and two of a single correction."""
    rng = random.Random(seed)
    reporting, registering = sorted(REPORTING), sorted(REGISTERING)
    rng.shuffle(reporting)
    rng.shuffle(registering)
    nights = [["waive", *reporting[:3]], [*reporting[3:6], *registering[:3]], [*reporting[6:], *registering[3:]]]
    nights[rng.choice((1, 2))].append("let a waiver end")
    return [*nights, ["correct late"], ["resubmit"]]


def _rebuilt(warehouse: Settings) -> int:
    """How many periods the last night worked on."""
    return int(fetch(warehouse, "select count(distinct period) from ops.run_period where period <> '-' and run_id ="
                                " (select run_id from ops.run order by started_at desc limit 1)")[0][0])


def _provinces_rebuilt(warehouse: Settings, period: str) -> int:
    found = fetch(warehouse, "select period from ops.run_partition where province_unit_id <> '-' and run_id ="
                             " (select run_id from ops.run order by started_at desc limit 1)")
    return found.count((period,))


def _is_restated(warehouse: Settings, period: str) -> bool:
    return (period, True) in fetch(warehouse, "select period, is_restated from marts.dim_period")


def _copy_inputs(source: Settings, target: Settings) -> None:
    """Everything a night reads that no night has written: reference, raw, and what stewards decided."""
    decided = {
        "quality.closed_period": "true", "quality.waiver": "true", "quality.rejected_row": "judged = 'reading'",
        # A waiver is given to a finding; the night finds it again.
        "quality.finding": "finding_id in (select finding_id from quality.waiver)",
    }
    with connect(source) as old, connect(target) as new:
        tables = [name for (name,) in rows(old, "select schemaname || '.' || tablename from pg_tables"
                                                " where schemaname in ('reference', 'raw') order by 1")]
        rows(new, "set session_replication_role = replica")  # in any order
        for table, condition in {**dict.fromkeys(tables, "true"), **decided}.items():
            _copy_table(old, new, table, condition)


def _copy_table(old: Connection, new: Connection, table: str, condition: str) -> None:
    name = sql.Identifier(*table.split("."))
    buffer = io.StringIO()
    with old.cursor() as reading, new.cursor() as writing:
        reading.copy_expert(sql.SQL("copy (select * from {} where {}) to stdout").format(name, sql.SQL(condition)), buffer)
        buffer.seek(0)
        writing.execute(sql.SQL("delete from {}").format(name))
        writing.copy_expert(sql.SQL("copy {} from stdin").format(name), buffer)


def _marts(warehouse: Settings) -> Marts:
    """Every row of every mart as PostgreSQL writes it, digit for digit."""
    with connect(warehouse) as connection:
        views = rows(connection, "select table_name, array_agg(column_name::text order by ordinal_position)"
                                 " from information_schema.columns where table_schema = 'marts' group by table_name")
        published = {}
        for view, columns in views:
            if view in NOT_COMPARED:
                continue
            kept = sql.SQL(", ").join(sql.Identifier(column) for column in columns if column not in HISTORY)
            condition = sql.SQL(STILL_THERE.get(view, "true"))
            found = rows(connection, sql.SQL("select (row({}))::text from {} where {}").format(
                kept, sql.Identifier("marts", view), condition))  # type: ignore[arg-type]
            published[view] = Counter(row for (row,) in found)
    return published


def _assert_same(nightly: Marts, at_once: Marts, made: Nation) -> None:
    assert nightly.keys() == at_once.keys()
    for mart in ("fct_rollup", "fct_rollup_restated", "fct_observation", "fct_reconciliation", "fct_finding"):
        assert nightly[mart].total() > 100, f"{mart} is all but empty: nothing was compared"
    story = []
    for mart in sorted(nightly):
        stale, lacking = nightly[mart] - at_once[mart], at_once[mart] - nightly[mart]
        story += [f"{mart}, only after the nights: {row}" for row in sorted(stale.elements())[:8]]
        story += [f"{mart}, only at once:          {row}" for row in sorted(lacking.elements())[:8]]
    assert not story, f"after {', '.join(made.done)}:\n" + "\n".join(story)
