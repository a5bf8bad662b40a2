"""One published table: what the candidate says of the night's scope takes the place of what stood there."""

from __future__ import annotations

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.warehouse.connection import rows
from tonghop.warehouse.marts import KEYS, Mart

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


def replace(connection: Connection, mart: Mart, release_id: int) -> tuple[int, int]:
    """Close the current rows of the scope that changed or vanished, and add what is new.

    Needs ``pg_temp.scope`` and ``pg_temp.province`` (``publication_scope.sql``).

    Returns:
        The numbers of rows added and closed.

    Raises:
        TonghopError: the candidate's columns are not those that the store knows.
    """
    columns = _columns(connection, mart)
    parts = {
        "store": sql.Identifier("store", mart.store),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "candidate": _candidate(connection, mart, columns),
        "standing": _standing(mart, columns),
        "release": sql.Literal(release_id),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("select from ({standing}) as standing limit 1").format(**parts))
        if not cursor.rowcount:  # a new period: nothing to compare with, so nothing to lay aside
            cursor.execute(sql.SQL("insert into {store} ({columns}, first_release)"
                                   " select {columns}, {release} from ({candidate}) as incoming").format(**parts))
            return cursor.rowcount, 0
        cursor.execute(sql.SQL("create temporary table incoming on commit drop as {candidate}").format(**parts))
        cursor.execute(sql.SQL("create temporary table standing on commit drop as {standing}").format(**parts))
        cursor.execute("analyze pg_temp.incoming; analyze pg_temp.standing")
        cursor.execute(sql.SQL("""
            create temporary table kept on commit drop as
            select standing.row_at, incoming.ctid as incoming_at
            from pg_temp.standing as standing
            inner join pg_temp.incoming as incoming on {same}
        """).format(same=_same(mart, columns)))
        cursor.execute("analyze pg_temp.kept")
        cursor.execute(sql.SQL("""
            update {store} set last_release = {release} - 1 where ctid in (
                select standing.row_at from pg_temp.standing as standing
                where not exists (select from pg_temp.kept as kept where kept.row_at = standing.row_at))
        """).format(**parts))
        closed = cursor.rowcount
        cursor.execute(sql.SQL("""
            insert into {store} ({columns}, first_release) select {columns}, {release} from pg_temp.incoming as incoming
            where not exists (select from pg_temp.kept as kept where kept.incoming_at = incoming.ctid)
        """).format(**parts))
        added = cursor.rowcount
        cursor.execute("drop table pg_temp.incoming, pg_temp.standing, pg_temp.kept")
    return added, closed


def _standing(mart: Mart, columns: list[str]) -> sql.Composable:
    names = (sql.Identifier("current", name) for name in columns)
    row = sql.SQL(", ").join([sql.SQL("current.ctid as row_at"), *names])
    period = sql.Identifier("period_key" if "period_key" in columns else "period")
    return sql.SQL(_STANDING[mart.scope]).format(row=row, store=sql.Identifier("store", mart.store), period=period)


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

    stored = [name for name in of("store", mart.store) if name not in ("first_release", "last_release")]
    public = {KEYS[name][0] if name in KEYS else name for name in stored}
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
        if name in KEYS:
            public, table, key, text = KEYS[name]
            selected.append(sql.SQL("{} as {}").format(sql.Identifier(name, key), sql.Identifier(name)))
            joins.append(sql.SQL("left join {} as {} on {} = {}").format(
                sql.Identifier(*table.split(".")), sql.Identifier(name),
                sql.Identifier("offered", public), sql.Identifier(name, text)))
        else:
            selected.append(sql.SQL("{}::{} as {}").format(
                sql.Identifier("offered", name), sql.SQL(types[name]), sql.Identifier(name)))
    return sql.SQL("select {} from {} as offered {}").format(
        sql.SQL(", ").join(selected), sql.Identifier("candidate", mart.candidate), sql.SQL(" ").join(joins))
