"""A night under a real scheduler waits for people: one answers in Airflow, another by the command line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tonghop.orchestration import airflow_home, processes, stack
from tonghop.orchestration.answering import SIGN
from tonghop.orchestration.api import Api
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.warehouse.connection import connect, rows

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

CALENDAR = ("campaign,form,group,sender_level,senders,period,due_on,source_report\n"
            "trial,study,study,province,,2014-03,2014-04-20,test\n")
RETURN = "unit_code,indicator,period,scope,numerator,denominator,stated_rate,note\n60,study_class,2014-03,own,470,,,\n"
NIGHT = "nightly_rollup"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Settings]:
    """A running stack; one province of 63 has answered a campaign that asks for half of them."""
    settings = Settings(state_dir=tmp_path / "state", database_url=None, inbox="", reference_dirs="")
    overlay, sent = tmp_path / "trial", tmp_path / "return.csv"
    overlay.mkdir()
    (overlay / "calendar.csv").write_text(CALENDAR, encoding="utf-8")
    sent.write_text(RETURN, encoding="utf-8")
    stack.up(settings, print)
    try:
        reference.add_overlay(settings, overlay)
        reference.load(settings)
        inbox.ingest_sender(settings, "60", whole=[inbox.submit(settings, sent, "60")])
        yield settings
    finally:
        stack.down(settings, print)


def question(api: Api, run_id: str, seconds: float = 300) -> str:
    """Wait until the night asks (and again, after an answer); returns what it asks about."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        (task,) = [task for task in api.tasks(NIGHT, run_id) if task["task_id"] == "sign_off"]
        if task["state"] == "awaiting_input":
            detail = api.call("GET", f"/dags/{NIGHT}/dagRuns/{run_id}/taskInstances/sign_off/-1/hitlDetails")
            if not detail["response_received"]:
                return str(detail["body"])
        assert api.state(NIGHT, run_id) in ("queued", "running"), api.tasks(NIGHT, run_id)
        time.sleep(0.5)
    raise AssertionError("the night never asked")


def test_one_signs_in_airflow_and_one_by_the_command_line(house: Settings) -> None:
    # Without this: a click that is recorded nowhere, a night that hangs although everybody signed, or one that publishes
    # because a task happens to be green.
    api = processes.client(house)
    run_id = api.trigger(NIGHT)
    assert "coverage is below its threshold in 2014-03 trial" in question(api, run_id)
    with connect(house) as admin:
        assert rows(admin, "select status from ops.run") == [("awaiting",)]
        rows(admin, "update ops.sign_off_request set signatures = 2")
    time.sleep(3)  # an answer within half a second of the question fails the task
    api.call("PATCH", f"/dags/{NIGHT}/dagRuns/{run_id}/taskInstances/sign_off/-1/hitlDetails",
             json={"chosen_options": [SIGN], "params_input": {"name": "An", "reason": "đã gọi từng tỉnh"}})
    question(api, run_id)  # another person's signature is missing
    with connect(house) as admin:
        assert rows(admin, "select decided_by, reason, given_through, release_id from ops.sign_off") == [
            ("An", "đã gọi từng tỉnh", "airflow", None)]
        assert rows(admin, "select count(*) from store.release") == [(0,)]
    time.sleep(3)
    done = subprocess.run(
        [sys.executable, "-c", "from tonghop.cli import main; main(['sign-off', 'candidate', '--by', 'Bình'])"],
        env=dict(os.environ) | airflow_home.settings_variables(house), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Release 1 published." in done.stdout
    assert "The night in Airflow, which waited for it, goes on." in done.stdout
    assert api.wait(NIGHT, run_id, print, seconds=180) == "success", [
        api.log(task) for task in api.tasks(NIGHT, run_id) if task["state"] == "failed"]
    with connect(house) as admin:
        assert rows(admin, "select decided_by, release_id from ops.sign_off order by sign_off_id") == [
            ("An", 1), ("Bình", 1)]
        assert rows(admin, "select status, release_id from ops.run") == [("published", 1)]
