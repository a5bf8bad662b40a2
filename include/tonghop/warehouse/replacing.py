"""One published table: what the candidate says of the night's scope takes the place of what stood there."""

from __future__ import annotations

from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse.connection import load_sql, rows
from tonghop.warehouse.marts import KEYS, Mart

_RELEASES = ("first_release", "last_release")
_OWN = (*_RELEASES, "source_key")  # what the store has and the candidate cannot know

# The current rows that the candidate replaces. Province by province and what is above them apart, so that each has an
# index to come by.
_STANDING = {
    "all": "select {row} from {store} as current where current.last_release is null",
    "period": """
        select {row} from {store} as current
        where current.last_release is null and current.{period} in (select {period} from pg_temp.scope)
    """,
    "partition": """
        select {row} from {store} as current
        inner join pg_temp.scope as scope
            on current.period_key = scope.period_key and current.province_key = scope.province_key
        where current.last_release is null
        union all
        select {row} from {store} as current
        inner join pg_temp.scope as scope on current.period_key = scope.period_key and scope.province_key is null
        where current.last_release is null and current.province_key is null
    """,
    "source": """
        select {row} from {store} as current
        inner join store.source as source using (source_key)
        inner join pg_temp.scope as scope
            on current.period_key = scope.period_key and source.province_key is not distinct from scope.province_key
        where current.last_release is null
            and current.period_key = any({periods}) and current.source_key = any({sources})
    """,
    "sender": """
        select {row} from {store} as current
        left join pg_temp.province as province on current.sender_key = province.unit_key
        inner join pg_temp.scope as scope
            on current.period_key = scope.period_key and province.unit_key is not distinct from scope.province_key
        where current.last_release is null
    """,
    "finding": """
        select {row} from {store} as current
        left join pg_temp.province as province on current.sender_unit_id = province.unit_id
        left join pg_temp.scope as scope
            on current.period = scope.period and coalesce(province.unit_id, '-') = scope.province_unit_id
        where current.last_release is null and (current.period is null or scope.period is not null)
    """,
}


def replace(connection: Connection, settings: Settings, mart: Mart, release_id: int) -> tuple[int, int]:
    """Close the current rows of the scope that changed or vanished, and add what is new.

    Needs ``pg_temp.scope`` and ``pg_temp.province`` (``publication_scope.sql``).

    Returns:
        The numbers of rows added and closed.

    Raises:
        TonghopError: the candidate's columns are not those that the store knows.
    """
    columns = _columns(connection, mart)
    if mart.packed:
        rows(connection, load_sql(settings, mart.packed))
    parts = {
        "store": sql.Identifier("store", mart.store),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "candidate": _candidate(connection, mart, columns),
        "standing": _standing(connection, mart, columns),
        "release": sql.Literal(release_id),
        "order": sql.SQL(f"order by {mart.order}" if mart.order else ""),
        "same": _same(mart, columns),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("select from ({standing}) as standing limit 1").format(**parts))
        if cursor.rowcount:
            return _exchange(cursor, parts)
        # A new period: nothing to compare with, so nothing to lay aside.
        cursor.execute(sql.SQL("insert into {store} ({columns}, first_release)"
                               " select {columns}, {release} from ({candidate}) as incoming {order}").format(**parts))
        return cursor.rowcount, 0


