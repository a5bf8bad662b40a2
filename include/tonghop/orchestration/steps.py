"""What the tasks of the DAGs call: each one call into the package, so that a DAG file is wiring and nothing else."""

from __future__ import annotations

import importlib
import json
import logging
from datetime import datetime
from typing import Any

from airflow.sdk.exceptions import AirflowFailException

from tonghop.errors import NightHeld, NightSuperseded, TonghopError
from tonghop.orchestration import airflow_home, schedule
from tonghop.settings import settings

log = logging.getLogger(__name__)
NIGHT = "open_night"
TIMEZONE = airflow_home.TIMEZONE  # said in each schedule: a DAG would else take the zone of its start date


def start_date() -> datetime | None:
    """The moment from which the schedule counts: see ``schedule``."""
    return schedule.opened_at(settings())


def preview_change(params: dict[str, Any]) -> dict[str, Any] | None:
    """What the change of a run would move (logged line by line); None where the run names no change.

    Args:
        params: ``change`` (a file, or a number of the journal) and ``sender``, as for ``tonghop reference diff``.

    Raises:
        AirflowFailException: the register cannot take it: trying again would not change it.
    """
    from tonghop.reference import upkeep
    from tonghop.reports.register import as_json, preview_lines

    if not params.get("change"):
        return None
    try:
        told = upkeep.diff(settings(), params["change"], params.get("sender"))
    except TonghopError as refused:
        raise AirflowFailException("\n".join(map(str, [refused, *getattr(refused, "problems", ())]))) from refused
    for line in preview_lines(told):
        log.info(line)
    plain: dict[str, Any] = json.loads(as_json(told))
    return plain


def load_reference(params: dict[str, Any]) -> dict[str, Any]:
    """Load the register and the catalogue, with what was added by overlays; or apply the change of a run, and load.

    Args:
        params: ``change``, ``sender``, and ``by`` and ``reason``: who decides, and why. Repeating it is safe.

    Raises:
        AirflowFailException: the register cannot take the change.
    """
    from tonghop.reference import upkeep
    from tonghop.reference.load import load

    if not params.get("change"):
        return load(settings())
    said = {name: params.get(name) or "" for name in ("by", "reason")}
    try:
        done = upkeep.apply(settings(), params["change"], sender=params.get("sender"), **said)
    except TonghopError as refused:
        raise AirflowFailException(str(refused)) from refused
    return {name: done[name] for name in ("change_id", "name", "is_new", "counts")}


def senders_with_news() -> list[str]:
    """The senders whose folders hold files that were not ingested yet."""
    from tonghop.submissions.inbox import senders_with_news as found

    return list(found(settings()))


def ingest_sender(sender: str) -> dict[str, Any]:
    """Ingest the new files of one sender. Rows kept aside are counted here and listed in ``quality.rejected_row``."""
    from tonghop.submissions.inbox import ingest_sender as ingest

    return ingest(settings(), sender, shown=0)


def write_late_list() -> dict[str, Any]:
    """Who is late, by the calendar of their level."""
    from tonghop.reports.late import write_late_list as write

    told: dict[str, Any] = write(settings())
    return told


def open_night(owner: str) -> str | None:
    """Open a night for a DAG run; None when nothing has changed since the published release."""
    from tonghop.night.steps import open_night as begin

    run_id: str | None = begin(settings(), owner=owner, kind="night")
    return run_id


def night_step(name: str, run_id: str) -> dict[str, Any]:
    """One step of a night (``tonghop.night.steps.<name>``). Repeating it is safe.

    Raises:
        AirflowFailException: a gate held the night, or another night took over: trying again would not change it.
    """
    step = getattr(importlib.import_module("tonghop.night.steps"), name)
    try:
        told: dict[str, Any] = step(settings(), run_id)
    except (NightHeld, NightSuperseded) as verdict:
        raise AirflowFailException(str(verdict)) from verdict
    return told


def night_failed(context: Any) -> None:
    """A step of the night failed for good: say so in the ledger, so that the next night need not wait for the lease.

    A night that a gate held, or that another took over, has been told already, and keeps that state.
    """
    from tonghop.night.steps import fail

    problem = context.get("exception")
    run_id = context["ti"].xcom_pull(task_ids=NIGHT)
    if run_id is not None and not isinstance(getattr(problem, "__cause__", None), NightHeld | NightSuperseded):
        fail(settings(), run_id, f"{context['ti'].task_id}: {problem}")

