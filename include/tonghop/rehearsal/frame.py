"""The frame of a rehearsal: tree and reporters as of the periods; kept while code, register and periods stay."""

from __future__ import annotations

import hashlib

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from tonghop.night import fingerprint
from tonghop.settings import Settings
from tonghop.warehouse import dbt
from tonghop.warehouse.connection import connect, rows


def lay(there: Settings, run_id: str, periods: list[str]) -> bool:
    """Build the models that depend on the register and the periods alone, unless they are there; says whether it did.

    What they were built for is kept as the comment of their schema, which no other warehouse has.
    """
    with connect(there) as connection:
        wanted = _key(connection, there, periods)
        if _is_laid(connection, wanted):
            return False
        _note(connection, "")  # an interrupted build must not pass for a frame
    dbt.build(there, run_id, "rehearse_frame", with_tests=False)
    with connect(there) as connection:
        _note(connection, wanted)
    return True


def _key(connection: Connection, there: Settings, periods: list[str]) -> str:
    loaded = rows(connection, "select content_hash from reference.load order by load_id desc limit 1")[0][0]
    return hashlib.sha256("|".join([fingerprint.of_code(there), loaded, *periods]).encode()).hexdigest()


def _is_laid(connection: Connection, wanted: str) -> bool:
    """The tables are unlogged: after a crash of the server they are empty, whatever the comment says."""
    noted = rows(connection, "select obj_description(to_regnamespace('intermediate'), 'pg_namespace')")[0][0]
    if noted != wanted or rows(connection, "select to_regclass('intermediate.int_node_identified')")[0][0] is None:
        return False
    return bool(rows(connection, "select exists (select from intermediate.int_unit_hierarchized)"
                                 " and exists (select from intermediate.int_node_identified)")[0][0])


def _note(connection: Connection, key: str) -> None:
    rows(connection, sql.SQL("comment on schema intermediate is {}").format(sql.Literal(key)).as_string(connection))
