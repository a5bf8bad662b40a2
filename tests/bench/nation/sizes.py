"""What the server keeps after the nights: bytes by schema, facts, and where dbt's time went."""

from __future__ import annotations

from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

_BYTES = """
select namespace.nspname, sum(pg_total_relation_size(relation.oid))::bigint
from pg_class as relation
inner join pg_namespace as namespace on relation.relnamespace = namespace.oid
where
    relation.relkind in ('r', 'm')
    and namespace.nspname in ('raw', 'reference', 'staging', 'intermediate', 'candidate', 'quality', 'store', 'ops')
group by namespace.nspname
"""
_SLOWEST = """
select node, round(seconds, 2)::float8
from ops.dbt_node
where run_id = %s and resource_type = 'model'
order by seconds desc
limit 15
"""
_RULES = """
select
    sum(seconds)::float8,
    (select count(*) from quality.run_finding as finding where finding.run_id = %(run)s)
from ops.gate_run
where run_id = %(run)s and gate in ('figures', 'totals')
"""
_TOTALS_NODES = """
select
    coalesce(sum(seconds) filter (where node ~ 'declaration|reconcil'), 0)::float8,
    coalesce(sum(seconds) filter (where node ~ 'rollup' and node !~ 'restated|grouped'), 0)::float8
from ops.dbt_node
where run_id = %s and resource_type = 'model'
"""


def by_schema(settings: Settings) -> dict[str, int]:
    """Bytes of every table with its indexes, by schema."""
    with connect(settings) as connection:
        return dict(rows(connection, _BYTES))


def published(settings: Settings) -> int:
    """How many facts are kept that are or were published: one a unit at any level, indicator, period and wording."""
    with connect(settings) as connection:
        return int(rows(connection, """
            select (select count(*) from marts.fct_rollup)
                + (select count(*) from store.observed where last_release is not null)
                + (select count(*) from store.rollup where last_release is not null)
        """)[0][0])


def slowest(settings: Settings, run_id: str) -> dict[str, float]:
    """Seconds of dbt's slowest models in a night."""
    with connect(settings) as connection:
        return dict(rows(connection, _SLOWEST, (run_id,)))


def reconciliation(settings: Settings, run_id: str, judging: float) -> tuple[float, float]:
    """Seconds of reconciling every level (its models and their gate, ``judging``), and of the roll-up itself."""
    with connect(settings) as connection:
        compared, rolled = rows(connection, _TOTALS_NODES, (run_id,))[0]
    return compared + judging, rolled


def rules(settings: Settings, run_id: str) -> tuple[float, int]:
    """Seconds in which Great Expectations evaluated every rule of the figures and totals gates; findings of the night."""
    with connect(settings) as connection:
        seconds, findings = rows(connection, _RULES, {"run": run_id})[0]
    return float(seconds), int(findings)


def checkpoint(settings: Settings) -> None:
    """Write out what is dirty, so that nobody pays for what somebody else wrote."""
    with connect(settings, autocommit=True) as connection:
        rows(connection, "checkpoint")


def a_day_later(settings: Settings) -> None:
    """What PostgreSQL does by itself in the minutes after a night, done at once: no night follows another within a minute.

    Autovacuum of what one night wrote would otherwise take a processor from the next.
    """
    with connect(settings, autocommit=True) as connection:
        rows(connection, "vacuum (analyze)")
    checkpoint(settings)
