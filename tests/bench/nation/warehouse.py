"""A warehouse for the bench alone: a server and a state folder of its own, with fsync on, and the nation's register."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.warehouse import migrate
from tonghop.warehouse.connection import admin_url, connect, rows


class BenchSettings(Settings):
    """Settings whose authored register is the bench's nation; nothing of them comes from the user's environment."""

    nation_dir: Path

    @property
    def reference_dir(self) -> Path:
        return self.nation_dir / "reference"


def settings_in(folder: Path, nation: Path) -> BenchSettings:
    """Settings of a server of our own under ``folder``, for the nation written to another."""
    return BenchSettings(state_dir=folder / "state", database_url=None, inbox="", reference_dirs="", nation_dir=nation)


def beside(settings: BenchSettings, name: str, nation: Path) -> BenchSettings:
    """A second warehouse on the same server, with an inbox of its own: migrated, with another nation's register."""
    database(settings, name)
    url = admin_url(settings).set(database=name).render_as_string(hide_password=False)
    other = settings.model_copy(update={
        "database_url": SecretStr(url), "inbox": str(settings.state_dir / name / "inbox"), "nation_dir": nation})
    prepare(other)
    return other


def database(settings: Settings, name: str) -> None:
    """Create an empty database."""
    with connect(settings, database="postgres", autocommit=True) as connection:
        rows(connection, f'create database "{name}"')


def prepare(settings: BenchSettings) -> None:
    """Migrate the warehouse and load the register."""
    migrate.init(settings)
    reference.load(settings)


def machine(settings: Settings) -> dict[str, str]:
    """What the server says of itself: version and the settings that durability and speed hang on."""
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "work_mem",
             "max_parallel_workers_per_gather")
    with connect(settings) as connection:
        return {name: rows(connection, "select current_setting(%s)", (name,))[0][0] for name in names}


def drop(settings: Settings, name: str) -> None:
    """Drop a database."""
    with connect(settings, database="postgres", autocommit=True) as connection:
        rows(connection, f'drop database "{name}" with (force)')
