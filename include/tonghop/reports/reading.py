"""What the pages read: named SQL files, run as the steward; rows as dictionaries."""

from __future__ import annotations

from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.settings import Settings
from tonghop.warehouse.connection import load_sql

Row = dict[str, Any]


def read(connection: Connection, settings: Settings, name: str, **parameters: Any) -> list[Row]:
    """The rows of ``include/sql/<name>.sql``, each a dictionary by column (psycopg2's own take twice as long)."""
    with connection.cursor() as cursor:
        cursor.execute(load_sql(settings, name), parameters)
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor]
