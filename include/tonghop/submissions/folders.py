"""The folders of the inbox, one a sender, and beside it the archive of what was handled. A path, or a store's URL."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from upath import UPath

from tonghop.errors import TonghopError
from tonghop.settings import Settings

SETTLED_AFTER = 2.0
"""Seconds without a change after which a file is taken for whole."""
_CHUNK = 2**20
_STORES = ("botocore.", "aiobotocore.", "aiohttp.")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_TEMPORARY = re.compile(r"(^[.~])|(\.(part|partial|tmp|crdownload|filepart)$)", re.IGNORECASE)


@dataclass(frozen=True)
class Arrival:
    """A file in a sender's folder, and when it arrived."""

    path: UPath
    arrived_at: datetime

    @property
    def name(self) -> str:
        """The name as people see it: NFC, on one line; bytes that are no UTF-8 are shown as such."""
        return printable(self.path.name)


def root(settings: Settings) -> UPath:
    """The inbox."""
    return UPath(settings.inbox_url)


@contextmanager
def reachable(settings: Settings) -> Iterator[None]:
    """What a store by URL answers instead of files, as one line.

    Raises:
        TonghopError: it does not answer, or refuses us.
    """
    try:
        yield
    except Exception as error:
        refuses = isinstance(error, ConnectionError | PermissionError | TimeoutError)
        if is_local(root(settings)) or not (refuses or type(error).__module__.startswith(_STORES)):
            raise
        detail = " ".join(str(error).split()) or type(error).__name__
        raise TonghopError(
            f"The inbox {settings.inbox_url} cannot be reached: {detail}.",
            "Check TONGHOP_INBOX, and AWS_ENDPOINT_URL and the credentials of the store.",
        ) from error


def archive(settings: Settings) -> UPath:
    """Where handled files go: ``archive`` beside the inbox."""
    inbox = root(settings)
    beside = inbox.parent / "archive"
    return beside if inbox.parent != inbox else inbox / ".archive"


def safe_name(name: str) -> str:
    """A file name that is only a name: NFC, no separators, no control characters, not hidden, not temporary."""
    safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .~$")
    if not safe or _TEMPORARY.search(safe):
        safe = f"{safe.replace('.', '_') or 'tep'}.csv"
    stem, dot, suffix = safe.rpartition(".")
    if len(safe.encode()) > 180:
        kept = (stem or safe).encode()[:140].decode(errors="ignore")
        ending = suffix.encode()[:20].decode(errors="ignore") if stem else ""
        safe = f"{kept}-{hashlib.sha256(name.encode()).hexdigest()[:8]}{dot}{ending}"
    return safe


def free_name(folder: UPath, name: str, content: IO[bytes]) -> UPath:
    """``name`` in the folder, or the first numbered variant that is free or holds the same bytes."""
    stem, dot, suffix = name.rpartition(".")
    number, target = 1, folder / name
    while target.exists() and not _same(target, content):
        number += 1
        target = folder / (f"{stem}-{number}.{suffix}" if dot else f"{name}-{number}")
    return target


def _same(path: UPath, content: IO[bytes]) -> bool:
    with path.open("rb") as there:
        content.seek(0)
        while (piece := content.read(_CHUNK)) == there.read(_CHUNK):
            if not piece:
                return True
    return False


def printable(name: str) -> str:
    """A file's name as it can be shown and stored: NFC, on one line."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "_" for letter in unicodedata.normalize("NFC", text))


def arrivals(settings: Settings, sender: str) -> list[Arrival]:
    """The files of a sender in order of arrival (last change, then name); hidden and temporary ones apart."""
    folder = root(settings) / sender
    if not folder.is_dir():
        return []
    return sorted(
        (Arrival(path, changed_at(path)) for path in folder.iterdir() if is_news(path)),
        key=lambda each: (each.arrived_at, each.name),
    )


def settled(arrival: Arrival) -> Arrival | None:
    """The arrival once nothing has changed it for two seconds; None while it is still being written, or gone."""
    age = time.time() - arrival.arrived_at.timestamp()
    if age >= SETTLED_AFTER:
        return arrival
    time.sleep(SETTLED_AFTER - age)
    if not arrival.path.exists():
        return None
    return arrival if changed_at(arrival.path) == arrival.arrived_at else None


def is_news(path: UPath) -> bool:
    """Whether it is a file that somebody sent: not hidden, not temporary, not a link."""
    return not _TEMPORARY.search(path.name) and path.is_file() and not is_irregular(path)


def is_irregular(path: UPath) -> bool:
    """Whether it is something a sender should not have put there: a folder, a link, a pipe, a socket."""
    if not is_local(path) or _TEMPORARY.search(path.name):
        return False
    try:
        return not stat.S_ISREG(os.lstat(str(path)).st_mode)
    except FileNotFoundError:
        return False


def irregular(settings: Settings, sender: str) -> list[str]:
    """Names of what lies in a sender's folder and is no file; a store by URL has only objects."""
    folder = root(settings) / sender
    if not is_local(folder) or not folder.is_dir():
        return []
    return sorted(printable(path.name) for path in folder.iterdir() if is_irregular(path))


def is_local(path: UPath) -> bool:
    return path.protocol in ("", "file", "local")


def changed_at(path: UPath) -> datetime:
    """When the file was last changed; never in the future."""
    status = path.stat()
    moment = getattr(status, "st_mtime", 0)
    if not moment:  # stores that know only when an object was made
        info = getattr(status, "_info", None) or path.fs.info(path.path)
        made = next((info[key] for key in ("LastModified", "mtime", "modified", "created") if info.get(key)), None)
        moment = made.timestamp() if isinstance(made, datetime) else float(made or time.time())
    return datetime.fromtimestamp(min(moment, time.time()), UTC)
