"""A file that arrived: opened once, hashed and read through that opening, put away under its submission's id."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from upath import UPath

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions import folders
from tonghop.submissions.folders import Arrival
from tonghop.submissions.ledger import UNHASHED
from tonghop.submissions.limits import Limits

CHUNK = 2**20
_LONGEST_NAME = 255


class Irregular(Exception):
    """Something in a sender's folder that is no file: a folder, a link, a pipe. It is never followed or opened."""


@dataclass(frozen=True)
class Received:
    """An arrived file, opened: what is read and hashed is this, whatever happens to its name meanwhile.

    Attributes:
        file: at its start.
        size: bytes.
        digest: SHA-256 of the bytes; of name, size and time behind ``ledger.UNHASHED`` where it was too large to read.
    """

    arrival: Arrival
    file: IO[bytes]
    size: int
    digest: str
    _state: tuple[int, ...] | None

    @property
    def is_still_the_same(self) -> bool:
        """Whether nobody has written into the file since it was hashed (a download is our own)."""
        return self._state is None or _state(os.fstat(self.file.fileno())) == self._state

    @property
    def is_still_there(self) -> bool:
        """Whether its name still means this file."""
        path = self.arrival.path
        if self._state is None:
            return path.exists() and folders.changed_at(path) == self.arrival.arrived_at
        try:
            return _state(os.lstat(str(path))) == self._state
        except FileNotFoundError:
            return False


@contextmanager
def opened(arrival: Arrival, limits: Limits) -> Iterator[Received]:
    """Open an arrived file; one of a store by URL is downloaded first.

    A file larger than the limit is opened and not read: ``size`` says so.

    Raises:
        FileNotFoundError: it has gone.
        Irregular: it is no file.
    """
    if folders.is_local(arrival.path):
        with _open_here(arrival.path) as file:
            state = _state(os.fstat(file.fileno()))
            size = state[1]
            digest = _digest(file) if size <= limits.file_bytes else _fingerprint(arrival, size)
            yield Received(arrival, file, size, digest, state)
        return
    size = int(arrival.path.stat().st_size)
    with tempfile.TemporaryFile() as file:
        if size <= limits.file_bytes:
            with arrival.path.open("rb") as there:
                shutil.copyfileobj(there, file, CHUNK)
            size = file.tell()
        yield Received(
            arrival, file, size, _digest(file) if size <= limits.file_bytes else _fingerprint(arrival, size), None
        )


def _open_here(path: UPath) -> IO[bytes]:
    """Open a regular file and nothing else: no link is followed, no pipe waited for."""
    try:
        descriptor = os.open(str(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise Irregular(path.name) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # before fdopen, which refuses a folder in its own way
        os.close(descriptor)
        raise Irregular(path.name)
    return os.fdopen(descriptor, "rb")


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest


def _fingerprint(arrival: Arrival, size: int) -> str:
    told = f"{arrival.name} {size} {arrival.arrived_at.isoformat()}"
    return UNHASHED + hashlib.sha256(told.encode()).hexdigest()


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def archive_name(submission_id: str, name: str) -> str:
    """How the original of a submission is called in its sender's folder of the archive."""
    whole = f"{submission_id}--{name}"
    return whole if len(os.fsencode(whole)) <= _LONGEST_NAME else f"{submission_id}--{folders.safe_name(name)}"


def put_away(settings: Settings, sender: str, received: Received, name: str) -> None:
    """Move a handled file to the archive, as ``archive_name`` says: the bytes stay as they were received."""
    target = folders.archive(settings) / sender / name
    target.parent.mkdir(parents=True, exist_ok=True)
    there = received.is_still_there
    path = received.arrival.path
    if folders.is_local(target) and folders.is_local(path) and there:
        shutil.move(str(path), str(target))
        return
    if received.digest.startswith(UNHASHED):  # too large to be fetched
        path.fs.mv(path.path, target.path)
        return
    received.file.seek(0)
    with target.open("wb") as kept:
        shutil.copyfileobj(received.file, kept, CHUNK)
    if there:
        path.unlink()


@contextmanager
def original(
    settings: Settings, sender: str, submission_id: str, name: str | None, digest: str
) -> Iterator[IO[bytes]]:
    """Open the original of a submission, held to the hash in the ledger.

    Args:
        name: what the ledger says it is kept as; None for a submission of before it did.
        digest: its hash.

    Raises:
        TonghopError: nothing is kept, or other bytes than were received.
    """
    path = _kept(folders.archive(settings) / sender, submission_id, name)
    with tempfile.TemporaryFile() as copy:
        with path.open("rb") as kept:
            shutil.copyfileobj(kept, copy, CHUNK)
        if not digest.startswith(UNHASHED) and _digest(copy) != digest:
            raise TonghopError(
                f"What the archive keeps of '{submission_id}' is not what was received.", f"Look at {path}."
            )
        copy.seek(0)
        yield copy


def _kept(folder: UPath, submission_id: str, name: str | None) -> UPath:
    for path in folder.iterdir() if folder.is_dir() else ():
        if as_text(path.name) == name or (name is None and path.name.startswith(f"{submission_id}--")):
            return path
    raise TonghopError(
        f"The archive keeps no original of '{submission_id}'.", f"Look into {folder}; a withdrawal has none."
    )


def as_text(name: str) -> str:
    """A name as a database can hold it: bytes that are no UTF-8 are written out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
