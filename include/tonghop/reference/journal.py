"""The journal of the register, ``reference.change_file``: what was proposed, applied and withdrawn, by whom and why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.reference.bulk import copy_rows
from tonghop.reference.changes import Change, ChangeFile, read_changes
from tonghop.reference.draft import Draft
from tonghop.reference.files import Problem, Reference
from tonghop.reference.revise import write
from tonghop.warehouse.connection import rows

LOCK = 7301
"""The advisory lock under which the register changes; a night holds it while it copies the register."""

_ENTRY = ("change_id", "sender", "file_name", "content", "content_hash", "state")
_LINES = tuple(Change.model_fields)


@dataclass(frozen=True)
class Entry:
    """One change file of the journal."""

    change_id: int
    sender: str | None
    file_name: str
    content: str
    content_hash: str
    state: str

    @property
    def label(self) -> str:
        """What its rows are called in messages and in ``source``."""
        return f"change-{self.change_id}/{self.file_name}"

    @property
    def title(self) -> str:
        return f"Change {self.change_id} ({self.file_name})"

    def read(self) -> ChangeFile:
        """Its rows."""
        return read_changes(self.content.encode(), self.label)


def applied(connection: Connection) -> list[Entry]:
    """The applied files, in the order in which they are replayed."""
    return _entries(connection, "where state = 'applied' order by applied_order")


def entry(connection: Connection, change_id: int) -> Entry:
    """One file.

    Raises:
        TonghopError: there is none of this number.
    """
    found = _entries(connection, "where change_id = %s", change_id)
    if not found:
        raise TonghopError(f"No change has the number {change_id}.", "'tonghop reference changes' lists them.")
    return found[0]


def same_bytes(connection: Connection, content_hash: str, *states: str) -> Entry | None:
    """The newest file of the same bytes in one of the states."""
    found = _entries(
        connection, "where content_hash = %s and state = any(%s) order by change_id desc", content_hash, list(states)
    )
    return found[0] if found else None


def replay(reference: Reference, files: list[Entry]) -> Reference:
    """The register after all files, one after the other; the whole is not checked.

    Raises:
        TonghopError: a file does not fit; names its number, its line and what to do.
    """
    if not files:
        return reference
    draft = Draft(reference)
    for each in files:
        read = each.read()
        problems = read.problems or write(draft, read.rows, each.sender)
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise TonghopError(
                f"{each.title} does not fit the register any more: {problems[0]}{more}",
                f"Mend the files that were edited, or withdraw it: {withdrawal(each.change_id)}.",
            )
    return draft.reference()


def withdrawal(change_id: int) -> str:
    """The command that takes a change back."""
    return f"'tonghop reference withdraw {change_id} --by WHO --reason WHY'"


def fingerprint(content_hash: str, files: list[Entry]) -> str:
    """The hash of the files of the register, and of the changes that are replayed on them."""
    if not files:
        return content_hash
    text = "".join(f"{each.change_id}={each.content_hash}\n" for each in files)
    return hashlib.sha256(f"{content_hash}\n{text}".encode()).hexdigest()


def enter(connection: Connection, file: ChangeFile, sender: str | None, problems: list[Problem] | None = None) -> int:
    """Write a file into the journal as proposed, or as refused with its problems. Returns its number."""
    problem = "\n".join(map(str, problems)) if problems else None
    change_id: int = rows(
        connection,
        """
        insert into reference.change_file (sender, file_name, content, content_hash, state, problem)
        values (%s, %s, %s, %s, %s, %s) returning change_id""",
        (sender, file.name, file.text, file.content_hash, "refused" if problems else "proposed", problem),
    )[0][0]
    if not problems:
        lines = ((change_id, each.line, *(getattr(each.row, name) for name in _LINES)) for each in file.rows)
        copy_rows(connection, _COPY, lines)
    return change_id


def mark_applied(connection: Connection, change_id: int, by: str, reason: str) -> None:
    """Note who applied a file and why; it is replayed after all others."""
    rows(
        connection,
        """
        update reference.change_file set
            state = 'applied', decided_at = clock_timestamp(), decided_by = %s, reason = %s,
            applied_order = (select coalesce(max(applied_order), 0) + 1 from reference.change_file)
        where change_id = %s""",
        (by, reason, change_id),
    )


def mark_withdrawn(connection: Connection, change_id: int, by: str, reason: str) -> None:
    """Note who withdrew a file and why."""
    rows(
        connection,
        """
        update reference.change_file set
            state = 'withdrawn', withdrawn_at = clock_timestamp(), withdrawn_by = %s, withdrawn_why = %s
        where change_id = %s""",
        (by, reason, change_id),
    )


def listed(connection: Connection) -> list[dict[str, Any]]:
    """Every file of the journal without its content, the newest first, with how many rows it has."""
    found = rows(connection, _LISTED)
    names = ("change_id", "state", "sender", "file_name", "rows", "first_effective_on", "received_at", "decided_at",
             "decided_by", "reason", "withdrawn_at", "withdrawn_by", "withdrawn_why", "problem")
    return [dict(zip(names, each, strict=True)) for each in found]


def _entries(connection: Connection, condition: str, *parameters: Any) -> list[Entry]:
    statement = f"select {', '.join(_ENTRY)} from reference.change_file {condition}"  # noqa: S608 - our own texts
    return [Entry(*each) for each in rows(connection, statement, parameters)]


_COPY = f"copy reference.change (change_id, line, {', '.join(_LINES)}) from stdin with (format csv)"
_LISTED = """
select file.change_id, file.state, file.sender, file.file_name, count(change.line), min(change.effective_on),
    file.received_at, file.decided_at, file.decided_by, file.reason, file.withdrawn_at, file.withdrawn_by,
    file.withdrawn_why, file.problem
from reference.change_file as file
left join reference.change as change using (change_id)
group by file.change_id
order by file.change_id desc
"""
