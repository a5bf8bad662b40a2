"""Take back a fact, or a whole submission. Nothing is deleted: the withdrawal is an entry of its own in the ledger."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions import ledger
from tonghop.submissions.reading import SCOPES, Statement
from tonghop.submissions.senders import known_sender, period_end
from tonghop.warehouse.connection import connect, load_sql, rows

READER, VERSION = "withdraw", "1"


def withdraw_fact(  # noqa: PLR0913, PLR0917 (the grain of a fact has that many parts)
    settings: Settings,
    sender: str,
    unit_code: str,
    indicator: str,
    period: str,
    scope: str,
    reason: str,
) -> dict[str, Any]:
    """Take back one fact of a sender, whatever file it came in.

    Returns:
        ``submission_id`` of the withdrawal.

    Raises:
        TonghopError: no reason, or no such fact of this sender stands.
    """
    if not reason.strip():
        raise TonghopError("A withdrawal needs a reason.", "Say why with --reason.")
    if scope not in SCOPES:
        raise TonghopError(f"'{scope}' is no scope.", "Write own or total.")
    day = period_end(period)
    with connect(settings, "loader") as connection:
        sender = known_sender(connection, sender)
        ledger.lock_sender(connection, sender)
        fact = {"sender": sender, "unit_code": unit_code, "indicator": indicator, "period": period, "day": day}
        standing = dict(rows(connection, load_sql(settings, "standing_fact"), fact))
        if scope not in standing:
            hint = (
                f"It stands with scope {next(iter(standing))}."
                if standing
                else "Check unit, indicator, period and sender: only what this sender stated can be taken back."
            )
            raise TonghopError(
                f"No statement of {indicator} for {unit_code} in {period} (scope {scope}) by {sender} stands.", hint
            )
        statement = Statement(
            1,
            "withdrawal",
            standing[scope],
            indicator,
            period,
            scope,
            None,
            None,
            None,
            reason.strip(),
            "missing",
            None,
            None,
            None,
            None,
            "withdraw",
        )
        content = json.dumps(["withdraw", sender, unit_code, indicator, period, scope, reason], ensure_ascii=False)
        entry = ledger.Entry(
            sender,
            "withdrawal",
            "withdrawal",
            hashlib.sha256(content.encode()).hexdigest(),
            f"withdrawal:{unit_code}:{indicator}:{period}:{scope}",
            READER,
            VERSION,
            datetime.now(UTC),
            rows_read=1,
        )
        _, submission_id = ledger.enter(connection, entry, [statement], [])
    return {"submission_id": submission_id}


def withdraw_submission(settings: Settings, submission_id: str, reason: str) -> dict[str, Any]:
    """Take back a whole submission: what it stated falls back to what was stated before it.

    Returns:
        ``submission_id``, ``sender``, ``file_name`` and ``rows_kept`` of the submission.

    Raises:
        TonghopError: no reason, no such submission, or one that does not stand.
    """
    if not reason.strip():
        raise TonghopError("A withdrawal needs a reason.", "Say why with --reason.")
    with connect(settings, "loader") as connection:
        found = rows(
            connection,
            "select status, sender, file_name, rows_kept, kind from raw.submission where submission_id = %s for update",
            (submission_id,),
        )
        if not found:
            raise TonghopError(
                f"No submission is called '{submission_id}'.", "'tonghop submissions list' shows them."
            )
        status, sender, file_name, rows_kept, kind = found[0]
        if kind == "register":
            raise TonghopError(f"Submission '{submission_id}' is a change of the register, not a return.",
                               "Use 'tonghop reference withdraw'; 'tonghop reference changes' gives its number.")
        if status not in ("loaded", "waiting"):
            raise TonghopError(
                f"Submission '{submission_id}' does not stand: it was {status}.", "There is nothing to take back."
            )
        rows(
            connection,
            "update raw.submission set status = 'withdrawn', withdrawn_at = now(), withdrawn_why = %s"
            " where submission_id = %s",
            (reason.strip(), submission_id),
        )
    return {"submission_id": submission_id, "sender": sender, "file_name": file_name, "rows_kept": rows_kept}
