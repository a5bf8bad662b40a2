"""Who is late, by the calendar of their level. Needs no night: it reads the calendar and the ledger of submissions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tonghop import clock
from tonghop.reports.pages import put, render
from tonghop.reports.reading import read
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect

SOON_DAYS = 14


def write_late_list(settings: Settings, today: date | None = None) -> dict[str, Any]:
    """Write ``late.html``: senders of which nothing was received for a period after its due day, and those due soon.

    Args:
        today: the day to judge by (default: today in Vietnam).

    Returns:
        ``late`` and ``due_soon`` (within two weeks): how many, counted by sender and period.
    """
    day = today or clock.today()
    with connect(settings, "steward") as connection:
        waiting = read(connection, settings, "report_late", today=day, soon=SOON_DAYS)
    late = [row for row in waiting if row["is_late"]]
    soon = [row for row in waiting if not row["is_late"]]
    put(settings.reports_dir / "late.html", render(
        "late.html", late=late, soon=soon, today=day, soon_days=SOON_DAYS, written_at=datetime.now(UTC)))
    return {"late": len(late), "due_soon": len(soon)}
