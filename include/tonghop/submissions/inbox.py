"""The inbox: put a file into it, see who has news, ingest what is new. A bad file never stops the others."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions import folders, ledger
from tonghop.submissions.load import ingest_file
from tonghop.submissions.senders import known_sender
from tonghop.warehouse.connection import connect


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
    content = path.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    target = folders.free_name(folder, folders.safe_name(path.name), content)
    if not target.exists():
        part = folder / f".{target.name}.{os.getpid()}.part"
        part.write_bytes(content)
        if folders.is_local(target):
            now = time.time_ns()
            os.utime(str(part), ns=(now, now))
        part.rename(target)
    return target  # type: ignore[return-value]  # a UPath of a local folder is a Path


def senders_with_news(settings: Settings) -> list[str]:
    """Names of the folders that hold a file; handled files are in the archive, so this only lists folders."""
    inbox = folders.root(settings)
    if not inbox.is_dir():
        return []
    return sorted(
        folder.name
        for folder in inbox.iterdir()
        if folder.is_dir() and not folder.name.startswith(".") and any(map(folders.is_news, folder.iterdir()))
    )


def ingest_all(settings: Settings, shown: int | None = 20) -> dict[str, Any]:
    """Ingest every sender that has news.

    Returns:
        ``senders`` (how many), ``files`` (a summary each, see ``ingest_sender``), and the sums of rows.
    """
    senders = senders_with_news(settings)
    outcomes = [ingest_sender(settings, sender, shown=shown) for sender in senders]
    return {"senders": len(senders), **_summed([file for outcome in outcomes for file in outcome["files"]])}


def ingest_sender(
    settings: Settings, sender: str, whole: Collection[Path] = (), shown: int | None = 20
) -> dict[str, Any]:
    """Read every new file of one sender's folder and lay it into ``raw.*``.

    Safe to run again after a crash at any point: a file leaves the inbox only after its transaction, and the same
    bytes, while they are the sender's latest, are one submission.

    Args:
        sender: the name of the folder: code or unit id of a province or department.
        whole: files known to be completely written (all others must have been left alone for two seconds).
        shown: at most so many rows kept aside are listed a file (None: all); ``rows_aside`` counts them all.

    Returns:
        ``sender``, ``files`` (each: ``file``, ``submission_id``, ``status`` loaded, rejected, known, or, of a change
        file of the register, proposed or waiting; ``rows_read``, ``rows_kept``, ``rows_aside``, ``problem``,
        ``asides``: a list of locator, rule and reason) and the sums.
    """
    if not sender or "/" in sender or sender.startswith("."):
        raise TonghopError(f"'{sender}' is no sender's folder.", "Name a province or a department by its code.")
    names = {path.name for path in whole}
    files = []
    with connect(settings, "loader") as connection:
        ledger.lock_sender(connection, sender)
        connection.commit()
        stranger = _stranger(connection, sender)
        for arrival in folders.arrivals(settings, sender):
            ready = arrival if arrival.path.name in names else folders.settled(arrival)
            if ready is not None:
                file = ingest_file(connection, settings, sender, ready, stranger)
                files += [{**file, "asides": file["asides"][:shown]}] if file else []
    return {"sender": sender, **_summed(files)}


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
