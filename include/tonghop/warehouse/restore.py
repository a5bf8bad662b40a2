"""Restoring: a new release equal to an earlier one. Nothing is deleted, and the releases between stay readable.

The inputs are not touched: what is restored holds until a night publishes again. So the fingerprints of what differs
are forgotten, and the next night rebuilds exactly that from the returns and the register as they are then.
"""

from __future__ import annotations

import getpass
import uuid
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from tonghop.errors import NightBusy, TonghopError
from tonghop.settings import Settings
from tonghop.warehouse import run
from tonghop.warehouse.connection import connect, rows
from tonghop.warehouse.marts import MARTS, Mart

_PUBLICATION_LOCK = 7302  # that of tonghop.warehouse.release
_RELEASES = ("first_release", "last_release")


def restore(settings: Settings, release_id: int, note: str = "") -> dict[str, Any]:
    """Publish a new release whose marts are those of an earlier one, in one transaction.

    Args:
        release_id: the release to go back to.
        note: why, kept in ``marts.dim_release.note`` after the release it was made of.

    Returns:
        ``release_id`` (the current one, new or not), ``is_new``, ``rows_added``, ``rows_closed`` and ``periods``
        (those that the next night rebuilds; ``-`` stands for rows without a period).

    Raises:
        NightBusy: a night is running; what it publishes would be compared with another release than it was built on.
        TonghopError: there is no such release.
    """
    with connect(settings, "builder") as connection:
        rows(connection, "select pg_advisory_xact_lock(%s)", (_PUBLICATION_LOCK,))
        rows(connection, "lock table ops.run in exclusive mode")  # no night begins meanwhile
        _require_no_night(connection, settings)
        new = require_release(connection, release_id) + 1
        rows(connection, "create temporary table touched (period text primary key) on commit drop")
        added = closed = 0
        for mart in MARTS:
            mart_added, mart_closed = _bring_back(connection, mart, release_id, new)
            added, closed = added + mart_added, closed + mart_closed
        if added or closed:
            _record(connection, release_id, new, note, (added, closed))
        periods = [period for (period,) in rows(connection, "select period from pg_temp.touched order by period")]
        is_new = bool(added or closed)
    return {"release_id": new if is_new else new - 1, "is_new": is_new, "rows_added": added, "rows_closed": closed,
            "periods": periods}


def require_release(connection: Connection, release_id: int) -> int:
    """The number of the newest release, where ``release_id`` is one at all.

    Raises:
        TonghopError: it is none.
    """
    newest, is_known = rows(connection, "select coalesce(max(release_id), 0), coalesce(bool_or(release_id = %s), false)"
                                        " from marts.dim_release", (release_id,))[0]
    if not is_known:
        there_is = f"the newest is {newest}" if newest else "nothing has been published yet"
        raise TonghopError(f"There is no release {release_id}: {there_is}.", "'tonghop releases' lists them.")
    return int(newest)


def _require_no_night(connection: Connection, settings: Settings) -> None:
    running = rows(connection, "select run_id, owner, step, extract(epoch from now() - heartbeat_at) from ops.run"
                               " where status = 'running'")
    for run_id, owner, step, silent_seconds in running:
        if silent_seconds <= settings.lease_seconds:
            raise NightBusy(f"A night is running ({owner}, step '{step}'): it would publish over what is restored.",
                            "Wait for it, or stop it; then restore.", seems_dead=False)
        run.finish(connection, run_id, "superseded", "it was silent for too long; an earlier release was restored")


