"""Publication: the rows of the candidate that differ replace those they differ from, in one transaction.

Every row of ``store.*`` carries the releases it was valid in. A row that changed or vanished is closed with the last
release it was valid in, its successor is added; a reader's statement sees the old or the new state, never neither, and
no DDL runs. Where nothing differs there is no new release.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse import run
from tonghop.warehouse.connection import connect, rows

_LOCK = 7302

# A key column of the store: the public column it stands for, the table that maps it, and that table's columns.
_KEYS = {
    "period_key": ("period", "store.period_key", "period_key", "period"),
    "unit_key": ("unit_id", "store.unit_key", "unit_key", "unit_id"),
    "sender_key": ("sender_unit_id", "store.unit_key", "unit_key", "unit_id"),
    "department_key": ("department_unit_id", "store.unit_key", "unit_key", "unit_id"),
    "province_key": ("province_unit_id", "store.unit_key", "unit_key", "unit_id"),
    "restated_at_key": ("restated_at", "store.unit_key", "unit_key", "unit_id"),
    "indicator_key": ("indicator", "store.indicator_key", "indicator_key", "indicator"),
}


@dataclass(frozen=True)
class Mart:
    """One published table.

    Attributes:
        candidate: table of the schema candidate.
        store: table of the schema store with the same columns, keys for texts, and the two releases.
        scope: what of the store the candidate replaces: ``period`` (the periods of the night), ``all``, or
            ``finding`` (the periods of the night and rows without a period).
        ignored: columns whose change alone is not worth a release.
    """

    candidate: str
    store: str
    scope: str
    ignored: tuple[str, ...] = field(default=())


MARTS = (
    Mart("dim_org_unit", "org_unit", "all"),
    Mart("dim_indicator", "indicator", "all"),
    Mart("dim_population", "population", "all"),
    Mart("dim_period", "period", "period"),
    Mart("fct_observation", "observation", "period"),
    Mart("fct_rollup", "rollup", "period"),
    Mart("fct_rollup_restated", "rollup_restated", "period"),
    Mart("fct_reconciliation", "reconciliation", "period"),
    Mart("fct_population", "population_statement", "period"),
    Mart("fct_submission", "submission", "period"),
    Mart("fct_finding", "finding", "finding", ignored=("last_seen_at",)),
)

_SCOPES = {
    "all": sql.SQL("true"),
    "period": sql.SQL("{column} in (select {key} from pg_temp.scope)"),
    "finding": sql.SQL("({column} is null or {column} in (select {key} from pg_temp.scope))"),
}


def publish(settings: Settings, run_id: str) -> dict[str, Any]:
    """Publish the candidate of the running night.

    Returns:
        ``release_id`` (the current one, new or not), ``is_new``, ``rows_added`` and ``rows_closed``.

    Raises:
        NightSuperseded: the night lost its lease meanwhile.
        TonghopError: the candidate has a shape that the store does not know.
    """
    with connect(settings, "builder") as connection:
        rows(connection, "select pg_advisory_xact_lock(%s)", (_LOCK,))
        run.require_mine(connection, run_id, lock=True)
        _prepare(connection, run_id)
        release_id = rows(connection, "select coalesce(max(release_id), 0) + 1 from store.release")[0][0]
        added = closed = 0
        for mart in MARTS:
            mart_added, mart_closed = _replace(connection, mart, release_id)
            added, closed = added + mart_added, closed + mart_closed
        is_new = bool(added or closed)
        if is_new:
            rows(connection, "insert into store.release (release_id, run_id, rows_added, rows_closed, tree_on)"
                             " select %s, run_id, %s, %s, tree_on from ops.run where run_id = %s",
                 (release_id, added, closed, run_id))
        current = release_id if is_new else release_id - 1
        _settle_partitions(connection, run_id, current)
        run.finish(connection, run_id, "published" if is_new else "unchanged", release_id=current)
    carry_comments(settings)
    return {"release_id": current, "is_new": is_new, "rows_added": added, "rows_closed": closed}


def _prepare(connection: Connection, run_id: str) -> None:
    """The night's scope, and a key for every unit, indicator and period that has none yet."""
    rows(connection, "create temporary table scope (period text primary key, period_key integer not null)"
                     " on commit drop")
    rows(connection, r"insert into pg_temp.scope select period, replace(period, '-', '')::integer"
                     r" from ops.run_period where run_id = %s and period ~ '^\d{4}-\d{2}$'", (run_id,))
    rows(connection, "insert into store.period_key (period_key, period, last_day) select period_key, period,"
                     " (to_date(period || '-01', 'YYYY-MM-DD') + interval '1 month - 1 day')::date"
                     " from pg_temp.scope on conflict do nothing")
    rows(connection, "insert into store.unit_key (unit_id) select distinct unit_id from candidate.dim_org_unit as new"
                     " where not exists (select 1 from store.unit_key as known where known.unit_id = new.unit_id)"
                     " order by unit_id")
    rows(connection, "insert into store.indicator_key (indicator) select indicator from candidate.dim_indicator as new"
                     " where not exists (select 1 from store.indicator_key as known"
                     " where known.indicator = new.indicator) order by indicator")