def _exchange(cursor: Cursor, parts: dict[str, sql.Composable]) -> tuple[int, int]:
    """Close standing rows that do not come in again as they are, and add those that do not stand yet."""
    cursor.execute(sql.SQL("create temporary table incoming on commit drop as {candidate}").format(**parts))
    cursor.execute(sql.SQL("create temporary table standing on commit drop as {standing}").format(**parts))
    cursor.execute("analyze pg_temp.incoming; analyze pg_temp.standing")
    # "last_release is null": the current rows alone, in whose partition the place of a row means one row. What a
    # province closes lies together: by its places it takes a fraction of the time of a pass over the store.
    cursor.execute("set local random_page_cost = 1.1")
    cursor.execute(sql.SQL("""
        update {store} set last_release = {release} - 1 where last_release is null and ctid in (
            select standing.row_at from pg_temp.standing as standing
            where not exists (select from pg_temp.incoming as incoming where {same}))
    """).format(**parts))
    closed = cursor.rowcount
    cursor.execute("set local random_page_cost to default")
    cursor.execute(sql.SQL("""
        insert into {store} ({columns}, first_release) select {columns}, {release} from pg_temp.incoming as incoming
        where not exists (select from pg_temp.standing as standing where {same}) {order}
    """).format(**parts))
    added = cursor.rowcount
    cursor.execute("drop table pg_temp.incoming, pg_temp.standing")
    return added, closed


def _standing(connection: Connection, mart: Mart, columns: list[str]) -> sql.Composable:
    names = (sql.Identifier("current", name) for name in columns)
    parts = {
        "row": sql.SQL(", ").join([sql.SQL("current.ctid as row_at"), *names]),
        "store": sql.Identifier("store", mart.store),
        "period": sql.Identifier("period_key" if "period_key" in columns else "period"),
    }
    if mart.scope == "source":
        # As literals: of an array that it does not know the planner would expect ten keys, and read the whole store.
        periods, sources = rows(connection, """
            select array(select distinct period_key from pg_temp.scope),
                   array(select distinct source.source_key from store.source as source inner join pg_temp.scope as scope
                         on source.province_key is not distinct from scope.province_key)
        """)[0]
        parts |= {"periods": _integers(periods), "sources": _integers(sources)}
    return sql.SQL(_STANDING[mart.scope]).format(**parts)


def _integers(numbers: list[int]) -> sql.Composable:
    return sql.SQL("{}::integer[]").format(sql.Literal(numbers))


def _same(mart: Mart, columns: list[str]) -> sql.Composable:
    """Equality of a standing row and an incoming one: by key, then in every column that is compared, nulls alike."""
    key = sql.SQL(" and ").join(
        sql.SQL("{} = {}").format(sql.Identifier("standing", name), sql.Identifier("incoming", name))
        for name in mart.key)
    names = [name for name in columns if name not in mart.ignored and name not in mart.key]
    if not names:
        return key
    return sql.SQL("{} and ({}) is not distinct from ({})").format(
        key, sql.SQL(", ").join(sql.Identifier("standing", name) for name in names),
        sql.SQL(", ").join(sql.Identifier("incoming", name) for name in names))


def _columns(connection: Connection, mart: Mart) -> list[str]:
    """The store's columns besides the two releases.

    Raises:
        TonghopError: the candidate's columns are not those that the store knows.
    """
    def of(schema: str, table: str) -> list[str]:
        return [name for (name,) in rows(connection, "select attname from pg_attribute where attrelid = %s::regclass"
                                                     " and attnum > 0 and not attisdropped order by attnum",
                                         (f"{schema}.{table}",))]

    stored = [name for name in of("store", mart.store) if name not in _RELEASES]
    shown = [name for name in of("store", mart.shown or mart.store) if name not in _OWN]
    public = {KEYS[name][0] if name in KEYS else name for name in shown}
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
        if name in KEYS and not mart.packed:
            public, table, key, text = KEYS[name]
            selected.append(sql.SQL("{} as {}").format(sql.Identifier(name, key), sql.Identifier(name)))
            joins.append(sql.SQL("left join {} as {} on {} = {}").format(
                sql.Identifier(*table.split(".")), sql.Identifier(name),
                sql.Identifier("offered", public), sql.Identifier(name, text)))
        else:
            selected.append(sql.SQL("{}::{} as {}").format(
                sql.Identifier("offered", name), sql.SQL(types[name]), sql.Identifier(name)))
    return sql.SQL("select {} from {} as offered {}").format(
        sql.SQL(", ").join(selected),
        sql.Identifier("pg_temp", "packed") if mart.packed else sql.Identifier("candidate", mart.candidate),
        sql.SQL(" ").join(joins))
