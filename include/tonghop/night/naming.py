"""Units that senders wrote by name: looked up once a night, before the statements are laid beside the register."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.reference.bulk import copy_rows
from tonghop.reference.finding import Ambiguous, Candidate, Finder, Found, finder_on
from tonghop.settings import Settings
from tonghop.submissions.senders import period_end
from tonghop.warehouse.connection import connect, load_sql, rows

_COPY = """
copy quality.run_unit_name (run_id, sender, period, unit_text, unit_id, candidates, suggestions)
from stdin with (format csv)
"""


def look_up(settings: Settings, run_id: str) -> int:
    """Look up every unit text of the night that is no code of any time; done again, it takes its own place.

    A text is looked up on the last day of its period, within its sender. A code of another time stays unresolved (S10),
    and what was not found is asked again the next night.

    Returns:
        How many texts were looked up.
    """
    with connect(settings, "builder") as connection:
        rows(connection, "delete from quality.run_unit_name where run_id = %s", (run_id,))
        written = rows(connection, load_sql(settings, "unnamed_units"), {"run_id": run_id})
        return copy_rows(connection, _COPY, _looked_up(connection, run_id, written)) if written else 0


def _looked_up(connection: Connection, run_id: str, written: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows to keep, from (sender, period, text, unit id of the sender) ordered by period."""
    for period, texts in groupby(written, key=lambda row: row[1]):
        finder = finder_on(connection, period_end(period))
        for sender, _, text, within in texts:
            yield (run_id, sender, period, text, *_answer(finder, text, within))


def _answer(finder: Finder, text: str, within: str | None) -> tuple[str | None, str | None, str | None]:
    """Unit id, candidates and suggestions: one of them, or none."""
    found = finder.find(text, within)
    if isinstance(found, Found):
        return found.unit_id, None, None
    if isinstance(found, Ambiguous):
        return None, _listed(found.candidates), None
    return None, None, _listed(found.suggestions)


def _listed(candidates: tuple[Candidate, ...]) -> str | None:
    return "; ".join(candidate.written for candidate in candidates) or None
