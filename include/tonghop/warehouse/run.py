"""The running night as a row of ``ops.run``: whether it still holds the lease, and how it ended."""

from __future__ import annotations

from psycopg2.extensions import connection as Connection

from tonghop.errors import NightSuperseded
from tonghop.warehouse.connection import rows


def finish(connection: Connection, run_id: str, status: str, problem: str | None = None,
           release_id: int | None = None) -> None:
    """Give the lease back."""
    rows(connection, "update ops.run set status = %s, problem = %s, release_id = %s, finished_at = clock_timestamp()"
                     " where run_id = %s and status = 'running'", (status, problem, release_id, run_id))


def require_mine(connection: Connection, run_id: str, *, lock: bool = False) -> None:
    """Check that the night still holds the lease (and lock its row against being taken over).

    Raises:
        NightSuperseded: it does not.
    """
    if lock:
        rows(connection, "select from ops.run where run_id = %s for update", (run_id,))
    found = rows(connection, "select status from ops.run where run_id = %s", (run_id,))
    if not found or found[0][0] != "running":
        status = found[0][0] if found else "unknown"
        raise NightSuperseded(f"Night {run_id} no longer holds the lease (it is {status}).",
                              "Start a new one: 'tonghop rollup'.")
