"""The register is what the files say and the applied changes, replayed; who changed it and why is on the record."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.reference.country import HEADER, authored, lay_out, row
from tests.reference.test_hostile_changes import Country
from tonghop.errors import TonghopError
from tonghop.reference import upkeep
from tonghop.reference.load import load
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

RENAME = row("2026-01-01", "rename", "C-1", name="Xã Đầu")
AGENCY = row("2026-01-01", "open", "P-1-A2", name="Sở Mới", type="provincial_agency", parent_unit_id="P-1")


@pytest.fixture
def small_warehouse(warehouse: Settings, tmp_path: Path) -> Settings:
    """The small country, loaded."""
    settings = lay_out(warehouse, tmp_path / "project")
    load(settings)
    return settings


def _file(tmp_path: Path, *lines: str, name: str = "đổi tên.csv") -> str:
    path = tmp_path / name
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return str(path)


def _apply(settings: Settings, what: str, **said: Any) -> dict[str, Any]:
    return upkeep.apply(settings, what, **({"by": "Lan", "reason": "Nghị quyết 1"} | said))


def _all(settings: Settings, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connect(settings, "loader") as connection:
        return rows(connection, sql, parameters)


def everything(settings: Settings) -> str:
    """One hash of every row of every table of ``reference``."""
    digest = hashlib.sha256()
    tables = [name for (name,) in _all(settings, "select tablename from pg_tables where schemaname = 'reference' order by 1")]
    assert "change_file" in tables
    assert "org_unit" in tables
    for table in tables:
        for line in sorted(str(each) for each in _all(settings, f"select * from reference.{table}")):
            digest.update(f"{table} {line}\n".encode())
    return digest.hexdigest()


def _name(settings: Settings, unit_id: str, day: str) -> str | None:
    found = _all(settings, "select name from reference.org_unit where unit_id = %s and valid @> %s::date", unit_id, day)
    return found[0][0] if found else None


def test_an_applied_change_is_loaded_and_on_the_record(small_warehouse: Settings, tmp_path: Path) -> None:
    done = _apply(small_warehouse, _file(tmp_path, RENAME, AGENCY))
    assert (done["change_id"], done["is_new"], done["counts"]) == (1, True, {"opened": 1, "changed": 1})
    assert [_name(small_warehouse, "C-1", day) for day in ("2025-12-31", "2026-01-01")] == ["Xã Một", "Xã Đầu"]
    assert _all(small_warehouse, "select source from reference.org_unit where unit_id = 'P-1-A2'") == [("change-1/đổi tên.csv:3",)]
    assert _all(small_warehouse, "select state, sender, file_name, decided_by, reason, applied_order from reference.change_file") == [
        ("applied", None, "đổi tên.csv", "Lan", "Nghị quyết 1", 1),
    ]
    assert _all(small_warehouse, "select line, change, unit_id, name from reference.change order by line") == [
        (2, "rename", "C-1", "Xã Đầu"), (3, "open", "P-1-A2", "Sở Mới"),
    ]
    assert _all(small_warehouse, "select sources from reference.load order by load_id desc limit 1") == [("include/reference, change 1",)]


def test_loading_the_files_again_keeps_the_changes(small_warehouse: Settings, tmp_path: Path) -> None:
    _apply(small_warehouse, _file(tmp_path, RENAME))
    before = everything(small_warehouse)
    assert load(small_warehouse)["changed"] is False
    assert everything(small_warehouse) == before
    units = small_warehouse.reference_dir / "org_units.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("Xã Ba,Xa Ba", "Xã Bá,Xa Ba"), encoding="utf-8")
    assert load(small_warehouse)["changed"]
    assert _name(small_warehouse, "C-3", "2026-01-01") == "Xã Bá"
    assert _name(small_warehouse, "C-1", "2026-01-01") == "Xã Đầu"


def test_an_edit_that_a_change_does_not_fit_is_refused_with_its_number(small_warehouse: Settings, tmp_path: Path) -> None:
    _apply(small_warehouse, _file(tmp_path, RENAME))
    before = everything(small_warehouse)
    units = small_warehouse.reference_dir / "org_units.csv"
    authored_text = units.read_text(encoding="utf-8")
    units.write_text("".join(line for line in authored_text.splitlines(True) if not line.startswith("C-1,")), encoding="utf-8")
    with pytest.raises(TonghopError, match=r"Change 1 .*does not fit.*change-1/đổi tên.csv:2: .*'C-1'.*reference withdraw 1 --by"):
        load(small_warehouse)
    # an authored unit that takes the code of a registered one: the check of the whole finds it, and names the change
    units.write_text(authored_text, encoding="utf-8")
    _apply(small_warehouse, _file(tmp_path, AGENCY, name="sở.csv"))
    before = everything(small_warehouse)
    units.write_text(f"{authored_text}X-1,P-1-A2,Sở X,So X,provincial_agency,district,P-1,,\n", encoding="utf-8")
    with pytest.raises(TonghopError, match=r"change-2/sở.csv:2: code 'P-1-A2' is two units.*reference withdraw 2 --by"):
        load(small_warehouse)
    assert everything(small_warehouse) == before


def test_the_same_bytes_are_applied_once(small_warehouse: Settings, tmp_path: Path) -> None:
    path = _file(tmp_path, RENAME)
    _apply(small_warehouse, path)
    before = everything(small_warehouse)
    again = _apply(small_warehouse, path)
    assert (again["is_new"], again["change_id"]) == (False, 1)
    assert _apply(small_warehouse, "1")["is_new"] is False
    assert upkeep.diff(small_warehouse, path)["applied_as"] == 1
    assert everything(small_warehouse) == before


def test_a_refused_file_changes_nothing(small_warehouse: Settings, tmp_path: Path) -> None:
    before = everything(small_warehouse)
    path = _file(tmp_path, RENAME, row("2026-01-01", "close", "D-2"))
    for attempt in (lambda: _apply(small_warehouse, path), lambda: upkeep.diff(small_warehouse, path)):
        with pytest.raises(upkeep.ChangeRefused, match=r"nothing was changed: .*đổi tên.csv:3: 'D-2' would end") as refused:
            attempt()
        assert [problem.line for problem in refused.value.problems] == [3]
    for said in ({"by": " "}, {"reason": ""}):
        with pytest.raises(TonghopError, match="needs --"):
            _apply(small_warehouse, path, **said)
    assert everything(small_warehouse) == before


def test_a_hostile_file_leaves_the_warehouse_as_it_was(warehouse: Settings, tmp_path: Path) -> None:
    load(warehouse)
    before = everything(warehouse)
    country = Country(authored(), 11)
    path = _file(tmp_path, *(country.wild() for _ in range(10_000)))
    with pytest.raises(upkeep.ChangeRefused):
        _apply(warehouse, path)
    assert everything(warehouse) == before
    # and one that the register takes is loaded whole
    done = _apply(warehouse, _file(tmp_path, *country.plausible(10_000), name="kế hoạch.csv"))
    assert sum(done["counts"].values()) > 9_000
    assert load(warehouse)["changed"] is False


def test_a_province_proposes_and_a_steward_decides(small_warehouse: Settings, tmp_path: Path) -> None:
    before = _all(small_warehouse, "select * from reference.org_unit order by unit_id, valid")
    told = upkeep.propose(small_warehouse, Path(_file(tmp_path, AGENCY)), "01")
    assert (told["change_id"], told["state"], told["problems"]) == (1, "proposed", [])
    assert upkeep.propose(small_warehouse, Path(_file(tmp_path, AGENCY)), "01")["is_new"] is False
    assert _all(small_warehouse, "select * from reference.org_unit order by unit_id, valid") == before
    assert _all(small_warehouse, "select sender, state from reference.change_file") == [("P-1", "proposed")]
    refused = upkeep.propose(small_warehouse, Path(_file(tmp_path, RENAME)), "P-1")
    assert refused["state"] == "refused"
    assert "may not change the administrative tree" in refused["problems"][0]
    told = upkeep.diff(small_warehouse, "1")
    assert (told["sender"], told["counts"]) == ("P-1", {"opened": 1})
    with pytest.raises(TonghopError, match=r"Change 2 .*was refused"):
        _apply(small_warehouse, "2")
    done = _apply(small_warehouse, "1")
    assert done["change_id"] == 1
    assert _name(small_warehouse, "P-1-A2", "2026-01-01") == "Sở Mới"
    assert [(each["change_id"], each["state"], each["rows"]) for each in upkeep.listed(small_warehouse)] == [
        (2, "refused", 0), (1, "applied", 1),
    ]


def test_a_proposal_given_as_a_file_is_the_proposal(small_warehouse: Settings, tmp_path: Path) -> None:
    path = _file(tmp_path, AGENCY)
    upkeep.propose(small_warehouse, Path(path), "P-1")
    assert _apply(small_warehouse, path)["change_id"] == 1
    assert _all(small_warehouse, "select sender, state from reference.change_file") == [("P-1", "applied")]


@pytest.mark.parametrize(("sender", "words"), [
    ("77", "No province is called '77'"), ("V-1", r"'V-1' \(Vụ I\) is no province"), ("D-1", "is no province"),
])
def test_only_a_province_proposes(small_warehouse: Settings, tmp_path: Path, sender: str, words: str) -> None:
    told = upkeep.propose(small_warehouse, Path(_file(tmp_path, AGENCY)), sender)
    assert told["state"] == "refused"
    with pytest.raises(TonghopError, match=words):
        upkeep.diff(small_warehouse, _file(tmp_path, AGENCY), sender)


def test_a_change_is_withdrawn(small_warehouse: Settings, tmp_path: Path) -> None:
    units = "select unit_id, name, parent_unit_id, valid from reference.org_unit order by unit_id, valid"
    before = _all(small_warehouse, units)
    _apply(small_warehouse, _file(tmp_path, AGENCY))
    _apply(small_warehouse, _file(tmp_path, row("2027-01-01", "rename", "P-1-A2", name="Sở Khác"), name="b.csv"))
    state = everything(small_warehouse)
    with pytest.raises(TonghopError, match=r"Change 1 .*cannot be withdrawn, later ones depend on it: Change 2 \(b.csv\)"):
        upkeep.withdraw(small_warehouse, 1, by="Lan", reason="nhầm")
    assert everything(small_warehouse) == state
    done = upkeep.withdraw(small_warehouse, 2, by="Lan", reason="nhầm")
    assert (done["was"], done["counts"]) == ("applied", {"changed": 1})
    upkeep.withdraw(small_warehouse, 1, by="Lan", reason="nhầm")
    assert _all(small_warehouse, units) == before
    assert _all(small_warehouse, "select decided_by, withdrawn_by, withdrawn_why from reference.change_file order by 1") == [
        ("Lan", "Lan", "nhầm"), ("Lan", "Lan", "nhầm"),
    ]
    with pytest.raises(TonghopError, match="was withdrawn"):
        upkeep.withdraw(small_warehouse, 1, by="Lan", reason="nhầm")
    assert _apply(small_warehouse, _file(tmp_path, AGENCY))["change_id"] == 3  # the same bytes may come again
    assert load(small_warehouse)["changed"] is False


def test_changes_wait_for_a_night_that_copies(small_warehouse: Settings, tmp_path: Path) -> None:
    # Without this: a night that reads one half of its register before a merger, and the other after it.
    path = _file(tmp_path, RENAME)
    thread = threading.Thread(target=lambda: _apply(small_warehouse, path))
    with connect(small_warehouse, "builder") as night:
        rows(night, "select pg_advisory_xact_lock(7301)")
        thread.start()
        thread.join(3)
        assert thread.is_alive()
        assert rows(night, "select count(*) from reference.change_file") == [(0,)]
    thread.join(60)
    assert _name(small_warehouse, "C-1", "2026-01-01") == "Xã Đầu"


def test_no_such_file_or_number(small_warehouse: Settings) -> None:
    with pytest.raises(TonghopError, match="No change has the number 99"):
        upkeep.diff(small_warehouse, "99")
    with pytest.raises(TonghopError, match="is no change file"):
        upkeep.diff(small_warehouse, "không có.csv")
