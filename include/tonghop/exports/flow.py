"""Rows from a server-side cursor, a batch at a time: memory does not grow with the result."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.exports.asking import Asked, Column

BATCH_ROWS = 10_000
Batches = Iterator[list[tuple[Any, ...]]]
Say = Callable[[str], None]

_QUIET_SECONDS = 3.0


def batches(connection: Connection, asked: Asked, say: Say) -> Batches:
    """The rows of what was asked, ``BATCH_ROWS`` at a time; says how far it is once it takes longer than a breath.

    Raises:
        TonghopError: PostgreSQL stops the query.
    """
    done, spoken = 0, time.monotonic()
    try:
        with connection.cursor() as cursor:
            # All rows will be fetched: without this the plan is made for the first tenth of them.
            cursor.execute("set local cursor_tuple_fraction = 1.0")
        with connection.cursor(name="export") as cursor:
            cursor.itersize = BATCH_ROWS
            cursor.execute(asked.statement)
            while batch := cursor.fetchmany(BATCH_ROWS):
                yield batch
                done += len(batch)
                if time.monotonic() - spoken > _QUIET_SECONDS:
                    say(f"{asked.name}: {done:,} rows …")
                    spoken = time.monotonic()
    except psycopg2.Error as error:
        raise TonghopError(f"PostgreSQL stopped the query: {str(error).strip().splitlines()[0]}.",
                           "'tonghop sql' runs it too, and shows what it gives.") from error


def as_text(value: Any) -> str:
    """A value as the text files write it: decimals in full, never in powers of ten; lists with ``;``; null is empty."""
    if isinstance(value, list):
        return ";".join(map(as_text, value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def plain(column: Column, value: Any) -> Any:
    """The value as its column's kind says: what has no kind of its own (jsonb, intervals …) becomes text."""
    if column.kind == "text" and value is not None and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
    return value
