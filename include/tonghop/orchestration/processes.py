"""Airflow on one machine: start its parts, wait until they are healthy, stop them so that nothing is left.

Each part is the leader of a session of its own. A running task is a process group of its own inside that session,
and a task may leave even the session; so every process is also marked in its environment. A process is ended only
when it is recognised by one of the two, never by its name.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tonghop.errors import TonghopError
from tonghop.orchestration import airflow_home
from tonghop.orchestration.api import Api, Say, health
from tonghop.orchestration.components import LOCAL, child_environment
from tonghop.orchestration.network import Network
from tonghop.settings import Settings
from tonghop.warehouse.connection import Secrets, connect, rows

HEALTHY_SECONDS = 180
GRACE_SECONDS = 10
START = "from tonghop.cli import main; main()"
USUAL_PORT = 8080


@dataclass(frozen=True)
class Started:
    """One part as it was started: its process id is also the id of its session.

    Attributes:
        created: the process's creation time (seconds since the epoch), which tells it from a later one of its number.
    """

    name: str
    pid: int
    created: float

    def alive(self) -> bool:
        """Does this very process still run?"""
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            return bool(abs(process.create_time() - self.created) < 1 and process.status() != psutil.STATUS_ZOMBIE)
        return False


@dataclass(frozen=True)
class Stack:
    """Airflow as it was started on this machine."""

    port: int
    started_at: str
    parts: tuple[Started, ...]

    def alive(self) -> bool:
        """Do all parts run?"""
        return len(self.parts) == len(LOCAL) and all(part.alive() for part in self.parts)


def state_file(settings: Settings) -> Path:
    """What runs, for the next command: port, process ids and when they were created."""
    return settings.state_dir / "airflow.json"


def read(settings: Settings) -> Stack | None:
    """The stack that was started last and not stopped since, dead or alive."""
    try:
        known = json.loads(state_file(settings).read_text())
        return Stack(known["port"], known["started_at"], tuple(Started(**part) for part in known["parts"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def client(settings: Settings) -> Api:
    """The API of the stack that runs.

    Raises:
        TonghopError: none runs.
    """
    stack = read(settings)
    if stack is None:
        raise TonghopError("Airflow is not running.", "Start it with 'tonghop up'.")
    return Api(Network(stack.port).api_url, Secrets(settings).get("airflow_admin"))


def free_port() -> int:
    """Airflow's usual port where it is free on loopback, else any free one."""
    for port in (USUAL_PORT, 0):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise TonghopError("No free port on 127.0.0.1.")


def start(settings: Settings, network: Network, say: Say) -> list[str]:
    """Start Airflow's parts and wait until all are healthy and every DAG file has been read since.

    The DAGs are paused before anything runs: the schedule of an earlier start must not fire before they are read
    again. On any error (Ctrl-C included) everything that was started is stopped.

    Returns:
        The ids of the DAGs, all paused.
    """
    with connect(settings, database=airflow_home.metadata_url(settings).database) as opened:
        rows(opened, "update dag set is_paused = true where not is_paused")
    begun = datetime.now(UTC)
    parts: list[Started] = []
    try:
        for name in LOCAL:
            parts.append(_launch(settings, network, name))
            known = {"port": network.port, "started_at": begun.isoformat(), "parts": [asdict(part) for part in parts]}
            state_file(settings).write_text(json.dumps(known, indent=1))
        _wait_healthy(settings, network, parts, say)
        return _wait_parsed(settings, begun, say)
    except BaseException:
        stop(settings)
        raise


def stop(settings: Settings) -> int:
    """Stop Airflow and every task it runs. Returns how many processes were ended; none is fine.

    Statements are ended first: a task inside PostgreSQL's C client hears no signal until its statement ends.
    """
    found = ours(settings)
    if found:
        _end_statements(settings, found)
    count = len(found)
    for process in found:
        with suppress(psutil.Error):
            process.terminate()
    end = time.monotonic() + GRACE_SECONDS
    while ours(settings) and time.monotonic() < end:
        time.sleep(0.1)
    for _ in range(50):  # a process may start another while it dies
        left = ours(settings)
        if not left:
            break
        for process in left:
            with suppress(psutil.Error):
                process.kill()
        time.sleep(0.1)
    state_file(settings).unlink(missing_ok=True)
    _reap()
    return count


