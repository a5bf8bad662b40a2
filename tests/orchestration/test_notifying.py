"""A night is told to whom the settings name, once, in one paragraph, and never at the night's expense."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from tests.night.conftest import as_admin
from tests.orchestration.conftest import DAG_RUN, Heard, Tell, tell_otherwise
from tonghop.settings import Settings

SECRET = "T0KEN"


def hook(web: Heard, **more: Any) -> dict[str, Any]:
    address = SecretStr(f"http://bot:pass@127.0.0.1:{web.port}/hooks/{SECRET}")
    return {"notify_webhook": address, **more}


def smtp(port: int) -> dict[str, str]:
    """The connection ``smtp_default``, as an operator gives it to Airflow."""
    extra = {"from_email": "tonghop@example.vn", "disable_ssl": True, "disable_tls": True, "retry_limit": 0}
    connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
    return {"AIRFLOW_CONN_SMTP_DEFAULT": json.dumps(connection)}


@contextmanager
def as_if(settings: Settings, status: str, problem: str | None = None) -> Iterator[None]:
    """The recorded night as if it had ended otherwise."""
    (before,) = as_admin(settings, "select status, problem from ops.run")
    as_admin(settings, "update ops.run set status = %s, problem = %s", status, problem)
    yield
    as_admin(settings, "update ops.run set status = %s, problem = %s", *before)


def test_a_night_is_told_to_the_webhook_and_by_mail(recorded: Settings, tell: Tell, web: Heard, mail: Heard) -> None:
    # Without this: a night that withheld figures is noticed by whoever happens to look, on Thursday.
    said = tell("report", settings=hook(web, notify_email="an@example.vn, binh@example.vn",
                                        pages_url="https://user:pw@pages.example.vn/tonghop/?key=1"), **smtp(mail.port))
    assert web.paths == [f"/hooks/{SECRET}"]
    (told,) = map(json.loads, web.bodies)
    ((run_id, release_id),) = as_admin(recorded, "select run_id, release_id from ops.run")
    withheld = as_admin(recorded, "select count(*) from quality.run_withheld")[0][0]
    errors = as_admin(recorded, "select count(*) from quality.finding where severity = 'error' and state = 'open'")[0][0]
    assert withheld > 0, "the sample has figures to withhold"
    assert errors > 0
    assert (told["run_id"], told["status"], told["release_id"], told["withheld"]) == (
        run_id, "published", release_id, withheld)
    assert told["findings"]["error"] == {"new": errors, "open": errors, "corrected": 0}
    assert told["dag_run"] == DAG_RUN
    for words in (f"đã công bố lần {release_id}", f"Giữ lại {withheld} số liệu", f"lỗi {errors} (mới {errors}"):
        assert words in told["vi"]
    for words in (f"published release {release_id}", f"{withheld} figure(s) withheld", "the largest: "):
        assert words in told["en"]
    assert told["text"].startswith(told["vi"])
    assert len(told["vi"].splitlines()) == 1, "one paragraph"

    (letter,) = (email.message_from_bytes(body, policy=email.policy.default) for body in mail.bodies)
    assert (letter["From"], letter["To"]) == ("tonghop@example.vn", "an@example.vn, binh@example.vn")
    assert len([line for line in mail.paths if line.upper().startswith("RCPT")]) == 2
    assert f"đã công bố lần {release_id}" in str(letter["Subject"])
    body = letter.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert f"published release {release_id}" in body
    # What is sent may be forwarded: no password, no key, in no link; and the log is read by many.
    for text in (web.bodies[0].decode(), body, said):
        assert "pw@" not in text
        assert "key=1" not in text
        assert SECRET not in text
        assert "bot:pass" not in text
    assert "The night was told by webhook" in said


@pytest.mark.parametrize("task", ["open_night", "stage_and_judge", "build_and_judge", "sign_off", "publish"])
def test_a_night_is_told_once(tell: Tell, web: Heard, task: str) -> None:
    # Without this: six messages a night, and a filter that throws them all away by Friday.
    tell(task, settings=hook(web))
    assert web.bodies == []


def test_who_names_nobody_tells_nobody(tell: Tell) -> None:
    said = tell("report")
    assert "told" not in said


def test_a_quiet_house_hears_of_problems_only(recorded: Settings, tell: Tell, web: Heard) -> None:
    # Without this: quiet nights that are not, or a held night that nobody hears of because all were to be quiet.
    tell("report", settings=hook(web, notify="problems"))
    assert len(web.bodies) == 1, "new errors are a problem"
    assert as_admin(recorded, "select 1 from quality.finding_event where event = 'seen' limit 1")
    tell_otherwise(recorded, "update quality.finding_event set run_id = 'another'")
    try:
        said = tell("report", settings=hook(web, notify="problems"))
        assert len(web.bodies) == 1, "what is known since yesterday is not"
        assert "The night is green" in said
        tell("report", settings=hook(web))
        assert len(web.bodies) == 2
        with as_if(recorded, "held", "the release gate found 1 error(s)"):
            tell("build_and_judge", problem="held", settings=hook(web, notify="problems"))
        assert "bị giữ lại" in json.loads(web.bodies[2])["vi"]
    finally:
        tell_otherwise(recorded, "update quality.finding_event set run_id = (select run_id from ops.run)")


def test_a_night_that_waits_says_until_when(recorded: Settings, tell: Tell, web: Heard) -> None:
    # Without this: a release waits for a signature until its deadline, and the one who should sign never knew.
    as_admin(recorded, "insert into ops.sign_off_request (run_id, due_at, signatures, coverage, candidate_fingerprint,"
                       " base_release_id) select run_id, '2026-11-23 17:45+00', 2, '[]', '', 0 from ops.run")
    with as_if(recorded, "awaiting"):
        tell("build_and_judge", settings=hook(web, notify="problems"))
        tell("sign_off", settings=hook(web))
    as_admin(recorded, "delete from ops.sign_off_request")
    (told,) = map(json.loads, web.bodies)
    assert "cần 2 chữ ký trước 24-11-2026 00:45" in told["vi"]
    assert "2 signature(s) until 24-11-2026 00:45" in told["en"]
    assert "would move" in told["en"]


def test_a_failure_is_told_with_its_cause_and_no_password(recorded: Settings, tell: Tell, web: Heard) -> None:
    problem = "publish: could not reach postgresql://owner:hunter2@db/figures password=hunter2"
    with as_if(recorded, "failed", problem):
        tell("publish", problem=problem, settings=hook(web, notify="problems"))
    (told,) = map(json.loads, web.bodies)
    assert "hỏng giữa chừng" in told["vi"]
    assert "could not reach postgresql://db/figures" in told["en"]
    assert b"hunter2" not in web.bodies[0]


def test_a_night_that_never_began_is_told_too(tell: Tell, web: Heard) -> None:
    # Without this: another night holds the lease, or PostgreSQL is away, and silence is taken for a quiet night.
    tell("open_night", problem="Another night is running.", dag_run="scheduled__tomorrow", settings=hook(web))
    gone = SecretStr("postgresql://owner:hunter2@127.0.0.1:1/figures")
    tell("open_night", problem="connection refused", settings=hook(web, database_url=gone))
    first, second = map(json.loads, web.bodies)
    assert first["status"] == "failed"
    assert "Another night is running" in first["vi"]
    assert "connection refused" in second["en"]


def test_pages_that_fail_after_publication_do_not_hide_the_release(tell: Tell, web: Heard) -> None:
    tell("report", problem="No space left on device", settings=hook(web))
    (told,) = map(json.loads, web.bodies)
    assert told["status"] == "published"
    assert "step report failed: No space left on device" in told["en"]


def test_who_cannot_be_reached_is_logged_and_does_not_keep_others_from_it(
        tell: Tell, web: Heard, mail: Heard, free_port: Callable[[], int]) -> None:
    # Without this: the chat is down for maintenance, and the night is red, or nobody gets the letter either.
    web.answer = 500
    said = tell("report", settings=hook(web, notify_email="an@example.vn"), **smtp(mail.port))
    assert "could not be told by webhook: 127.0.0.1 answers 500." in said
    assert len(mail.bodies) == 1
    nobody = {"notify_webhook": SecretStr(f"http://127.0.0.1:{free_port()}/{SECRET}"), "notify_email": "an@example.vn"}
    said = tell("report", settings=nobody, **smtp(free_port()))
    assert "could not be told by webhook: 127.0.0.1 does not answer (ConnectError)." in said
    assert "could not be told by e-mail" in said
    assert "docs/watching.md" in said
    assert SECRET not in said
    said = tell("report", settings={"notify_email": "an@example.vn"})
    assert "SMTP connection is not found" in said
    said = tell("report", settings={"notify_webhook": SecretStr(f"ftp://{SECRET}")})
    assert "TONGHOP_NOTIFY_WEBHOOK is no http(s) address" in said
