"""The authored register is the country: counted on the days that matter, and walked over every day on which it changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache

import pytest

from tonghop.reference.files import Reference, folder, read
from tonghop.reference.models import Department, OrgUnit, Succession
from tonghop.settings import Settings

REFORM = date(2025, 7, 1)


@cache
def _reference() -> Reference:
    return read([folder(Settings().reference_dir, "")])


def _on(day: date) -> dict[str, OrgUnit]:
    """The versions open on a day, by unit id."""
    return {each.row.unit_id: each.row for each in _reference().of(OrgUnit) if each.row.opens <= day < each.row.closes}


@pytest.mark.parametrize(("day", "provinces", "districts", "communes"), [
    (date(2012, 5, 31), 63, 705, 10599),
    (date(2024, 12, 31), 63, 705, 10599),
    (date(2025, 1, 1), 63, 696, 10035),
    (date(2025, 6, 30), 63, 696, 10035),
    (REFORM, 34, 0, 3321),
])
def test_the_country_is_as_large_as_it_was(day: date, provinces: int, districts: int, communes: int) -> None:
    levels = Counter(unit.level for unit in _on(day).values())
    assert (levels["province"], levels["district"], levels["grassroots"]) == (provinces, districts, communes)
    assert levels["department"] == 3
    assert levels["nation"] == 1


def test_every_day_on_which_anything_changes() -> None:
    """One parent, one unit a code, no cycle, no orphan: on a day that fails this, figures fall out of the nation."""
    units = [each.row for each in _reference().of(OrgUnit)]
    days = {unit.opens for unit in units} | {unit.closes for unit in units} | {unit.valid_to for unit in units}
    walked = [*sorted(day for day in days if day not in (None, date.min, date.max)), date.min, date.max - timedelta(days=1)]
    assert len(walked) >= 6
    for day in walked:
        tree = _on(day)
        assert len(tree) == sum(unit.opens <= day < unit.closes for unit in units), "a unit has two parents"
        assert max(Counter(unit.code for unit in tree.values()).values()) == 1
        for unit in tree.values():
            path = [unit.unit_id]
            while (parent := tree[path[-1]].parent_unit_id) is not None:
                assert parent in tree, f"{path[-1]} is an orphan on {day}"
                assert parent not in path
                path.append(parent)
            assert path[-1] == "VN"


def test_every_commune_of_the_last_day_is_mapped() -> None:
    """All of it lands somewhere: whole in one unit, or in parts that are all named."""
    heirs: dict[str, list[Succession]] = defaultdict(list)
    for each in _reference().of(Succession):
        heirs[each.row.old_unit_id].append(each.row)
    today = _on(REFORM)
    communes = [unit for unit in _on(REFORM - timedelta(days=1)).values() if unit.level == "grassroots"]
    assert len(communes) == 10035
    for commune in communes:
        shares = heirs[commune.unit_id]
        assert shares, f"{commune.unit_id} has no successor"
        assert all(share.new_unit_id in today for share in shares)
        assert len(shares) > 1 or shares[0].relation == "whole", "a part without the rest"
    new = {unit_id for unit_id, unit in today.items() if unit.level == "grassroots"}
    covered = {share.new_unit_id for commune in communes for share in heirs[commune.unit_id]}
    assert len(new - covered) <= 5, "only the island districts, which had no commune, became zones of their own"


def test_code_24_is_two_provinces() -> None:
    def named(day: date, code: str) -> OrgUnit:
        return next(unit for unit in _on(day).values() if unit.code == code)

    assert named(date(2012, 5, 31), "24").name == "Tỉnh Bắc Giang"
    assert named(date(2025, 8, 31), "24").name == "Tỉnh Bắc Ninh"


def test_hue_changes_its_type_and_moves_no_child() -> None:
    before, after = _on(date(2024, 12, 31)), _on(date(2025, 1, 1))
    assert (before["A-46"].type, after["A-46"].type) == ("province", "municipality")
    assert before["A-46"].name != after["A-46"].name
    children = {unit_id for unit_id, unit in before.items() if unit.parent_unit_id == "A-46"}
    kept = {unit_id for unit_id, unit in after.items() if unit.parent_unit_id == "A-46"}
    assert children
    stayed = children & kept
    assert stayed
    assert all(after[unit_id].parent_unit_id == "A-46" for unit_id in children if unit_id in after)


def test_every_province_has_one_department_on_every_day() -> None:
    assigned = [each.row for each in _reference().of(Department)]
    for day in (date(2012, 5, 31), REFORM - timedelta(days=1), REFORM):
        departments = Counter(row.province_unit_id for row in assigned if row.opens <= day < row.closes)
        provinces = {unit_id for unit_id, unit in _on(day).items() if unit.level == "province"}
        assert set(departments) == provinces
        assert set(departments.values()) == {1}
