"""PostgreSQL and Airflow together: up, down, and for the length of a block."""

from __future__ import annotations

import fcntl
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from tonghop.orchestration import airflow_home, components, processes, schedule
from tonghop.orchestration.api import Say
from tonghop.orchestration.network import ADMIN, Network
from tonghop.settings import Settings
from tonghop.warehouse import embedded


def up(settings: Settings, say: Say) -> None:
    """Start everything and keep it running. Where it is up already, say so."""
    with _interruptible(), _guard(settings):
        if _is_up(settings):
            say("Already up.")
        else:
            _start(settings, say)
        _tell(settings, say)


def down(settings: Settings, say: Say) -> None:
    """Stop everything, also where half of it is dead. Nothing running is fine."""
    with _guard(settings):
        ended = _stop(settings)
    say(f"Stopped: {ended} processes of Airflow, and PostgreSQL." if ended else "Stopped: nothing of Airflow ran.")


@contextmanager
def stack(settings: Settings, say: Say, *, keep: bool) -> Iterator[None]:
    """Everything runs while the block runs; what was up before, or is to be kept, stays up.

    No DAG takes a slot of its schedule inside the block: what runs there is what the block starts.
    """
    with _interruptible():
        with _guard(settings):
            was_up = _is_up(settings)
            if not was_up:
                _start(settings, say, later=timedelta(days=1))
        try:
            yield
        except BaseException:
            keep = False
            raise
        finally:
            if not was_up and not keep:
                say("Stopping PostgreSQL and Airflow …")
                with _guard(settings):
                    _stop(settings)
        if not was_up and keep:
            schedule.open_from_now(settings)
    if keep or was_up:
        _tell(settings, say)


@contextmanager
def _interruptible() -> Iterator[None]:
    """A termination or a closed terminal ends the block as Ctrl-C does, so that what was started is stopped."""
    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _guard(settings: Settings) -> Iterator[None]:
    """One start or stop at a time; a killed command leaves no lock."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with (settings.state_dir / "stack.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_up(settings: Settings) -> bool:
    known = processes.read(settings)
    database = settings.database_url is not None or embedded.is_running(settings)
    return known is not None and known.alive() and database


def _start(settings: Settings, say: Say, later: timedelta = timedelta(0)) -> None:
    processes.stop(settings)  # what a half-dead stack left would answer on its port
    kept = embedded.kept_marker(settings)
    with embedded.running(settings):
        try:
            say("Starting PostgreSQL and migrating the databases …")
            network = Network(processes.free_port())
            components.prepare(settings, network)
            schedule.open_from_now(settings, later=later)
            say("Starting Airflow …")
            dag_ids = processes.start(settings, network, say)
            _release(settings, say, dag_ids)
            kept.touch()
        except BaseException:
            kept.unlink(missing_ok=True)
            processes.stop(settings)
            raise


def _release(settings: Settings, say: Say, dag_ids: list[str]) -> None:
    """Let the DAGs run, after the runs that the last stop cut off have been closed."""
    api = processes.client(settings)
    for run in api.close_left_runs():
        say(f"  {run} was cut off by the last stop; it is closed, and the next run does its work")
    for dag_id in dag_ids:
        api.pause(dag_id, False)


def _stop(settings: Settings) -> int:
    ended = processes.stop(settings)
    embedded.kept_marker(settings).unlink(missing_ok=True)
    embedded.stop(settings)
    return ended


def _tell(settings: Settings, say: Say) -> None:
    known = processes.read(settings)
    if known is not None:
        say(f"Airflow:   http://127.0.0.1:{known.port}  (user {ADMIN},"
            f" password in {airflow_home.passwords_file(settings)})")
    say("Warehouse: 'tonghop url' prints the analyst's connection URL")
    say("Stop:      'tonghop down'")
