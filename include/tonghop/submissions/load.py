"""Load one file: enter it in the ledger, have it read in the child, lay its rows into ``raw.*``, put it away."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

import psycopg2
from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.reference import upkeep
from tonghop.reference.changes import is_change_file
from tonghop.settings import Settings
from tonghop.submissions import dispatch, ledger, mappings, received
from tonghop.submissions.apart import Apart, Done
from tonghop.submissions.dispatch import Task
from tonghop.submissions.folders import Arrival
from tonghop.submissions.limits import check_size
from tonghop.submissions.reading import Aside, NeedsConfirming, Unreadable
from tonghop.submissions.received import Received

_TOLD = 20
"""How many problems of a change file the ledger names; the journal of the register has them all."""
_FIRST_LINE = 2**16


@dataclass(frozen=True)
class Sender:
    """Whose files are read.

    Attributes:
        name: of the folder.
        stranger: why that name is nobody's; None when it is a sender's.
        context: what readers must know of the sender (``dispatch.Task``).
    """

    name: str
    stranger: str | None = None
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ingestion:
    """What the files of one run share: connection, child, and how many rows kept aside are told a file (None: all)."""

    connection: Connection
    settings: Settings
    apart: Apart
    shown: int | None = 20


def ingest_file(
    run: Ingestion, sender: Sender, arrival: Arrival, sent_by: str | None = None
) -> dict[str, Any] | None:
    """Load one arrived file and move it to the archive; a file that cannot be read is in the ledger as rejected.

    Args:
        sent_by: who handed it in, where that is known.

    Returns:
        The summary that ``inbox.ingest_sender`` describes; None when the file has gone, or is still being written.
    """
    try:
        with received.opened(arrival, run.apart.limits) as file:
            return _ingest(run, sender, file, sent_by)
    except FileNotFoundError:
        return None
    except received.Irregular:
        return refused_entry(arrival.name)


def refused_entry(name: str) -> dict[str, Any]:
    """The summary of what lies in an inbox and is no file: it is neither read nor moved, so it is not in the ledger."""
    return _summary(
        name,
        status="rejected",
        problem=f"{name}: không phải tệp (thư mục, liên kết…), không đọc; hãy bỏ ra và gửi chính tệp / not a file (a"
        " folder, a link …), so it is not read; take it away and send the file itself",
    )


def reread(run: Ingestion, submission_id: str, context: dict[str, Any]) -> dict[str, Any]:
    """Read the original of a submission that waits for its mapping again, into the same submission.

    Args:
        context: as ``Sender.context``.

    Returns:
        The summary that ``inbox.ingest_sender`` describes.

    Raises:
        TonghopError: no such submission, it does not wait, or its original is not kept.
    """
    seq, status, sender, file_name, name, digest = ledger.find(run.connection, submission_id)
    if status not in ledger.UNREAD:
        raise TonghopError(
            f"Submission '{submission_id}' does not wait: it was {status}.", "Send its file again instead."
        )
    with received.original(run.settings, sender, submission_id, name, digest) as file:
        outcome = _read(run, sender, Task(file_name, run.apart.limits, context), file, (seq, submission_id))
    run.connection.commit()
    return _summary(file_name, submission_id=submission_id, **outcome)


def _summary(name: str, **known: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "file": name,
        "submission_id": None,
        "status": "known",
        "rows_read": 0,
        "rows_kept": 0,
        "rows_aside": 0,
        "claims": 0,
        "problem": None,
        "warning": None,
        "asides": [],
    }
    return nothing | known


def _ingest(run: Ingestion, sender: Sender, file: Received, sent_by: str | None) -> dict[str, Any] | None:
    name, connection = file.arrival.name, run.connection
    is_register = sender.stranger is None and is_change_file(file.file.read(_FIRST_LINE))
    file.file.seek(0)
    versions = dispatch.versions()
    submission_id = None if is_register else ledger.known_as_latest(
        connection, sender.name, file.digest, versions, sender.context.get("period")
    )
    summary = _summary(name, submission_id=submission_id)
    seq = None
    if is_register:
        try:
            summary |= _propose(run, sender.name, file)
        except TonghopError as error:  # the register itself cannot be read: the file waits in the inbox
            connection.rollback()
            return summary | {"status": "waiting", "problem": str(error)}
    elif submission_id is None:
        entry = ledger.Entry(
            sender.name, "unknown", name, file.digest, f"unknown:{name}", "unknown", versions["unknown"],
            file.arrival.arrived_at, size_bytes=file.size, sent_by=sent_by, period_said=sender.context.get("period"),
        )
        seq, submission_id = ledger.receive(connection, entry)
        connection.commit()
        summary |= {"submission_id": submission_id}
        summary |= _read_or_refuse(run, sender, file, seq, submission_id)
        if not file.is_still_the_same:
            connection.rollback()
            ledger.forget(connection, seq)
            connection.commit()
            return None
    kept_as = received.archive_name(summary["submission_id"], file.arrival.path.name)
    if seq is not None:
        ledger.archived(connection, seq, received.as_text(kept_as))
    connection.commit()
    received.put_away(run.settings, sender.name, file, kept_as)
    return summary


def _propose(run: Ingestion, sender: str, file: Received) -> dict[str, Any]:
    """Propose a change file that a province put into its inbox; the ledger says so, and the journal holds it."""
    name = file.arrival.name
    content = file.file.read(run.apart.limits.legacy_bytes)
    told = upkeep.propose_content(run.connection, run.settings, content, name, sender)
    known = {"change_id": told["change_id"], "submission_id": f"change-{told['change_id']}"}
    if not told["is_new"]:
        return known
    problem = "\n".join(told["problems"][:_TOLD]) or None
    entry = ledger.Entry(
        sender, "register", name, file.digest, f"register:{name}", "register", "1", file.arrival.arrived_at, problem,
        told["rows"], size_bytes=file.size,
    )
    _, submission_id = ledger.enter(run.connection, entry, [], [])
    reasons = [{"locator": "register", "rule": "register", "reason": each} for each in told["problems"]]
    return known | {
        "status": "rejected" if told["problems"] else "proposed",
        "submission_id": submission_id,
        "rows_read": told["rows"],
        "problem": problem,
        "asides": reasons[: run.shown],
    }


def _read_or_refuse(run: Ingestion, sender: Sender, file: Received, seq: int, submission_id: str) -> dict[str, Any]:
    name = file.arrival.name
    try:
        if sender.stranger is not None:
            raise Unreadable(
                "S02",
                "inbox",
                f"thư mục “{sender.name}” không phải của tỉnh hay vụ nào; hãy chuyển tệp sang thư mục đúng",
                f"the folder “{sender.name}” is nobody's: {sender.stranger} Move the file to the right folder",
            )
        check_size(file.size, run.apart.limits)
    except Unreadable as refused:
        return _reject(run, name, seq, submission_id, refused)
    task = Task(name, run.apart.limits, sender.context)
    return _read(run, sender.name, task, file.file, (seq, submission_id))


def _read(run: Ingestion, sender: str, task: Task, file: IO[bytes], into: tuple[int, str]) -> dict[str, Any]:
    """Read into a submission that was received (its number and id); the caller commits."""
    seq, submission_id = into
    try:
        with run.apart.job(file, task, seq, submission_id) as job:
            done = ledger.fill(run.connection, seq, job)
            job.asides.seek(0)
            return _loaded(done, _first(job.asides, run.shown))
    except Unreadable as refused:
        run.connection.rollback()
        return _reject(run, task.file_name, seq, submission_id, refused)
    except NeedsConfirming as asked:
        run.connection.rollback()
        problem = f"{task.file_name}: {asked}"
        ledger.wait(run.connection, seq, problem)
        asked_of = mappings.propose(run.connection, sender, asked.proposal, task.file_name, submission_id)
        return {"status": "waiting", "problem": problem, "mappings": asked_of}
    except (psycopg2.DataError, psycopg2.IntegrityError) as error:  # the reader let something pass
        run.connection.rollback()
        detail = str(error).splitlines()[0]
        unfit = Unreadable(
            "S01",
            "file",
            f"không ghi được dữ liệu của tệp ({detail}); hãy báo người quản trị",
            f"what the file says cannot be stored ({detail}); tell whoever runs this system",
        )
        return _reject(run, task.file_name, seq, submission_id, unfit)


def _loaded(done: Done, asides: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "status": "loaded",
        "rows_read": done.rows_read,
        "rows_kept": done.rows_kept,
        "rows_aside": done.rows_aside,
        "claims": done.claims,
        "warning": done.head.warning,
        "asides": asides,
    }


def _reject(run: Ingestion, name: str, seq: int, submission_id: str, refused: Unreadable) -> dict[str, Any]:
    problem = f"{name}, {refused.locator}: {refused}"
    aside = Aside(0, refused.locator, refused.rule, problem, {"file": name})
    ledger.reject(run.connection, seq, submission_id, problem, aside)
    place = {"locator": refused.locator, "rule": refused.rule, "reason": problem}
    return {"status": "rejected", "problem": problem, "asides": [place][: run.shown]}


def _first(asides: IO[bytes], shown: int | None) -> list[dict[str, str]]:
    """The first so many rows kept aside, from the lines that were copied."""
    lines = csv.reader(io.TextIOWrapper(asides, "utf-8", newline=""))
    return [
        {"locator": locator, "rule": rule, "reason": reason}
        for _, _, _, locator, rule, reason, *_ in islice(lines, shown)
    ]