def _bring_back(connection: Connection, mart: Mart, release_id: int, new: int) -> tuple[int, int]:
    """Close what was not valid in the release, add copies of what was and is not current; rows added and closed.

    Both sides are read by the releases of the rows, so the cost follows what changed since.
    """
    columns = [name for (name,) in rows(connection, "select attname from pg_attribute where attrelid = %s::regclass"
                                                    " and attnum > 0 and not attisdropped order by attnum",
                                        (f"store.{mart.store}",)) if name not in _RELEASES]
    compared = [name for name in columns if name not in mart.ignored]
    parts = {
        "store": sql.Identifier("store", mart.store),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "hash": sql.SQL("md5(row({})::text)").format(sql.SQL(", ").join(map(sql.Identifier, compared))),
        "then": sql.Literal(release_id),
        "new": sql.Literal(new),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("""
            create temporary table incoming on commit drop as
            select {columns}, {hash} as same from {store} where first_release <= {then} and last_release >= {then}
        """).format(**parts))
        cursor.execute(sql.SQL("""
            create temporary table outgoing on commit drop as
            select ctid as row_at, {hash} as same from {store} where first_release > {then} and last_release is null
        """).format(**parts))
        # Restored before, or corrected back: the same content under another release is no change.
        cursor.execute("""
            with same as (
                delete from pg_temp.incoming using pg_temp.outgoing where incoming.same = outgoing.same
                returning outgoing.row_at
            )
            delete from pg_temp.outgoing where row_at in (select row_at from same)
        """)
        # "last_release is null": the current rows alone, in whose partition the place of a row means one row.
        cursor.execute(sql.SQL("update {store} set last_release = {new} - 1 where last_release is null"
                               " and ctid in (select row_at from pg_temp.outgoing)").format(**parts))
        closed = cursor.rowcount
        cursor.execute(sql.SQL("insert into {store} ({columns}, first_release) select {columns}, {new}"
                               " from pg_temp.incoming").format(**parts))
        added = cursor.rowcount
        if added or closed:
            cursor.execute(_touched(columns).format(**parts))
        cursor.execute("drop table pg_temp.incoming, pg_temp.outgoing")
    return added, closed


def _touched(columns: list[str]) -> sql.SQL:
    """What the next night must rebuild for a table that changed: the periods of its rows; else all there is."""
    if "period_key" in columns:
        periods = ("select distinct key.period from {store} as stored inner join store.period_key as key"
                   " using (period_key) where stored.first_release = {new} or stored.last_release = {new} - 1")
    elif "period" in columns:
        periods = ("select distinct coalesce(stored.period, '-') from {store} as stored"
                   " where stored.first_release = {new} or stored.last_release = {new} - 1")
    else:
        periods = "select distinct period from store.partition"
    return sql.SQL(f"insert into pg_temp.touched {periods} on conflict do nothing")


def _record(connection: Connection, release_id: int, new: int, note: str, counts: tuple[int, int]) -> None:
    """The release, the run that made it (the register and the returns are those of the release it equals)."""
    run_id = uuid.uuid4().hex[:12]
    rows(connection, """
        insert into ops.run (
            run_id, kind, owner, status, step, finished_at, release_id, reference_load_id, tree_on)
        select %(run_id)s, 'restore', %(owner)s, 'published', 'restore', clock_timestamp(), %(new)s,
               made.reference_load_id, release.tree_on
        from store.release as release
        left join ops.run as made using (run_id)
        where release.release_id = %(then)s
    """, {"run_id": run_id, "owner": f"restored by {getpass.getuser()}", "new": new, "then": release_id})
    rows(connection, "insert into ops.run_submission (run_id, submission_seq) select %s, frozen.submission_seq"
                     " from store.release as release inner join ops.run_submission as frozen using (run_id)"
                     " where release.release_id = %s", (run_id, release_id))
    told = f"restored from release {release_id}" + (f": {note.strip()}" if note.strip() else "")
    rows(connection, "insert into store.release (release_id, run_id, note, rows_added, rows_closed, tree_on,"
                     " restored_from) select %s, run_id, %s, %s, %s, tree_on, %s from ops.run where run_id = %s",
         (new, told, *counts, release_id, run_id))
    rows(connection, "select store.count_findings(%s, ops.today())", (new,))
    rows(connection, "update store.partition set fingerprint = '' where period in (select period from pg_temp.touched)")
