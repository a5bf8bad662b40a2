"""What a sender's folder may hold besides good files: names are only names, links are not followed, nothing is lost."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions import apart, inbox, load
from tonghop.submissions.inbox import ingest_all, ingest_sender, original, reread, senders_with_news, submit
from tonghop.submissions.reading import COLUMNS
from tonghop.submissions.withdraw import withdraw_submission
from tonghop.warehouse.connection import connect, rows

HEADER = ",".join(COLUMNS)
BAD_CHILD = Path(__file__).with_name("bad_child.py")


def _csv(value: object, note: str = "") -> bytes:
    return f"{HEADER}\n60,study_class,2012-05,own,{value},,,{note}\n".encode()


def _drop(settings: Settings, name: str | bytes, content: bytes, sender: str = "60", age: float = 60) -> Path:
    folder = Path(settings.inbox_url) / sender
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / os.fsdecode(name)
    path.write_bytes(content)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def _all(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with connect(settings, "loader") as connection:
        return rows(connection, sql)


@pytest.fixture
def bad_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-P", str(BAD_CHILD)))


HARD = [
    "; drop table raw.statement; --.csv",
    "'); drop table raw.submission; --.csv",
    "hai\ndòng.csv",
    "\x1b[31mđỏ\x1b[0m.csv",
    "ba\u0301o ca\u0301o.csv",
    "😀📊.csv",
    "%2e%2e%2f%2e%2e%2fx.csv",
    "-rf.csv",
    "a" * 251 + ".csv",
    "ă" * 120 + ".csv",
    "không đuôi",
    "$(touch bad).csv",
    "con\u202etxt.csv",
]


def test_names_are_only_names(registered: Settings) -> None:
    for number, name in enumerate(HARD):
        _drop(registered, name, _csv(number + 1), age=100 - number)
    _drop(registered, b"t\xe0u.csv", _csv(len(HARD) + 1), age=50)
    files = ingest_all(registered)["files"]
    assert [file["status"] for file in files] == ["loaded"] * (len(HARD) + 1)
    assert all(file["file"].isprintable() for file in files)
    assert len(_all(registered, "select 1 from raw.statement")) == len(files)
    assert senders_with_news(registered) == []
    for file, value in zip(files, range(1, len(files) + 1), strict=True):
        assert original(registered, file["submission_id"])[1] == _csv(value)
    assert list((Path(registered.inbox_url)).iterdir()) == [Path(registered.inbox_url) / "60"]


def test_links_folders_and_pipes_are_named_and_not_read(registered: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(_csv(666))
    folder = _drop(registered, "tốt.csv", _csv(1)).parent
    (folder / "link.csv").symlink_to(secret)
    (folder / "gone.csv").symlink_to(tmp_path / "nothing")
    (folder / "inside.csv").symlink_to("tốt.csv")
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(folder, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/socket.csv")
        os.close(here)
    os.mkfifo(folder / ".hidden")
    files = ingest_all(registered)["files"]
    told = {file["file"]: file for file in files}
    assert told.pop("tốt.csv")["status"] == "loaded"
    assert sorted(told) == ["folder.csv", "gone.csv", "inside.csv", "link.csv", "pipe.csv", "socket.csv"]
    for name, file in told.items():
        assert (file["status"], file["submission_id"]) == ("rejected", None)
        assert file["problem"].startswith(name)
        assert "\n" not in file["problem"]
        assert (folder / name).is_symlink() or (folder / name).exists()
    assert _all(registered, "select numerator_value from raw.statement") == [(1,)]
    assert senders_with_news(registered) == []
    assert len(ingest_all(registered)["files"]) == len(told)  # named again, as long as it lies there


# Between listing the folder and opening the file a name may come to mean something else.
def test_a_link_that_replaces_a_file_is_not_followed(
    registered: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(_csv(666))
    path = _drop(registered, "a.csv", _csv(1))
    opened = load.received.opened

    def swapped(*arguments: Any) -> Any:
        path.unlink()
        path.symlink_to(secret)
        return opened(*arguments)

    monkeypatch.setattr(load.received, "opened", swapped)
    (file,) = ingest_sender(registered, "60")["files"]
    assert file["status"] == "rejected"
    assert _all(registered, "select 1 from raw.statement") == []


# A program that goes on writing after the hash was taken: what was read is nobody's version.
def test_a_file_that_grows_while_it_is_read_waits(registered: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _drop(registered, "a.csv", _csv(1))
    fill = load.ledger.fill

    def growing(*arguments: Any) -> Any:
        with path.open("ab") as file:
            file.write(b"60,study_class,2012-06,own,2,,,\n")
        return fill(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(load.ledger, "fill", growing)
        assert ingest_sender(registered, "60")["files"] == []
    assert _all(registered, "select 1 from raw.submission") == []
    assert _all(registered, "select 1 from raw.statement") == []
    os.utime(path, (time.time() - 60, time.time() - 60))
    assert ingest_sender(registered, "60")["rows_kept"] == 2


def test_a_file_replaced_while_it_is_read_is_kept_as_it_was_read(
    registered: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _drop(registered, "a.csv", _csv(1))
    fill = load.ledger.fill

    def replaced(*arguments: Any) -> Any:
        new = path.with_name("b.part")
        new.write_bytes(_csv(2))
        new.replace(path)
        return fill(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(load.ledger, "fill", replaced)
        (file,) = ingest_sender(registered, "60")["files"]
    assert original(registered, file["submission_id"])[1] == _csv(1)
    os.utime(path, (time.time() - 60, time.time() - 60))
    assert ingest_sender(registered, "60")["files"][0]["status"] == "loaded"
    assert _all(registered, "select numerator_value from raw.statement order by submission_seq") == [(1,), (2,)]


@pytest.mark.usefixtures("bad_child")
def test_what_kills_its_reader_is_rejected_and_the_rest_loads(registered: Settings) -> None:
    hurried = registered.model_copy(update={"read_seconds": 5.0, "read_memory_bytes": 2**30})
    for age, word in enumerate(("sleep", "swell", "crash", "half", "endless", "ask")):
        _drop(registered, f"{word}.csv", word.encode(), age=100 - age)
        _drop(registered, f"{word} tốt.csv", _csv(age + 1), age=99.5 - age)
    files = ingest_all(hurried)["files"]
    told = {file["file"]: file for file in files}
    assert [told[f"{word}.csv"]["status"] for word in ("sleep", "swell", "crash", "half", "endless")] == ["rejected"] * 5
    assert told["ask.csv"]["status"] == "waiting"
    for word in ("sleep", "swell", "crash", "half", "endless"):
        problem = told[f"{word}.csv"]["problem"]
        assert problem.startswith(f"{word}.csv")
        assert " / " in problem
        assert "\n" not in problem
    for word, limit in (("sleep", "READ_SECONDS"), ("swell", "READ_MEMORY"), ("half", "SIGSEGV"), ("endless", "READ_SECONDS")):
        assert limit in told[f"{word}.csv"]["problem"]
    assert _all(registered, "select numerator_value from raw.statement order by submission_seq") == [
        (number,) for number in range(1, 7)
    ]
    assert dict(_all(registered, "select status, count(*) from raw.submission group by status")) == {
        "loaded": 6, "rejected": 5, "waiting": 1,
    }
    assert senders_with_news(registered) == []


@pytest.mark.usefixtures("bad_child")
def test_a_file_that_waits_is_read_again_into_its_place(registered: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _drop(registered, "bảng.csv", b"ask", age=90)
    _drop(registered, "sau.csv", _csv(2), age=80)
    waiting, _ = ingest_all(registered)["files"]
    assert (waiting["status"], waiting["mappings"]) == ("waiting", [])
    assert ingest_all(registered)["files"] == []
    with pytest.raises(TonghopError, match="was loaded"):
        reread(registered, "60-" + _all(registered, "select content_hash from raw.submission")[1][0][:12])
    again = reread(registered, waiting["submission_id"])
    assert again["status"] == "waiting"
    monkeypatch.undo()
    (kept,) = (Path(registered.inbox_url).parent / "archive" / "60").glob("*bảng.csv")
    kept.write_bytes(b"other bytes")
    with pytest.raises(TonghopError, match="not what was received"):
        reread(registered, waiting["submission_id"])
    kept.write_bytes(b"ask")
    refused = reread(registered, waiting["submission_id"])  # the real child finds no header
    assert refused["status"] == "rejected"
    assert [status for (status,) in _all(registered, "select status from raw.submission order by submission_seq")] == [
        "rejected", "loaded",
    ]


def test_a_file_over_the_limit_is_refused_before_it_is_read(registered: Settings, tmp_path: Path) -> None:
    small = registered.model_copy(update={"max_file_bytes": 1000})
    path = _drop(registered, "lớn.csv", b"", age=60)
    os.truncate(path, 2**40)  # a terabyte of nothing: reading it would not end today
    os.utime(path, (time.time() - 60, time.time() - 60))
    _drop(registered, "nhỏ.csv", _csv(1), age=30)
    big, good = ingest_all(small)["files"]
    assert (big["status"], good["status"]) == ("rejected", "loaded")
    assert "TONGHOP_MAX_FILE_BYTES" in big["problem"]
    assert not path.exists()
    sizes = _all(registered, "select size_bytes, content_hash like 'unread-%' from raw.submission order by submission_seq")
    assert sizes == [(2**40, True), (len(_csv(1)), False)]
    large = tmp_path / "gửi.csv"
    large.write_bytes(b"x" * 1001)
    with pytest.raises(TonghopError, match="TONGHOP_MAX_FILE_BYTES"):
        submit(small, large, "60")


def test_the_ledger_says_who_when_how_large_and_how_it_was_read(registered: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(("\ufeff" + _csv(1).decode()).encode("utf-16-le"))
    os.utime(path, (0, 0))
    before = time.time()
    (file,) = ingest_sender(registered, "60", [submit(registered, path, "60")], sent_by="chị Hoa")["files"]
    (entry,) = _all(
        registered,
        "select sent_by, size_bytes, encoding, reader, reader_version, archived_as, extract(epoch from received_at)"
        " from raw.submission",
    )
    assert (*entry[:2], entry[2][:6], *entry[3:5]) == ("chị Hoa", path.stat().st_size, "utf-16", "delimited", "2")
    assert entry[5] == f"{file['submission_id']}--a.csv"
    assert before - 1 <= float(entry[6]) <= time.time()  # the moment of submit, not the age of the file


def test_superseded_is_derived_so_that_a_withdrawal_brings_back(registered: Settings, tmp_path: Path) -> None:
    def send(name: str, content: bytes, sender: str = "60") -> str:
        path = tmp_path / name
        path.write_bytes(content)
        submission_id: str = ingest_sender(registered, sender, [submit(registered, path, sender)])["files"][0]["submission_id"]
        return submission_id

    def states() -> list[str]:
        return [state for (state,) in _all(registered, "select state from raw.ledger order by submission_seq")]

    two = f"{HEADER}\n60,study_class,2012-05,own,1,,,\n60,study_class,2012-06,own,1,,,\n".encode()
    send("1.csv", two)
    send("2.csv", _csv(2))
    assert states() == ["loaded", "loaded"]  # June still stands
    third = send("3.csv", two.replace(b"own,1", b"own,3").replace(b"\n60,", b"\nA-60,"), "A-60")  # the same unit, by its id
    assert states() == ["superseded", "superseded", "loaded"]
    withdraw_submission(registered, third, "gửi nhầm")
    assert states() == ["loaded", "loaded", "withdrawn"]


def test_odd_text_reaches_the_warehouse_unchanged(registered: Settings) -> None:
    # "\." on a line of its own ends a COPY, a bare carriage return breaks its lines.
    notes = ["hai\n\\.\ndòng", "một\rhai", 'nói "thế"', "e\u0301", "a,b;c\td", "\\N", "\\."]
    lines = "".join(f'60,study_class,2012-05,own,{at},,,"{note.replace(chr(34), chr(34) * 2)}"\n' for at, note in enumerate(notes, 1))
    _drop(registered, "a.csv", f"{HEADER}\n{lines}".encode())
    assert ingest_all(registered)["rows_kept"] == len(notes)
    assert [note for (note,) in _all(registered, "select note from raw.statement order by row_number")] == notes


def test_a_folder_of_nobody_shows_no_bytes(registered: Settings) -> None:
    _drop(registered, "a.csv", _csv(1), sender="; drop table")
    (file,) = ingest_all(registered)["files"]
    assert file["status"] == "rejected"
    assert inbox.senders_with_news(registered) == []
