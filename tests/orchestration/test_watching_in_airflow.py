"""Under a real scheduler: each night is told once, to people, to a StatsD daemon, and to a lineage service if there is one."""

from __future__ import annotations

import importlib.util
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.orchestration.conftest import listening_web
from tonghop.orchestration import processes, stack
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.warehouse.connection import connect, rows

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

RETURN = "unit_code,indicator,period,scope,numerator,denominator,stated_rate,note\n60,study_class,2014-03,own,470,,,\n"
NIGHT = "nightly_rollup"
PROVIDER = "airflow.providers.openlineage"


@dataclass
class Told:
    """What three nights told: one that published, one with nothing new, one that found another running."""

    messages: list[dict[str, object]]
    datagrams: list[str]
    events: list[dict[str, dict[str, object]]]


def has_provider() -> bool:
    try:
        return importlib.util.find_spec(PROVIDER) is not None
    except ModuleNotFoundError:
        return False


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A running stack in which three nights have been tried."""
    folder = tmp_path_factory.mktemp("watched")
    sent, lineage = folder / "return.csv", folder / "lineage.jsonl"
    sent.write_text(RETURN, encoding="utf-8")
    with listening_web() as web, closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as daemon, \
            pytest.MonkeyPatch.context() as environment:
        daemon.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**22)
        daemon.bind(("127.0.0.1", 0))
        daemon.setblocking(False)
        environment.setenv("AIRFLOW__METRICS__STATSD_ON", "True")
        environment.setenv("AIRFLOW__METRICS__STATSD_HOST", "127.0.0.1")
        environment.setenv("AIRFLOW__METRICS__STATSD_PORT", str(daemon.getsockname()[1]))
        environment.setenv("AIRFLOW__METRICS__METRICS_ALLOW_LIST", "tonghop")
        transport = {"type": "file", "log_file_path": str(lineage), "append": True}
        environment.setenv("AIRFLOW__OPENLINEAGE__TRANSPORT", json.dumps(transport))
        settings = Settings(state_dir=folder / "state", database_url=None, inbox="", reference_dirs="",
                            notify_webhook=SecretStr(f"http://127.0.0.1:{web.port}/hook"))
        stack.up(settings, print)
        try:
            reference.load(settings)
            inbox.ingest_sender(settings, "60", whole=[inbox.submit(settings, sent, "60")])
            _three_nights(settings)
        finally:
            stack.down(settings, print)
        yield Told([json.loads(body) for body in web.bodies], _drain(daemon), _events(lineage))


def _three_nights(settings: Settings) -> None:
    api = processes.client(settings)
    for wanted in ("success", "success", "failed"):
        if wanted == "failed":
            with connect(settings) as admin:
                rows(admin, "insert into ops.run (run_id, kind, owner, status)"
                            " values ('another', 'hand', 'hand elsewhere:1', 'running')")
        run_id = api.trigger(NIGHT)
        assert api.wait(NIGHT, run_id, print, seconds=600) == wanted


def _drain(daemon: socket.socket) -> list[str]:
    found: list[str] = []
    while True:
        try:
            found += daemon.recv(65536).decode().splitlines()
        except BlockingIOError:
            return found


def _events(path: Path) -> list[dict[str, dict[str, object]]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_each_night_is_told_once(told: Told) -> None:
    # Without this: a callback that Airflow calls with another context than was thought, and says so in a log nobody reads.
    assert [message["status"] for message in told.messages] == ["published", "unchanged", "failed"]
    first, _, busy = told.messages
    assert "đã công bố lần 1" in str(first["vi"])
    assert str(first["address"]).endswith(f"/dags/{NIGHT}/runs/{str(first['dag_run']).replace(':', '%3A').replace('+', '%2B')}")
    assert "Another night is running" in str(busy["vi"])


def test_the_daemon_heard_of_each(told: Told) -> None:
    nights = [line for line in told.datagrams if ".nights." in line]
    assert nights == [f"airflow.tonghop.nights.{status}:1|c" for status in ("published", "unchanged", "failed")]
    assert "airflow.tonghop.release:1|g" in told.datagrams
    assert any(line.startswith("airflow.tonghop.night.phase.judge_figures.duration:") for line in told.datagrams)


@pytest.mark.skipif(not has_provider(), reason="Airflow's OpenLineage provider is not installed")
def test_a_lineage_service_hears_what_each_model_read_and_wrote(told: Told) -> None:
    models = {str(event["job"]["name"]).partition(".dbt.")[2]: event for event in told.events
              if ".dbt." in str(event["job"]["name"]) and event["eventType"] == "COMPLETE"}
    assert len(models) > 40
    read = {str(name["name"]).partition(".")[2] for event in models.values() for name in event["inputs"]}
    assert {name.partition(".")[0] for name in read} >= {"raw", "reference", "staging", "intermediate"}
    written = {str(name["name"]).partition(".")[2] for event in models.values() for name in event["outputs"]}
    assert "candidate.fct_rollup" in written
    (published,) = [event for event in told.events if event["job"]["name"] == f"{NIGHT}.publish"
                    and event["eventType"] == "RUNNING" and event["outputs"]]
    assert any(str(name["name"]).endswith(".store.rollup") for name in published["outputs"])
