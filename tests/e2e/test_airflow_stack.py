"""A real Airflow on a real PostgreSQL: it comes up, keeps to itself, and goes without leaving anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tonghop.orchestration import airflow_home, processes, stack
from tonghop.settings import PROJECT_DIR, Settings
from tonghop.warehouse import embedded

pytestmark = pytest.mark.e2e

LONG = '''
"""Two tasks that do not hear a polite signal: one waits inside PostgreSQL, one starts a process of its own session."""

from airflow.sdk import dag, task


@dag(schedule=None)
def long():
    @task
    def in_the_database():
        from tonghop.settings import settings
        from tonghop.warehouse.connection import connect, rows

        with connect(settings()) as connection:
            rows(connection, "select pg_sleep(600)")

    @task
    def in_a_session_of_its_own():
        import signal, subprocess, time

        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen(["sleep", "601"], start_new_session=True).wait()

    in_the_database()
    in_a_session_of_its_own()


long()
'''
OURS = {"refresh_reference", "ingest_submissions", "nightly_rollup", "chase_late_units"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Settings]:
    """This checkout, with one DAG more, and a state folder of its own."""
    project = tmp_path / "project"
    (project / "dags").mkdir(parents=True)
    for name in ("include", "dbt_project", "expectations"):
        (project / name).symlink_to(PROJECT_DIR / name)
    for path in (PROJECT_DIR / "dags").glob("*.py"):
        (project / "dags" / path.name).write_bytes(path.read_bytes())
    (project / "dags" / "long.py").write_text(LONG)
    settings = Settings(project_dir=project, state_dir=tmp_path / "state", database_url=None)
    yield settings
    stack.down(settings, print)


def _listening(settings: Settings) -> set[str]:
    """The addresses on which anything of ours listens."""
    postgres = [psutil.Process(pid) for pid in embedded._processes(settings.state_dir / "postgres" / "data")]
    return {
        f"{connection.laddr.ip} ({process.name()})"
        for process in [*processes.ours(settings), *postgres] for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }


def _left(settings: Settings, before: set[int]) -> list[str]:
    """Processes that came since, and belong to this state folder or sleep the sleep of the test."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            said = " ".join(process.cmdline())
            if process.pid not in before and process.status() != psutil.STATUS_ZOMBIE \
                    and (str(settings.state_dir) in said or "sleep 601" in said or "airflow" in said):
                found.append(f"{process.pid} {said}")
    return found


def _until(seconds: float, what: str, reached: object) -> None:
    end = time.monotonic() + seconds
    while not reached():  # type: ignore[operator]
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.2)


def _sleeps() -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "601"]]


def test_up_then_down_in_the_middle_of_a_task(house: Settings) -> None:
    # Without this: each stopped stack leaves an api-server on its port, and the next scheduler fails on its token;
    # or a night starts that nobody asked for.
    before = set(psutil.pids())
    said: list[str] = []
    stack.up(house, said.append)
    api = processes.client(house)
    dags = {dag["dag_id"]: dag["is_paused"] for dag in api.call("GET", "/dags")["dags"]}
    assert dags == dict.fromkeys(OURS | {"long"}, False)
    assert {address.split()[0] for address in _listening(house)} == {"127.0.0.1"}, _listening(house)
    assert airflow_home.passwords_file(house).stat().st_mode & 0o777 == 0o600
    password = processes.Secrets(house).get("airflow_admin")
    assert not any(password in line for line in said)

    stack.up(house, said.append)
    assert "Already up." in said

    assert api.call("GET", "/dags/nightly_rollup/dagRuns")["total_entries"] == 0, "a night nobody asked for"
    night = api.trigger("nightly_rollup")
    assert api.wait("nightly_rollup", night, said.append, seconds=90) == "success"
    states = {task["task_id"]: task["state"] for task in api.tasks("nightly_rollup", night)}
    assert states.pop("open_night") == "success"
    assert set(states.values()) == {"skipped"}, "in an empty warehouse nothing has changed"

    run_id = api.trigger("long")
    _until(60, "both tasks run", lambda: _sleeps() and all(t["state"] == "running" for t in api.tasks("long", run_id)))
    assert len(_left(house, before)) > len(processes.ours(house)) / 2, "what the next lines look for can be seen"
    assert {process.pid for process in _sleeps()} <= {process.pid for process in processes.ours(house)}
    begun = time.monotonic()
    stack.down(house, said.append)
    assert time.monotonic() - begun < 30
    assert processes.ours(house) == []
    assert _left(house, before) == []
    assert not embedded.is_running(house)

    # Half dead, then up: the scheduler is killed behind our back, and the run that was cut off is closed.
    stack.up(house, said.append)
    assert any(f"long {run_id} was cut off" in line for line in said)
    assert processes.client(house).state("long", run_id) == "failed"
    known = processes.read(house)
    assert known is not None
    os.killpg(next(part.pid for part in known.parts if part.name == "scheduler"), signal.SIGKILL)
    stack.down(house, said.append)
    assert _left(house, before) == []
    stack.down(house, said.append)  # nothing to stop is fine


def test_an_interrupted_up_leaves_nothing(house: Settings) -> None:
    before = set(psutil.pids())
    command = [sys.executable, "-c", processes.START, "up"]
    environment = dict(os.environ) | airflow_home.settings_variables(house)
    child = subprocess.Popen(command, env=environment, start_new_session=True)

    def parts() -> int:
        known = processes.read(house)
        return len(known.parts) if known else 0

    _until(90, "the first parts run", lambda: parts() >= 2)
    child.send_signal(signal.SIGTERM)  # heard as Ctrl-C is
    assert child.wait(60) != 0
    assert processes.ours(house) == []
    assert _left(house, before) == []
    assert not embedded.is_running(house)
    assert not embedded.kept_marker(house).exists()
