"""The steward pages: one of the nation and one a province or department. They show, and compute nothing.

A site is built in a folder of its own under ``<reports>/sites/`` and appears by the renaming of one link, ``current``;
``index.html`` and ``province`` are links into it. A reader sees the old site or the new one.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from tonghop.errors import TonghopError
from tonghop.reports import docs, late
from tonghop.reports.groups import Group, as_groups, in_pages
from tonghop.reports.pages import page_name, render, take_own_words
from tonghop.reports.reading import Row, read
from tonghop.reports.vietnamese import row as raw_pairs
from tonghop.settings import Settings
from tonghop.submissions.senders import known_sender
from tonghop.warehouse.connection import connect

PERIODS_SHOWN = 24
SITES_KEPT = 2
_ABANDONED_SECONDS = 86_400


def write(settings: Settings, run_id: str | None) -> dict[str, Any]:
    """Write the pages of the current release, the late list, and the indexes of the Data Docs and the dbt docs.

    Args:
        run_id: the night that asks; None by hand.

    Returns:
        What was written: ``pages``, ``findings``, ``index`` (a path), ``late``, ``data_docs`` and ``dbt_docs``.
    """
    settings.reports_dir.mkdir(parents=True, exist_ok=True)
    take_own_words(settings.rules_dir)
    summary: dict[str, Any] = {
        "data_docs": docs.build_data_docs_index(settings),
        "dbt_docs": docs.build_dbt_docs(settings),
        "late": late.write_late_list(settings),
    }
    content = _read(settings, run_id)
    building = settings.reports_dir / "sites" / f".{uuid.uuid4().hex}"
    try:
        summary["pages"] = _build(settings, building, content)
        _swap(settings.reports_dir, building)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    summary["findings"] = len(content["findings"])
    summary["index"] = str(settings.reports_dir / "index.html")
    return summary


def pages_of(settings: Settings, name: str) -> list[Path]:
    """The pages of a province or department, by unit id or by a code it has (a reused code may mean two).

    Raises:
        TonghopError: nobody is called so, or it was never expected and never sent anything.
    """
    with connect(settings, "steward") as connection:
        wanted = known_sender(connection, name)
        units = read(connection, settings, "report_units")
    found = [unit["unit_id"] for unit in units if wanted in (unit["unit_id"], unit["unit_code"])]
    if not found:
        raise TonghopError(f"'{name}' was never expected and never sent anything, so it has no page.",
                           "The nation's page lists those that have one: 'tonghop report'.")
    return [settings.reports_dir / "province" / page_name(unit_id) for unit_id in found]


def _read(settings: Settings, run_id: str | None) -> dict[str, Any]:
    """Everything the pages show, as of one moment."""
    names = ("head", "totals", "units", "board", "figures", "findings", "kept_aside", "claims")
    with connect(settings, "steward") as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        found = {name: read(connection, settings, f"report_{name}", run_id=run_id, periods=PERIODS_SHOWN)
                 for name in names}
    return {**found, "head": found["head"][0], "totals": found["totals"][0]}


def _build(settings: Settings, folder: Path, content: dict[str, Any]) -> int:
    """Write every page of the site into ``folder``; returns how many."""
    (folder / "province").mkdir(parents=True)
    groups: dict[str | None, list[Group]] = defaultdict(list)
    known = {unit["unit_id"] for unit in content["units"]}
    for group in as_groups(content["findings"]):
        page = group.members[0]["page_unit_id"]
        groups[page if page in known else None].append(group)
    shared = {
        "head": content["head"],
        "pages": known,
        "written_at": datetime.now(UTC),
    }
    (folder / "index.html").write_text(_index(settings, content, groups, shared), encoding="utf-8")
    written = 1
    for pages in _units(content, groups, shared):
        for name, text in pages:
            (folder / "province" / name).write_text(text, encoding="utf-8")
            written += 1
    return written


def _index(settings: Settings, content: dict[str, Any], groups: dict[str | None, list[Group]], shared: Row) -> str:
    board = _by_period(_in_tree(content["board"]))
    units = [{**unit, "findings": sum(group.size for group in groups.get(unit["unit_id"], []))}
             for unit in _in_tree(content["units"])]
    return render(
        "index.html",
        totals=content["totals"],
        board_periods=board[:PERIODS_SHOWN],
        older_periods=max(0, len(board) - PERIODS_SHOWN),
        nation_periods=_by_period([row for row in content["figures"] if row["unit_id"] == "VN"]),
        release_groups=[part for page in in_pages(groups.get(None, [])) for part in page],
        units=units,
        links={name: (settings.reports_dir / name / "index.html").exists() for name in ("data_docs", "dbt_docs")},
        **shared,
    )


def _units(content: dict[str, Any], groups: dict[str | None, list[Group]], shared: Row) -> Any:
    """For each unit, the names and texts of its pages: findings run over as many as they need."""
    of_unit = {name: _by(content[name], key) for name, key in
               (("board", "unit_id"), ("figures", "unit_id"), ("kept_aside", "page_unit_id"),
                ("claims", "page_unit_id"))}
    by_id = {unit["unit_id"]: unit for unit in content["units"]}
    below = _by(content["units"], "department_unit_id")
    for unit_id, unit in by_id.items():
        mine = groups.get(unit_id, [])
        parts = in_pages(mine)
        counted = _by_rule(mine)
        aside = [{**row, "pairs": raw_pairs(row["raw"]) or []} for row in of_unit["kept_aside"].get(unit_id, [])]
        yield [
            (page_name(unit_id, number), render(
                "unit.html",
                unit=unit, number=number, page_count=len(parts), groups=part,
                parent=by_id.get(unit["department_unit_id"]),
                provinces=below.get(unit_id, []),
                finding_count=sum(entry["findings"] for entry in counted),
                group_count=len(mine),
                by_rule=counted,
                board_rows=of_unit["board"].get(unit_id, [])[:PERIODS_SHOWN],
                figure_periods=_by_period(of_unit["figures"].get(unit_id, [])),
                kept_aside=aside,
                claims=of_unit["claims"].get(unit_id, []),
                **shared,
            ))
            for number, part in enumerate(parts, start=1)
        ]


def _by_rule(groups: list[Group]) -> list[Row]:
    """How many findings each rule has, the severe ones first."""
    order = {"error": 0, "warning": 1, "info": 2}
    members = (row for group in groups for row in group.members)
    counted = Counter((order[row["severity"]], row["rule"], row["severity"]) for row in members)
    return [{"rule": rule, "severity": severity, "findings": findings}
            for (_, rule, severity), findings in sorted(counted.items())]


def _by(rows: list[Row], key: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _by_period(rows: list[Row]) -> list[tuple[str | None, list[Row]]]:
    """Rows of each period, in the order they come (newest first)."""
    return [(period, list(members)) for period, members in groupby(rows, key=lambda row: row["period"])]


def _in_tree(rows: list[Row]) -> list[Row]:
    """Within each period: every department, then its provinces by code; those of no department last."""
    def place(row: Row) -> tuple[Any, ...]:
        department = row["unit_id"] if row["level"] == "department" else row["department_unit_id"]
        is_below = row["level"] != "department"
        return (department is None, department or "", is_below, row["unit_code"] or "", row["unit_id"])

    if rows and "period" not in rows[0]:
        return sorted(rows, key=place)
    return [row for _, members in _by_period(rows) for row in sorted(members, key=place)]


def _swap(reports: Path, building: Path) -> None:
    """Let the finished site appear, and forget all but the last few."""
    sites = building.parent
    finished = sites / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{building.name[1:7]}"
    building.rename(finished)
    _link(reports / "current", Path("sites") / finished.name)
    for name in ("index.html", "province"):
        _link(reports / name, Path("current") / name)
    done = sorted(path for path in sites.iterdir() if not path.name.startswith("."))
    for old in done[:-SITES_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    for part in sites.glob(".*"):
        if part.stat().st_mtime < datetime.now(UTC).timestamp() - _ABANDONED_SECONDS:
            shutil.rmtree(part, ignore_errors=True)


def _link(path: Path, target: Path) -> None:
    """Point a relative link at ``target`` in one step, whatever stood there."""
    if path.is_symlink() and Path(os.readlink(path)) == target:
        return
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    part.symlink_to(target)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    part.replace(path)
