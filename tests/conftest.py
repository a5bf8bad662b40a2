"""Shared fixtures: one embedded PostgreSQL a worker, one fresh migrated warehouse a test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tonghop.settings import Settings
from tonghop.warehouse import embedded, migrate
from tonghop.warehouse.connection import admin_url, connect, rows

_NUMBERS = itertools.count(1)
_TOGETHER = {"e2e": "airflow", "orchestration": "airflow", "exports": "exports", "submissions": "submissions"}
"""Folders whose tests share a costly fixture, or must not run at the same time; elsewhere a file's tests stay together."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each worker (``-n``) whole files, and whole folders where they belong together."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return _TOGETHER.get(Path(file).parts[1], file)

    return Together(config, log)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A running embedded server with a migrated, empty database ``tonghop``: the template of every ``warehouse``."""
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), database_url=None, inbox="", reference_dirs="")
    with embedded.running(settings):
        migrate.init(settings)
        # What a crash of the machine would lose nobody misses here; tests of durability have servers of their own.
        with connect(settings, database="postgres", autocommit=True) as connection:
            for name in ("fsync", "full_page_writes", "synchronous_commit"):
                rows(connection, f"alter system set {name} = off")
            rows(connection, "select pg_reload_conf()")
        yield settings


@contextmanager
def fresh_warehouse(server: Settings, folder: Path) -> Iterator[Settings]:
    """A migrated warehouse without data, on a database of its own; inbox, overlays and pages in ``folder``."""
    name = f"tonghop_t{next(_NUMBERS)}"
    with connect(server, database="postgres", autocommit=True) as connection:
        rows(connection, f'create database "{name}" template tonghop')
    url = admin_url(server).set(database=name).render_as_string(hide_password=False)
    # The secrets of the session's server are copied, so that every role can connect.
    (folder / "state").mkdir(parents=True)
    (folder / "state" / "secrets.json").write_bytes((server.state_dir / "secrets.json").read_bytes())
    settings = server.model_copy(update={"state_dir": folder / "state", "database_url": SecretStr(url)})
    migrate.init(settings)  # grants on the new database
    yield settings
    with connect(server, database="postgres", autocommit=True) as connection:
        rows(connection, f'drop database "{name}" with (force)')


@pytest.fixture
def warehouse(server: Settings, tmp_path: Path) -> Iterator[Settings]:
    """A migrated warehouse without data, for one test."""
    with fresh_warehouse(server, tmp_path) as settings:
        yield settings
