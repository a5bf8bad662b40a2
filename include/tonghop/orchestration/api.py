"""A small client of Airflow's REST API (the command line costs six seconds a call)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from tonghop.errors import TonghopError
from tonghop.orchestration.network import ADMIN

ENDED = {"success", "failed"}
TOLD = {"success", "failed", "up_for_retry", "awaiting_input"}  # what a person who waits wants to read of a task
Say = Callable[[str], None]


@dataclass
class Api:
    """Airflow's API as its one user.

    Attributes:
        url: base URL of the api-server.
        password: of the user ``admin``.
    """

    url: str
    password: str
    _token: str = field(default="", repr=False)

    def call(self, method: str, path: str, **content: Any) -> Any:
        """One call below ``/api/v2``; logs in where the token is missing or has expired.

        Raises:
            TonghopError: Airflow does not answer, or refuses.
        """
        try:
            if not self._token:
                self._log_in()
            answer = self._send(method, path, **content)
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                self._log_in()
                answer = self._send(method, path, **content)
            answer.raise_for_status()
        except httpx.HTTPStatusError as problem:
            said = problem.response.text[:300]
            raise TonghopError(f"Airflow refused {method} {path}: {problem.response.status_code} {said}") from problem
        except httpx.HTTPError as problem:
            what = f"Airflow does not answer at {self.url}: {problem}."
            raise TonghopError(what, "Is it up ('tonghop up')?") from problem
        return answer.json() if answer.content else None

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        url = f"{self.url}/api/v2{path}"
        return httpx.request(method, url, headers=headers, timeout=30, trust_env=False, **content)

    def _log_in(self) -> None:
        login = {"username": ADMIN, "password": self.password}
        answer = httpx.post(f"{self.url}/auth/token", json=login, timeout=30, trust_env=False)
        answer.raise_for_status()
        self._token = str(answer.json()["access_token"])

    def health(self) -> dict[str, str]:
        """Status by part, e.g. ``{"scheduler": "healthy"}``; empty while nothing answers."""
        return health(self.url)

    def parsed_since(self, moment: datetime) -> dict[str, str]:
        """DAGs read after a moment: file (relative to the dags folder) by DAG id."""
        found = self.call("GET", "/dags", params={"limit": 100, "exclude_stale": "false"})["dags"]
        return {
            dag["dag_id"]: str(dag["relative_fileloc"]) for dag in found
            if dag["last_parsed_time"] and datetime.fromisoformat(dag["last_parsed_time"]) > moment
        }

    def import_errors(self) -> dict[str, str]:
        """What went wrong by DAG file."""
        found = self.call("GET", "/importErrors")["import_errors"]
        return {str(error["filename"]): str(error["stack_trace"]) for error in found}

    def pause(self, dag_id: str, paused: bool) -> None:
        """Pause a DAG, or let it run."""
        self.call("PATCH", f"/dags/{dag_id}", json={"is_paused": paused})

    def close_left_runs(self) -> list[str]:
        """End the runs that a stopped stack left open, so that they neither resume unasked nor block the next."""
        left = []
        for state in ("running", "queued"):
            runs = self.call("GET", "/dags/~/dagRuns", params={"state": state, "limit": 100})["dag_runs"]
            for run in runs:
                self.call("PATCH", f"/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}", json={"state": "failed"})
                left.append(f"{run['dag_id']} {run['dag_run_id']}")
        return left

    def trigger(self, dag_id: str) -> str:
        """Start a run now. Returns its id."""
        return str(self.call("POST", f"/dags/{dag_id}/dagRuns", json={"logical_date": None})["dag_run_id"])

    def state(self, dag_id: str, run_id: str) -> str:
        """State of a run: queued, running, success or failed."""
        return str(self.call("GET", f"/dags/{dag_id}/dagRuns/{run_id}")["state"])

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The task instances of a run, as Airflow describes them."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        found: list[dict[str, Any]] = self.call("GET", path, params={"limit": 500})["task_instances"]
        return found

    def log(self, task: dict[str, Any]) -> str:
        """The log of a task instance's last try, as text."""
        path = f"/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
        params = {"map_index": task["map_index"], "full_content": "true"}
        content = self.call("GET", f"{path}/logs/{task['try_number']}", params=params)["content"]
        return "\n".join(_log_line(entry) for entry in content)

    def wait(self, dag_id: str, run_id: str, say: Say, *, seconds: float = 3600) -> str:
        """Wait for the end of a run, telling what each task comes to. Returns the state of the run.

        Raises:
            TonghopError: the run did not end in time.
        """
        told: set[tuple[str, int, str]] = set()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.state(dag_id, run_id)
            for task in sorted(self.tasks(dag_id, run_id), key=lambda task: str(task["end_date"])):
                key = (task["task_id"], task["map_index"], str(task["state"]))
                begun = task["state"] == "running" and task["map_index"] < 0
                if key not in told and (begun or task["state"] in TOLD):
                    told.add(key)
                    say(f"  {dag_id}: {_task_line(task)}")
            if state in ENDED:
                return state
            time.sleep(0.5)
        raise TonghopError(f"{dag_id} {run_id} did not end within {seconds:.0f} s.", f"Look at {self.url}.")


def health(url: str, seconds: float = 5) -> dict[str, str]:
    """Status of Airflow's parts by name; empty while the api-server does not answer. Needs no log-in."""
    try:
        answer = httpx.get(f"{url}/api/v2/monitor/health", timeout=seconds, trust_env=False)
        found: dict[str, Any] = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return {}
    return {name.replace("_", "-"): str(part["status"]) for name, part in found.items() if part and part.get("status")}


def _task_line(task: dict[str, Any]) -> str:
    name = str(task["task_id"])
    if task["map_index"] >= 0:
        name += f" ({task.get('rendered_map_index') or task['map_index']})"
    took = "" if task["state"] == "running" or task["duration"] is None else f" after {task['duration']:.1f} s"
    return f"{name} {task['state']}{took}"


def _log_line(entry: Any) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    causes = [f"{error.get('exc_type', '')}: {error.get('exc_value', '')}" for error in entry.get("error_detail") or []]
    return " ".join([str(entry.get("event", "")), *causes])
