"""Mappings of hand-made tables: proposed once by a file, confirmed by a steward, used for that sender ever after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg2.extensions import connection as Connection
from psycopg2.extras import Json

from tonghop.errors import TonghopError
from tonghop.submissions.handmade.mapping import Choice, Proposal, TableProposal
from tonghop.warehouse.connection import rows

Row = dict[str, Any]
_COLUMNS = ("mapping_id", "sender", "form_key", "title", "file_name", "sheet", "place", "headings", "choices", "state",
            "submission_id", "proposed_at", "decided_at", "decided_by", "reason")


def owner(connection: Connection, sender: str) -> str:
    """Whose mappings a sender uses: its unit id, so that "60" and "A-60" are one; a reused code stays as written."""
    found = rows(connection, "select distinct unit_id from reference.org_unit"
                             " where %s in (code, unit_id) and level in ('province', 'department')", (sender,))
    return str(found[0][0]) if len(found) == 1 else sender


def confirmed(connection: Connection, sender: str) -> dict[str, dict[str, Any]]:
    """The confirmed choices of a sender as JSON: form key → heading key → choice (see ``handmade.mapping``)."""
    return dict(rows(connection, "select form_key, choices from raw.mapping where sender = %s and state = 'confirmed'",
                     (owner(connection, sender),)))


def propose(connection: Connection, sender: str, proposal: Mapping[str, Any], file_name: str,
            submission_id: str) -> list[int]:
    """Keep what a waiting file asks, one mapping a table that has an open heading; asked twice it is one.

    Returns:
        Ids of the mappings that have to be confirmed before the file can be read.
    """
    asked = []
    for table in Proposal.from_dict(proposal).tables:
        if table.is_settled:
            continue
        known = rows(connection, "select mapping_id from raw.mapping where sender = %s and form_key = %s"
                                 " and state = 'proposed'", (owner(connection, sender), table.form_key))
        asked.append(known[0][0] if known else _insert(connection, owner(connection, sender), table, file_name,
                                                       submission_id))
    return asked


def _insert(connection: Connection, sender: str, table: TableProposal, file_name: str, submission_id: str) -> int:
    """A new proposal; a confirmed mapping of the same form (with other rows) stays in force until this is confirmed."""
    number: int = rows(connection, """
        insert into raw.mapping (sender, form_key, title, file_name, sheet, place, headings, state, submission_id)
        values (%s, %s, %s, %s, %s, %s, %s, 'proposed', %s) returning mapping_id
        """, (sender, table.form_key, table.title, file_name, table.sheet, table.place,
              Json([heading.to_dict() for heading in table.headings]), submission_id))[0][0]
    return number


def listed(connection: Connection, sender: str | None = None, state: str | None = None) -> list[Row]:
    """Mappings, those that wait first; of one sender or state where named."""
    found = rows(connection, f"""
        select {", ".join(_COLUMNS)} from raw.mapping
         where (%(sender)s::text is null or sender = %(sender)s) and (%(state)s::text is null or state = %(state)s)
         order by state <> 'proposed', mapping_id
        """, {"sender": None if sender is None else owner(connection, sender), "state": state})  # noqa: S608 - ours
    return [dict(zip(_COLUMNS, row, strict=True)) for row in found]


def get(connection: Connection, mapping_id: int) -> Row:
    """One mapping.

    Raises:
        TonghopError: there is none of this number.
    """
    found = rows(connection, f"select {', '.join(_COLUMNS)} from raw.mapping where mapping_id = %s",  # noqa: S608 - ours
                 (mapping_id,))
    if not found:
        raise TonghopError(f"There is no mapping {mapping_id}.", "'tonghop mapping list' shows them.")
    return dict(zip(_COLUMNS, found[0], strict=True))


def confirm(connection: Connection, mapping_id: int, choices: Mapping[str, Choice], author: str,
            reason: str | None = None) -> list[str]:
    """Settle a proposed mapping, or correct a confirmed one.

    Args:
        choices: heading key → choice; a heading that is not named is ignored from now on.
        author: who decides.

    Returns:
        Submissions of the sender that wait and may now be read.

    Raises:
        TonghopError: no such mapping or heading, a choice that names nothing of the catalogue, or nobody who decides.
    """
    mapping = get(connection, mapping_id)
    if mapping["state"] not in ("proposed", "confirmed"):
        raise TonghopError(f"Mapping {mapping_id} is {mapping['state']}.", "'tonghop mapping list' shows the newest.")
    if not author.strip():
        raise TonghopError("Nobody is named who confirms.", "Say who with --author.")
    _refuse_unknown(connection, mapping, choices)
    rows(connection, "update raw.mapping set state = 'replaced' where sender = %s and form_key = %s"
                     " and state = 'confirmed' and mapping_id <> %s",
         (mapping["sender"], mapping["form_key"], mapping_id))
    told = {heading["key"]: choices.get(heading["key"], Choice("ignored")).to_dict() for heading in mapping["headings"]}
    rows(connection, "update raw.mapping set state = 'confirmed', choices = %s, decided_by = %s, reason = %s,"
                     " decided_at = clock_timestamp() where mapping_id = %s",
         (Json(told), author.strip(), reason, mapping_id))
    return waiting(connection, mapping["sender"])


def waiting(connection: Connection, sender: str) -> list[str]:
    """Ids of the sender's submissions that wait for a mapping, the oldest first."""
    found = rows(connection, "select submission_id, sender from raw.submission where status = 'waiting'"
                             " order by submission_seq")
    return [submission_id for submission_id, its_sender in found if owner(connection, its_sender) == sender]


def forget(connection: Connection, mapping_id: int, author: str, reason: str) -> None:
    """Use a mapping no more; what was read with it stays. The next such table is asked about again.

    Raises:
        TonghopError: no such mapping, or no reason.
    """
    if not reason.strip():
        raise TonghopError("Forgetting a mapping needs a reason.", "Say why with --reason.")
    if get(connection, mapping_id)["state"] not in ("proposed", "confirmed"):
        raise TonghopError(f"Mapping {mapping_id} is not in use.", "'tonghop mapping list' shows the newest.")
    rows(connection, "update raw.mapping set state = 'forgotten', decided_by = %s, reason = %s,"
                     " decided_at = clock_timestamp() where mapping_id = %s", (author, reason.strip(), mapping_id))


def _refuse_unknown(connection: Connection, mapping: Row, choices: Mapping[str, Choice]) -> None:
    headings = {heading["key"]: heading for heading in mapping["headings"]}
    for key in choices:
        if key not in headings:
            raise TonghopError(f"Mapping {mapping['mapping_id']} has no heading '{key}'.",
                               f"'tonghop mapping show {mapping['mapping_id']}' lists them.")
    known = {code for (code,) in rows(connection, "select indicator from reference.indicator"
                                                  " union select population from reference.population")}
    has_rows = any(heading["axis"] == "row" for heading in mapping["headings"])
    for key, choice in choices.items():
        text, is_column = headings[key]["text"], headings[key]["axis"] == "column"
        named = [target.indicator for target in choice.targets]
        # Where rows are the indicators, a column says only which of their figures it holds.
        if choice.role == "figure" and (not named or ("" in named and not (has_rows and is_column))):
            raise TonghopError(f"'{text}' holds figures, but not of what.",
                               "Name its indicator and field, or give it the role 'ignored'.")
        for indicator in named:
            if indicator and indicator not in known:
                raise TonghopError(f"'{text}' is mapped to '{indicator}', which is no indicator and no population of"
                                   " the catalogue.",
                                   "Codes are those of include/reference/indicators.csv and populations.csv.")
