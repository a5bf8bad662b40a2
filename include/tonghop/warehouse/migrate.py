"""Versioned migrations, roles and grants: ``tonghop init``. Safe to repeat, and safe from two places at once."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse import roles
from tonghop.warehouse.connection import connect, rows

_LOCK = 7300
_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
_OLDEST_SERVER = 150000

_LEDGER = """
create schema if not exists ops;
create table if not exists ops.migration (
    name        text primary key,
    sha256      text not null,
    applied_at  timestamptz not null default now()
);
comment on table ops.migration is 'One row per migration of include/sql/migrations that was applied';
"""


def init(settings: Settings) -> list[str]:
    """Bring the warehouse database to the newest shape: roles, migrations, grants.

    Returns:
        The names of the migrations applied by this call (empty when nothing was new).

    Raises:
        TonghopError: the server is older than PostgreSQL 15, a migration that was applied has been edited since, or
            the database is newer than this checkout.
    """
    with connect(settings) as connection:
        rows(connection, "select pg_advisory_xact_lock(%s)", (_LOCK,))
        _require_version(connection)
        roles.create(connection, settings)
        applied = _apply(connection, migration_files(settings))
        roles.grant(connection, settings)
    return applied


def is_current(settings: Settings) -> bool:
    """Whether every migration of this checkout has been applied to the database."""
    with connect(settings) as connection:
        if rows(connection, "select to_regclass('ops.migration')")[0][0] is None:
            return False
        known = {name for (name,) in rows(connection, "select name from ops.migration")}
    return {path.name for path in migration_files(settings)} <= known


def migration_files(settings: Settings) -> list[Path]:
    """The migrations of this checkout, in their order."""
    return sorted(path for path in (settings.sql_dir / "migrations").glob("*.sql") if _NAME.fullmatch(path.name))


def _require_version(connection: Connection) -> None:
    if connection.server_version < _OLDEST_SERVER:
        raise TonghopError(
            f"The server is PostgreSQL {connection.server_version // 10000}; Tổng hợp needs 15 or newer.",
            "Point TONGHOP_DATABASE_URL at a newer server, or unset it to use the embedded one.",
        )


def _apply(connection: Connection, files: list[Path]) -> list[str]:
    rows(connection, _LEDGER)
    known = dict(rows(connection, "select name, sha256 from ops.migration"))
    newer = sorted(set(known) - {path.name for path in files})
    if newer:
        raise TonghopError(f"The database has migration {newer[-1]}, which this checkout does not know.",
                           "Update the checkout: an older program must not write to a newer warehouse.")
    applied = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        if path.name not in known:
            rows(connection, text)
            rows(connection, "insert into ops.migration (name, sha256) values (%s, %s)", (path.name, digest))
            applied.append(path.name)
        elif known[path.name] != digest:
            raise TonghopError(f"Migration {path.name} was applied and has been edited since.",
                               "Restore its text and put the change into a new migration.")
    return applied
