"""The task that asks people to sign a release: it waits without a worker, and records what they answer.

Airflow only asks. What counts is ``ops.sign_off``: a night that was signed, rejected or superseded by other means finds
that there when it goes on, and a deadline that passes holds the release.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from tonghop.errors import NightHeld, TonghopError
from tonghop.orchestration.answering import REJECT, SIGN, WAIT
from tonghop.settings import settings

log = logging.getLogger(__name__)


class SignOff(HITLOperator):  # type: ignore[misc]
    """Ask for the signatures of a night, one person after the other, until none is missing.

    Skipped where the night needs none. No retries: with them a task that failed after its answer hangs.

    Args:
        night: the id of the night.
    """

    template_fields = (*HITLOperator.template_fields, "night")

    def __init__(self, *, night: Any, **kwargs: Any) -> None:
        super().__init__(
            subject="", options=[SIGN, REJECT, WAIT], defaults=WAIT, retries=0,
            params={
                "name": Param("", type="string", title="Ai quyết định / Who decides"),
                "reason": Param("", type="string", title="Lý do (từ chối phải có) / Reason (a rejection needs one)"),
            }, **kwargs)
        self.night = night

    def execute(self, context: Any) -> Any:
        """Park the task until somebody answers, at most until the night's deadline."""
        from tonghop.quality import signoff

        night = signoff.find(settings(), self.night)
        if night.status == "running":
            raise AirflowSkipException("This release needs no sign-off.")
        if night.status == "published" or not night.missing:
            return night.status
        self._require_waiting(night)
        self.subject = f"Đêm / Night {night.run_id}"
        what, remedy = signoff.waiting_words(night)
        self.body = f"{what}\n\n{remedy}"
        left = (night.due_at - datetime.now(UTC)) if night.due_at else timedelta(0)
        self.response_timeout = max(left, timedelta(seconds=1))
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Record the answer; ask again where it was none, or where another person must sign too."""
        from tonghop.quality import signoff

        night = signoff.find(settings(), self.night)
        if night.status == "awaiting" and not event.get("timedout"):
            given = event.get("params_input") or {}
            user = event.get("responded_by_user") or {}
            name = str(given.get("name") or "").strip() or str(user.get("name") or "")
            self._record((event.get("chosen_options") or [WAIT])[0], name, str(given.get("reason") or ""))
        return self.execute(context)

    def _record(self, choice: str, name: str, reason: str) -> None:
        """Write the answer down; one that cannot count is told in the log, and the question stands."""
        from tonghop.quality import signoff

        try:
            if choice == SIGN:
                signoff.sign(settings(), self.night, by=name, reason=reason, through="airflow")
            elif choice == REJECT:
                signoff.reject(settings(), self.night, by=name, reason=reason, through="airflow")
        except TonghopError as refused:
            log.warning("%s", refused)

    def _require_waiting(self, night: Any) -> None:
        """Fail, without a second try, where the night is over."""
        if night.status != "awaiting":
            held = NightHeld(f"Night {night.run_id} is {night.status}: {night.problem}.",
                             "What analysts see is unchanged; the next night builds a new candidate.")
            raise AirflowFailException(str(held)) from held
