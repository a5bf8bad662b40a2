"""The inbox in an S3-compatible store, against a real server: the same promises as in a folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions import folders, load
from tonghop.submissions.inbox import ingest_all, ingest_sender, original, senders_with_news, submit
from tonghop.submissions.reading import COLUMNS
from tonghop.warehouse.connection import connect, rows

HEADER = ",".join(COLUMNS)


def _csv(value: object) -> bytes:
    return f"{HEADER}\n60,study_class,2012-05,own,{value},,,\n".encode()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """An S3 server on the loopback; gives its URL."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def remote(registered: Settings, endpoint: str) -> Settings:
    """The inbox of ``registered`` in a bucket of its own."""
    bucket = f"hop-{time.time_ns()}"
    fsspec.filesystem("s3").mkdir(bucket)
    return registered.model_copy(update={"inbox": f"s3://{bucket}/tinh/inbox"})


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, s3: str) -> str:
    """The standard variables of AWS are all that is set: nothing of ours knows of an endpoint or a key."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    fsspec.filesystem("s3").clear_instance_cache()
    return s3


def _put(settings: Settings, key: str, content: bytes) -> None:
    """Lay an object as a sender's own program would; it appears whole."""
    fsspec.filesystem("s3").pipe_file(f"{settings.inbox}/{key}", content)


def _all(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with connect(settings, "loader") as connection:
        return rows(connection, sql)


def test_what_is_sent_is_read_once_and_kept(remote: Settings, tmp_path: Path) -> None:
    path = tmp_path / "báo cáo tháng 5.csv"
    path.write_bytes(_csv("43.240"))
    before = time.time()
    sent = submit(remote, path, "60")
    assert str(sent).endswith("/tinh/inbox/60/báo cáo tháng 5.csv")
    assert senders_with_news(remote) == ["60"]
    (file,) = ingest_sender(remote, "60", [sent])["files"]
    assert (file["status"], file["rows_kept"]) == ("loaded", 1)
    assert _all(remote, "select numerator_value from raw.statement") == [(43240,)]
    ((received,),) = _all(remote, "select extract(epoch from received_at) from raw.submission")
    assert before - 2 <= float(received) <= time.time() + 1  # LastModified, in whole seconds
    assert senders_with_news(remote) == []
    assert original(remote, file["submission_id"])[1] == path.read_bytes()
    assert ingest_all(remote)["files"] == []
    assert ingest_sender(remote, "60", [submit(remote, path, "60")])["files"][0]["status"] == "known"
    assert len(list((folders.archive(remote) / "60").iterdir())) == 1


def test_several_senders_and_a_bad_file_between(remote: Settings) -> None:
    _put(remote, "60/1.csv", b"\xff\xfe\xff")
    _put(remote, "60/2.csv", _csv(2))
    _put(remote, "V-2/a.csv", _csv(3).replace(b"60,", b"V-2,"))
    _put(remote, "60/.đang gửi.csv.part", b"x")
    assert senders_with_news(remote) == ["60", "V-2"]
    files = ingest_all(remote)["files"]
    assert [(file["file"], file["status"]) for file in files] == [
        ("1.csv", "rejected"), ("2.csv", "loaded"), ("a.csv", "loaded"),
    ]
    assert senders_with_news(remote) == []


@pytest.mark.parametrize("name", ["; drop table raw.statement; --.csv", "😀.csv", "a%2f..%2fx.csv", "a b+c.csv"])
def test_keys_are_only_names(remote: Settings, name: str) -> None:
    _put(remote, f"60/{name}", _csv(1))
    (file,) = ingest_all(remote)["files"]
    assert file["status"] == "loaded"
    assert original(remote, file["submission_id"])[1] == _csv(1)
    assert senders_with_news(remote) == []


# "inbox/60/../44/x" is a key like any other for the store; it must not become a file of 44.
def test_a_key_with_dots_stays_with_its_sender(remote: Settings) -> None:
    _put(remote, "60/../../x.csv", _csv(1))
    _put(remote, "60/sub/x.csv", _csv(2))
    _put(remote, "60/a.csv", _csv(3))
    files = ingest_all(remote)["files"]
    assert [file["file"] for file in files if file["status"] == "loaded"] == ["a.csv"]
    assert _all(remote, "select numerator_value from raw.statement") == [(3,)]


def test_an_object_over_the_limit_is_not_fetched(remote: Settings) -> None:
    small = remote.model_copy(update={"max_file_bytes": 500})
    _put(remote, "60/lớn.csv", _csv(1) + b"x" * 1000)
    _put(remote, "60/nhỏ.csv", _csv(2))
    told = {file["file"]: file for file in ingest_all(small)["files"]}
    assert "TONGHOP_MAX_FILE_BYTES" in told["lớn.csv"]["problem"]
    assert told["nhỏ.csv"]["status"] == "loaded"
    assert senders_with_news(remote) == []
    sizes = [path.stat().st_size for path in (folders.archive(remote) / "60").iterdir()]
    assert max(sizes) == len(_csv(1)) + 1000


def test_an_object_replaced_while_it_is_read_stays(remote: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _put(remote, "60/a.csv", _csv(1))
    fill = load.ledger.fill

    def replaced(*arguments: Any) -> Any:
        time.sleep(1.1)  # the store knows whole seconds
        _put(remote, "60/a.csv", _csv(2))
        return fill(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(load.ledger, "fill", replaced)
        (file,) = ingest_sender(remote, "60")["files"]
    assert original(remote, file["submission_id"])[1] == _csv(1)
    assert senders_with_news(remote) == ["60"]
    ingest_all(remote)
    assert _all(remote, "select numerator_value from raw.statement order by submission_seq") == [(1,), (2,)]


def test_a_store_that_does_not_answer_is_one_line(registered: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.filesystem("s3").clear_instance_cache()
    away = registered.model_copy(update={"inbox": "s3://nowhere/inbox"})
    for asked in (lambda: senders_with_news(away), lambda: ingest_sender(away, "60"), lambda: ingest_all(away)):
        with pytest.raises(TonghopError, match="s3://nowhere/inbox") as told:
            asked()
        assert "\n" not in str(told.value)
