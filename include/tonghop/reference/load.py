"""Load the reference data into ``reference.*``: all of it or nothing, and only when its content changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.reference import check as checks
from tonghop.reference.bulk import copy_rows
from tonghop.reference.files import Problem, Reference, content_hash, folders, overlay_name, read
from tonghop.reference.models import (
    CalendarEntry,
    Department,
    Indicator,
    NameVariant,
    OrgUnit,
    Population,
    Reporter,
    Succession,
)
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

SHOWN = 50
"""How many problems one error shows; ``check`` returns all."""


def check(settings: Settings, extra: Path | None = None) -> list[Problem]:
    """Every problem of the reference data as it would be loaded (with the folder ``extra`` beside it)."""
    found, problems = folders(settings, extra)
    return problems + checks.check(read(found))


def load(settings: Settings) -> dict[str, Any]:
    """Check all files and replace ``reference.*`` in one transaction, if anything changed since the last load.

    A night holds the advisory lock 7301 while it copies the reference; loading waits for it.

    Returns:
        ``changed`` (bool), ``load_id``, ``content_hash`` and ``rows`` (table → count; empty when unchanged).

    Raises:
        TonghopError: something is wrong in the files; nothing was changed.
    """
    found, problems = folders(settings)
    digest = content_hash(found)
    with connect(settings, "loader") as connection:
        rows(connection, "select pg_advisory_xact_lock(7301)")
        newest = rows(connection, "select load_id, content_hash from reference.load order by load_id desc limit 1")
        if newest and newest[0][1] == digest and not problems:
            return {"changed": False, "load_id": newest[0][0], "content_hash": digest, "rows": {}}
        reference = read(found)
        _refuse(problems + checks.check(reference))
        counts = _replace(connection, reference)
        sources = ", ".join(each.label or "include/reference" for each in found)
        load_id = rows(
            connection,
            "insert into reference.load (content_hash, sources) values (%s, %s) returning load_id",
            (digest, sources),
        )[0][0]
    return {"changed": True, "load_id": load_id, "content_hash": digest, "rows": counts}


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
    _refuse(check(settings, directory))
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


def _refuse(problems: list[Problem]) -> None:
    if not problems:
        return
    shown = "; ".join(str(each) for each in problems[:SHOWN])
    more = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
    raise TonghopError(
        f"{len(problems)} problem(s) in the reference data, nothing was loaded: {shown}{more}",
        "'tonghop reference check' lists them all.",
    )


def _replace(connection: Connection, reference: Reference) -> dict[str, int]:
    """Empty the tables and fill them; ``calendar`` keeps the day on which a row was first loaded."""
    for statement in _EMPTY:
        rows(connection, statement)
    counts = {}
    for table, (statement, records) in _TABLES.items():
        counts[table] = copy_rows(connection, statement, records(reference))
    rows(connection, _KEEP_FIRST_LOADED)
    rows(connection, "drop table calendar_before")
    return counts


def _array(values: Iterable[str]) -> str:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


def _half_open(unit: OrgUnit) -> str:
    return f"[{unit.valid_from or ''},{unit.closes if unit.valid_to else ''})"


_EMPTY = (
    "create temporary table calendar_before on commit drop as select * from reference.calendar",
    "delete from reference.calendar",
    "delete from reference.name_variant",
    "delete from reference.indicator",
    "delete from reference.population",
    "delete from reference.reporter",
    "delete from reference.department_assignment",
    "delete from reference.succession",
    "delete from reference.org_unit",
)
_KEEP_FIRST_LOADED = """
update reference.calendar now
   set first_loaded_on = before.first_loaded_on
  from calendar_before before
 where (now.campaign, now.form, now.sender_level, now.period)
     = (before.campaign, before.form, before.sender_level, before.period)
"""

Records = Callable[[Reference], Iterable[tuple[Any, ...]]]
_TABLES: dict[str, tuple[str, Records]] = {
    "org_unit": (
        "copy reference.org_unit (unit_id, code, name, ascii_name, type, level, parent_unit_id, valid, source)"
        " from stdin with (format csv)",
        lambda reference: (
            (
                unit.unit_id,
                unit.code,
                unit.name,
                unit.ascii_name,
                unit.type,
                unit.level,
                unit.parent_unit_id,
                _half_open(unit),
                each.source,
            )
            for each in reference.of(OrgUnit)
            for unit in (each.row,)
        ),
    ),
    "succession": (
        "copy reference.succession (old_unit_id, new_unit_id, relation, effective_on) from stdin with (format csv)",
        lambda reference: (
            (each.row.old_unit_id, each.row.new_unit_id, each.row.relation, each.row.effective_on)
            for each in reference.of(Succession)
        ),
    ),
    "department_assignment": (
        "copy reference.department_assignment (province_unit_id, department_unit_id, certainty)"
        " from stdin with (format csv)",
        lambda reference: (
            (each.row.province_unit_id, each.row.department_unit_id, each.row.certainty)
            for each in reference.of(Department)
        ),
    ),
    "population": (
        "copy reference.population (population, name_vi, name_en, counts, counted_from, unit_types, composed_of, note)"
        " from stdin with (format csv)",
        lambda reference: (
            (
                row.population,
                row.name_vi,
                row.name_en,
                row.counts,
                _array(row.counted_from),
                _array(row.unit_types),
                _array(row.composed_of),
                row.note,
            )
            for each in reference.of(Population)
            for row in (each.row,)
        ),
    ),
    "indicator": (
        "copy reference.indicator (indicator, indicator_group, name_vi, name_en, kind, population, reported_by,"
        " is_cumulative, part_of, parts_are_all, complement_of, nested_in, may_exceed_one, source_report)"
        " from stdin with (format csv)",
        lambda reference: (
            (
                row.indicator,
                row.group,
                row.name_vi,
                row.name_en,
                row.kind,
                row.population,
                row.reported_by,
                row.cumulative,
                row.part_of,
                row.parts_are_all,
                row.complement_of,
                row.nested_in,
                row.may_exceed_one,
                row.source_report,
            )
            for each in reference.of(Indicator)
            for row in (each.row,)
        ),
    ),
    "reporter": (
        "copy reference.reporter (reporter, unit_types, parent_level, note) from stdin with (format csv)",
        lambda reference: (
            (each.row.reporter, _array(each.row.unit_types), each.row.parent_level, each.row.note)
            for each in reference.of(Reporter)
        ),
    ),
    "calendar": (
        "copy reference.calendar (campaign, form, indicator_groups, sender_level, senders, period, due_on,"
        " source_report) from stdin with (format csv)",
        lambda reference: (
            (
                row.campaign,
                row.form,
                _array(row.group),
                row.sender_level,
                _array(row.senders),
                row.period,
                row.due_on,
                row.source_report,
            )
            for each in reference.of(CalendarEntry)
            for row in (each.row,)
        ),
    ),
    "name_variant": (
        "copy reference.name_variant (unit_id, name_a, name_b, kind) from stdin with (format csv)",
        lambda reference: (
            (each.row.unit_id, each.row.name_a, each.row.name_b, each.row.kind) for each in reference.of(NameVariant)
        ),
    ),
}
