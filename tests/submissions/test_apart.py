"""A file that hangs, swells or crashes its reader is refused by name and limit; the next is read; nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tonghop.submissions import apart as apart_module
from tonghop.submissions.apart import Apart, Done
from tonghop.submissions.dispatch import Task
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import COLUMNS, NeedsConfirming, Unreadable

BAD_CHILD = Path(__file__).with_name("bad_child.py")
GOOD = f"{','.join(COLUMNS)}\n60,study_class,2012-05,own,7,,,\n".encode()
LIMITS = Limits(seconds=60, memory_bytes=2**30)
HURRIED = Limits(seconds=1.5, memory_bytes=2**30)

ReadFile = Callable[[bytes], tuple[Done, bytes]]


@pytest.fixture
def bad(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The child misbehaves as the file says; afterwards no process and no temporary file may be left."""
    monkeypatch.setattr(apart_module, "COMMAND", (sys.executable, "-P", str(BAD_CHILD)))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    yield tmp_path
    assert list(scratch.iterdir()) == []
    assert _readers() == []


def _readers() -> list[int]:
    """The children that read files, whoever is their parent by now."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [])[1:3] == ["-P", str(BAD_CHILD)] and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process.pid)
    return found


def _read(apart: Apart, folder: Path, content: bytes, limits: Limits = LIMITS) -> tuple[Done, bytes]:
    path = folder / "a.csv"
    path.write_bytes(content)
    with path.open("rb") as file, apart.job(file, Task("a.csv", limits), 5, "60-x") as job:
        lines = b"".join(iter(job.read, b""))
        return job.finish(), lines


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("sleep", ("1.5 giây", "1.5 seconds", "TONGHOP_READ_SECONDS")),
        ("spin", ("1.5 seconds",)),
        ("fork", ("1.5 seconds",)),
        ("endless", ("1.5 seconds",)),
        ("swell", ("1024 MB bộ nhớ", "1024 MB of memory", "TONGHOP_READ_MEMORY_BYTES")),
        ("abort", ("1024 MB of memory",)),
        ("swell in C", ("SIGSEGV", "save it again")),
        ("crash", ("SIGSEGV", "hãy lưu lại")),
        ("half", ("SIGSEGV",)),
        ("leave", ("exit 3",)),
        ("raise", ("RuntimeError: đọc hỏng)",)),
    ],
)
def test_a_reader_that_misbehaves_is_killed_alone(bad: Path, word: str, words: tuple[str, ...]) -> None:
    with Apart(HURRIED if "1.5 seconds" in words else LIMITS) as apart:
        with pytest.raises(Unreadable) as refused:
            _read(apart, bad, word.encode())
        apart.limits = LIMITS
        for expected in words:
            assert expected in str(refused.value)
        assert "\n" not in str(refused.value)
        assert refused.value.rule == "S01"
        done, lines = _read(apart, bad, GOOD)
    assert (done.rows_kept, done.periods, done.head.kind) == (1, {"2012-05": 1}, "delimited")
    assert lines == b"5,1,line 2,60,study_class,2012-05,own,7,,,,reported,7,,,,state\n"


def test_a_file_that_waits_hands_its_question_over(bad: Path) -> None:
    with Apart(LIMITS) as apart:
        with pytest.raises(NeedsConfirming) as asked:
            _read(apart, bad, b"ask")
        assert asked.value.proposal == {"tables": []}
        assert _read(apart, bad, GOOD)[0].rows_kept == 1


# A child that a file took over must find no password, no URL of a database, no key of a store.
def test_the_child_knows_no_secrets(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGHOP_DATABASE_URL", "postgresql://u:mật@h/d")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mật")
    with Apart(LIMITS) as apart, pytest.raises(Unreadable) as told:
        _read(apart, bad, b"context")
    names = str(told.value.en)
    assert "PYTHONPATH" in names
    assert not any(word in names for word in ("TONGHOP", "AWS", "HOME", "PG"))


def test_one_child_serves_many_files(bad: Path) -> None:
    with Apart(LIMITS) as apart:
        pids = set()
        for _ in range(5):
            _read(apart, bad, GOOD)
            pids |= set(_readers())
        assert len(pids) == 1


def test_a_file_larger_than_a_spool_may_be_is_refused(bad: Path) -> None:
    lines = "".join(f"60,study_class,2012-05,own,mười {at},,,\n" for at in range(2000))
    limits = Limits(file_bytes=2**12, seconds=20)
    with Apart(limits) as apart, pytest.raises(Unreadable, match="File too large"):
        _read(apart, bad, f"{','.join(COLUMNS)}\n{lines}".encode(), limits)


def test_leaving_half_way_kills_the_child(bad: Path) -> None:
    path = bad / "a.csv"
    path.write_bytes(b"endless")

    def interrupted(apart: Apart) -> None:
        with path.open("rb") as file, apart.job(file, Task("a.csv", LIMITS), 1, "x") as job:
            assert job.read(100)
            raise KeyboardInterrupt

    with Apart(Limits()) as apart:
        with pytest.raises(KeyboardInterrupt):
            interrupted(apart)
        assert _readers() == []


_READS = """
import sys, tempfile
from pathlib import Path
from tonghop.submissions import apart
from tonghop.submissions.dispatch import Task
from tonghop.submissions.limits import Limits
apart.COMMAND = (sys.executable, "-P", sys.argv[1])
path = Path(sys.argv[2]) / "a.csv"
path.write_bytes(b"endless")
with apart.Apart(Limits()) as child, path.open("rb") as file, child.job(file, Task("a", Limits()), 1, "x") as job:
    print("reading", flush=True)
    while job.read():
        pass
"""


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_ingestion_is_stopped(bad: Path, kind: signal.Signals) -> None:
    scratch = bad / "scratch"
    ingestion = subprocess.Popen(
        [sys.executable, "-c", _READS, str(BAD_CHILD), str(bad)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(scratch)},
    )
    assert ingestion.stdout is not None
    assert ingestion.stdout.readline() == b"reading\n"
    time.sleep(0.5)
    assert len(_readers()) == 1
    ingestion.send_signal(kind)
    ingestion.wait(10)
    ingestion.stdout.close()
    until = time.monotonic() + 5
    while _readers() and time.monotonic() < until:
        time.sleep(0.05)
    assert _readers() == []
    assert list(scratch.iterdir()) == []