def ours(settings: Settings) -> list[psutil.Process]:
    """Every living process of this state folder's stack, this one excepted."""
    stack = read(settings)
    mark, me = airflow_home.stack_id(settings), os.getpid()
    return [p for p in psutil.process_iter() if p.pid != me and _is_ours(p, mark, stack)]


_children: list[subprocess.Popen[bytes]] = []  # reaped when they have ended


def _reap() -> None:
    _children[:] = [child for child in _children if child.poll() is None]


def _is_ours(process: psutil.Process, mark: str, stack: Stack | None) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        if stack is not None and _in_session(process, stack):
            return True
        return bool(process.environ().get("TONGHOP_STACK") == mark)
    except (psutil.Error, OSError):
        return False  # gone, or somebody else's


def _in_session(process: psutil.Process, stack: Stack) -> bool:
    """Of a session that we opened. The kernel gives a session's number to nobody while one of its processes lives."""
    session = os.getsid(process.pid)
    for part in stack.parts:
        if session == part.pid and process.create_time() > part.created - 1:
            return part.alive() or not psutil.pid_exists(part.pid)
    return False


def _launch(settings: Settings, network: Network, name: str) -> Started:
    log = settings.state_dir / "log" / f"airflow-{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as written:
        child = subprocess.Popen(
            [sys.executable, "-c", START, "airflow", name], stdin=subprocess.DEVNULL, stdout=written,
            stderr=subprocess.STDOUT, start_new_session=True, cwd=airflow_home.home(settings),
            env=child_environment(settings, network),
        )
    _children.append(child)
    return Started(name, child.pid, psutil.Process(child.pid).create_time())


def _wait_healthy(settings: Settings, network: Network, parts: list[Started], say: Say) -> None:
    """Wait until each part reports itself healthy, telling each that does."""
    told: set[str] = set()
    end = time.monotonic() + HEALTHY_SECONDS
    begun = time.monotonic()
    while time.monotonic() < end:
        for part in parts:
            if not part.alive():
                raise TonghopError(f"Airflow's {part.name} ended: {_last_words(settings, part.name)}")
        said = health(network.api_url)
        well = {name for name, status in said.items() if status == "healthy"} | ({"api-server"} if said else set())
        for name in sorted((well & set(LOCAL)) - told):
            told.add(name)
            say(f"  {name} is healthy after {time.monotonic() - begun:.0f} s")
        if told == set(LOCAL):
            return
        time.sleep(0.5)
    missing = sorted(set(LOCAL) - told)
    what = f"Not healthy within {HEALTHY_SECONDS} s: {', '.join(missing)}."
    raise TonghopError(what, f"See {settings.state_dir / 'log'}.")


def _wait_parsed(settings: Settings, begun: datetime, say: Say) -> list[str]:
    wanted = {path.name for path in settings.dags_dir.glob("*.py")}
    api = client(settings)
    end = time.monotonic() + HEALTHY_SECONDS
    while time.monotonic() < end:
        if errors := api.import_errors():
            name, trace = next(iter(errors.items()))
            raise TonghopError(f"The DAG file {name} cannot be read: {trace.strip().splitlines()[-1]}")
        found = api.parsed_since(begun)
        if wanted <= set(found.values()):
            say(f"  {len(found)} DAGs read")
            return sorted(found)
        time.sleep(0.5)
    log = settings.state_dir / "log" / "airflow-dag-processor.log"
    raise TonghopError("The DAG files were not read in time.", f"See {log}.")


def _end_statements(settings: Settings, found: list[psutil.Process]) -> None:
    """End what our processes run in PostgreSQL: their connections, recognised by their ports, and nobody else's."""
    ports = []
    for process in found:
        with suppress(psutil.Error):
            ports += [connection.laddr.port for connection in process.net_connections("inet") if connection.raddr]
    with suppress(Exception), connect(settings, autocommit=True) as opened:  # a server that is away runs no statement
        rows(
            opened,
            "select pg_terminate_backend(pid) from pg_stat_activity where client_port = any(%s)"
            " and (application_name like 'tonghop%%' or datname = %s) and pid <> pg_backend_pid()",
            (ports, airflow_home.metadata_url(settings).database),
        )


def _last_words(settings: Settings, name: str) -> str:
    log = settings.state_dir / "log" / f"airflow-{name}.log"
    return log.read_text(errors="replace").strip()[-600:] or f"it said nothing in {log}"
