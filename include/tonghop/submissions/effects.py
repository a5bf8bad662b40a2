"""What a submission does to the facts of its sender that stand, told before it counts: adds, changes, drops."""

from __future__ import annotations

from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.settings import Settings
from tonghop.warehouse.connection import load_sql, rows

EFFECTS = ("adds", "changes", "repeats", "drops", "withdraws")
SHOWN = 10
"""How many facts of each effect are named; the counts are of all."""


def effects(connection: Connection, settings: Settings, submission_id: str, shown: int = SHOWN) -> dict[str, Any]:
    """Compare a submission with what its sender said before it.

    A whole form (a workbook) *drops* what its own earlier sendings state and it does not mention: such facts go on
    standing, and the night says so (C03). A delimited file only amends and drops nothing.

    Returns:
        A count for each of ``EFFECTS``, and under ``facts`` the first ``shown`` of adds, changes and drops: lists of
        ``unit_code``, ``indicator``, ``period``, ``scope``, ``was`` and ``becomes`` (as written, or None).
    """
    found = rows(connection, load_sql(settings, "resubmission"), {"submission_id": submission_id, "shown": shown})
    counts = dict.fromkeys(EFFECTS, 0) | {effect: facts for effect, facts, _ in found}
    first_of = {effect: first for effect, _, first in found}
    return {**counts, "facts": {effect: first_of.get(effect, []) for effect in ("adds", "changes", "drops")}}
