"""Load the reference data into ``reference.*``: all of it or nothing, and only when its content changed.

What is loaded is always the same: the authored files, the overlays, and the applied change files replayed on them.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.reference import check as checks
from tonghop.reference import journal
from tonghop.reference.bulk import copy_rows
from tonghop.reference.files import Folder, Problem, Reference, content_hash, folders, overlay_name, read
from tonghop.reference.tables import TABLES
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

SHOWN = 50
"""How many problems one error shows; ``check`` returns all."""
_CHANGE = re.compile(r"change-(\d+)/")


def check(settings: Settings, extra: Path | None = None) -> list[Problem]:
    """Every problem of the reference data as it would be loaded (with the folder ``extra`` beside it)."""
    found, problems = folders(settings, extra)
    return problems + checks.check(read(found))


def load(settings: Settings) -> dict[str, Any]:
    """Check all files, replay the applied changes, and replace ``reference.*``; nothing where nothing changed.

    A night holds the advisory lock 7301 while it copies the reference; loading waits for it.

    Returns:
        ``changed`` (bool), ``load_id``, ``content_hash`` and ``rows`` (table → count; empty when unchanged).

    Raises:
        TonghopError: something is wrong in the files, or an applied change no longer fits them; nothing was changed.
    """
    found, problems = folders(settings)
    with connect(settings, "loader") as connection:
        rows(connection, "select pg_advisory_xact_lock(%s)", (journal.LOCK,))
        applied = journal.applied(connection)
        digest = journal.fingerprint(content_hash(found), applied)
        newest = rows(connection, "select load_id, content_hash from reference.load order by load_id desc limit 1")
        if newest and newest[0][1] == digest and not problems:
            return {"changed": False, "load_id": newest[0][0], "content_hash": digest, "rows": {}}
        refuse(problems)
        return {"changed": True, **write(connection, replayed(found, applied), found, applied)}


def replayed(found: list[Folder], applied: list[journal.Entry]) -> Reference:
    """The register and the catalogue: all folders, and on them the applied changes in their order.

    Raises:
        TonghopError: something is wrong in the files, or a change does not fit them.
    """
    reference = read(found)
    refuse(reference.problems)
    try:
        revised = journal.replay(reference, applied)
    except TonghopError:
        refuse(checks.check(reference))  # what is wrong before any change is the better reason
        raise
    refuse(checks.check(revised))
    return revised


def write(
    connection: Connection, reference: Reference, found: list[Folder], applied: list[journal.Entry]
) -> dict[str, Any]:
    """Replace ``reference.*`` in the caller's transaction, which holds the lock, and record the load.

    Returns:
        ``load_id``, ``content_hash`` and ``rows`` (table → count).
    """
    digest = journal.fingerprint(content_hash(found), applied)
    counts = _replace(connection, reference)
    sources = [each.label or "include/reference" for each in found]
    sources += [f"change {each.change_id}" for each in applied]
    load_id = rows(
        connection,
        "insert into reference.load (content_hash, sources) values (%s, %s) returning load_id",
        (digest, ", ".join(sources)),
    )[0][0]
    return {"load_id": load_id, "content_hash": digest, "rows": counts}


def add_overlay(settings: Settings, directory: Path) -> dict[str, Any]:
    """Check a folder of registrations together with everything else, then keep a copy; loading comes after.

    Args:
        directory: a folder with one or more of the reference files; added again, it takes its own place.

    Returns:
        ``name`` of the kept folder and ``files`` in it.

    Raises:
        TonghopError: no such folder, nothing in it, or something wrong in it.
    """
    if not directory.is_dir() or not any(directory.glob("*.csv")):
        raise TonghopError(
            f"'{directory.name}' is not a folder with reference files (*.csv).",
            "Name the folder that holds org_units.csv, calendar.csv ….",
        )
    refuse(check(settings, directory))
    name = overlay_name(directory)
    part = settings.overlay_dir / f".{name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    files = sorted(directory.glob("*.csv"))
    for file in files:
        shutil.copyfile(file, part / file.name)
    target = settings.overlay_dir / name
    shutil.rmtree(target, ignore_errors=True)
    part.replace(target)
    return {"name": name, "files": [file.name for file in files]}


def refuse(problems: list[Problem]) -> None:
    """Stop where there are problems.

    Raises:
        TonghopError: names the first of them.
    """
    if not problems:
        return
    shown = "; ".join(str(each) for each in problems[:SHOWN])
    more = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
    changes = sorted({number[1] for each in problems if (number := _CHANGE.match(each.file))})
    remedy = f" Or withdraw a change: {journal.withdrawal(int(changes[0]))}." if changes else ""
    raise TonghopError(
        f"{len(problems)} problem(s) in the reference data, nothing was loaded: {shown}{more}",
        f"'tonghop reference check' lists those of the files.{remedy}",
    )


def _replace(connection: Connection, reference: Reference) -> dict[str, int]:
    """Empty the tables and fill them; ``calendar`` keeps the day on which a row was first loaded."""
    rows(connection, "create temporary table calendar_before on commit drop as select * from reference.calendar")
    for table in reversed(TABLES):
        rows(connection, f"delete from reference.{table.name}")  # noqa: S608 - our own table names
    counts = {table.name: copy_rows(connection, table.copy, table.records(reference)) for table in TABLES}
    rows(connection, _KEEP_FIRST_LOADED)
    rows(connection, "drop table calendar_before")
    return counts


_KEEP_FIRST_LOADED = """
update reference.calendar now
   set first_loaded_on = before.first_loaded_on
  from calendar_before before
 where (now.campaign, now.form, now.sender_level, now.period)
     = (before.campaign, before.form, before.sender_level, before.period)
"""
