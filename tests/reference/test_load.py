"""Loading is all or nothing, repeatable, and changes nothing when nothing changed."""

from __future__ import annotations

import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tonghop.errors import TonghopError
from tonghop.reference.load import add_overlay, check, load
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

UNITS = "unit_id,code,name,ascii_name,type,level,parent_unit_id,valid_from,valid_to\n"
AGENCY = "A-60-X1,60-X1,Sở X,So X,provincial_agency,district,A-60,,2025-06-30\n"
CALENDAR = "campaign,form,group,sender_level,senders,period,due_on,source_report\n"


def _one(settings: Settings, sql: str) -> Any:
    with connect(settings, "loader") as connection:
        return rows(connection, sql)[0][0]


def _folder(path: Path, **files: str) -> Path:
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def test_load_add_and_load_again(warehouse: Settings, tmp_path: Path) -> None:
    started = time.monotonic()
    first = load(warehouse)
    assert time.monotonic() - started < 30  # five seconds when nothing else runs
    assert first["changed"]
    assert first["rows"]["org_unit"] == 15063
    assert load(warehouse) == {
        "changed": False,
        "load_id": first["load_id"],
        "content_hash": first["content_hash"],
        "rows": {},
    }

    # valid_to is the last day in the file, and the interval half-open in the database
    assert _one(warehouse, "select upper(valid) from reference.org_unit where unit_id = 'A-60'") == date(2025, 7, 1)
    assert _one(warehouse, "select lower(valid) from reference.org_unit where unit_id = 'A-60'") is None
    assert _one(warehouse, "select source from reference.org_unit where unit_id = 'VN'") == "org_units.csv:2"
    assert _one(warehouse, "select parent_unit_id from reference.org_unit where unit_id = 'VN'") is None
    assert _one(warehouse, "select composed_of from reference.population where population = 'direct_committee'") == [
        "district_committee",
        "other_direct_committee",
    ]

    # a row that stays keeps the day on which it was first loaded; a registration is added beside
    with connect(warehouse, "loader") as connection:
        rows(connection, "update reference.calendar set first_loaded_on = '2012-01-01' where period = '2012-05'")
    add_overlay(warehouse, _folder(tmp_path / "sở X", org_units=UNITS + AGENCY))
    assert _one(warehouse, "select count(*) from reference.org_unit") == 15063  # adding is not loading
    second = load(warehouse)
    assert second["changed"]
    assert _one(warehouse, "select source from reference.org_unit where unit_id = 'A-60-X1'") == "sở X/org_units.csv:2"
    assert _one(warehouse, "select first_loaded_on from reference.calendar where period = '2012-05'") == date(
        2012, 1, 1
    )
    assert _one(warehouse, "select first_loaded_on = ops.today() from reference.calendar where period = '2012-09'")
    assert _one(warehouse, "select count(*) from reference.load") == 2

    # a calendar of its own replaces the calendar; TONGHOP_REFERENCE_DIRS is read as well
    calendar = _folder(tmp_path / "lịch", calendar=f"{CALENDAR}c,f,study,province,60,2012-05,2012-06-20,000\n")
    load(warehouse.model_copy(update={"reference_dirs": str(calendar)}))
    assert _one(warehouse, "select array_agg(period || senders::text) from reference.calendar") == ["2012-05{60}"]

    # what is wrong changes nothing
    with pytest.raises(TonghopError, match=r"hỏng/org_units.csv:2: .*nothing is called 'A-600000'"):
        add_overlay(warehouse, _folder(tmp_path / "hỏng", org_units=UNITS + AGENCY.replace("A-60,", "A-600000,")))
    assert not (warehouse.overlay_dir / "hỏng").exists()
    missing = warehouse.model_copy(update={"reference_dirs": str(tmp_path / "không có")})
    with pytest.raises(TonghopError, match="does not exist"):
        load(missing)
    assert _one(warehouse, "select count(*) from reference.org_unit") == 15064


def test_an_overlay_takes_its_own_place_and_counts_once(warehouse: Settings, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "sample" / "reference", org_units=UNITS + AGENCY)
    assert add_overlay(warehouse, folder) == {"name": "sample", "files": ["org_units.csv"]}
    (folder / "org_units.csv").write_text(UNITS + AGENCY.replace("Sở X", "Sở Y"), encoding="utf-8")
    add_overlay(warehouse, folder)
    assert check(warehouse) == []
    assert check(warehouse.model_copy(update={"reference_dirs": str(folder)})) == []  # the same content named twice
    with pytest.raises(TonghopError, match="not a folder"):
        add_overlay(warehouse, tmp_path / "none")


# A night copies the reference while it holds the lock; a load in between would give it two halves.
def test_loading_waits_for_a_night_that_copies(warehouse: Settings) -> None:
    done = threading.Event()

    def run() -> None:
        load(warehouse)
        done.set()

    thread = threading.Thread(target=run)
    with connect(warehouse, "builder") as night:
        rows(night, "select pg_advisory_xact_lock(7301)")
        thread.start()
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted and objid = 7301"
        deadline = time.monotonic() + 20
        while not (is_waiting := rows(night, waiting)[0][0]) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert is_waiting == 1
        assert not done.is_set()
    thread.join(60)
    assert done.is_set()
