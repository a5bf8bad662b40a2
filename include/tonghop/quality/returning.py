"""What stewards hand on: findings sent back to their sender, or to another colleague."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from psycopg2.extensions import connection as Connection

from tonghop import clock
from tonghop.errors import TonghopError
from tonghop.quality import findings
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, load_sql, rows


@dataclass(frozen=True)
class Asked:
    """What of a sender is to be sent back, and what goes with it.

    Attributes:
        sender: unit id, or a code; ``known_sender`` has seen it.
        period: of this period only; None: of all.
        rule: of this rule only; None: of all.
        due_on: to be answered by; None: by the day each has, where that lies ahead, else as if it were new.
        author: who sends it back.
        note: what is said with it; may be empty.
    """

    sender: str
    period: str | None
    rule: str | None
    due_on: date | None
    author: str
    note: str


@dataclass(frozen=True)
class Returned:
    """One finding that was sent back."""

    finding_id: str
    rule: str
    severity: str
    due_on: date | None
    sender_unit_id: str


def send_back(connection: Connection, settings: Settings, asked: Asked) -> list[Returned]:
    """Mark all that is open of a sender as returned; nothing is left to do where nothing is open.

    Args:
        connection: a steward's; what it writes stands once the caller commits.

    Raises:
        TonghopError: the due day is past.
    """
    if asked.due_on is not None and asked.due_on < clock.today():
        raise TonghopError(f"The answer would be due on {asked.due_on}, which is past.", "Give a later day with --due.")
    days = findings.answer_days(settings)
    return [Returned(*row) for row in rows(connection, load_sql(settings, "return_findings"), {
        "sender": asked.sender, "period": asked.period, "rule": asked.rule, "due_on": asked.due_on,
        "author": asked.author, "note": asked.note.strip() or None,
        "error_days": days["error"], "warning_days": days["warning"]})]


def assign(settings: Settings, finding_ids: tuple[str, ...], *, owner: str, author: str) -> int:
    """Give findings to another owner; all of them or none.

    Returns:
        How many were not theirs before.

    Raises:
        TonghopError: the owner has no name, or there is no such finding.
    """
    if not owner.strip():
        raise TonghopError("Findings need an owner.", "Name a person or a department with --to.")
    with connect(settings, "steward") as connection:
        must_exist(connection, finding_ids)
        return len(rows(connection, """
            with assigned as (
                update quality.finding
                set owner = %(owner)s
                where finding_id = any(%(finding_ids)s) and owner is distinct from %(owner)s
                returning finding_id, state, values_key, due_on
            )
            insert into quality.finding_event (finding_id, event, state_before, state_after, values_key, due_on, author,
                                               note)
            select finding_id, 'assigned', state, state, values_key, due_on, %(author)s, %(owner)s from assigned
            order by finding_id
            returning finding_id
        """, {"owner": owner.strip(), "finding_ids": list(finding_ids), "author": author}))


def must_exist(connection: Connection, finding_ids: Collection[str]) -> None:
    """Pass where every id names a finding.

    Raises:
        TonghopError: one does not; names the first.
    """
    known = rows(connection, "select finding_id from quality.finding where finding_id = any(%s)", (list(finding_ids),))
    if unknown := sorted(set(finding_ids) - {name for (name,) in known}):
        raise TonghopError(f"There is no finding {unknown[0]}.", "'tonghop findings' lists them.")
