"""The inbox: put a file into it, see who has news, ingest what is new. A bad file never stops the others."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from psycopg2.extensions import connection as Connection
from upath import UPath

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions import folders, ledger, load, received
from tonghop.submissions.apart import Apart
from tonghop.submissions.context import read_context
from tonghop.submissions.limits import Limits
from tonghop.submissions.load import Ingestion, Sender, ingest_file, refused_entry
from tonghop.submissions.received import CHUNK
from tonghop.submissions.senders import known_sender
from tonghop.warehouse.connection import connect

_READERS = 2
"""A child reads a file faster than one process of PostgreSQL writes its rows."""


def submit(settings: Settings, path: Path, sender: str) -> Path:
    """Copy a file into the inbox of its sender; it appears there whole or not at all.

    Args:
        path: the file to send; its name is made safe, and a name that is taken by other bytes gets a number.
        sender: code or unit id of a province or department.

    Returns:
        The file in the inbox.

    Raises:
        TonghopError: no such file or sender.
    """
    if not path.is_file():
        raise TonghopError(f"'{path}' is not a file.", "Name a .csv or .xlsx file to send.")
    with connect(settings, "loader") as connection:
        folder = folders.root(settings) / known_sender(connection, sender)
    size, most = path.stat().st_size, settings.max_file_bytes
    if size > most:
        raise TonghopError(
            f"'{path}' has {size / 2**20:.0f} MB, the limit is {most / 2**20:.0f} MB.",
            "Split the file, or raise TONGHOP_MAX_FILE_BYTES.",
        )
    with folders.reachable(settings), path.open("rb") as content:
        return _laid_into(folder, folders.safe_name(path.name), content)


def _laid_into(folder: UPath, name: str, content: IO[bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = folders.free_name(folder, name, content)
    if not target.exists():
        part = folder / f".{target.name}.{os.getpid()}.part"
        content.seek(0)
        with part.open("wb") as copy:
            shutil.copyfileobj(content, copy, CHUNK)
        if folders.is_local(target):
            now = time.time_ns()
            os.utime(str(part), ns=(now, now))
        part.rename(target)
    return target  # type: ignore[return-value]  # a UPath of a local folder is a Path


def senders_with_news(settings: Settings) -> list[str]:
    """Names of the folders that hold a file; handled files are in the archive, so this only lists folders."""
    inbox = folders.root(settings)
    with folders.reachable(settings):
        if not inbox.is_dir():
            return []
        return sorted(
            folder.name
            for folder in inbox.iterdir()
            if _is_senders(folder) and any(map(folders.is_news, folder.iterdir()))
        )


def _is_senders(folder: UPath) -> bool:
    return folder.is_dir() and not folder.name.startswith(".")


def ingest_all(
    settings: Settings, shown: int | None = 20, *, readers: Sequence[Apart] | None = None
) -> dict[str, Any]:
    """Ingest every sender that has news, and say what lies in its folder and is no file.

    Senders are read beside one another, one a reader; the files of one sender in their order, as they must be.

    Args:
        shown: as of ``ingest_sender``.
        readers: the children that read; by default as many as PostgreSQL can keep up with beside other work (two).

    Returns:
        ``senders`` (how many), ``files`` (a summary each, see ``ingest_sender``), and the sums of rows.
    """
    inbox = folders.root(settings)
    names = set(senders_with_news(settings))
    if inbox.is_dir():
        all_names = {folder.name for folder in inbox.iterdir() if _is_senders(folder)}
        names |= {name for name in all_names if folders.irregular(settings, name)}
    with ExitStack() as ending:
        ready = readers or [ending.enter_context(Apart(Limits.of(settings))) for _ in range(min(_READERS, len(names)))]
        outcomes = _ingest_beside(settings, sorted(names), shown, ready)
    return {"senders": len(names), **_summed([file for outcome in outcomes for file in outcome["files"]])}


def _ingest_beside(
    settings: Settings, senders: list[str], shown: int | None, readers: Sequence[Apart]
) -> list[dict[str, Any]]:
    """The outcome of each sender, in order; an error of one is raised when those that were begun have ended."""
    free: SimpleQueue[Apart] = SimpleQueue()
    for reader in readers:
        free.put(reader)

    def ingest(sender: str) -> dict[str, Any]:
        reader = free.get()
        try:
            return ingest_sender(settings, sender, shown=shown, apart=reader)
        finally:
            free.put(reader)

    with ThreadPoolExecutor(max(1, len(readers))) as pool:
        return list(pool.map(ingest, senders))


def ingest_sender(  # noqa: PLR0913 - each says something else of one run
    settings: Settings,
    sender: str,
    whole: Collection[Path] = (),
    shown: int | None = 20,
    *,
    sent_by: str | None = None,
    period: str | None = None,
    apart: Apart | None = None,
) -> dict[str, Any]:
    """Read every new file of one sender's folder and lay it into ``raw.*``.

    Safe to run again after a crash at any point: a file leaves the inbox only after its transaction, and the same
    bytes, while they are the sender's latest, are one submission. Each file is read in a child with limits: one that
    cannot be read within them is rejected, the others go on.

    Args:
        sender: the name of the folder: code or unit id of a province or department.
        whole: files known to be completely written (all others must have been left alone for two seconds).
        shown: at most so many rows kept aside are listed a file (None: all); ``rows_aside`` counts them all.
        sent_by: who handed in the files of ``whole``.
        period: what they are for (``YYYY-MM``), where who sends them says so; tables and reports that name another one
            are refused or kept apart by their readers.
        apart: the child that reads; one of its own by default.

    Returns:
        ``sender``, ``files`` (a summary each) and the sums of rows. A summary has ``file``, ``submission_id``,
        ``status``, ``rows_read``, ``rows_kept``, ``rows_aside``, ``claims``, ``warning``, ``problem`` and ``asides``
        (a list of locator, rule and reason). Its status is loaded, rejected, known or waiting (its mapping must be
        confirmed: ``mappings`` has the numbers); of a change file of the register it is proposed, rejected, or waiting
        without an id: it stays in the inbox. What is no file is rejected without an id.
    """
    if not sender or "/" in sender or sender.startswith("."):
        raise TonghopError(f"'{sender}' is no sender's folder.", "Name a province or a department by its code.")
    if apart is None:
        with Apart(Limits.of(settings)) as own:
            return ingest_sender(settings, sender, whole, shown, sent_by=sent_by, period=period, apart=own)
    names = {path.name for path in whole}
    files = [refused_entry(name) for name in folders.irregular(settings, sender)]
    with folders.reachable(settings), connect(settings, "loader") as connection:
        ledger.lock_sender(connection, sender)
        connection.commit()
        who = Sender(sender, _stranger(connection, sender), read_context(connection, settings, sender))
        told = replace(who, context={**who.context, "period": period})
        run = Ingestion(connection, settings, apart, shown)
        for arrival in folders.arrivals(settings, sender):
            is_whole = arrival.path.name in names
            ready = arrival if is_whole else folders.settled(arrival)
            if ready is not None:
                file = ingest_file(run, told, ready, sent_by) if is_whole else ingest_file(run, who, ready)
                files += [file] if file else []
    return {"sender": sender, **_summed(files)}


def reread(settings: Settings, submission_id: str) -> dict[str, Any]:
    """Read a submission that waits for its mapping again, from the archive, into the same submission.

    Returns:
        Its summary, as in ``ingest_sender``.

    Raises:
        TonghopError: no such submission, it does not wait, or its original is not kept.
    """
    with connect(settings, "loader") as connection, Apart(Limits.of(settings)) as apart:
        sender = ledger.find(connection, submission_id)[2]
        ledger.lock_sender(connection, sender)
        context = read_context(connection, settings, sender, ledger.period_said(connection, submission_id))
        return load.reread(Ingestion(connection, settings, apart, None), submission_id, context)


def original(settings: Settings, submission_id: str) -> tuple[str, bytes]:
    """The name and the bytes of a submission as they were received.

    Raises:
        TonghopError: no such submission, nothing is kept of it, or other bytes than were received.
    """
    with connect(settings, "loader") as connection:
        _, _, sender, file_name, name, digest = ledger.find(connection, submission_id)
    with folders.reachable(settings), received.original(settings, sender, submission_id, name, digest) as file:
        return file_name, file.read()


def _summed(files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "files": files,
        "rows_kept": sum(file["rows_kept"] for file in files),
        "rows_aside": sum(file["rows_aside"] for file in files),
    }


def _stranger(connection: Connection, sender: str) -> str | None:
    """Why a folder's name is nobody's; None when it is a sender's. An empty register stops the ingestion instead."""
    try:
        known_sender(connection, sender)
    except TonghopError as error:
        if "register is empty" in error.what:
            raise
        return str(error)
    return None