def _replace(connection: Connection, mart: Mart, release_id: int) -> tuple[int, int]:
    """Close what changed or vanished, add what is new; returns the numbers of rows added and closed."""
    columns = _columns(connection, mart)
    parts = {
        "store": sql.Identifier("store", mart.store),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "compared": sql.SQL(", ").join(sql.Identifier(name) for name in columns if name not in mart.ignored),
        "candidate": _candidate(connection, mart, columns),
        "in_scope": _scope(mart),
        "release": sql.Literal(release_id),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("create temporary table incoming on commit drop as {candidate}").format(**parts))
        cursor.execute(sql.SQL("""
            create temporary table outgoing on commit drop as
            select current.ctid as row_at from {store} as current
            where current.last_release is null and {in_scope}
              and not exists (select 1 from pg_temp.incoming as same where {same})
        """).format(same=_same(columns, mart), **parts))
        cursor.execute(sql.SQL("""
            delete from pg_temp.incoming using {store} as current
            where current.last_release is null and {in_scope} and {same_incoming}
        """).format(same_incoming=_same(columns, mart, "incoming"), **parts))
        cursor.execute(sql.SQL("update {store} set last_release = {release} - 1 where ctid in"
                               " (select row_at from pg_temp.outgoing)").format(**parts))
        closed = cursor.rowcount
        cursor.execute(sql.SQL("insert into {store} ({columns}, first_release) select {columns}, {release}"
                               " from pg_temp.incoming").format(**parts))
        added = cursor.rowcount
        cursor.execute("drop table pg_temp.incoming, pg_temp.outgoing")
    return added, closed


def _same(columns: list[str], mart: Mart, other: str = "same") -> sql.Composable:
    """Equality of two rows in every column that is compared; hashable parts first, nulls equal to nulls."""
    names = [name for name in columns if name not in mart.ignored]
    left = sql.SQL(", ").join(sql.Identifier("current", name) for name in names)
    right = sql.SQL(", ").join(sql.Identifier(other, name) for name in names)
    return sql.SQL("md5(row({left})::text) = md5(row({right})::text)").format(left=left, right=right)


def _scope(mart: Mart) -> sql.Composable:
    column, key = ("period", "period") if mart.store in ("period", "finding") else ("period_key", "period_key")
    return _SCOPES[mart.scope].format(column=sql.Identifier("current", column), key=sql.Identifier(key))


def _columns(connection: Connection, mart: Mart) -> list[str]:
    """The store's columns besides the two releases.

    Raises:
        TonghopError: the candidate's columns are not those that the store knows.
    """
    def of(schema: str, table: str) -> list[str]:
        return [name for (name,) in rows(connection, "select attname from pg_attribute where attrelid = %s::regclass"
                                                     " and attnum > 0 and not attisdropped order by attnum",
                                         (f"{schema}.{table}",))]

    stored = [name for name in of("store", mart.store) if name not in ("first_release", "last_release")]
    public = {_KEYS[name][0] if name in _KEYS else name for name in stored}
    offered = set(of("candidate", mart.candidate))
    if public != offered:
        raise TonghopError(f"candidate.{mart.candidate} has another shape than store.{mart.store}:"
                           f" {', '.join(sorted(public ^ offered))}.",
                           "Add a migration for the store and its view before publishing.")
    return stored


def _candidate(connection: Connection, mart: Mart, columns: list[str]) -> sql.Composable:
    """The candidate with keys in place of texts, typed as the store types it."""
    types = dict(rows(connection, "select attname, format_type(atttypid, atttypmod) from pg_attribute"
                                  " where attrelid = %s::regclass and attnum > 0", (f"store.{mart.store}",)))
    selected, joins = [], []
    for name in columns:
        if name in _KEYS:
            public, table, key, text = _KEYS[name]
            selected.append(sql.SQL("{} as {}").format(sql.Identifier(name, key), sql.Identifier(name)))
            joins.append(sql.SQL("left join {} as {} on {} = {}").format(
                sql.Identifier(*table.split(".")), sql.Identifier(name),
                sql.Identifier("offered", public), sql.Identifier(name, text)))
        else:
            selected.append(sql.SQL("{}::{} as {}").format(
                sql.Identifier("offered", name), sql.SQL(types[name]), sql.Identifier(name)))
    return sql.SQL("select {} from {} as offered {}").format(
        sql.SQL(", ").join(selected), sql.Identifier("candidate", mart.candidate), sql.SQL(" ").join(joins))


def _settle_partitions(connection: Connection, run_id: str, release_id: int) -> None:
    rows(connection, "insert into store.partition (period, fingerprint, release_id)"
                     " select period, fingerprint, %s from ops.run_period where run_id = %s"
                     " on conflict (period) do update set fingerprint = excluded.fingerprint,"
                     " release_id = excluded.release_id, published_at = now()", (release_id, run_id))


def carry_comments(settings: Settings) -> None:
    """Carry dbt's descriptions over to the views that analysts see; only those that differ are written."""
    with connect(settings, "builder") as connection:
        missing = rows(connection, """
            select mart.oid::regclass::text, own.attname, col_description(offered.oid, theirs.attnum),
                   obj_description(offered.oid, 'pg_class')
            from pg_class as mart
            inner join pg_class as offered on offered.relname = mart.relname
                and offered.relnamespace = 'candidate'::regnamespace
            inner join pg_attribute as own on own.attrelid = mart.oid and own.attnum > 0
            inner join pg_attribute as theirs on theirs.attrelid = offered.oid and theirs.attname = own.attname
            where mart.relnamespace = 'marts'::regnamespace and mart.relkind = 'v'
              and (col_description(mart.oid, own.attnum) is distinct from col_description(offered.oid, theirs.attnum)
                   or obj_description(mart.oid, 'pg_class') is distinct from obj_description(offered.oid, 'pg_class'))
        """)
        for view, column, comment, view_comment in missing:
            name = sql.Identifier(*view.split("."))
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("comment on column {}.{} is {}").format(
                    name, sql.Identifier(column), sql.Literal(comment)))
                cursor.execute(sql.SQL("comment on view {} is {}").format(name, sql.Literal(view_comment)))
