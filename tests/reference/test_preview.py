"""A preview says which units and published figures would move, and by how much: exactly what the next night publishes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import fresh_warehouse
from tests.night.conftest import as_analyst, run_night
from tests.reference.country import HEADER, changes, row, small
from tonghop.reference import load as reference
from tonghop.reference import upkeep
from tonghop.reference.differences import UnitDifference, unit_differences
from tonghop.reference.revise import revise
from tonghop.reports.register import preview_lines
from tonghop.settings import Settings
from tonghop.submissions import inbox

DAY = "2026-01-01"
FIGURES = "numerator, denominator, reporting_units, expected_units"


def _differences(*lines: str) -> list[UnitDifference]:
    country = small()
    after, problems = revise(country, changes(*lines))
    assert problems == []
    return unit_differences(country, after)


def test_units_differ_from_a_day_on() -> None:
    found = _differences(
        row(DAY, "rename", "C-1", name="Xã Đầu"),
        row("2027-01-01", "move", "C-1", parent_unit_id="D-2"),
        row(DAY, "merge", "C-2", into_unit_id="C-1"),
        row(DAY, "open", "C-9", name="Xã Mới", type="commune", parent_unit_id="D-1"),
        row(DAY, "split", "C-4", into_unit_id="C-4"),
        row(DAY, "split", "C-4", into_unit_id="C-9"),
        row("", "open", "C-8", name="Xã Cũ", type="commune", parent_unit_id="D-1"),
    )
    assert [(str(each.day), each.unit_id, each.kind, each.fields, each.became) for each in found] == [
        ("None", "C-8", "opened", [], {}),
        (DAY, "C-1", "changed", ["name", "ascii_name"], {}),
        (DAY, "C-2", "ended", [], {"C-1": "whole"}),
        (DAY, "C-4", "divided", [], {"C-9": "part"}),
        (DAY, "C-9", "opened", [], {}),
        ("2027-01-01", "C-1", "changed", ["name", "ascii_name", "parent_unit_id"], {}),
    ]


def test_nothing_differs_from_itself() -> None:
    assert unit_differences(small(), small()) == []


@pytest.fixture(scope="module")
def published(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The sample, and one night over it."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("preview")) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        for folder in sorted((settings.sample_dir / "inbox").iterdir()):
            files = [inbox.submit(settings, path, folder.name) for path in sorted(Path(folder).iterdir())]
            inbox.ingest_sender(settings, folder.name, whole=files)
        assert run_night(settings)
        yield settings


def _file(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "đổi.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return str(path)


def _cells(settings: Settings) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """The published figures of the territorial tree."""
    found = as_analyst(settings, f"select period, indicator, unit_id, {FIGURES} from marts.fct_rollup"
                                 " where unit_id not like 'K-%%'")
    return {each[:3]: each[3:] for each in found}


def test_what_begins_after_the_last_published_period_moves_no_figure(published: Settings, tmp_path: Path) -> None:
    told = upkeep.diff(published, _file(
        tmp_path,
        row("2025-12-01", "open", "B-01-X", name="Phường Mới", type="ward", parent_unit_id="B-01"),
        row("2025-12-01", "merge", "B-00004", into_unit_id="B-01-X"),
        row("2025-12-01", "move", "B-00008", parent_unit_id="B-04"),
    ))
    assert told["figures"] == []
    assert told["counts"] == {"opened": 1, "ended": 1, "changed": 1}
    assert told["restated"]["units"] == [
        {"unit_id": "B-01-X", "name": "Phường Mới", "as": "heir"},
        {"unit_id": "B-04", "name": "Tỉnh Cao Bằng", "as": "parent"},
    ]
    assert told["restated"]["periods"][0] == "2012-05"


# A merger, moves, a retyped agency, a closed and a new committee, and a province that goes to another department: in 2012,
# so that figures move which were published; some of them because their sender does not speak for the unit any more.
CHANGES = [
    row("2012-02-01", "open", "Q-1", code="Q1", name="Tỉnh Mới", type="province", parent_unit_id="V-2"),
    *(row("2012-02-01", "move", f"A-{code}", parent_unit_id="Q-1") for code in (490, 491, 492, 493, 494, 495, 497, 498)),
    row("2012-02-01", "assign", "A-44", parent_unit_id="V-1"),
    row("2012-02-01", "retype", "A-60-A05", type="direct_committee"),
    row("2012-02-01", "close", "A-60-DC3"),
    row("2012-02-01", "merge", "A-60-DC1", into_unit_id="A-60-DC2"),
    row("2012-02-01", "move", "A-60-A01", parent_unit_id="A-62"),
    row("2012-02-01", "open", "A-60-DC9", name="Đảng ủy Công an", type="police_committee", parent_unit_id="A-60"),
    row("2025-07-01", "close", "A-60-DC9"),
]


def test_the_next_night_publishes_what_was_previewed(published: Settings, tmp_path: Path) -> None:
    path = _file(tmp_path, *CHANGES)
    before = _cells(published)
    started = time.monotonic()
    told = upkeep.diff(published, path)
    assert time.monotonic() - started < 40  # three seconds when nothing else runs
    said = {
        (each["period"], each["indicator"], each["unit_id"]): tuple(
            tuple(each[f"{name}_{side}"] for name in ("numerator", "denominator", "reporting", "expected"))
            for side in ("before", "after")
        )
        for each in told["figures"]
    }
    assert len(said) > 60
    text = "\n".join(preview_lines(told)).replace("\N{NO-BREAK SPACE}", " ")
    assert "A-44 Tỉnh Quảng Bình: cấp trên / parent V-2 → V-1" in text
    assert "A-60 Tỉnh Bình Thuận, plan_issued_agency: 67/73 (91,78 %) → 65/71 (91,55 %)" in text

    upkeep.apply(published, path, by="Lan", reason="thử")
    assert run_night(published)
    after = _cells(published)
    nothing = (None, None, None, None)
    moved = {
        key: (before.get(key, nothing), after.get(key, nothing))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }
    assert said == moved
    assert not any("older register" in said for said in upkeep.diff(published, path)["not_evaluated"])
    # withdrawn, and before a night has run, the published figures are of another register: the preview says so
    upkeep.withdraw(published, 1, by="Lan", reason="thử")
    assert any("older register" in said for said in upkeep.diff(published, path)["not_evaluated"])
