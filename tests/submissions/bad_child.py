"""The child that reads files, with a reader that misbehaves as the file says; any other file is read as ever.

Started in place of ``tonghop.submissions.child``, so that what is tested is the real child under its real limits.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from typing import IO

from tonghop.submissions import child
from tonghop.submissions.dispatch import Task, read_into
from tonghop.submissions.reading import Head, NeedsConfirming, Sink, Statement

ROW = ("60", "study_class", "2012-05", "own", "1", None, None, None, "reported", 1, None, None, None)


def _endless(sink: Sink) -> None:
    number = 0
    while True:
        number += 1
        sink.keep(Statement(number, f"line {number}", *ROW))


def _swell() -> None:
    held = []
    while True:
        held.append(bytearray(2**24))


def _leave_a_child() -> None:
    if os.fork() == 0:
        time.sleep(600)
    time.sleep(600)


def read(file: IO[bytes], task: Task, sink: Sink) -> Head:  # noqa: PLR0912 - one a misdeed
    """Misbehave as the first word of the file says."""
    word = file.readline().strip().decode("ascii", "replace")
    file.seek(0)
    match word:
        case "sleep":
            time.sleep(600)
        case "spin":
            while True:
                pass
        case "fork":
            _leave_a_child()
        case "swell":
            _swell()
        case "swell in C":
            ctypes.memset(ctypes.CDLL(None).malloc(2**40) or 0, 1, 2**40)
        case "crash":
            ctypes.string_at(0)
        case "abort":
            print("memory allocation of 4294967296 bytes failed", file=sys.stderr, flush=True)
            os.abort()
        case "leave":
            os._exit(3)
        case "endless":
            _endless(sink)
        case "half":
            for number in range(1, 50_001):
                sink.keep(Statement(number, f"line {number}", *ROW))
            ctypes.string_at(0)
        case "raise":
            raise RuntimeError("đọc hỏng\ndòng hai")
        case "ask":
            raise NeedsConfirming("cần xác nhận cột", "the columns must be confirmed", {"tables": []})
        case "context":
            raise RuntimeError(f"{task.context} {sorted(os.environ)}")
    return read_into(file, task, sink)


if __name__ == "__main__":
    child.main(read)
