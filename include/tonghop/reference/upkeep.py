"""Keep the register up by change files: preview, apply, propose, withdraw. A whole file or nothing, on the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.reference import journal, preview
from tonghop.reference import load as loading
from tonghop.reference.changes import Change, ChangeFile, read_changes
from tonghop.reference.files import Folder, Located, Problem, Reference, folders
from tonghop.reference.models import OrgUnit
from tonghop.reference.revise import revise
from tonghop.settings import Settings
from tonghop.suggestions import did_you_mean
from tonghop.warehouse.connection import connect, rows

_SHOWN = 5


class ChangeRefused(TonghopError):
    """A change file that the register cannot take; nothing was changed.

    Attributes:
        problems: every reason, with file, line and remedy.
    """

    def __init__(self, what: str, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        shown = " ".join(map(str, self.problems[:_SHOWN]))
        more = f" And {len(problems) - _SHOWN} more." if len(problems) > _SHOWN else ""
        remedy = f"'tonghop reference diff {what}' lists them all." if more else ""
        super().__init__(f"{len(problems)} problem(s) in {what}, nothing was changed: {shown}{more}", remedy)


@dataclass(frozen=True)
class _Given:
    """A change file as the user named it (``what``): a file, or a number of the journal."""

    what: str
    file: ChangeFile
    sender: str | None
    entry: journal.Entry | None


def diff(settings: Settings, what: str, sender: str | None = None) -> dict[str, Any]:
    """What a change file would move; changes nothing.

    Args:
        what: a file, or the number of a proposed change.
        sender: code or unit id of the province whose own change it is (a proposed one knows its sender).

    Returns:
        See ``preview.preview``; and ``name``, ``rows``, ``sender`` and ``applied_as``: the number under which the same
        bytes are applied already, so that nothing would move.

    Raises:
        ChangeRefused: the register cannot take it.
        TonghopError: no such file, number or sender.
    """
    with connect(settings, "loader") as connection:
        given = _given(connection, what)
        known = journal.same_bytes(connection, given.file.content_hash, "applied")
        before = loading.replayed(_sources(settings), journal.applied(connection))
    after, sender = (before, sender) if known is not None else _revised(before, given, sender)
    told = preview.preview(settings, before, after)
    applied_as = known.change_id if known is not None else None
    return {"name": given.file.name, "rows": len(given.file.rows), "sender": sender, "applied_as": applied_as, **told}


def apply(settings: Settings, what: str, *, by: str, reason: str, sender: str | None = None) -> dict[str, Any]:
    """Apply a change file and load the register, in one transaction. The same bytes again change nothing.

    Args:
        what: a file, or the number of a proposed change.
        by, reason: who decides, and why; kept in the journal.
        sender: as for ``diff``.

    Returns:
        ``change_id``, ``name``, ``is_new`` (false: it was applied before), ``units`` and ``counts`` (see ``preview``).

    Raises:
        ChangeRefused, TonghopError: as for ``diff``; or nobody or no reason is named.
    """
    _require(by=by, reason=reason)
    found = _sources(settings)
    with connect(settings, "loader") as connection:
        rows(connection, "select pg_advisory_xact_lock(%s)", (journal.LOCK,))
        given = _given(connection, what)
        known = journal.same_bytes(connection, given.file.content_hash, "applied")
        if known is not None:
            return {"change_id": known.change_id, "name": known.file_name, "is_new": False, "units": [], "counts": {}}
        if given.entry is None and sender is None:
            # the bytes that a province proposed, given as a file: its proposal is what is decided
            proposed = journal.same_bytes(connection, given.file.content_hash, "proposed")
            given = _of_journal(proposed, what) if proposed is not None else given
        if given.entry is not None and given.entry.state != "proposed":
            raise TonghopError(f"{given.entry.title} was {given.entry.state}.", "Have it sent again, or name a file.")
        before = loading.replayed(found, journal.applied(connection))
        after, sender = _revised(before, given, sender)
        entry = given.entry
        change_id = entry.change_id if entry is not None else journal.enter(connection, given.file, sender)
        journal.mark_applied(connection, change_id, by.strip(), reason.strip())
        # written once more from what the journal says: what is loaded now is what any later load makes
        after = journal.replay(before, [journal.entry(connection, change_id)])
        loading.write(connection, after, found, journal.applied(connection))
    name = entry.file_name if entry is not None else given.file.name
    return {"change_id": change_id, "name": name, "is_new": True, **preview.units_only(before, after)}


def propose(settings: Settings, path: Path, sender: str) -> dict[str, Any]:
    """Record a province's change file as proposed, or as refused with its problems; see ``propose_content``.

    Raises:
        TonghopError: no such file.
    """
    content = _bytes(path)
    with connect(settings, "loader") as connection:
        return propose_content(connection, settings, content, path.name, sender)


def propose_content(
    connection: Connection, settings: Settings, content: bytes, name: str, sender: str
) -> dict[str, Any]:
    """Record a province's change file in the caller's transaction, checked against the register of now.

    Args:
        sender: code or unit id of the province.

    Returns:
        ``change_id``, ``name``, ``rows``, ``state`` (proposed, refused or applied), ``is_new`` (false: these bytes were
        known) and ``problems`` (a text each).

    Raises:
        TonghopError: the register itself cannot be read; nothing is recorded.
    """
    file = read_changes(content, name)
    known = journal.same_bytes(connection, file.content_hash, "proposed", "applied")
    if known is not None:
        told = {"change_id": known.change_id, "state": known.state, "is_new": False, "problems": []}
        return {**told, "name": name, "rows": len(file.rows)}
    province: str | None = None
    before = loading.replayed(_sources(settings), journal.applied(connection))
    try:
        province = province_of(before, sender, file.rows)
        _, problems = (before, file.problems) if file.problems else revise(before, file.rows, province)
    except TonghopError as refusal:
        problems = [Problem(name, 0, refusal.what.rstrip("."), refusal.remedy)]
    change_id = journal.enter(connection, file, province or sender, problems)
    told = {"change_id": change_id, "state": "refused" if problems else "proposed", "is_new": True}
    return {**told, "problems": [*map(str, problems)], "name": name, "rows": len(file.rows)}


def withdraw(settings: Settings, change_id: int, *, by: str, reason: str) -> dict[str, Any]:
    """Take back a change: a proposed one is not decided any more, an applied one is undone and the register loaded.

    Returns:
        ``change_id``, ``name``, ``was`` (its state before) and ``units`` and ``counts`` of what is undone.

    Raises:
        TonghopError: no such change, it does not stand, or what was applied later depends on it.
    """
    _require(by=by, reason=reason)
    found = _sources(settings)
    with connect(settings, "loader") as connection:
        rows(connection, "select pg_advisory_xact_lock(%s)", (journal.LOCK,))
        entry = journal.entry(connection, change_id)
        if entry.state not in ("proposed", "applied"):
            raise TonghopError(f"{entry.title} does not stand: it was {entry.state}.", "There is nothing to withdraw.")
        told: dict[str, Any] = {"units": [], "counts": {}}
        if entry.state == "applied":
            before = loading.replayed(found, journal.applied(connection))
        journal.mark_withdrawn(connection, change_id, by.strip(), reason.strip())
        if entry.state == "applied":
            applied = journal.applied(connection)
            after = _without(entry, found, applied)
            told = preview.units_only(before, after)
            loading.write(connection, after, found, applied)
    return {"change_id": change_id, "name": entry.file_name, "was": entry.state, **told}


def listed(settings: Settings) -> list[dict[str, Any]]:
    """The journal, the newest first."""
    with connect(settings, "loader") as connection:
        return journal.listed(connection)


def province_of(reference: Reference, sender: str, changes: list[Located[Change]]) -> str:
    """The unit id of the province that sends; a code means the province that has it on the file's last day.

    Raises:
        TonghopError: nobody is called so, or it is no province.
    """
    wanted = sender.strip()
    units = [each.row for each in reference.of(OrgUnit) if wanted in (each.row.unit_id, each.row.code)]
    provinces = [unit for unit in units if unit.level == "province"]
    if units and not provinces:
        raise TonghopError(f"'{wanted}' ({units[0].name}) is no province.", "Only provinces propose changes.")
    if not provinces:
        known = {unit_id for each in reference.of(OrgUnit) if each.row.level == "province"
                 for unit_id in (each.row.unit_id, each.row.code)}
        raise TonghopError(f"No province is called '{wanted}'.", did_you_mean(wanted, known, "Name it by its unit id."))
    day = max((each.row.effective_on for each in changes if each.row.effective_on is not None), default=date.max)
    ordered = sorted(provinces, key=lambda unit: unit.opens)
    named = [unit for unit in ordered if unit.unit_id == wanted]
    then = [unit for unit in ordered if unit.opens <= day < unit.closes]
    return (named or then or ordered)[-1].unit_id


def _given(connection: Connection, what: str) -> _Given:
    path = Path(what)
    if what.isdecimal() and not path.is_file():
        return _of_journal(journal.entry(connection, int(what)), what)
    return _Given(what, read_changes(_bytes(path), path.name), None, None)


def _of_journal(entry: journal.Entry, what: str) -> _Given:
    # the hash of the bytes as received, not of the text that is kept
    return _Given(what, replace(entry.read(), content_hash=entry.content_hash), entry.sender, entry)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise TonghopError(f"'{path}' is no change file, and no number of a change.",
                           "Name a CSV file, or a number of 'tonghop reference changes'.")
    return path.read_bytes()


def _sources(settings: Settings) -> list[Folder]:
    found, problems = folders(settings)
    loading.refuse(problems)
    return found


def _revised(before: Reference, given: _Given, sender: str | None) -> tuple[Reference, str | None]:
    if given.file.problems:
        raise ChangeRefused(given.what, given.file.problems)
    if given.sender is not None:
        sender = given.sender
    elif sender is not None:
        sender = province_of(before, sender, given.file.rows)
    after, problems = revise(before, given.file.rows, sender)
    if problems:
        raise ChangeRefused(given.what, problems)
    return after, sender


def _without(entry: journal.Entry, found: list[Folder], applied: list[journal.Entry]) -> Reference:
    try:
        return loading.replayed(found, applied)
    except TonghopError as refusal:
        raise TonghopError(
            f"{entry.title} cannot be withdrawn, later ones depend on it: {refusal.what}",
            "Withdraw those first, the last one first.",
        ) from refusal


def _require(**said: str) -> None:
    for name, text in said.items():
        if not text.strip():
            raise TonghopError(f"A change of the register needs --{name}.", "Say who decides, and why.")
