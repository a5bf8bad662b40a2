"""When a night has come to something that is worth telling, and who is told then: people, metrics, lineage.

Airflow runs these after each task of the night (its notifiers are callbacks of tasks). Each looks whether the night has
come to an end, or to a question; if so it speaks once. None of them can fail a night: what goes wrong is logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import psycopg2
from airflow.sdk import BaseNotifier

from tonghop.errors import TonghopError
from tonghop.reports.night_summary import Night, plain, plain_link, read_night
from tonghop.settings import settings

ENDED = frozenset({"published", "unchanged", "held", "rejected", "failed", "superseded"})
TOLD_AFTER = {"open_night": frozenset({"unchanged"}), "build_and_judge": frozenset({"awaiting"}), "report": ENDED}
"""After which task that went well which state of the night is told; after one that failed any is."""


@dataclass(frozen=True)
class Moment:
    """A task of a night after which there is something to tell.

    Attributes:
        night: what it came to; None where it never began, or nobody can read it.
        problem: why the task failed; None where it went well.
        address: of the DAG run in Airflow, without credentials.
    """

    night: Night | None
    dag_run: str
    task_id: str
    problem: str | None
    address: str


def moment_of(context: Any, *, failed: bool) -> Moment | None:
    """What is to be told after a task; None as long as the night goes on.

    Raises:
        TonghopError: the night of a task that went well is not there.
    """
    task = context["ti"]
    if not failed and task.task_id not in TOLD_AFTER:
        return None
    problem = plain(str(context.get("exception") or context.get("reason") or "no reason was given")) if failed else None
    try:
        night = read_night(settings(), begun_by=task.run_id)
    except (TonghopError, psycopg2.Error):
        if not failed:
            raise
        night = None  # it never began, or PostgreSQL is away: that it failed must be told all the same
    if night is not None and not failed and night.run["status"] not in TOLD_AFTER[task.task_id]:
        return None
    return Moment(night, task.run_id, task.task_id, problem, _address(task.dag_id, task.run_id))


class NightWatcher(BaseNotifier):  # type: ignore[misc]
    """Something that is told of a night's end.

    Args:
        failed: whether it is asked after tasks that failed, or after those that went well.
    """

    def __init__(self, *, failed: bool) -> None:
        super().__init__()
        self.failed = failed

    def notify(self, context: Any) -> None:
        """Tell of the night where it has come to something; what goes wrong is logged, and fails nothing."""
        if not self.is_wanted():
            return
        try:
            moment = self.moment(context)
            if moment is not None:
                self.tell(moment, context)
        except Exception as problem:
            self.log.error("%s could not tell of the night: %s", type(self).__name__, plain(str(problem)))

    def is_wanted(self) -> bool:
        """Whether anybody listens; where nobody does, nothing is read either."""
        raise NotImplementedError

    def moment(self, context: Any) -> Moment | None:
        """What is to be told now; None: nothing yet."""
        return moment_of(context, failed=self.failed)

    def tell(self, moment: Moment, context: Any) -> None:
        """Tell of a night that has come to something."""
        raise NotImplementedError


def _address(dag_id: str, dag_run: str) -> str:
    from airflow.sdk.configuration import conf

    base = plain_link(conf.get("api", "base_url", fallback="") or "").rstrip("/")
    return f"{base}/dags/{dag_id}/runs/{quote(dag_run, safe='')}" if base else ""
