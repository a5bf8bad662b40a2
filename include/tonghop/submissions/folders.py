"""The folders of the inbox, one a sender, and beside it the archive of what was handled. A path, or a store's URL."""

from __future__ import annotations

import hashlib
import re
import shutil
import time
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from upath import UPath

from tonghop.settings import Settings

SETTLED_AFTER = 2.0
"""Seconds without a change after which a file is taken for whole."""
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_TEMPORARY = re.compile(r"(^[.~])|(\.(part|partial|tmp|crdownload|filepart)$)", re.IGNORECASE)


@dataclass(frozen=True)
class Arrival:
    """A file in a sender's folder, and when it arrived."""

    path: UPath
    arrived_at: datetime

    @property
    def name(self) -> str:
        return unicodedata.normalize("NFC", self.path.name)


def root(settings: Settings) -> UPath:
    """The inbox."""
    return UPath(settings.inbox_url)


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


def free_name(folder: UPath, name: str, content: bytes) -> UPath:
    """``name`` in the folder, or the first numbered variant that is free or holds the same bytes."""
    stem, dot, suffix = name.rpartition(".")
    number, target = 1, folder / name
    while target.exists() and target.read_bytes() != content:
        number += 1
        target = folder / (f"{stem}-{number}.{suffix}" if dot else f"{name}-{number}")
    return target


def arrivals(settings: Settings, sender: str) -> list[Arrival]:
    """The files of a sender in order of arrival (last change, then name); hidden and temporary ones apart."""
    folder = root(settings) / sender
    if not folder.is_dir():
        return []
    return sorted(
        (Arrival(path, _changed_at(path)) for path in folder.iterdir() if is_news(path)),
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
    return arrival if _changed_at(arrival.path) == arrival.arrived_at else None


def put_away(settings: Settings, sender: str, arrival: Arrival, submission_id: str) -> None:
    """Move a handled file to the archive, under its submission's id: the bytes stay as they were received."""
    target = archive(settings) / sender / f"{submission_id}--{arrival.path.name}"
    target.parent.mkdir(parents=True, exist_ok=True)
    if not arrival.path.exists():
        return
    if is_local(target):
        shutil.move(str(arrival.path), str(target))
    else:
        target.write_bytes(arrival.path.read_bytes())
        arrival.path.unlink()


def is_news(path: UPath) -> bool:
    return not _TEMPORARY.search(path.name) and path.is_file()


def is_local(path: UPath) -> bool:
    return path.protocol in ("", "file", "local")


def _changed_at(path: UPath) -> datetime:
    """When the file was last changed; never in the future."""
    status = path.stat()
    moment = getattr(status, "st_mtime", 0)
    if not moment:  # stores that know only when an object was made
        info = getattr(status, "_info", None) or path.fs.info(path.path)
        made = next((info[key] for key in ("LastModified", "mtime", "modified", "created") if info.get(key)), None)
        moment = made.timestamp() if isinstance(made, datetime) else float(made or time.time())
    return datetime.fromtimestamp(min(moment, time.time()), UTC)
