"""Airflow's parts and how each is run: the same command on one machine and in a container."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version

from tonghop.errors import TonghopError
from tonghop.orchestration import airflow_home, schedule
from tonghop.orchestration.network import Network
from tonghop.settings import Settings
from tonghop.warehouse import embedded, migrate

# Tasks, triggers and the api-server share the folder of the logs. The servers that would hand logs to another
# machine listen on every interface, and Airflow has no setting to bind them: they are not started.
NO_LOG_SERVER = "--skip-serve-logs"
COMPONENTS: dict[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", NO_LOG_SERVER),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", NO_LOG_SERVER),
    "worker": ("celery", "worker", NO_LOG_SERVER),
}
LOCAL = ("api-server", "dag-processor", "scheduler", "triggerer")


def child_environment(settings: Settings, network: Network) -> dict[str, str]:
    """The whole environment of an Airflow process: what we were given, our defaults below it, our facts above it.

    The inherited environment is passed on, not read: credentials of an S3-compatible inbox and an operator's own
    ``AIRFLOW__…`` variables belong to the tasks.
    """
    return airflow_home.defaults(network) | dict(os.environ) | airflow_home.environment(settings, network)


def become(settings: Settings, network: Network, component: str, extra: tuple[str, ...] = ()) -> None:
    """Replace this process by one of Airflow's parts; any other word is passed to Airflow as it is."""
    airflow_home.write_passwords(settings)
    command = [sys.executable, "-m", "airflow", *COMPONENTS.get(component, (component,)), *extra]
    os.execve(command[0], command, child_environment(settings, network))  # noqa: S606 - no shell is meant


def prepare(settings: Settings, network: Network, *, migrate_always: bool = False) -> None:
    """Bring the warehouse and Airflow's database to the shape of this checkout, and open the schedule.

    Raises:
        TonghopError: a migration failed.
    """
    with embedded.running(settings):
        migrate.init(settings)
        new = airflow_home.create_database(settings)
        airflow_home.write_passwords(settings)
        schedule.open_from_now(settings)
        # The migration costs five seconds even where there is nothing to do.
        mark, installed = airflow_home.home(settings) / "migrated", version("apache-airflow")
        if not new and not migrate_always and mark.exists() and mark.read_text() == installed:
            return
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"], env=child_environment(settings, network),
            capture_output=True, text=True, check=False, start_new_session=True,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()[-800:]
            raise TonghopError(f"Airflow's database could not be migrated: {said}")
        mark.write_text(installed)
