"""Files come in whole, in order, once; a bad one never stops the others; nothing that was received is lost."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions import folders, inbox, ledger, received
from tonghop.submissions.folders import safe_name
from tonghop.submissions.inbox import ingest_all, ingest_sender, senders_with_news, submit
from tonghop.submissions.reading import COLUMNS
from tonghop.submissions.withdraw import withdraw_submission
from tonghop.warehouse.connection import connect, rows

HEADER = ",".join(COLUMNS)


def _fact(value: object, indicator: str = "study_class") -> str:
    return f"60,{indicator},2012-05,own,{value},,,\n"


def _file(folder: Path, name: str, *lines: str) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / name
    path.write_text(f"{HEADER}\n{''.join(lines)}", encoding="utf-8")
    return path


def _drop(settings: Settings, sender: str, name: str, content: bytes, age: float = 60) -> Path:
    """Lay a file into the inbox as a sender's own program would, ``age`` seconds ago."""
    path = Path(settings.inbox_url) / sender / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def _send(settings: Settings, path: Path, sender: str = "60") -> dict[str, Any]:
    return ingest_sender(settings, sender, [submit(settings, path, sender)])


def _ledger(settings: Settings) -> list[tuple[Any, ...]]:
    with connect(settings, "loader") as connection:
        return rows(connection, "select submission_id, status, rows_kept from raw.submission order by submission_seq")


def _values(settings: Settings) -> list[int]:
    with connect(settings, "loader") as connection:
        return [
            value
            for (value,) in rows(
                connection, "select numerator_value from raw.statement order by submission_seq, row_number"
            )
        ]


def test_submit_and_ingest_lays_rows_and_periods_and_keeps_the_bytes(registered: Settings, tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "báo cáo.csv",
        _fact("43.240"),
        "60,study_class,2012-06,own,7,,,\n",
        "60,study_class,2012-06,own,x1,,,\n",
    )
    outcome = _send(registered, path)
    (file,) = outcome["files"]
    assert (file["status"], file["rows_read"], file["rows_kept"], file["rows_aside"]) == ("loaded", 3, 2, 1)
    assert "báo cáo.csv, line 4" in file["asides"][0]["reason"]
    with connect(registered, "loader") as connection:
        (ledger,) = rows(
            connection,
            "select sender, kind, form, status, rows_read, rows_kept, rows_aside, received_at <= loaded_at"
            " from raw.submission",
        )
        periods = rows(connection, "select period, rows_kept from raw.submission_period order by period")
        aside = rows(connection, "select locator, rule, judged, raw ->> 'numerator' from quality.rejected_row")
        written = rows(
            connection, "select numerator, numerator_value, denominator from raw.statement order by row_number"
        )
    assert ledger == ("60", "delimited", "delimited:báo cáo.csv", "loaded", 3, 2, 1, True)
    assert periods == [("2012-05", 1), ("2012-06", 1)]
    assert aside == [("line 4", "S07", "reading", "x1")]
    assert written == [("43.240", 43240, None), ("7", 7, None)]
    assert senders_with_news(registered) == []
    (kept,) = (Path(registered.inbox_url).parent / "archive" / "60").iterdir()
    assert kept.read_bytes() == path.read_bytes()


# The portal of a province retries: three receipts of one file are one submission, unless something else came between.
def test_same_bytes_while_latest_are_one_submission(registered: Settings, tmp_path: Path) -> None:
    one, two = _file(tmp_path / "a", "a.csv", _fact(1)), _file(tmp_path / "b", "b.csv", _fact(2))
    first = _send(registered, one)["files"][0]
    assert _send(registered, one)["files"][0]["status"] == "known"
    assert _send(registered, two)["files"][0]["status"] == "loaded"
    again = _send(registered, one)["files"][0]
    assert again["submission_id"] == f"{first['submission_id']}-2"
    assert [status for _, status, _ in _ledger(registered)] == ["loaded"] * 3
    assert _values(registered) == [1, 2, 1]


def test_a_withdrawn_file_can_be_sent_again(registered: Settings, tmp_path: Path) -> None:
    path = _file(tmp_path, "a.csv", _fact(1))
    first = _send(registered, path)["files"][0]["submission_id"]
    withdraw_submission(registered, first, "gửi nhầm")
    assert _send(registered, path)["files"][0]["status"] == "loaded"
    assert [status for _, status, _ in _ledger(registered)] == ["withdrawn", "loaded"]


