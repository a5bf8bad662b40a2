"""COPY rows into a table: the one way in which anything large enters the warehouse."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from psycopg2.extensions import connection as Connection


def copy_rows(connection: Connection, statement: str, lines: Iterable[tuple[Any, ...]]) -> int:
    """Run ``copy … from stdin with (format csv)``: None is NULL, an empty text stays a text.

    Args:
        statement: the COPY statement (a constant; data never becomes part of it).
        lines: tuples of texts, numbers, dates, booleans or None.

    Returns:
        How many rows were copied.
    """
    buffer = io.StringIO()
    count = 0
    for line in lines:
        buffer.write(",".join(map(_cell, line)) + "\n")
        count += 1
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, buffer)
    return count


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return '"' + str(value).replace('"', '""') + '"'
