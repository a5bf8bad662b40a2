"""The scratch warehouse of a rehearsal: a database of its own on the same server, with the same shape and register.

The night's models, rules and SQL name their schemas, so a rehearsal that shares them word for word needs the schemas
under the same names elsewhere: in a database beside the warehouse. It is kept between rehearsals, because making one
and loading the register costs more than the rehearsal; what it holds of the register is replaced when that changed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from pydantic import SecretStr

from tonghop.errors import TonghopError
from tonghop.reference.tables import TABLES
from tonghop.settings import Settings
from tonghop.warehouse import migrate
from tonghop.warehouse.connection import admin_url, connect, rows

_LOCK = 7304
_REFERENCE = (*(f"reference.{table.name}" for table in TABLES), "reference.load")
_LEFT_BEHIND = (
    "raw.submission", "raw.submission_period", "raw.statement", "raw.claim", "raw.report_text",
    "raw.report_finding", "raw.mapping",
    "quality.finding", "quality.waiver", "quality.rejected_row", "quality.closed_period",
    "quality.run_finding", "quality.run_withheld", "quality.run_kept_aside", "quality.run_unit_name", "ops.run",
)
_ALL = sql.SQL("true")
_SPOOL_BYTES = 16 * 2**20
"""What a copied table may take in memory before it goes through a temporary file."""


def scratch_name(settings: Settings) -> str:
    """The name of the scratch database: the warehouse's, and ``_check``."""
    return f"{admin_url(settings).database}_check"


@contextmanager
def scratch(settings: Settings) -> Iterator[Settings]:
    """Settings of an empty scratch warehouse with today's register; one rehearsal at a time, others wait.

    Raises:
        TonghopError: the owner of an external server may not create databases.
    """
    with connect(settings) as guard:
        rows(guard, "select pg_advisory_lock(%s)", (_LOCK,))
        guard.commit()
        there = _ensure(settings)
        _bring_register(settings, there)
        renew(settings, there)
        try:
            yield there
        finally:
            _forget_files(there)


def _ensure(settings: Settings) -> Settings:
    name = scratch_name(settings)
    url = admin_url(settings).set(database=name).render_as_string(hide_password=False)
    there = settings.model_copy(update={"database_url": SecretStr(url), "state_dir": settings.state_dir / "check",
                                           "inbox": ""})
    _share_secrets(settings, there)
    _forget_files(there)
    with connect(settings, autocommit=True) as connection:
        exists = bool(rows(connection, "select 1 from pg_database where datname = %s", (name,)))
        if not exists:
            _create(connection, name)
    try:
        migrate.init(there)
    except TonghopError:  # of another shape (a migration in the making, an older checkout): nothing in it is needed
        with connect(settings, autocommit=True) as connection:
            drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            rows(connection, drop.as_string(connection))
            _create(connection, name)
        migrate.init(there)
    return there


def _share_secrets(settings: Settings, there: Settings) -> None:
    """Roles belong to the server, so both warehouses must know the same passwords."""
    there.state_dir.mkdir(parents=True, exist_ok=True)
    part = there.state_dir / f".secrets.{os.getpid()}"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write((settings.state_dir / "secrets.json").read_bytes())
    part.replace(there.state_dir / "secrets.json")


def _create(connection: Connection, name: str) -> None:
    try:
        rows(connection, sql.SQL("create database {}").format(sql.Identifier(name)).as_string(connection))
    except psycopg2.errors.InsufficientPrivilege as error:
        raise TonghopError(
            "The owner of the warehouse may not create the scratch database that a check needs.",
            f"Let an administrator run: alter role {connection.info.user} createdb; or create database {name}.",
        ) from error


def _bring_register(settings: Settings, there: Settings) -> None:
    """Copy ``reference.*`` unless the scratch warehouse holds the very same load."""
    with connect(settings) as source, connect(there) as target:
        newest = "select load_id, content_hash from reference.load order by load_id desc limit 1"
        wanted = rows(source, newest)
        if not wanted:
            raise TonghopError("The register is empty, so nothing can be checked.",
                               "Run 'tonghop reference load' first.")
        if wanted == rows(target, newest):
            return
        rows(target, f"truncate {', '.join(_REFERENCE)} cascade")
        for table in _REFERENCE:
            copy_table(source, target, table)
        rows(target, "analyze")


def _forget_files(there: Settings) -> None:
    """Nothing was sent, so no copy of what was checked stays behind."""
    for left in ("reports", "inbox", "archive"):
        shutil.rmtree(there.state_dir / left, ignore_errors=True)


def renew(settings: Settings, there: Settings) -> None:
    """Forget what was sent and judged there; the register stays, and what stewards confirmed of tables comes along.

    What is sent there from now on comes after all that the warehouse received.
    """
    with connect(settings) as source, connect(there) as target:
        rows(target, f"truncate {', '.join(_LEFT_BEHIND)} cascade")
        copy_table(source, target, "raw.mapping")
        for table, number in (("raw.submission", "submission_seq"), ("raw.mapping", "mapping_id")):
            newest = sql.SQL("select coalesce(max({}), 0) + 1 from {}").format(
                sql.Identifier(number), sql.Identifier(*table.split(".")))
            last = rows(source, newest.as_string(source))[0][0]
            rows(target, "select setval(pg_get_serial_sequence(%s, %s), %s)", (table, number, last))


def bring_standing(settings: Settings, there: Settings, senders: list[str], periods: list[str]) -> None:
    """Copy what a sender sent before for these periods, and what stewards decided: the files are judged beside it.

    Args:
        senders: every name the sender has.
        periods: ``YYYY-MM``.
    """
    whose = sql.SQL("sender = any({}) and status = 'loaded' and submission_seq in"
                    " (select submission_seq from raw.submission_period where period = any({}))")
    sent = whose.format(sql.Literal(senders), sql.Literal(periods))
    of_sent = sql.SQL("submission_seq in (select submission_seq from raw.submission where {})").format(sent)
    of_periods = sql.SQL("finding_id in (select finding_id from quality.finding where period = any({}))").format(
        sql.Literal(periods))
    with connect(settings) as source, connect(there) as target:
        copy_table(source, target, "raw.submission", sent)
        for table in ("raw.submission_period", "raw.statement", "quality.rejected_row"):
            copy_table(source, target, table, of_sent)
        copy_table(source, target, "quality.closed_period")
        copy_table(source, target, "quality.finding", of_periods)
        copy_table(source, target, "quality.waiver", of_periods)


def copy_table(source: Connection, target: Connection, table: str, where: sql.Composable = _ALL) -> None:
    """Copy rows of a table between two warehouses of the same shape, identities included.

    Args:
        table: ``schema.table``, one of ours.
        where: which rows.
    """
    schema, name = table.split(".")
    columns = [column for (column,) in rows(source, """
        select column_name::text from information_schema.columns
         where table_schema = %s and table_name = %s and is_generated = 'NEVER' order by ordinal_position
        """, (schema, name))]
    listed, relation = sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(schema, name)
    outward = sql.SQL("copy (select {} from {} where {}) to stdout").format(listed, relation, where)
    inward = sql.SQL("copy {} ({}) from stdin").format(relation, listed)
    spool: IO[bytes]
    with tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as spool, source.cursor() as reading, target.cursor() as writing:
        reading.copy_expert(outward, spool)
        spool.seek(0)
        writing.copy_expert(inward, spool)
