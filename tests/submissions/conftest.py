"""A warehouse whose register is loaded (the sample's registrations included): copied for each test, loaded once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tonghop import settings as settings_module
from tonghop.cli import main
from tonghop.reference.load import load
from tonghop.settings import Settings
from tonghop.warehouse import migrate
from tonghop.warehouse.connection import admin_url, connect, rows

_NUMBERS = itertools.count(1)
_TEMPLATE = "tonghop_registered"


def _on(server: Settings, name: str, state: Path) -> Settings:
    state.mkdir()
    (state / "secrets.json").write_bytes((server.state_dir / "secrets.json").read_bytes())
    url = admin_url(server).set(database=name).render_as_string(hide_password=False)
    return server.model_copy(update={"state_dir": state, "database_url": SecretStr(url)})


@pytest.fixture(scope="session")
def registered_template(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The database that every ``registered`` is a copy of."""
    with connect(server, database="postgres", autocommit=True) as connection:
        rows(connection, f'create database "{_TEMPLATE}" template tonghop')
    settings = _on(server, _TEMPLATE, tmp_path_factory.mktemp("registered") / "state")
    migrate.init(settings)
    load(settings.model_copy(update={"reference_dirs": str(server.sample_dir / "reference")}))
    return settings


@pytest.fixture
def registered(server: Settings, registered_template: Settings, tmp_path: Path) -> Iterator[Settings]:
    """A warehouse with the register and nothing else; inbox and archive in a folder of its own."""
    name = f"tonghop_r{next(_NUMBERS)}"
    with connect(server, database="postgres", autocommit=True) as connection:
        rows(connection, f'create database "{name}" template "{_TEMPLATE}"')
    settings = _on(server, name, tmp_path / "state")
    migrate.init(settings)
    yield settings
    with connect(server, database="postgres", autocommit=True) as connection:
        rows(connection, f'drop database "{name}" with (force)')


@pytest.fixture
def run(registered: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs ``tonghop …`` on the test's warehouse; gives the exit code, stdout and stderr."""
    assert registered.database_url is not None
    monkeypatch.setenv("TONGHOP_STATE_DIR", str(registered.state_dir))
    monkeypatch.setenv("TONGHOP_DATABASE_URL", registered.database_url.get_secret_value())
    monkeypatch.delenv("TONGHOP_INBOX", raising=False)
    monkeypatch.delenv("TONGHOP_REFERENCE_DIRS", raising=False)
    settings_module.settings.cache_clear()

    def typed(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, said.out, said.err

    yield typed  # type: ignore[misc]
    settings_module.settings.cache_clear()
