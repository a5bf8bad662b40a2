"""What Airflow is told, and that it understands every word of it."""

from __future__ import annotations

import importlib.util
import os
import re
import runpy
from pathlib import Path

import pytest
import yaml

from tonghop.orchestration import airflow_home
from tonghop.orchestration.components import child_environment
from tonghop.orchestration.network import Network
from tonghop.settings import Settings
from tonghop.warehouse.connection import Secrets, connect, rows

LOCAL = Network(18080)
CELERY = Network(8080, "0.0.0.0", "http://api-server:8080", "redis://:r@redis:6379/0")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path / "state", database_url="postgresql://someone:secret@127.0.0.1:1/figures")


def _known() -> set[str]:
    """Every option that Airflow and its Celery provider know, as SECTION__OPTION."""
    found = importlib.util.find_spec("airflow")  # found, not imported: an import would write into the home folder
    assert found is not None
    folder = Path(str(found.origin)).parent
    provider = runpy.run_path(str(folder / "providers" / "celery" / "get_provider_info.py"))
    sections = yaml.safe_load((folder / "config_templates" / "config.yml").read_text())
    sections |= provider["get_provider_info"]()["config"]
    return {f"{section}__{option}".upper() for section, said in sections.items() for option in said["options"]}


@pytest.mark.parametrize("network", [LOCAL, CELERY], ids=["local", "celery"])
def test_airflow_knows_every_option(settings: Settings, network: Network) -> None:
    # Without this: an option that Airflow renamed is silently ignored, and its default (all interfaces) rules.
    said = airflow_home.environment(settings, network) | airflow_home.defaults(network)
    options = {name.removeprefix("AIRFLOW__") for name in said if name.startswith("AIRFLOW__")}
    assert len(options) > 20
    assert options <= _known()


def test_one_machine_stays_on_loopback(settings: Settings) -> None:
    said = airflow_home.environment(settings, LOCAL)
    assert said["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert said["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:18080/execution/"
    assert said["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert "0.0.0.0" not in str(said)


def test_the_containers_get_the_same_names(settings: Settings) -> None:
    local, celery = airflow_home.environment(settings, LOCAL), airflow_home.environment(settings, CELERY)
    assert set(celery) - set(local) == {"AIRFLOW__CELERY__BROKER_URL", "AIRFLOW__CELERY__RESULT_BACKEND",
                                        "TONGHOP_BROKER_URL"}
    assert celery["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://api-server:8080/execution/"


def test_nothing_is_reported_to_anybody(settings: Settings) -> None:
    said = airflow_home.environment(settings, LOCAL)
    assert said["GX_ANALYTICS_ENABLED"] == said["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert said["DO_NOT_TRACK"] == "1"


def test_the_tasks_read_the_same_settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without this: a task of a stack with another state folder works on the default one.
    for name, value in child_environment(settings, LOCAL).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


def test_an_operator_may_tune_but_not_open(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__PARALLELISM", "16")
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", "theirs")
    said = child_environment(settings, LOCAL)
    assert said["AIRFLOW__CORE__PARALLELISM"] == "16"
    assert said["AIRFLOW__CORE__FERNET_KEY"] != "theirs"


def test_the_password_is_generated_and_closed(settings: Settings) -> None:
    airflow_home.write_passwords(settings)
    path = airflow_home.passwords_file(settings)
    assert path.stat().st_mode & 0o777 == 0o600
    assert re.search(r'{"admin": "[\w-]{30,}"}', path.read_text())
    assert Secrets(settings).get("airflow_admin") in path.read_text()


def test_airflow_owns_a_database_of_its_own(warehouse: Settings) -> None:
    # Without this: Airflow's role reads the returns, or its tables lie among the marts.
    assert airflow_home.create_database(warehouse) is True
    assert airflow_home.create_database(warehouse) is False
    url = airflow_home.metadata_url(warehouse)
    try:
        with connect(warehouse) as opened:
            owner = "select pg_get_userbyid(datdba) from pg_database where datname = %s"
            assert rows(opened, owner, (url.database,)) == [("tonghop_airflow",)]
            assert rows(opened, "select has_schema_privilege('tonghop_airflow', 'raw', 'usage')") == [(False,)]
            assert rows(opened, "select has_database_privilege('tonghop_analyst', %s, 'connect')", (url.database,)) \
                == [(False,)]
    finally:
        with connect(warehouse, autocommit=True) as opened:
            rows(opened, f'drop database "{url.database}" with (force)')


def test_a_state_folder_is_one_stack(tmp_path: Path) -> None:
    one, other = Settings(state_dir=tmp_path / "a"), Settings(state_dir=tmp_path / "b")
    assert airflow_home.stack_id(one) != airflow_home.stack_id(other)
    assert airflow_home.stack_id(one) == airflow_home.stack_id(Settings(state_dir=tmp_path / "b" / ".." / "a"))
    assert os.environ.get("TONGHOP_STACK") is None, "the tests themselves are no part of a stack"
