"""Load one file: read it by what it is, lay it into ``raw.*`` in one transaction, put it away."""

from __future__ import annotations

import hashlib
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.reference import upkeep
from tonghop.reference.changes import is_change_file
from tonghop.settings import Settings
from tonghop.submissions import delimited, folders, ledger, workbook
from tonghop.submissions.folders import Arrival
from tonghop.submissions.reading import Aside, Reading, Unreadable

READERS = {delimited.READER: delimited.VERSION, workbook.READER: workbook.READER_VERSION}
READERS["unknown"] = ".".join(READERS.values())
"""The version of each reader; what none could read is tried again when one of them changes."""
_TOLD = 20
"""How many problems of a change file the ledger names; the journal of the register has them all."""


def read(content: bytes, file_name: str) -> Reading:
    """Read a file by what it is, whatever its name says.

    Raises:
        Unreadable: S01 or S02.
    """
    if workbook.is_workbook(content):
        return workbook.read_workbook(content, file_name)
    return delimited.read_delimited(content, file_name)


def ingest_file(
    connection: Connection, settings: Settings, sender: str, arrival: Arrival, stranger: str | None
) -> dict[str, Any] | None:
    """Load one arrived file and move it to the archive; a file that cannot be read is in the ledger as rejected.

    Args:
        stranger: why the folder's name is nobody's; None when it is a sender's.

    Returns:
        The summary that ``inbox.ingest_sender`` describes; None when the file has gone meanwhile.
    """
    try:
        content = arrival.path.read_bytes()
    except FileNotFoundError:
        return None
    digest = hashlib.sha256(content).hexdigest()
    is_register = stranger is None and is_change_file(content)
    submission_id = None if is_register else ledger.known_as_latest(connection, sender, digest, READERS)
    summary: dict[str, Any] = {
        "file": arrival.name,
        "submission_id": submission_id,
        "status": "known",
        "rows_read": 0,
        "rows_kept": 0,
        "rows_aside": 0,
        "problem": None,
        "asides": [],
    }
    if is_register:
        try:
            summary |= _propose(connection, settings, sender, arrival, content)
        except TonghopError as error:  # the register itself cannot be read: the file waits in the inbox
            connection.rollback()
            return summary | {"status": "waiting", "problem": str(error)}
    elif submission_id is None:
        summary |= _enter(connection, sender, arrival, digest, _read_or_refuse(content, arrival.name, sender, stranger))
    connection.commit()
    folders.put_away(settings, sender, arrival, summary["submission_id"])
    return summary


def _propose(
    connection: Connection, settings: Settings, sender: str, arrival: Arrival, content: bytes
) -> dict[str, Any]:
    """Propose a change file that a province put into its inbox; the ledger says so, and the journal holds it."""
    told = upkeep.propose_content(connection, settings, content, arrival.name, sender)
    known = {"change_id": told["change_id"], "submission_id": f"change-{told['change_id']}"}
    if not told["is_new"]:
        return known
    entry = ledger.Entry(
        sender,
        "register",
        arrival.name,
        hashlib.sha256(content).hexdigest(),
        f"register:{arrival.name}",
        "register",
        "1",
        arrival.arrived_at,
        "\n".join(told["problems"][:_TOLD]) or None,
        told["rows"],
    )
    _, submission_id = ledger.enter(connection, entry, [], [])
    reasons = [{"locator": "register", "rule": "register", "reason": problem} for problem in told["problems"]]
    return known | {
        "status": "rejected" if told["problems"] else "proposed",
        "submission_id": submission_id,
        "rows_read": told["rows"],
        "problem": entry.problem,
        "asides": reasons,
    }


def _read_or_refuse(content: bytes, file_name: str, sender: str, stranger: str | None) -> Reading | Unreadable:
    if stranger is not None:
        return Unreadable(
            "S02",
            "inbox",
            f"thư mục “{sender}” không phải của tỉnh hay vụ nào; hãy chuyển tệp sang thư mục đúng",
            f"the folder “{sender}” is nobody's: {stranger} Move the file to the right folder",
        )
    try:
        return read(content, file_name)
    except Unreadable as refused:
        return refused
    except Exception as error:  # one damaged file must not stop the others; it is in the ledger with what was met
        detail = f"{type(error).__name__}: {error}".splitlines()[0]
        return Unreadable(
            "S01",
            "file",
            f"không đọc được tệp ({detail}); hãy lưu lại và gửi lại",
            f"the file cannot be read ({detail}); save it again and send it again",
        )


def _enter(
    connection: Connection, sender: str, arrival: Arrival, digest: str, found: Reading | Unreadable
) -> dict[str, Any]:
    if isinstance(found, Unreadable):
        problem = f"{arrival.name}, {found.locator}: {found}"
        asides = [Aside(0, found.locator, found.rule, problem, {"file": arrival.name})]
        entry = ledger.Entry(
            sender,
            "unknown",
            arrival.name,
            digest,
            f"unknown:{arrival.name}",
            "unknown",
            READERS["unknown"],
            arrival.arrived_at,
            problem,
        )
        _, submission_id = ledger.enter(connection, entry, [], asides)
        outcome: dict[str, Any] = {"status": "rejected", "problem": problem}
    else:
        asides = found.asides
        entry = ledger.Entry(
            sender,
            found.kind,
            arrival.name,
            digest,
            found.form,
            found.reader,
            found.version,
            arrival.arrived_at,
            None,
            found.rows_read,
            found.rows_aside,
        )
        _, submission_id = ledger.enter(connection, entry, found.statements, asides)
        outcome = {
            "status": "loaded",
            "rows_read": found.rows_read,
            "rows_kept": len(found.statements),
            "rows_aside": found.rows_aside,
        }
    places = [{"locator": each.locator, "rule": each.rule, "reason": each.reason} for each in asides]
    return {**outcome, "submission_id": submission_id, "asides": places}
