"""Signatures under a release: who is asked, who answered, and what the answer does to the night that waits.

A night whose coverage is below its threshold (rule P05) gives its lease back and waits with the status ``awaiting``.
What people answer is kept in ``ops.sign_off``; publication reads that table and nothing else (``warehouse.candidate``).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from tonghop import clock
from tonghop.errors import NightAwaiting, NightBusy, NightHeld, TonghopError
from tonghop.quality import coverage
from tonghop.settings import Settings
from tonghop.warehouse import candidate
from tonghop.warehouse.connection import connect, load_sql, rows
from tonghop.warehouse.differences import records

CANDIDATE = "candidate"
"""What stands for the night that waits, whatever its id is."""

_RUN_ID_LENGTH = 12


@dataclass(frozen=True)
class Waiting:
    """A night that was asked to be signed, and how far that is.

    Attributes:
        status: of its run; ``awaiting`` as long as an answer counts.
        coverage: by period, tree and campaign, each beside its threshold and with ``is_below``.
        signed_by: who signed exactly this candidate.
    """

    run_id: str
    status: str
    problem: str | None
    release_id: int | None
    started_at: datetime
    asked_at: datetime | None
    due_at: datetime | None
    is_overdue: bool
    signatures: int
    coverage: list[dict[str, Any]]
    signed_by: list[str]

    @property
    def missing(self) -> int:
        """How many more persons must sign."""
        return max(0, self.signatures - len(self.signed_by))

    @property
    def is_open(self) -> bool:
        """Whether an answer counts."""
        return self.status == "awaiting" and (not self.is_overdue or not self.missing)


def ask(settings: Settings, run_id: str) -> dict[str, Any] | None:
    """Ask for the signatures that the judged candidate of the running night needs, and give the lease back.

    Returns:
        ``due_at`` (ISO), ``signatures`` and ``below`` (how many periods are below their threshold); None where the
        night needs nobody's signature.
    """
    numbers = {name: entry["value"] for name, entry in coverage.numbers(settings)["sign_off"].items()}
    with connect(settings, "builder") as connection:
        below = rows(connection, "select count(*) from quality.run_finding where run_id = %s and rule = 'P05'",
                     (run_id,))[0][0]
        if not below:
            return None
        due_at = deadline(datetime.now(clock.ZONE), numbers["deadline_hours"], numbers["latest"])
        rows(connection, load_sql(settings, "sign_off_ask"), {
            "run_id": run_id, "due_at": due_at, "signatures": numbers["signatures"],
            "fingerprint": candidate.fingerprint(connection), "base": candidate.base_release(connection)})
        rows(connection, "update ops.run set status = 'awaiting', problem = %s"
                         " where run_id = %s and status = 'running'",
             (f"waits for {numbers['signatures']} signature(s) until {due_at:%Y-%m-%d %H:%M}: coverage is below its"
              " threshold", run_id))
    return {"due_at": due_at.isoformat(), "signatures": numbers["signatures"], "below": below}


def deadline(now: datetime, hours: float, latest: str) -> datetime:
    """The moment until which an answer counts: some hours from now, but before the next night.

    Args:
        now: with a zone.
        latest: ``HH:MM`` in the zone of ``now``.
    """
    last = datetime.combine(now.date(), time.fromisoformat(latest), now.tzinfo)
    if last <= now:
        last += timedelta(days=1)
    return min(now + timedelta(hours=hours), last)


def find(settings: Settings, named: str) -> Waiting:
    """The night that is meant by ``candidate``, by the id of its run, or by the number that its release would get.

    One whose deadline has passed is held from here on.

    Raises:
        TonghopError: no such night, or none waits.
    """
    with connect(settings, "builder") as connection:
        run_id = _meant(connection, named)
        expire(connection)
        found = _read(connection, settings, run_id)
        newest = rows(connection, "select run_id, status, problem from ops.run order by started_at desc limit 1")
    if found is not None:
        return found
    what = f"There is no night {run_id}."
    if run_id is None:
        because = f": {newest[0][2]}" if newest and newest[0][2] else ""
        last = f" The newest night, {newest[0][0]}, is {newest[0][1]}{because}." if newest else ""
        what = f"No release waits for a sign-off.{last}"
    raise TonghopError(what, "'tonghop releases' lists what was published, 'tonghop rollup' builds a candidate.")


def sign(settings: Settings, run_id: str, *, by: str, reason: str, through: str) -> Waiting:
    """Record one person's signature under the candidate as it was asked for.

    Args:
        by: who signs.
        reason: may be empty.
        through: ``command`` or ``airflow``.

    Returns:
        The night with what is still missing. Signing again what one signed already changes nothing.

    Raises:
        TonghopError: nobody signs, the night does not wait (any more), or another person is asked for.
    """
    before = _require_open(settings, run_id)
    if _is_among(by, before.signed_by):
        if before.missing:
            raise TonghopError(f"{by} has signed night {run_id} already; another person's signature is missing.",
                               f"'tonghop sign-off {run_id} --by NAME' gives it.")
        return before
    with suppress(psycopg2.errors.UniqueViolation), connect(settings, "steward") as connection:
        _answer(connection, run_id, "signed", by, reason, through)
    return find(settings, run_id)


def reject(settings: Settings, run_id: str, *, by: str, reason: str, through: str) -> None:
    """Record that a person rejects the candidate: nothing is published, and the night is over.

    Raises:
        TonghopError: no reason, nobody rejects, or the night does not wait (any more).
    """
    if not reason.strip():
        raise TonghopError("A rejection needs a reason.", "Say why with --reason.")
    _require_open(settings, run_id)
    with connect(settings, "steward") as connection:
        _answer(connection, run_id, "rejected", by, reason, through)
    with connect(settings, "builder") as connection:
        _end(connection, run_id, "rejected", f"rejected by {by.strip()}: {reason.strip()}")


def expire(connection: Connection) -> None:
    """Hold the night whose deadline passed without all its signatures."""
    rows(connection, """
        update ops.run as run
        set status = 'held', finished_at = clock_timestamp(),
            problem = 'nobody answered for it by ' || to_char(request.due_at at time zone 'Asia/Ho_Chi_Minh',
                                                              'YYYY-MM-DD HH24:MI')
        from ops.sign_off_request as request
        where run.run_id = request.run_id and run.status = 'awaiting' and request.due_at <= clock_timestamp()
          and request.signatures > (
              select count(*) from ops.sign_off as given
              where given.run_id = run.run_id and given.decision = 'signed'
                and given.candidate_fingerprint = request.candidate_fingerprint)
    """)


def take_up(settings: Settings, run_id: str) -> None:
    """Take the lease again for a night that waited and is signed; a night that runs is left as it is.

    Raises:
        NightAwaiting: a signature is missing.
        NightHeld: the deadline passed, or somebody rejected it.
    """
    with connect(settings, "builder") as connection:
        expire(connection)
        found = _read(connection, settings, run_id)
    if found is None or found.status not in ("awaiting", "held", "rejected"):
        return
    if found.status != "awaiting":
        raise NightHeld(f"Night {run_id} is {found.status}: {found.problem}; what analysts see is unchanged.",
                        "'tonghop rollup' builds a new candidate.")
    if found.missing:
        raise NightAwaiting(*waiting_words(found))
    with connect(settings, "builder") as connection:
        rows(connection, "lock table ops.run in exclusive mode")
        if rows(connection, "select 1 from ops.run where status = 'running'"):
            raise NightBusy("Another night is running.", "Wait for it; it supersedes the one that waited.",
                            seems_dead=False)
        rows(connection, "update ops.run set status = 'running', heartbeat_at = clock_timestamp()"
                         " where run_id = %s and status = 'awaiting'", (run_id,))


def put_back(settings: Settings, run_id: str) -> None:
    """Let a signed night wait again: its publication broke off, and can be repeated."""
    with connect(settings, "builder") as connection:
        rows(connection, "update ops.run set status = 'awaiting' where run_id = %s and status = 'running'", (run_id,))


def waiting_words(night: Waiting) -> tuple[str, str]:
    """That a night waits, and how to answer: the two halves of an error."""
    below = [f"{each['period']} {each['campaign']} ({each['hierarchy']}) {100 * each['coverage']:.1f}%"
             f" (asked: {100 * each['threshold']:.0f}%)" for each in night.coverage if each["is_below"]]
    until = night.due_at.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M") if night.due_at else "the next night"
    return (f"Night {night.run_id} waits for {night.missing} signature(s) until {until}: coverage is below its"
            f" threshold in {'; '.join(below[:3])}{f' and {len(below) - 3} more' if len(below) > 3 else ''}.",
            f"'tonghop diff --candidate' shows what would move; 'tonghop sign-off {night.run_id} --by NAME' publishes,"
            f" 'tonghop reject {night.run_id} --by NAME --reason WHY' does not.")


def _answer(connection: Connection, run_id: str, decision: str, *said: str) -> None:
    """Write one answer (by whom, why, given through what), bound to the candidate that was asked about."""
    by, reason, through = said
    if not by.strip():
        raise TonghopError("A sign-off needs a name.", "Say who decides with --by.")
    rows(connection, "insert into ops.sign_off (run_id, decision, decided_by, reason, given_through,"
                     " candidate_fingerprint) select run_id, %s, %s, %s, %s, candidate_fingerprint"
                     " from ops.sign_off_request where run_id = %s",
         (decision, by.strip(), reason.strip(), through, run_id))


def _require_open(settings: Settings, run_id: str) -> Waiting:
    found = find(settings, run_id)
    if found.is_open:
        return found
    because = f" ({found.problem})" if found.problem else ""
    release = f" as release {found.release_id}" if found.status == "published" else because
    raise TonghopError(f"Night {run_id} does not wait for a sign-off: it is {found.status}{release}.",
                       "'tonghop rollup' builds a new candidate.")


def _end(connection: Connection, run_id: str, status: str, problem: str) -> None:
    rows(connection, "update ops.run set status = %s, problem = %s, finished_at = clock_timestamp()"
                     " where run_id = %s and status = 'awaiting'", (status, problem, run_id))


def _meant(connection: Connection, named: str) -> str | None:
    """The id of a run; None for the night that waits.

    Raises:
        TonghopError: the number of a release that is published, or that the candidate would not get.
    """
    if named == CANDIDATE:
        return None
    if not named.isdigit() or len(named) >= _RUN_ID_LENGTH:
        return named
    newest = candidate.base_release(connection)
    if int(named) == newest + 1:
        return None
    if 1 <= int(named) <= newest:
        raise TonghopError(f"Release {named} is published: there is nothing to decide about it any more.",
                           f"The next one will be {newest + 1}; 'tonghop restore' goes back to an earlier one.")
    raise TonghopError(f"There is no release {named}: the one that is built next will be {newest + 1}.",
                       f"'tonghop sign-off {CANDIDATE}' means the night that waits.")


def _read(connection: Connection, settings: Settings, run_id: str | None) -> Waiting | None:
    found = records(connection, load_sql(settings, "sign_off_waiting"), {"run_id": run_id})
    if not found:
        return None
    row = found[0]
    return Waiting(**{**row, "is_overdue": bool(row["is_overdue"]), "signatures": row["signatures"] or 0,
                      "coverage": row["coverage"] or [], "signed_by": list(row["signed_by"])})


def _is_among(name: str, names: list[str]) -> bool:
    return name.strip().lower() in {each.strip().lower() for each in names}
