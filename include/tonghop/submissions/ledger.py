"""The ledger of what was received: ``raw.submission`` and its rows, written in the caller's transaction."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.reference.bulk import copy_rows
from tonghop.submissions.apart import Done, Job
from tonghop.submissions.child import FILES
from tonghop.submissions.reading import Aside, Statement
from tonghop.submissions.spool import ASIDES, CLAIMS, FINDINGS, REPORT, STATEMENTS, Spool
from tonghop.warehouse.connection import rows

UNREAD = ("received", "waiting")
"""The status of a submission that has no rows yet; a reading may still fill it."""
UNHASHED = "unread-"
"""Before the fingerprint of a file that was too large to be read, in place of the hash of its bytes."""
_COPY_BYTES = 2**18


@dataclass(frozen=True)
class Entry:
    """One row of the ledger before it has a number."""

    sender: str
    kind: str
    file_name: str
    content_hash: str
    form: str
    reader: str
    reader_version: str
    received_at: datetime
    problem: str | None = None
    rows_read: int = 0
    rows_aside: int = 0
    size_bytes: int | None = None
    sent_by: str | None = None
    period_said: str | None = None


def lock_sender(connection: Connection, sender: str) -> None:
    """One ingestion of a sender at a time, until the connection closes (order of receipt depends on it)."""
    rows(connection, "select pg_advisory_lock(7302, hashtext(%s))", (sender,))


def was_received(connection: Connection, sender: str, content_hash: str) -> bool:
    """Whether the sender ever sent these bytes, and they were not withdrawn."""
    return bool(rows(connection, "select 1 from raw.submission where sender = %s and content_hash = %s"
                                 " and status <> 'withdrawn' limit 1", (sender, content_hash)))


def known_as_latest(
    connection: Connection, sender: str, content_hash: str, readers: dict[str, str], period: str | None = None
) -> str | None:
    """The submission of these bytes, if they are the sender's latest and it still stands.

    A file that was rejected by an earlier version of its reader, or for whose period nothing was said before, is read
    again.
    """
    found = rows(
        connection,
        """
        select submission_id, content_hash, status, reader, reader_version, period_said
          from raw.submission where sender = %s and kind <> 'register' order by submission_seq desc limit 1""",
        (sender,),
    )
    if not found:
        return None
    submission_id, latest_hash, status, reader, version, said = found[0]
    if latest_hash != content_hash or status in ("withdrawn", *UNREAD) or (period is not None and period != said):
        return None
    if status == "rejected" and readers.get(reader, version) != version:
        return None
    return str(submission_id)


def find(connection: Connection, submission_id: str) -> tuple[int, str, str, str, str | None, str]:
    """Number, status, sender, file name, name in the archive and hash of a submission.

    Raises:
        TonghopError: there is none.
    """
    found = rows(
        connection,
        "select submission_seq, status, sender, file_name, archived_as, content_hash from raw.submission"
        " where submission_id = %s",
        (submission_id,),
    )
    if not found:
        raise TonghopError(
            f"No submission is called '{submission_id}'.", "Its id stands in raw.ledger and on the page."
        )
    seq, status, sender, file_name, archived_as, content_hash = found[0]
    return int(seq), status, sender, file_name, archived_as, content_hash


def period_said(connection: Connection, submission_id: str) -> str | None:
    """The period that the sender said a submission is for."""
    found = rows(connection, "select period_said from raw.submission where submission_id = %s", (submission_id,))
    return found[0][0] if found else None


def receive(connection: Connection, entry: Entry) -> tuple[int, str]:
    """Enter a file before it is read, or find it where an earlier reading was cut short or waits for its mapping.

    Its number decides what supersedes what, so the caller commits it before it reads.

    Returns:
        Its number and its id: ``<sender>-<first 12 digits of the hash>``, with ``-2`` … when the bytes came before.
    """
    unread = rows(
        connection,
        "select submission_seq, submission_id from raw.submission where sender = %s and content_hash = %s"
        " and status = any(%s) order by submission_seq desc limit 1",
        (entry.sender, entry.content_hash, list(UNREAD)),
    )
    if unread:
        seq, submission_id = unread[0]
        rows(connection, "update raw.submission set period_said = coalesce(%s, period_said) where submission_seq = %s",
             (entry.period_said, seq))
        return int(seq), str(submission_id)
    return _insert(connection, entry, "received")


def _insert(connection: Connection, entry: Entry, status: str) -> tuple[int, str]:
    before = rows(
        connection,
        "select count(*) from raw.submission where sender = %s and content_hash = %s",
        (entry.sender, entry.content_hash),
    )[0][0]
    digest = entry.content_hash.removeprefix(UNHASHED)[:12]
    submission_id = f"{entry.sender}-{digest}" + (f"-{before + 1}" if before else "")
    columns = vars(entry) | {"submission_id": submission_id, "status": status}
    seq: int = rows(
        connection,
        """
        insert into raw.submission (submission_id, sender, kind, file_name, content_hash, form, reader, reader_version,
                                    received_at, status, problem, rows_read, rows_aside, size_bytes, sent_by,
                                    period_said)
        values (%(submission_id)s, %(sender)s, %(kind)s, %(file_name)s, %(content_hash)s, %(form)s, %(reader)s,
                %(reader_version)s, %(received_at)s, %(status)s, %(problem)s, %(rows_read)s, %(rows_aside)s,
                %(size_bytes)s, %(sent_by)s, %(period_said)s)
        returning submission_seq""",
        columns,
    )[0][0]
    return seq, submission_id


def enter(connection: Connection, entry: Entry, statements: list[Statement], asides: list[Aside]) -> tuple[int, str]:
    """Write a submission that is at hand (a withdrawal, a change file), its statements and what is kept aside.

    Returns:
        As ``receive``.
    """
    seq, submission_id = _insert(connection, entry, "rejected" if entry.problem else "loaded")
    rows(
        connection,
        "update raw.submission set loaded_at = clock_timestamp(), rows_kept = %s where submission_seq = %s",
        (len(statements), seq),
    )
    files = _spools()
    spool = Spool(seq, submission_id, *files)
    for statement in statements:
        spool.keep(statement)
    for aside in asides:
        spool.set_aside(aside)
    spool.flush()
    for copy, file in zip((STATEMENTS, ASIDES), files, strict=False):
        file.seek(0)
        _copy(connection, copy, file)
    _periods(connection, seq, spool.periods)
    return seq, submission_id


def fill(connection: Connection, seq: int, job: Job) -> Done:
    """Take over what a child reads, while it reads; the submission counts when the caller commits.

    Raises:
        Unreadable, NeedsConfirming: as ``Job.finish``; the caller rolls back.
    """
    try:
        _copy(connection, STATEMENTS, job)
    except psycopg2.DataError:
        if job.is_at_end:  # half a line is what a child leaves that died: it says why
            job.finish()
        raise
    done = job.finish()
    _copy(connection, ASIDES, job.asides)
    if done.head.kind == "report":
        for copy, file in ((REPORT, job.report), (CLAIMS, job.claims), (FINDINGS, job.findings)):
            _copy(connection, copy, file)
    _periods(connection, seq, done.periods)
    rows(
        connection,
        """
        update raw.submission
        set kind = %(kind)s, form = %(form)s, reader = %(reader)s, reader_version = %(version)s, status = 'loaded',
            problem = null, encoding = %(encoding)s, warning = %(warning)s, rows_read = %(rows_read)s,
            rows_kept = %(rows_kept)s, rows_aside = %(rows_aside)s, loaded_at = clock_timestamp()
        where submission_seq = %(seq)s""",
        {
            **vars(done.head), "seq": seq, "rows_read": done.rows_read, "rows_kept": done.rows_kept,
            "rows_aside": done.rows_aside,
        },
    )
    return done


def reject(connection: Connection, seq: int, submission_id: str, problem: str, aside: Aside) -> None:
    """Say that nothing of a received file could be read, and why."""
    files = _spools()
    spool = Spool(seq, submission_id, *files)
    spool.set_aside(aside)
    files[1].seek(0)
    _copy(connection, ASIDES, files[1])
    rows(
        connection,
        "update raw.submission set status = 'rejected', problem = %s, loaded_at = clock_timestamp()"
        " where submission_seq = %s",
        (problem, seq),
    )


def wait(connection: Connection, seq: int, problem: str) -> None:
    """Say that a received file waits for its mapping."""
    rows(
        connection,
        "update raw.submission set status = 'waiting', problem = %s where submission_seq = %s",
        (problem, seq),
    )


def forget(connection: Connection, seq: int) -> None:
    """Take back the entry of a file that turned out to be still being written."""
    rows(connection, "delete from raw.submission where submission_seq = %s and status = 'received'", (seq,))


def archived(connection: Connection, seq: int, name: str) -> None:
    """Say under which name the original is kept."""
    rows(connection, "update raw.submission set archived_as = %s where submission_seq = %s", (name, seq))


def _periods(connection: Connection, seq: int, periods: Counter[str]) -> None:
    copy_rows(connection, _PERIODS, ((seq, period, kept) for period, kept in sorted(periods.items())))


def _spools() -> list[io.BytesIO]:
    return [io.BytesIO() for _ in range(FILES - 1)]


def _copy(connection: Connection, statement: str, file: Any) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, file, size=_COPY_BYTES)


_PERIODS = "copy raw.submission_period (submission_seq, period, rows_kept) from stdin with (format csv)"
