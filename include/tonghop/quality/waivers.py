"""Waivers and the closing of periods: what stewards decide. Each takes effect at the next night."""

from __future__ import annotations

from datetime import date

from tonghop import clock
from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows


def waive(settings: Settings, finding_id: str, *, reason: str, until: date, author: str) -> None:
    """Accept a finding with its present values until a day; it reopens when they change.

    Raises:
        TonghopError: no such open finding, an empty reason, a day in the past, or a rule that holds the release.
    """
    if not reason.strip():
        raise TonghopError("A waiver needs a reason.", "Say why with --reason.")
    if until < clock.today():
        raise TonghopError(f"The waiver would end on {until}, which is past.", "Give a later day with --until.")
    with connect(settings, "steward") as connection:
        found = rows(connection, "select rule, state, values_key from quality.finding where finding_id = %s"
                                 " for update", (finding_id,))
        if not found:
            raise TonghopError(f"There is no finding {finding_id}.", "'tonghop findings' lists them.")
        rule, state, values_key = found[0]
        if rule.startswith("P"):
            raise TonghopError(f"{finding_id} holds the release and cannot be waived.", "Mend its cause.")
        if state == "corrected":
            raise TonghopError(f"{finding_id} is corrected already.", "Nothing is left to waive.")
        rows(connection, "insert into quality.waiver (finding_id, values_key, reason, author, valid_until)"
                         " values (%s, %s, %s, %s, %s)", (finding_id, values_key, reason.strip(), author, until))
        # The state follows with the next night, which tells it in a row of its own.
        rows(connection, "insert into quality.finding_event (finding_id, event, state_before, state_after, values_key,"
                         " due_on, author, note) select finding_id, 'waived', state, state, values_key, due_on, %s, %s"
                         " from quality.finding where finding_id = %s", (author, reason.strip(), finding_id))


def close_period(settings: Settings, period: str, *, reason: str, author: str) -> None:
    """Close a period: statements received from now on are kept aside (S09) until it is reopened."""
    with connect(settings, "steward") as connection:
        rows(connection, "insert into quality.closed_period (period, closed_by, reason) values (%s, %s, %s)"
                         " on conflict (period) do nothing", (period, author, reason))


def reopen_period(settings: Settings, period: str) -> None:
    """Open a closed period again.

    Raises:
        TonghopError: the period is not closed.
    """
    with connect(settings, "steward") as connection:
        if not rows(connection, "delete from quality.closed_period where period = %s returning period", (period,)):
            raise TonghopError(f"Period {period} is not closed.", "")
