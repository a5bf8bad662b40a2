"""Who connects as whom: one URL a role, and a psycopg2 connection that names itself.

Roles: ``admin`` (owns everything, runs migrations), ``loader`` (raw, reference), ``builder`` (dbt, gates,
publication), ``steward`` (quality, marts), ``analyst`` (marts, read only).
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets as token
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg2
from psycopg2.extensions import connection as Connection
from sqlalchemy.engine import URL, make_url

from tonghop.errors import TonghopError
from tonghop.settings import Settings

Role = Literal["admin", "loader", "builder", "steward", "analyst"]
ROLES: tuple[Role, ...] = ("loader", "builder", "steward", "analyst")
APPLICATION_NAME = "tonghop"


class Secrets:
    """Generated passwords, kept in ``<state>/secrets.json`` (mode 0600), made on first use and never printed."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.state_dir / "secrets.json"

    def get(self, name: str) -> str:
        """The secret called ``name``; generated and stored when it does not exist yet."""
        known = self._read()
        if name not in known:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # two first uses at once must agree
                known = self._read()
                if name not in known:
                    known[name] = token.token_urlsafe(24)
                    self._write(known)
        return known[name]

    def _read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        loaded: dict[str, str] = json.loads(self._path.read_text(encoding="utf-8"))
        return loaded

    def _write(self, known: dict[str, str]) -> None:
        part = self._path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(known, file, indent=1)
        part.replace(self._path)


def server_file(settings: Settings) -> Path:
    """Where the running embedded server writes its port: ``{"port": …}``."""
    return settings.state_dir / "postgres.json"


def admin_url(settings: Settings) -> URL:
    """URL of the warehouse database for its owner.

    Raises:
        TonghopError: the embedded server is not running.
    """
    if settings.database_url is not None:
        return make_url(settings.database_url.get_secret_value()).set(drivername="postgresql")
    try:
        port = json.loads(server_file(settings).read_text(encoding="utf-8"))["port"]
    except FileNotFoundError:
        raise TonghopError("The embedded PostgreSQL is not running.", "Start it with 'tonghop up'.") from None
    return URL.create(
        "postgresql", "tonghop", Secrets(settings).get("postgres"), "127.0.0.1", int(port), "tonghop"
    )


def role_url(settings: Settings, role: Role = "admin") -> URL:
    """URL of the warehouse database for one role, password included."""
    url = admin_url(settings)
    if role == "admin":
        return url
    return url.set(username=f"tonghop_{role}", password=Secrets(settings).get(f"role_{role}"))


@contextmanager
def connect(settings: Settings, role: Role = "admin", *, database: str | None = None,
            autocommit: bool = False) -> Iterator[Connection]:
    """One connection; commits on success, rolls back on error, always closes.

    Args:
        database: another database of the same server (default: the warehouse).
        autocommit: run each statement on its own.
    """
    url = role_url(settings, role)
    if database is not None:
        url = url.set(database=database)
    opened = psycopg2.connect(
        url.render_as_string(hide_password=False), application_name=f"{APPLICATION_NAME} {role}", connect_timeout=10
    )
    try:
        opened.autocommit = autocommit
        yield opened
        if not autocommit:
            opened.commit()
    except BaseException:
        if not autocommit and not opened.closed:
            opened.rollback()
        raise
    finally:
        opened.close()


def rows(connection: Connection, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """All rows of one parameterised statement (an empty list where it returns none)."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def load_sql(settings: Settings, name: str) -> str:
    """The text of ``include/sql/<name>.sql``."""
    return (settings.sql_dir / f"{name}.sql").read_text(encoding="utf-8")
