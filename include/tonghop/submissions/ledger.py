"""The ledger of what was received: ``raw.submission`` and its rows, written in the caller's transaction."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.reference.bulk import copy_rows
from tonghop.submissions.reading import Aside, Statement
from tonghop.warehouse.connection import rows


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


def lock_sender(connection: Connection, sender: str) -> None:
    """One ingestion of a sender at a time, until the connection closes (order of receipt depends on it)."""
    rows(connection, "select pg_advisory_lock(7302, hashtext(%s))", (sender,))


def was_received(connection: Connection, sender: str, content_hash: str) -> bool:
    """Whether the sender ever sent these bytes, and they were not withdrawn."""
    return bool(rows(connection, "select 1 from raw.submission where sender = %s and content_hash = %s"
                                 " and status <> 'withdrawn' limit 1", (sender, content_hash)))


def known_as_latest(connection: Connection, sender: str, content_hash: str, readers: dict[str, str]) -> str | None:
    """The submission of these bytes, if they are the sender's latest and it still stands.

    A file that was rejected by an earlier version of its reader is read again.
    """
    found = rows(
        connection,
        """
        select submission_id, content_hash, status, reader, reader_version
          from raw.submission where sender = %s and kind <> 'register' order by submission_seq desc limit 1""",
        (sender,),
    )
    if not found:
        return None
    submission_id, latest_hash, status, reader, version = found[0]
    if latest_hash != content_hash or status == "withdrawn":
        return None
    if status == "rejected" and readers.get(reader, version) != version:
        return None
    return str(submission_id)


def enter(connection: Connection, entry: Entry, statements: list[Statement], asides: list[Aside]) -> tuple[int, str]:
    """Write a submission, its statements and what is kept aside.

    Returns:
        Its number and its id: ``<sender>-<first 12 digits of the hash>``, with ``-2`` … when the bytes came before.
    """
    before = rows(
        connection,
        "select count(*) from raw.submission where sender = %s and content_hash = %s",
        (entry.sender, entry.content_hash),
    )[0][0]
    submission_id = f"{entry.sender}-{entry.content_hash[:12]}" + (f"-{before + 1}" if before else "")
    seq: int = rows(
        connection,
        """
        insert into raw.submission (submission_id, sender, kind, file_name, content_hash, form, reader, reader_version,
                                    received_at, loaded_at, status, problem, rows_read, rows_kept, rows_aside)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp(), %s, %s, %s, %s, %s)
        returning submission_seq""",
        (
            submission_id,
            entry.sender,
            entry.kind,
            entry.file_name,
            entry.content_hash,
            entry.form,
            entry.reader,
            entry.reader_version,
            entry.received_at,
            "rejected" if entry.problem else "loaded",
            entry.problem,
            entry.rows_read,
            len(statements),
            entry.rows_aside,
        ),
    )[0][0]
    copy_rows(connection, _STATEMENTS, ((seq, *_columns(each)) for each in statements))
    periods = Counter(each.period for each in statements)
    copy_rows(connection, _PERIODS, ((seq, period, kept) for period, kept in sorted(periods.items())))
    copy_rows(
        connection,
        _ASIDES,
        (
            (submission_id, seq, each.row_number, each.locator, each.rule, each.reason, _json(each.raw), "reading")
            for each in asides
        ),
    )
    return seq, submission_id


_STATEMENTS = """copy raw.statement (
    submission_seq, row_number, locator, action, unit_code, indicator, period, scope, numerator, denominator,
    stated_rate, note, mark, numerator_value, denominator_value, rate_value, rate_decimals)
    from stdin with (format csv)"""
_PERIODS = "copy raw.submission_period (submission_seq, period, rows_kept) from stdin with (format csv)"
_ASIDES = """copy quality.rejected_row (
    submission_id, submission_seq, row_number, locator, rule, reason, raw, judged) from stdin with (format csv)"""


def _columns(each: Statement) -> tuple[Any, ...]:
    return (
        each.row_number,
        each.locator,
        each.action,
        each.unit_code,
        each.indicator,
        each.period,
        each.scope,
        each.numerator,
        each.denominator,
        each.stated_rate,
        each.note,
        each.mark,
        each.numerator_value,
        each.denominator_value,
        each.rate_value,
        each.rate_decimals,
    )


def _json(raw: object) -> str:
    return json.dumps(raw, ensure_ascii=False).replace("\\u0000", "")
