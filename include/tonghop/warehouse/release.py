"""Publication: the rows of the candidate that differ replace those they differ from, in one transaction.

Every row of ``store.*`` carries the releases it was valid in. A row that changed or vanished is closed with the last
release it was valid in, its successor is added; a reader's statement sees the old or the new state, never neither, and
no DDL runs. Where nothing differs there is no new release.
"""

from __future__ import annotations

from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from tonghop.settings import Settings
from tonghop.warehouse import candidate, run
from tonghop.warehouse.connection import connect, load_sql, rows
from tonghop.warehouse.marts import MARTS
from tonghop.warehouse.replacing import replace

_LOCK = 7302

# Tables of the store of which a fiftieth is new since they were last looked at (a partitioned one with all its parts),
# and whether they are the builder's own.
_GROWN = """
select measured.relname, pg_has_role(measured.relowner, 'usage')
from (
    select coalesce(inherited.inhparent, part.oid) as whole, sum(seen.n_mod_since_analyze) as written,
           sum(greatest(part.reltuples, 0)) as known
    from pg_class as part
    left join pg_inherits as inherited on part.oid = inherited.inhrelid
    inner join pg_stat_all_tables as seen on part.oid = seen.relid
    where part.relnamespace = 'store'::regnamespace and part.relkind = 'r'
    group by 1
) as grown
inner join pg_class as measured on grown.whole = measured.oid
where 50 * grown.written > grown.known
order by 1
"""
_SUMMARISE = """
select brin_summarize_new_values(index.indexrelid)
from pg_inherits as inherited
inner join pg_index as index on inherited.inhrelid = index.indrelid
inner join pg_class as named on index.indexrelid = named.oid
inner join pg_am as method on named.relam = method.oid and method.amname = 'brin'
where inherited.inhparent = %s::regclass
"""


def publish(settings: Settings, run_id: str) -> dict[str, Any]:
    """Publish the candidate of the running night.

    Returns:
        ``release_id`` (the current one, new or not), ``is_new``, ``rows_added`` and ``rows_closed``.

    Raises:
        NightSuperseded: the night lost its lease meanwhile.
        NightHeld: a signature that it needs is missing, or void.
        TonghopError: the candidate has a shape that the store does not know.
    """
    with connect(settings, "builder") as connection:
        rows(connection, "select pg_advisory_xact_lock(%s)", (_LOCK,))
        run.require_mine(connection, run_id, lock=True)
        candidate.require_signed(connection, run_id)
        rows(connection, load_sql(settings, "publication_scope"), {"run_id": run_id})
        release_id = rows(connection, "select coalesce(max(release_id), 0) + 1 from store.release")[0][0]
        done = {mart.store: replace(connection, settings, mart, release_id) for mart in MARTS}
        added, closed = (sum(counts) for counts in zip(*done.values(), strict=True))
        is_new = bool(added or closed)
        if is_new:
            rows(connection, "insert into store.release (release_id, run_id, rows_added, rows_closed, tree_on)"
                             " select %s, run_id, %s, %s, tree_on from ops.run where run_id = %s",
                 (release_id, added, closed, run_id))
            rows(connection, "select store.count_findings(%s, ops.today())", (release_id,))
        note_day(connection)
        current = release_id if is_new else release_id - 1
        _settle_partitions(connection, run_id, current)
        candidate.note_release(connection, run_id, current)
        run.finish(connection, run_id, "published" if is_new else "unchanged", release_id=current)
        rows(connection, "select pg_stat_force_next_flush()")  # what was written is counted now, not a second later
    _measure_grown(settings)
    carry_comments(settings)
    return {"release_id": current, "is_new": is_new, "rows_added": added, "rows_closed": closed}


def note_day(connection: Connection) -> None:
    """Let the day count in ``marts.fct_finding_daily``: a night of it ended well, whether or not anything changed."""
    rows(connection, "insert into store.finding_day (day, release_id)"
                     " select ops.today(), max(release_id) from store.release having count(*) > 0"
                     " on conflict (day) do nothing")


def _settle_partitions(connection: Connection, run_id: str, release_id: int) -> None:
    rows(connection, "insert into store.partition (period, province_unit_id, fingerprint, release_id)"
                     " select period, province_unit_id, fingerprint, %s from ops.run_partition where run_id = %s"
                     " on conflict (period, province_unit_id) do update set fingerprint = excluded.fingerprint,"
                     " release_id = excluded.release_id, published_at = now()", (release_id, run_id))


def _measure_grown(settings: Settings) -> None:
    """Gather statistics of the tables that grew, and summarise the new ranges of their indexes.

    PostgreSQL itself looks about once a minute, at the whole of a partitioned table never. Until then a period that it
    has not seen has no rows for it, and a night that follows would go through the store once for each of its own.
    """
    with connect(settings, "builder", autocommit=True) as connection:
        for store, is_own in rows(connection, _GROWN):
            if is_own:
                with connection.cursor() as cursor:
                    cursor.execute(sql.SQL("analyze {}").format(sql.Identifier("store", store)))
            else:
                rows(connection, "select ops.measure(%s)", (f"store.{store}",))
            rows(connection, _SUMMARISE, (f"store.{store}",))


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
