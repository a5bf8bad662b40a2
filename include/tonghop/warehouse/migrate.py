"""Versioned migrations, readers' functions, roles and grants: ``tonghop init``. Safe to repeat, and from two places."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from psycopg2 import sql
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
    """Bring the warehouse database to the newest shape: roles, migrations, the functions of readers, grants.

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
        _make_readers(connection, settings)
        roles.grant(connection, settings)
    return applied


def is_current(settings: Settings) -> bool:
    """Whether the database has every migration of this checkout, and its functions of readers."""
    with connect(settings) as connection:
        if rows(connection, "select to_regclass('ops.migration')")[0][0] is None:
            return False
        known = {name for (name,) in rows(connection, "select name from ops.migration")}
        readers = rows(connection, "select obj_description(to_regnamespace('marts_as_of'), 'pg_namespace')")[0][0]
    return {path.name for path in migration_files(settings)} <= known and readers == _told(_readers(settings))


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
    if any(path.name not in known for path in files):
        # What reads the store there would keep a migration from changing it; it is made again below.
        rows(connection, "drop schema if exists marts_as_of cascade")
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


def _make_readers(connection: Connection, settings: Settings) -> None:
    """Run every file of ``include/sql/readers`` in name order: functions over the newest views, safe to repeat."""
    rows(connection, "create schema if not exists marts_as_of")
    texts = _readers(settings)
    for text in texts:
        rows(connection, text)
    comment = sql.SQL("comment on schema marts_as_of is {}").format(sql.Literal(_told(texts)))
    rows(connection, comment.as_string(connection))


def _readers(settings: Settings) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((settings.sql_dir / "readers").glob("*.sql"))]


def _told(texts: list[str]) -> str:
    """What the schema says of itself: the functions have no migrations, so this tells an older checkout's apart."""
    return f"The marts as of a release; readers {hashlib.sha256(''.join(texts).encode()).hexdigest()[:16]}"
