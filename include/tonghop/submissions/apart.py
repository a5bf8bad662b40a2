"""Read files in a child with limits: one that hangs, swells or crashes it is killed alone, and the next is read."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from fcntl import F_SETPIPE_SZ, fcntl
from pathlib import Path
from typing import IO, Any, Self

import tonghop
from tonghop.submissions.child import receive, send
from tonghop.submissions.dispatch import Task
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import Head, NeedsConfirming, Unreadable

COMMAND = (sys.executable, "-P", "-m", "tonghop.submissions.child")
_PIPE = 2**20
_FAREWELL = 0.5
"""Seconds for a child to end by itself, so that one that has just crashed can say how."""
_LAST_WORDS = 2000
_SPOOL_FACTOR = 16
"""A spool may be so many times the largest file: reasons are longer than the rows that they are about."""


@dataclass(frozen=True)
class Done:
    """What came of a file that was read; its statements went through the pipe."""

    head: Head
    rows_read: int
    rows_kept: int
    rows_aside: int
    claims: int
    periods: Counter[str]


@dataclass
class Job:
    """A file that is being read: its statements come through ``read``, the rest lies in files once it is finished."""

    asides: IO[bytes]
    claims: IO[bytes]
    findings: IO[bytes]
    report: IO[bytes]
    _pipe: int
    _deadline: float
    _apart: Apart
    _limits: Limits
    is_late: bool = field(default=False)
    is_at_end: bool = field(default=False)

    def read(self, size: int = -1) -> bytes:
        """The next lines for COPY; b"" at their end, or when the child had to be killed (``finish`` says which)."""
        while not self.is_late:
            filled = select.poll()  # not select(): it knows only the first 1024 descriptors
            filled.register(self._pipe, select.POLLIN)
            if filled.poll(max(self._deadline - time.monotonic(), 0) * 1000):
                piece = os.read(self._pipe, size if size > 0 else _PIPE)
                self.is_at_end = not piece
                return piece
            self.is_late = True
            self._apart.kill()
        self.is_at_end = True
        return b""

    def finish(self) -> Done:
        """What came of it; call it after ``read`` has come to its end.

        Raises:
            Unreadable: S01 or S02; also when the child hung, swelled or crashed.
            NeedsConfirming: the file waits for its mapping.
        """
        answer = None if self.is_late else self._apart.answer(self._deadline)
        if answer is None:
            self.is_late |= time.monotonic() >= self._deadline
            ended, said = self._apart.kill()
            raise self._killed(ended, said)
        outcome = answer.pop("outcome")
        if outcome == "read":
            head, periods = Head(**answer.pop("head")), Counter(answer.pop("periods"))
            for file in (self.asides, self.claims, self.findings, self.report):
                file.seek(0)
            return Done(head, periods=periods, **answer)
        if outcome == "refused":
            raise Unreadable(answer["rule"], answer["locator"], answer["vi"], answer["en"])
        if outcome == "waiting":
            raise NeedsConfirming(answer["vi"], answer["en"], answer["proposal"])
        if outcome == "memory":
            raise self._too_much_memory()
        raise Unreadable(
            "S01",
            "file",
            f"không đọc được tệp ({answer['detail']}); hãy lưu lại và gửi lại",
            f"the file cannot be read ({answer['detail']}); save it again and send it again",
        )

    def _killed(self, ended: int | None, said: str) -> Unreadable:
        if self.is_late:
            seconds = f"{self._limits.seconds:g}"
            return Unreadable(
                "S01",
                "file",
                f"đọc tệp quá {seconds} giây nên đã dừng; hãy chia nhỏ tệp (hoặc nâng TONGHOP_READ_SECONDS)",
                f"reading took more than {seconds} seconds and was stopped; split the file (or raise"
                " TONGHOP_READ_SECONDS)",
            )
        if "memory" in said or "MemoryError" in said:
            return self._too_much_memory()
        name = signal.Signals(-ended).name if ended is not None and ended < 0 else f"exit {ended}"
        return Unreadable(
            "S01",
            "file",
            f"chương trình đọc hỏng giữa chừng ({name}); tệp có thể bị hỏng, hãy lưu lại và gửi lại",
            f"the reader broke down on this file ({name}); it may be damaged: save it again and send it again",
        )

    def _too_much_memory(self) -> Unreadable:
        most = f"{self._limits.memory_bytes / 2**20:.0f} MB"
        return Unreadable(
            "S01",
            "file",
            f"đọc tệp cần hơn {most} bộ nhớ; hãy chia nhỏ tệp (hoặc nâng TONGHOP_READ_MEMORY_BYTES)",
            f"reading takes more than {most} of memory; split the file (or raise TONGHOP_READ_MEMORY_BYTES)",
        )


@dataclass(frozen=True)
class _Child:
    """A running child: our end of the socket pair, and what it says on its standard error."""

    process: subprocess.Popen[bytes]
    socket: socket.socket
    said: IO[bytes]


class Apart:
    """One child, started when the first file comes and again after it had to be killed; ends with the block.

    Use as a context manager; not from two threads at once.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @contextmanager
    def job(self, file: IO[bytes], task: Task, submission_seq: int, submission_id: str) -> Iterator[Job]:
        """Have a file read; leaving the block before its end kills the child.

        Args:
            file: open for reading; its position moves while the child reads.
            task: what the reader must know.
            submission_seq, submission_id: whose rows they become.
        """
        child = self._running()
        with ExitStack() as open_files:
            spools: list[IO[bytes]] = [open_files.enter_context(tempfile.TemporaryFile()) for _ in range(4)]
            asides, claims, findings, report = spools
            reading, writing = os.pipe()
            deadline = time.monotonic() + self.limits.seconds
            job = Job(asides, claims, findings, report, reading, deadline, self, self.limits)
            try:
                fcntl(reading, F_SETPIPE_SZ, _PIPE)
                request = {
                    "file_name": task.file_name, "limits": asdict(task.limits), "context": task.context,
                    "submission_seq": submission_seq, "submission_id": submission_id,
                }
                with suppress(OSError):  # it has died meanwhile: the job finds out
                    child.socket.settimeout(self.limits.seconds)
                    send(child.socket, request, [file.fileno(), writing, *(each.fileno() for each in spools)])
                os.close(writing)
                writing = -1
                yield job
            except (Unreadable, NeedsConfirming):  # the child has answered (or was killed): the next file is its own
                raise
            except BaseException:
                self.kill()
                raise
            finally:
                for descriptor in (reading, writing):
                    if descriptor >= 0:
                        os.close(descriptor)

    def answer(self, deadline: float) -> dict[str, Any] | None:
        """The child's answer; None when it ended or the time was up before it."""
        if self._child is None:
            return None
        self._child.socket.settimeout(max(deadline - time.monotonic(), 0.001))
        with suppress(OSError):
            return receive(self._child.socket)[0]
        return None

    def kill(self) -> tuple[int | None, str]:
        """End the child, if there is one.

        Returns:
            How it ended (a negative signal), and the last it said.
        """
        child, self._child = self._child, None
        if child is None:
            return None, ""
        child.socket.close()  # one that waits for work ends by this
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(_FAREWELL)
        with suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        ended = child.process.wait()
        with child.said as said:
            said.seek(max(said.seek(0, os.SEEK_END) - _LAST_WORDS, 0))
            return ended, said.read().decode(errors="replace")

    def _running(self) -> _Child:
        if self._child is None or self._child.process.poll() is not None:
            self.kill()
            self._child = _start(self.limits)
        return self._child


def _start(limits: Limits) -> _Child:
    ours, theirs = socket.socketpair()
    said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
    numbers = (theirs.fileno(), limits.seconds, limits.memory_bytes, limits.file_bytes * _SPOOL_FACTOR)
    with theirs:
        process = subprocess.Popen(
            [*COMMAND, *map(str, numbers)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
            cwd="/",
            env=_environment(),
        )
    return _Child(process, ours, said)


def _environment() -> dict[str, str]:
    """All that the child may know: where the package is. No URL, no password, no credential of a store."""
    return {
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(Path(tonghop.__file__).resolve().parents[1]),
        "POLARS_MAX_THREADS": "1",  # the other core is PostgreSQL's; each thread also takes address space
        "OPENBLAS_NUM_THREADS": "1",
    }