def test_arrival_orders_files_not_their_names(registered: Settings) -> None:
    _drop(registered, "60", "a-moi.csv", f"{HEADER}\n{_fact(2)}".encode(), age=10)
    _drop(registered, "60", "z-cu.csv", f"{HEADER}\n{_fact(1)}".encode(), age=99)
    ingest_all(registered)
    assert _values(registered) == [1, 2]


def test_a_bad_file_stops_nothing_and_is_in_the_ledger(registered: Settings) -> None:
    _drop(registered, "60", "1.csv", b"\xff\xfe\xff", age=50)
    _drop(registered, "60", "2.xlsx", b"PK\x03\x04junk", age=40)
    _drop(registered, "60", "3.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 600, age=30)
    _drop(registered, "60", "4.csv", b"ten,so\na,1\n", age=25)
    _drop(registered, "60", "5.csv", f"{HEADER}\n{_fact(5)}".encode(), age=20)
    outcome = ingest_all(registered)
    assert [file["status"] for file in outcome["files"]] == ["rejected"] * 4 + ["loaded"]
    assert [file["asides"][0]["rule"] for file in outcome["files"][:4]] == ["S01", "S01", "S01", "S02"]
    with connect(registered, "loader") as connection:
        problems = rows(connection, "select file_name, problem from raw.submission where status = 'rejected'")
        aside = rows(connection, "select rule from quality.rejected_row order by submission_seq")
    assert all(problem.startswith(name) and " / " in problem for name, problem in problems)
    assert aside == [("S01",), ("S01",), ("S01",), ("S02",)]
    assert _values(registered) == [5]
    assert senders_with_news(registered) == []


# A night that is killed between loading a file and moving it must not count the file twice.
def test_a_crash_between_load_and_move_loads_once(
    registered: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = submit(registered, _file(tmp_path, "a.csv", _fact(1)), "60")
    with monkeypatch.context() as patched:
        patched.setattr(received, "put_away", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            ingest_sender(registered, "60", [path])
    assert path.exists()
    assert [file["status"] for file in ingest_sender(registered, "60", [path])["files"]] == ["known"]
    assert _values(registered) == [1]
    assert not path.exists()


def test_a_failure_while_loading_leaves_no_half_submission(
    registered: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = submit(registered, _file(tmp_path, "a.csv", _fact(1)), "60")
    with monkeypatch.context() as patched:
        patched.setattr("tonghop.submissions.ledger.ASIDES", "copy nothing.nowhere from stdin with (format csv)")
        with pytest.raises(Exception, match="nothing"):
            ingest_sender(registered, "60", [path])
    assert [entry[1:] for entry in _ledger(registered)] == [("received", 0)]
    assert _values(registered) == []
    assert path.exists()
    assert ingest_sender(registered, "60", [path])["rows_kept"] == 1
    assert [entry[1:] for entry in _ledger(registered)] == [("loaded", 1)]


def test_two_ingestions_at_once_load_each_file_once(registered: Settings) -> None:
    for number in range(6):
        _drop(registered, "60", f"{number}.csv", f"{HEADER}\n{_fact(number + 1)}".encode(), age=60 - number)
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: ingest_sender(registered, "60"), range(3)))  # raises what a thread raised
    assert sum(len(outcome["files"]) for outcome in outcomes) == 6
    assert _values(registered) == [1, 2, 3, 4, 5, 6]


def test_a_sender_that_is_held_up_holds_up_no_other(registered: Settings) -> None:
    """Somebody ingests 24 already (its lock is taken), so 24 waits; 60 comes after it, and is read meanwhile."""
    _drop(registered, "24", "a.csv", f"{HEADER}\n{_fact(1).replace('60,', '24,')}".encode())
    _drop(registered, "60", "a.csv", f"{HEADER}\n{_fact(2)}".encode())
    with ThreadPoolExecutor(1) as pool:
        with connect(registered, "loader") as connection:
            ledger.lock_sender(connection, "24")
            running = pool.submit(ingest_all, registered)
            ends = time.monotonic() + 60
            while not (read := _values(registered)) and time.monotonic() < ends and not running.done():
                time.sleep(0.1)
            assert (read, running.done()) == ([2], False)
        assert [file["status"] for file in running.result()["files"]] == ["loaded", "loaded"]
    assert sorted(_values(registered)) == [1, 2]


def test_hidden_and_half_written_files_are_left_alone(registered: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (".a.csv", "~$a.xlsx", "a.csv.part", "a.tmp", ".a.csv.12.part"):
        _drop(registered, "60", name, b"x")
    assert senders_with_news(registered) == []
    growing = _drop(registered, "60", "a.csv", f"{HEADER}\n".encode(), age=0)
    assert senders_with_news(registered) == ["60"]

    def still_written(_seconds: float) -> None:
        os.utime(growing, (time.time() + 0.5, time.time() + 0.5))

    monkeypatch.setattr(time, "sleep", still_written)
    monkeypatch.setattr(folders.time, "sleep", still_written)
    assert ingest_sender(registered, "60")["files"] == []
    assert growing.exists()


def test_a_young_file_is_read_once_it_has_settled(registered: Settings) -> None:
    _drop(registered, "60", "a.csv", f"{HEADER}\n{_fact(1)}".encode(), age=1.5)
    assert ingest_all(registered)["rows_kept"] == 1


def test_submit_refuses_strangers_and_says_whom_it_may_mean(registered: Settings, tmp_path: Path) -> None:
    path = _file(tmp_path, "a.csv", _fact(1))
    for sender, words in (
        ("Binh Thuan", "Did you mean"),
        ("Tỉnh Bình Thuậnn", "60"),
        ("../../x", "by its code"),
        ("593", ""),
    ):
        with pytest.raises(TonghopError) as refused:
            submit(registered, path, sender)
        assert words in str(refused.value)
    with pytest.raises(TonghopError, match="not a file"):
        submit(registered, tmp_path / "none.csv", "60")
    assert not Path(registered.inbox_url).exists()
    assert submit(registered, path, "A-60").parent.name == "A-60"
    assert submit(registered, path, "V-2").parent.name == "V-2"


def test_a_folder_that_is_nobodys_is_rejected_with_a_remedy(registered: Settings) -> None:
    _drop(registered, "Bình Thuận", "a.csv", f"{HEADER}\n{_fact(1)}".encode())
    (file,) = ingest_all(registered)["files"]
    assert file["status"] == "rejected"
    assert "60" in file["problem"]
    with pytest.raises(TonghopError):
        ingest_sender(registered, "../60")


def test_a_name_that_is_taken_by_other_bytes_gets_a_number(registered: Settings, tmp_path: Path) -> None:
    one = submit(registered, _file(tmp_path / "1", "a.csv", _fact(1)), "60")
    same = submit(registered, _file(tmp_path / "2", "a.csv", _fact(1)), "60")
    other = submit(registered, _file(tmp_path / "3", "a.csv", _fact(2)), "60")
    assert (one.name, same, other.name) == ("a.csv", one, "a-2.csv")
    ingest_sender(registered, "60", [one, other])
    assert _values(registered) == [1, 2]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("báo cáo 5.csv", "báo cáo 5.csv"),
        ("../../x", "_.._x"),
        ("...", "tep.csv"),
        (".ẩn.csv", "ẩn.csv"),
        ("~$a.xlsx", "a.xlsx"),
        ("a.part", "a_part.csv"),
        ("a\nb.csv", "a_b.csv"),
        ("ba\u0301o.csv", "báo.csv"),
    ],
)
def test_names_are_data(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_long_names_stay_names() -> None:
    assert len(safe_name("ă" * 300 + ".csv").encode()) < 200
    assert safe_name("ă" * 300 + ".csv") != safe_name("ă" * 301 + ".csv")


# A store by URL (S3 and the like) has no rename and no atomic move of its own.
def test_the_inbox_may_be_a_store_by_url(registered: Settings, tmp_path: Path) -> None:
    remote = registered.model_copy(update={"inbox": f"memory://box-{tmp_path.name}/inbox"})
    submit(remote, _file(tmp_path, "a.csv", _fact(3)), "60")
    assert senders_with_news(remote) == ["60"]
    assert ingest_all(remote)["rows_kept"] == 1
    assert senders_with_news(remote) == []
    assert [path.name.endswith("--a.csv") for path in (folders.archive(remote) / "60").iterdir()] == [True]


def test_without_a_register_nothing_is_read(warehouse: Settings) -> None:
    path = _drop(warehouse, "60", "a.csv", f"{HEADER}\n{_fact(1)}".encode())
    with pytest.raises(TonghopError, match="reference load"):
        ingest_all(warehouse)
    assert path.exists()
    assert inbox.senders_with_news(warehouse) == ["60"]
