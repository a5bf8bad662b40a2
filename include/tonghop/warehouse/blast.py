"""The blast radius of a candidate: what it would move, kept before anybody decides whether it is published."""

from __future__ import annotations

from typing import Any

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, load_sql, rows
from tonghop.warehouse.differences import Record, figure, records

_KEPT_RUNS = 30


def keep(settings: Settings, run_id: str) -> dict[str, Any]:
    """Compare the candidate of a night with what is published, and keep what would move (of the last 30 runs).

    Repeated for the same night, it begins anew.

    Returns:
        ``figures``, and by level how many would ``appear``, ``vanish`` and ``change``.
    """
    with connect(settings, "builder") as connection:
        rows(connection, "delete from ops.run_effect where run_id = %s or run_id not in"
                         " (select run_id from ops.run order by started_at desc limit %s)", (run_id, _KEPT_RUNS))
        speakers = rows(connection, load_sql(settings, "blast_speakers"))[0][0]
        rows(connection, load_sql(settings, "blast_radius"), {"run_id": run_id, "speakers": speakers})
        levels = records(connection, load_sql(settings, "blast_summary"), {"run_id": run_id})
    return {"figures": sum(each["appear"] + each["vanish"] + each["change"] for each in levels), "levels": levels}


def latest(settings: Settings, *, indicator: str | None = None, level: str | None = None,
           shown: int | None = None) -> dict[str, Any]:
    """The blast radius of the latest night that got as far as a candidate.

    Returns:
        ``run`` (``run_id``, ``status``, ``problem``, ``started_at``, ``release_id``), ``levels`` as of ``keep``, and
        ``figures``, the largest first, each with ``before`` and ``after``.

    Raises:
        TonghopError: no night has had a candidate yet.
    """
    with connect(settings, "steward") as connection:
        found = records(connection, "select run_id, status, problem, started_at, release_id from ops.run as run"
                                    " where exists (select 1 from ops.step_run as step where step.run_id = run.run_id"
                                    " and step.step = 'judge_release') order by started_at desc limit 1", {})
        if not found:
            raise TonghopError("No night has built a candidate yet.", "'tonghop rollup' runs one.")
        asked = {"run_id": found[0]["run_id"], "indicator": indicator, "level": level, "shown": shown}
        levels = records(connection, load_sql(settings, "blast_summary"), asked)
        listed: list[Record] = records(connection, load_sql(settings, "blast_listed"), asked)
    return {"run": found[0], "levels": levels, "figures": [figure(row) for row in listed]}
