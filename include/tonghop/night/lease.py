"""One night at a time: a leased row in ``ops.run`` with a heartbeat, and the scope that the night froze."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any, NamedTuple

import psutil
import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extras import Json, execute_values

from tonghop.errors import NightBusy, TonghopError
from tonghop.night import fingerprint
from tonghop.settings import Settings
from tonghop.warehouse import run
from tonghop.warehouse.connection import connect, load_sql, rows

ABOVE = "-"
"""In place of a province: the nation, the departments, and what belongs to no province."""
NO_PERIOD = "-"
"""In place of a period: what belongs to none."""

_HEARTBEAT_SECONDS = 5.0
_BETWEEN_STEPS_SECONDS = 60.0  # longer than a task's retry delay and its scheduling


class Partition(NamedTuple):
    """What a night rebuilds or leaves alone; ``published`` is None where nothing was published yet.

    ``moved_on`` is the last day up to the period's end on which units moved: all periods with this day have one tree.
    """

    period: str
    province_unit_id: str
    fingerprint: str
    published: str | None
    moved_on: date | None


def acquire(settings: Settings, *, kind: str, label: str, periods: list[str] | None, full: bool) -> str | None:
    """Take the lease, freeze the raw data, and settle which partitions differ from the published release.

    A running night whose process is gone, or that has shown no heartbeat for ``settings.lease_seconds``, is superseded;
    so is one that waits for a sign-off.

    Args:
        kind: ``night`` (scheduled) or ``hand``.
        label: who asked, for the record.
        periods: rebuild these only (default: all that changed).
        full: rebuild whatever the fingerprints say.

    Returns:
        The run's id, or None when nothing changed (the run is recorded as unchanged).

    Raises:
        TonghopError: another night is running, or a period does not exist.
    """
    with connect(settings, "builder") as connection:
        rows(connection, "lock table ops.run in exclusive mode")
        _supersede_dead(connection, settings, kind)
        run_id = uuid.uuid4().hex[:12]
        rows(connection, "update ops.run set status = 'superseded', finished_at = clock_timestamp(), problem = %s"
                         " where status = 'awaiting'", (f"night {run_id} began before this one was signed",))
        rows(connection, "insert into ops.run (run_id, kind, owner, status, step)"
                         " values (%s, %s, %s, 'running', 'open')", (run_id, kind, _owner(label)))
        rows(connection, load_sql(settings, "freeze"), {"run_id": run_id})
        scope = _scope(_partitions(connection, settings, run_id), periods, full)
        with connection.cursor() as cursor:
            execute_values(cursor, "insert into ops.run_partition (run_id, period, province_unit_id, fingerprint)"
                                   " values %s", [(run_id, *each[:3]) for each in scope])
        if not scope:
            run.finish(connection, run_id, "unchanged")
    return run_id if scope else None


def _partitions(connection: Connection, settings: Settings, run_id: str) -> list[Partition]:
    """Every partition there is, with the fingerprint of its inputs as they are frozen."""
    loaded = rows(connection, "select content_hash from reference.load order by load_id desc limit 1")
    content_hash = loaded[0][0] if loaded else ""
    if not rows(connection, "select 1 from ops.register_fingerprint where content_hash = %s limit 1", (content_hash,)):
        rows(connection, load_sql(settings, "register_fingerprints"), {"content_hash": content_hash})
    found = rows(connection, load_sql(settings, "partitions"), {
        "run_id": run_id, "code": fingerprint.of_code(settings), "content_hash": content_hash})
    return [Partition(*each) for each in found]


def _scope(known: list[Partition], periods: list[str] | None, full: bool) -> list[Partition]:
    """The partitions to rebuild: those that changed, and what stands above them.

    What follows in time is judged beside them (D06, N04): later periods of a province that changed are rebuilt too, and
    of all provinces those whose tree is another than that of the first period that changed.

    Raises:
        TonghopError: a period is asked for that does not exist.
    """
    missing = sorted(set(periods or ()) - {each.period for each in known})
    if missing:
        raise TonghopError(f"Period {missing[0]} does not exist: nobody reported for it, no calendar expects it.",
                           "Periods are written YYYY-MM.")
    asked = [each for each in known if periods is None or each.period in periods]
    changed = {each for each in asked if full or each.fingerprint != each.published}
    first = _first_changed(changed)
    rebuilt = changed | {each for each in asked if _follows(each, first)}
    periods_rebuilt = {each.period for each in rebuilt}
    return [each for each in asked if each in rebuilt or (
        each.period in periods_rebuilt and each.province_unit_id == ABOVE)]


def _first_changed(changed: set[Partition]) -> dict[str, Partition]:
    """The earliest partition that changed, by province; under "" that of all."""
    first: dict[str, Partition] = {}
    for each in sorted(changed):
        if each.period != NO_PERIOD:
            first.setdefault(each.province_unit_id, each)
            first.setdefault("", each)
    return first


def _follows(each: Partition, first: dict[str, Partition]) -> bool:
    """Whether a published partition comes after what changed in the same province, or before units moved."""
    if each.published is None or each.period == NO_PERIOD or "" not in first:
        return False
    its_own, of_all = first.get(each.province_unit_id, each), first[""]
    return each.period > its_own.period or (each.period > of_all.period and each.moved_on != of_all.moved_on)


def _supersede_dead(connection: Connection, settings: Settings, kind: str) -> None:
    """Take the lease from a night that is gone.

    A night by hand is gone with its process. A scheduled one has a process a step, so between two steps only its
    heartbeat tells, unless the schedule itself (which runs one at a time) has begun another.
    """
    running = rows(connection, "select run_id, kind, owner, step, extract(epoch from now() - heartbeat_at)"
                               " from ops.run where status = 'running'")
    for run_id, its_kind, owner, step_name, silent_seconds in running:
        is_gone = not _is_alive(owner)
        between_steps = its_kind == "night" and kind != "night" and silent_seconds <= _BETWEEN_STEPS_SECONDS
        if silent_seconds <= settings.lease_seconds and (not is_gone or between_steps):
            raise NightBusy(f"Another night is running ({owner}, step '{step_name}').",
                            "Wait for it, or stop it; running this again is safe.", seems_dead=is_gone)
        run.finish(connection, run_id, "superseded", "its process is gone; a newer night took over")


def _owner(label: str) -> str:
    return f"{label} {socket.gethostname()}:{os.getpid()}"


def _is_alive(owner: str) -> bool:
    """Whether the process that beat last is there; on another machine only the heartbeat can tell."""
    host, _, pid = owner.rpartition(" ")[2].rpartition(":")
    if host != socket.gethostname():
        return True
    return int(pid) != os.getpid() and psutil.pid_exists(int(pid)) and (
        psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE
    )


@contextmanager
def step(settings: Settings, run_id: str, name: str, *, after_release: bool = False) -> Iterator[dict[str, Any]]:
    """One step of a night: holds the lease by heartbeats, and records how long it took.

    Args:
        after_release: the step follows publication, when the lease has been given back.

    Yields:
        A dictionary whose entries are kept as the step's detail.
    """
    with connect(settings, "builder") as connection:
        if not after_release:
            run.require_mine(connection, run_id)
        rows(connection, "update ops.run set step = %s, owner = regexp_replace(owner, '[^ ]+$', '') || %s,"
                         " heartbeat_at = clock_timestamp() where run_id = %s", (name, _owner("").strip(), run_id))
        attempt = rows(connection, "insert into ops.step_run (run_id, step, attempt, started_at)"
                                   " select %(run)s, %(step)s, count(*) + 1, clock_timestamp() from ops.step_run"
                                   " where run_id = %(run)s and step = %(step)s returning attempt",
                       {"run": run_id, "step": name})[0][0]
    done = threading.Event()
    heart = threading.Thread(target=_beat, args=(settings, run_id, done), daemon=True)
    heart.start()
    detail: dict[str, Any] = {}
    try:
        yield detail
    finally:
        done.set()
        heart.join()
        with connect(settings, "builder") as connection:
            rows(connection, "update ops.step_run set finished_at = clock_timestamp(), detail = %s,"
                             " seconds = extract(epoch from clock_timestamp() - started_at)"
                             " where run_id = %s and step = %s and attempt = %s", (Json(detail), run_id, name, attempt))


def _beat(settings: Settings, run_id: str, done: threading.Event) -> None:
    while not done.wait(_HEARTBEAT_SECONDS):
        with suppress(psycopg2.Error), connect(settings, "builder") as connection:
            rows(connection, "update ops.run set heartbeat_at = clock_timestamp() where run_id = %s", (run_id,))
