"""Which processes are ours, and that nobody else's is touched; the schedule; the steps that give up at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from tonghop.errors import TonghopError
from tonghop.orchestration import airflow_home, processes, schedule, stack
from tonghop.orchestration.components import child_environment
from tonghop.orchestration.network import Network
from tonghop.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path / "state", database_url="postgresql://x:y@127.0.0.1:1/z")


def _write(settings: Settings, *parts: psutil.Process) -> None:
    known = [{"name": f"part{n}", "pid": p.pid, "created": p.create_time()} for n, p in enumerate(parts)]
    settings.state_dir.mkdir(exist_ok=True)
    processes.state_file(settings).write_text(
        json.dumps({"port": 1, "started_at": datetime.now(UTC).isoformat(), "parts": known})
    )


def test_ours_are_found_by_session_or_by_mark_and_strangers_live_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without this: 'down' leaves a task that moved into a session of its own, or ends somebody else's program.
    monkeypatch.setattr(processes, "GRACE_SECONDS", 1)
    marked = dict(os.environ) | {"TONGHOP_STACK": airflow_home.stack_id(settings)}
    script = "import subprocess, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" \
             "subprocess.Popen(['sleep', '60'], env={}, process_group=0); subprocess.run(['sleep', '60'], env={})"
    leader = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)  # found by its session alone
    escaped = subprocess.Popen(["sleep", "60"], env=marked, start_new_session=True)  # found by its mark alone
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        _write(settings, psutil.Process(leader.pid))
        end = time.monotonic() + 10
        while len(processes.ours(settings)) < 4 and time.monotonic() < end:
            time.sleep(0.05)
        found = {process.pid for process in processes.ours(settings)}
        assert {leader.pid, escaped.pid} < found
        assert len(found) == 4
        assert stranger.pid not in found
        leader.send_signal(signal.SIGKILL)  # its children are still of its session
        leader.wait()
        assert len(processes.ours(settings)) == 3
        assert processes.stop(settings) == 3
        assert processes.ours(settings) == []
        assert stranger.poll() is None
        assert processes.read(settings) is None
    finally:
        for child in (leader, escaped, stranger):
            child.kill()
            child.wait()


def test_a_number_given_to_somebody_else_is_not_ours(settings: Settings) -> None:
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        settings.state_dir.mkdir()
        known = {"name": "scheduler", "pid": stranger.pid, "created": psutil.Process(stranger.pid).create_time() - 500}
        processes.state_file(settings).write_text(json.dumps({"port": 1, "started_at": "", "parts": [known]}))
        assert processes.ours(settings) == []
        assert processes.stop(settings) == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_without_a_stack_one_is_told_to_start_it(settings: Settings) -> None:
    with pytest.raises(TonghopError, match="tonghop up"):
        processes.client(settings)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_termination_is_heard_as_ctrl_c(number: signal.Signals) -> None:
    # Without this: closing the terminal during 'tonghop up' leaves half a stack.
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), stack._interruptible():
        signal.raise_signal(number)
    assert signal.getsignal(number) == before


def test_the_schedule_opens_when_the_stack_starts(settings: Settings) -> None:
    assert schedule.opened_at(settings) is None
    moment = schedule.open_from_now(settings)
    assert schedule.opened_at(settings) == moment
    assert abs(moment - datetime.now(UTC)) < timedelta(seconds=5)
    assert schedule.open_from_now(settings, later=timedelta(days=1)) - moment > timedelta(hours=23)


STEPS = """
import sys, types
from airflow.sdk.exceptions import AirflowFailException
from tonghop.errors import NightHeld, NightSuperseded, TonghopError
night = types.ModuleType("tonghop.night.steps")
night.held = lambda settings, run_id: (_ for _ in ()).throw(NightHeld("held"))
night.taken = lambda settings, run_id: (_ for _ in ()).throw(NightSuperseded("taken"))
night.broken = lambda settings, run_id: (_ for _ in ()).throw(TonghopError("broken"))
night.fine = lambda settings, run_id: {"run": run_id}
failed = []
night.fail = lambda settings, run_id, problem: failed.append((run_id, problem))
sys.modules["tonghop.night.steps"] = night
from tonghop.orchestration import steps
assert steps.night_step("fine", "r1") == {"run": "r1"}
class Task:
    task_id = "stage"
    def xcom_pull(self, task_ids): return "r1"
for name, kind in (("held", AirflowFailException), ("taken", AirflowFailException), ("broken", TonghopError)):
    try:
        steps.night_step(name, "r1")
    except Exception as problem:
        assert type(problem) is kind, problem
        steps.night_failed({"ti": Task(), "exception": problem})
assert failed == [("r1", "stage: broken")], failed
print("fine")
"""


def test_a_held_night_is_not_tried_again_and_keeps_its_state(settings: Settings) -> None:
    # Without this: a night that a gate held runs its gate twice, or is written down as failed.
    settings.state_dir.mkdir()
    environment = child_environment(settings, Network(1))
    done = subprocess.run([sys.executable, "-c", STEPS], env=environment, capture_output=True, text=True, check=False,
                          cwd=settings.state_dir)
    assert done.stdout.strip().endswith("fine"), done.stderr[-2000:]
