"""When the schedule opened: the first slot that a DAG may take is the one after this moment.

Unpausing a DAG with a cron schedule makes Airflow start the last slot that was missed, at once, even without
catch-up; its timetable's ``run_immediately=False`` does not prevent it (a slot missed by less than a tenth of the
interval still runs). A start date does: so each start of the stack writes one, and a machine that is switched on in
the morning does not begin a night nobody asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tonghop.settings import Settings


def _file(settings: Settings) -> Path:
    return settings.state_dir / "schedule_opened"


def open_from_now(settings: Settings, *, later: timedelta = timedelta(0)) -> datetime:
    """Open the schedule now (or later); DAGs take no slot before. Returns the moment."""
    moment = datetime.now(UTC) + later
    path = _file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(moment.isoformat())
    return moment


def opened_at(settings: Settings) -> datetime | None:
    """The start date of the DAGs; None where no stack was ever started (a DAG that is only looked at)."""
    try:
        return datetime.fromisoformat(_file(settings).read_text())
    except (FileNotFoundError, ValueError):
        return None
