"""The process that reads files: it has limits, no database, no secrets, and may die without taking anything along.

Started as ``python -m tonghop.submissions.child FD SECONDS MEMORY_BYTES FILE_BYTES``; FD is one end of a socket pair.
A request is JSON behind its length (four bytes), with the file and the spools as descriptors: nothing is opened by
name, so a file is read exactly as it was hashed. The answer is JSON behind its length.
"""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from tonghop.submissions.dispatch import Task, read_into
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import Head, NeedsConfirming, Sink, Unreadable
from tonghop.submissions.spool import Spool

FILES = 6
"""Descriptors of a request: the file, then statements, asides, claims, findings and report."""
_PR_SET_PDEATHSIG = 1
_GRACE = 5
"""Seconds after which the child ends itself, should nobody be left to kill it."""
Read = Callable[[IO[bytes], Task, Sink], Head]


def main(read: Read = read_into) -> None:
    """Serve requests until the other end closes."""
    end, seconds, memory, file_bytes = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    _confine(memory, file_bytes)
    with socket.socket(fileno=end) as asked:
        while True:
            request, descriptors = receive(asked)
            if request is None:
                return
            signal.alarm(int(seconds) + _GRACE)
            send(asked, _answer(request, descriptors, read))
            signal.alarm(0)


def send(through: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
    """Send one message with its length before it."""
    body = json.dumps(message, ensure_ascii=False).encode()
    head = len(body).to_bytes(4)
    if descriptors:
        socket.send_fds(through, [head], descriptors)
    else:
        through.sendall(head)
    through.sendall(body)


def receive(through: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """One message and its descriptors; None when the other end has closed."""
    head, descriptors, _, _ = socket.recv_fds(through, 4, FILES)
    head += _exactly(through, 4 - len(head)) if head else b""
    body = _exactly(through, int.from_bytes(head)) if len(head) == 4 else b""
    return (json.loads(body) if body else None), descriptors


def _exactly(through: socket.socket, size: int) -> bytes:
    pieces = []
    while size and (piece := through.recv(min(size, 2**20))):
        pieces.append(piece)
        size -= len(piece)
    return b"" if size else b"".join(pieces)


def _confine(memory: int, file_bytes: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # nothing may be left behind when the parent is killed
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))


def _answer(request: dict[str, Any], descriptors: list[int], read: Read) -> dict[str, Any]:
    task = Task(request["file_name"], Limits(**request["limits"]), request["context"])
    file, *spools = (
        open(descriptor, "rb" if at == 0 else "wb") for at, descriptor in enumerate(descriptors)  # noqa: SIM115
    )
    try:
        file.seek(0)
        sink = Spool(request["submission_seq"], request["submission_id"], *spools)
        head = read(file, task, sink)
        sink.flush()
        return {
            "outcome": "read",
            "head": vars(head),
            "rows_read": sink.rows_read,
            "rows_kept": sink.rows_kept,
            "rows_aside": sink.rows_aside,
            "claims": sink.claims,
            "periods": sink.periods,
        }
    except Unreadable as refused:
        return {
            "outcome": "refused", "rule": refused.rule, "locator": refused.locator, "vi": refused.vi, "en": refused.en
        }
    except NeedsConfirming as asked:
        return {"outcome": "waiting", "vi": asked.vi, "en": asked.en, "proposal": asked.proposal}
    except MemoryError:
        return {"outcome": "memory"}
    except Exception as error:  # one damaged file must not stop the others; it is in the ledger with what was met
        return {"outcome": "failed", "detail": f"{type(error).__name__}: {error}".splitlines()[0]}
    finally:
        for each in (file, *spools):
            with suppress(OSError):  # what was held back cannot be written any more: the answer has said why
                each.close()


if __name__ == "__main__":
    main()
