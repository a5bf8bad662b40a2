"""Each kind of change does what it says from its day on; an impossible one is refused with its line and the reason."""

from __future__ import annotations

from datetime import date

import pytest

from tests.reference.country import refused, row, small, taken, unit
from tonghop.reference.files import Reference
from tonghop.reference.models import Department, OrgUnit, Succession

DAY, EVE = "2026-01-01", "2025-12-31"


@pytest.fixture(scope="module")
def country() -> Reference:
    return small()


def _open(unit_id: str, day: str = DAY, **cells: str) -> str:
    return row(day, "open", unit_id, **({"name": "Xã Mới", "type": "commune", "parent_unit_id": "D-1"} | cells))


def _rows(reference: Reference, model: type) -> set[str]:
    return {each.row.model_dump_json() for each in reference.of(model)}


def test_the_country_is_sound_and_is_never_touched(country: Reference) -> None:
    before = {file: list(rows) for file, rows in country.rows.items()}
    taken(country, row(DAY, "rename", "C-1", name="Xã Đầu"))
    refused(country, row(DAY, "close", "D-1"))
    assert country.rows == before


def test_open(country: Reference) -> None:
    after = taken(country, _open("C-9"), _open("C-10", code="0119", ascii_name="Xa moi", level="grassroots"))
    assert unit(after, "C-9", EVE) is None
    found = unit(after, "C-9", DAY)
    assert found is not None
    assert (found.code, found.name, found.ascii_name, found.type, found.level, found.parent_unit_id) == (
        "C-9", "Xã Mới", "Xa Moi", "commune", "grassroots", "D-1",
    )
    assert unit(after, "C-10", DAY).code == "0119"  # type: ignore[union-attr]
    assert [each.source for each in after.of(OrgUnit)][-2:] == ["c.csv:2", "c.csv:3"]


def test_open_not_known_when(country: Reference) -> None:
    assert unit(taken(country, _open("C-9", "")), "C-9", "1950-01-01") is not None


def test_close(country: Reference) -> None:
    after = taken(country, row(DAY, "close", "C-1"))
    assert unit(after, "C-1", EVE) is not None
    assert unit(after, "C-1", DAY) is None


def test_rename_recode_retype_and_move_of_one_day_are_one_version(country: Reference) -> None:
    after = taken(
        country,
        row(DAY, "rename", "C-1", name="Phường Đầu"),
        row(DAY, "recode", "C-1", code="9999"),
        row(DAY, "retype", "C-1", type="ward"),
        row(DAY, "move", "C-1", parent_unit_id="D-2"),
    )
    found = [each.row for each in after.of(OrgUnit) if each.row.unit_id == "C-1"]
    assert [(each.code, each.name, each.type, each.parent_unit_id, each.valid_from, each.valid_to) for each in found] == [
        ("0111", "Xã Một", "commune", "D-1", None, date(2025, 12, 31)),
        ("9999", "Phường Đầu", "ward", "D-2", date(2026, 1, 1), None),
    ]
    assert found[1].ascii_name == "Phuong Dau"


def test_days_follow_each_other_whatever_the_order_in_the_file(country: Reference) -> None:
    after = taken(country, row("2027-01-01", "rename", "C-1", name="Xã C"), row(DAY, "rename", "C-1", name="Xã B"))
    names = [unit(after, "C-1", day).name for day in (EVE, DAY, "2027-01-01")]  # type: ignore[union-attr]
    assert names == ["Xã Một", "Xã B", "Xã C"]


def test_merge_and_split(country: Reference) -> None:
    after = taken(
        country,
        row(DAY, "merge", "C-2", into_unit_id="C-1"),
        _open("C-8"), _open("C-9"),
        row(DAY, "split", "C-3", into_unit_id="C-8"),
        row(DAY, "split", "C-3", into_unit_id="C-9"),
        row(DAY, "split", "C-4", into_unit_id="C-4"),  # it stays, and gives a part away
        row(DAY, "split", "C-4", into_unit_id="C-9"),
    )
    assert {(each.row.old_unit_id, each.row.new_unit_id, each.row.relation) for each in after.of(Succession)} == {
        ("C-2", "C-1", "whole"), ("C-3", "C-8", "part"), ("C-3", "C-9", "part"), ("C-4", "C-9", "part"),
    }
    assert [unit(after, unit_id, DAY) is not None for unit_id in ("C-1", "C-2", "C-3", "C-4")] == [True, False, False, True]
    assert len([each for each in after.of(OrgUnit) if each.row.unit_id == "C-4"]) == 1


@pytest.mark.parametrize("kind", ["assign", "move"])
def test_a_province_changes_its_department(country: Reference, kind: str) -> None:
    after = taken(country, row(DAY, kind, "P-1", parent_unit_id="V-2", note="certain"))
    assert unit(after, "P-1", DAY).parent_unit_id == "V-2"  # type: ignore[union-attr]
    rows = [each.row for each in after.of(Department) if each.row.province_unit_id == "P-1"]
    assert [(each.department_unit_id, each.certainty, each.valid_from, each.valid_to) for each in rows] == [
        ("V-1", "certain", None, date(2025, 12, 31)), ("V-2", "certain", date(2026, 1, 1), None),
    ]


def test_provinces_merge_on_the_day_their_code_is_used_again(country: Reference) -> None:
    # Without this: 24 was Bắc Giang until 2025-06-30 and is Bắc Ninh from 2025-07-01.
    after = taken(
        country,
        row(DAY, "open", "Q-1", code="01", name="Tỉnh Mới", type="province", parent_unit_id="V-1"),
        row(DAY, "merge", "P-1", into_unit_id="Q-1"),
        row(DAY, "merge", "P-2", into_unit_id="Q-1"),
        *(row(DAY, "move", unit_id, parent_unit_id="Q-1") for unit_id in ("D-1", "D-2", "C-4", "P-1-A1", "P-2-A1", "P-1-E1")),
    )
    assert [unit(after, unit_id, DAY).code for unit_id in ("Q-1",)] == ["01"]  # type: ignore[union-attr]
    assert {(each.row.province_unit_id, str(each.row.valid_to)) for each in after.of(Department)} == {
        ("P-1", EVE), ("P-2", EVE), ("P-3", "None"), ("Q-1", "None"),
    }


def test_units_swap_their_codes_on_one_day(country: Reference) -> None:
    after = taken(country, row(DAY, "recode", "C-1", code="0112"), row(DAY, "recode", "C-2", code="0111"))
    assert unit(after, "C-1", DAY).code == "0112"  # type: ignore[union-attr]


def test_a_unit_that_has_an_end_keeps_it(country: Reference) -> None:
    once = taken(country, row("2030-01-01", "close", "C-1"))
    after = taken(once, row(DAY, "rename", "C-1", name="Xã Khác"))
    assert unit(after, "C-1", "2029-12-31").name == "Xã Khác"  # type: ignore[union-attr]
    assert unit(after, "C-1", "2030-01-01") is None


REFUSED = [
    ([row(DAY, "close", "D-1")], 2, "'D-1' would end and leave 2 units (C-1 Xã Một, C-2 Xã Hai) under it"),
    ([row(DAY, "close", "P-1")], 2, "leave 4 units (D-1 Huyện Một, D-2 Huyện Hai, P-1-A1 Sở Một, P-1-E1"),
    ([row(DAY, "close", "D-1"), row("2026-01-02", "close", "C-1"), row(DAY, "close", "C-2")], 2, "leave 1 unit (C-1 Xã Một)"),
    ([row(DAY, "move", "D-1", parent_unit_id="D-1")], 2, "'D-1' would stand under itself"),
    ([row(DAY, "move", "C-1", parent_unit_id="C-2"), row(DAY, "move", "C-2", parent_unit_id="C-1")], 2, "which stands under it"),
    ([row(DAY, "move", "D-1", parent_unit_id="C-1")], 2, "'D-1' would stand under 'C-1', which stands under it"),
    ([row(DAY, "move", "P-1-E1", parent_unit_id="P-1-E1-G1")], 2, "which stands under it"),
    ([_open("C-9", code="0111")], 2, "code '0111' is two units ('C-1' and 'C-9') on 2026-01-01; the other is org_units.csv:10"),
    ([row(DAY, "recode", "C-2", code="0111")], 2, "code '0111' is two units"),
    ([_open("C-1")], 2, "'C-1' is in the register already (Xã Một; org_units.csv:10)"),
    ([row(DAY, "close", "C-1"), _open("C-1", "2027-01-01")], 3, "ended on 2025-12-31; c.csv:2). A unit's id is never used again"),
    ([_open("K-1")], 2, "'K-1' is a grouping"),
    ([row(DAY, "recode", "C-1", code="K-1")], 2, "'K-1' is a grouping"),
    ([row(DAY, "rename", "C-99", name="X")], 2, "unit_id: nothing is called 'C-99'"),
    ([row(DAY, "rename", "0111", name="X")], 2, "'0111' is no unit id but a code, on that day of Xã Một. Write 'C-1'"),
    ([row(DAY, "move", "C-1", parent_unit_id="D-9")], 2, "parent_unit_id: nothing is called 'D-9'"),
    ([row(DAY, "merge", "C-1", into_unit_id="C-99")], 2, "into_unit_id: nothing is called 'C-99'"),
    ([row(DAY, "merge", "C-1", into_unit_id="C-1")], 2, "merges into itself"),
    ([row(DAY, "merge", "C-1", into_unit_id="C-2"), row(DAY, "merge", "C-2", into_unit_id="C-3")], 2, "'C-2' is not open on 2026-01-01"),
    ([row(DAY, "merge", "C-1", into_unit_id="C-2"), row(DAY, "merge", "C-1", into_unit_id="C-3")], 3, "goes whole to 'C-3' and to 'C-2'"),
    ([row(DAY, "split", "C-1", into_unit_id="C-2")], 2, "split into one unit only"),
    ([row(DAY, "close", "C-1"), row(DAY, "merge", "C-1", into_unit_id="C-2")], 3, "has a merge here and a close in c.csv:2"),
    ([row(DAY, "close", "C-1"), row(DAY, "rename", "C-1", name="X")], 3, "ends on that day by c.csv:2, and cannot rename as well"),
    ([_open("C-9"), row(DAY, "close", "C-9")], 2, "cannot open as well"),
    ([row(DAY, "rename", "C-1", name="X"), row(DAY, "rename", "C-1", name="Y")], 3, "name of 'C-1' is 'Y' here and 'X' in c.csv:2"),
    ([row(DAY, "move", "C-1", parent_unit_id="D-2"), row(DAY, "move", "C-1", parent_unit_id="P-2")], 3, "parent_unit_id of 'C-1'"),
    ([row(DAY, "rename", "C-1", name="Xã Một")], 2, "nothing would change"),
    ([row(DAY, "assign", "P-1", parent_unit_id="V-1")], 2, "nothing would change"),
    ([row(DAY, "assign", "D-1", parent_unit_id="V-1")], 2, "departments follow provinces. Write move"),
    ([row(DAY, "assign", "P-1", parent_unit_id="P-2")], 2, "province 'P-1' under 'P-2', a province"),
    ([row(DAY, "move", "P-1", parent_unit_id="VN")], 2, "province 'P-1' under 'VN', a nation"),
    ([row(DAY, "move", "D-1", parent_unit_id="C-4")], 2, "a district cannot stand under 'C-4', a grassroots"),
    ([row(DAY, "retype", "D-1", type="commune", level="grassroots"), row(DAY, "retype", "P-1-A1", type="hamlet")], 3, "type: nothing is called 'hamlet'"),
    ([row(DAY, "retype", "P-1", type="commune")], 2, "would be a grassroots above 4 units"),
    ([row(DAY, "retype", "C-1", type="bloc")], 2, "'bloc' is a type of another tree"),
    ([_open("X-1", type="nation")], 2, "'X-1' cannot become so: the nation has no parent_unit_id"),
    ([row(DAY, "move", "VN", parent_unit_id="V-1")], 2, "'VN' cannot become so"),
    ([row(DAY, "close", "VN")], 2, "leave 2 units (V-1 Vụ I, V-2 Vụ II)"),
    ([row(DAY, "close", "C-1"), row("2026-06-01", "rename", "C-1", name="X")], 3, "'C-1' ended on 2025-12-31"),
    ([row(DAY, "merge", "C-1", into_unit_id="C-2"), row("2026-06-01", "close", "C-1")], 3, "it became C-2"),
    ([_open("C-9", ""), _open("C-8", parent_unit_id="C-7"), _open("C-7")], 3, None),
]


@pytest.mark.parametrize(("lines", "line", "words"), REFUSED, ids=[str(words)[:50] for _, _, words in REFUSED])
def test_an_impossible_change_is_refused(country: Reference, lines: list[str], line: int, words: str | None) -> None:
    if words is None:  # legal: a unit under one that opens on the same day, whatever the order
        taken(country, *lines)
        return
    found = refused(country, *lines)
    mine = [problem for problem in found if words in str(problem)]
    assert mine, [str(problem) for problem in found]
    assert (mine[0].file, mine[0].line) == ("c.csv", line)
    assert mine[0].remedy


def test_changes_are_made_in_the_order_of_days(country: Reference) -> None:
    once = taken(country, row(DAY, "rename", "C-1", name="Xã Khác"))
    for day in (DAY, "2025-06-01"):
        (problem,) = refused(once, row(day, "rename", "C-1", name="Xã Nữa"))
        assert "already has a version from 2026-01-01 on (c.csv:2)" in problem.what


def test_a_unit_does_not_end_before_it_goes_to_another(country: Reference) -> None:
    once = taken(country, row("2030-01-01", "merge", "C-1", into_unit_id="C-2"))
    (problem,) = refused(once, row(DAY, "close", "C-1"))
    assert "would end before it goes to 'C-2' (c.csv:2)" in problem.what


def test_what_follows_a_refused_row_is_not_told_as_well(country: Reference) -> None:
    found = refused(
        country,
        _open("D-9", type="huyen", parent_unit_id="P-1"),
        _open("C-9", parent_unit_id="D-9"),
        row("2027-01-01", "rename", "C-9", name="Xã Chín"),
    )
    assert [problem.line for problem in found] == [2]


def test_all_problems_are_told_in_the_order_of_lines(country: Reference) -> None:
    found = refused(country, row("2027-01-01", "close", "D-1"), row(DAY, "close", "V-9"), row(DAY, "close", "V-8"))
    assert [problem.line for problem in found] == [2, 3, 4]


# What a province may do by itself.

OWN = [
    [_open("P-1-A2", type="provincial_agency", parent_unit_id="P-1")],
    [_open("P-1-G2", type="grassroots_org", parent_unit_id="P-1-E1")],
    [_open("P-1-M1", type="military_committee", parent_unit_id="P-1"), _open("P-1-B1", type="border_guard_committee", parent_unit_id="P-1")],
    [row(DAY, "rename", "P-1-A1", name="Sở Khác")],
    [row(DAY, "move", "P-1-E1-G1", parent_unit_id="C-1")],
    [row(DAY, "close", "P-1-A1")],
    [row(DAY, "merge", "P-1-A1", into_unit_id="P-1-E1")],
    [row(DAY, "recode", "P-1-A1", code="01-A9"), row(DAY, "retype", "P-1-A1", type="agency_committee")],
]


@pytest.mark.parametrize("lines", OWN)
def test_a_province_changes_its_own_units(country: Reference, lines: list[str]) -> None:
    taken(country, *lines, sender="P-1")


NOT_OWN = [
    (row(DAY, "rename", "C-1", name="X"), "may not change the administrative tree"),
    (row(DAY, "rename", "P-1", name="X"), "may not change the administrative tree"),
    (_open("C-9"), "may not change the administrative tree"),
    (row(DAY, "retype", "P-1-E1", type="rural_district"), "may not change the administrative tree"),
    (_open("P-1-A2", type="provincial_agency", parent_unit_id="P-2"), "would not stand under 'P-1'"),
    (row(DAY, "rename", "P-2-A1", name="X"), "'P-2-A1' does not stand under 'P-1'"),
    (row(DAY, "move", "P-2-A1", parent_unit_id="P-1"), "'P-2-A1' does not stand under 'P-1'"),
    (row(DAY, "move", "P-1-A1", parent_unit_id="P-2"), "'P-1-A1' does not stand under 'P-1'"),
    (row(DAY, "merge", "P-1-A1", into_unit_id="P-2-A1"), "'P-2-A1' is no unit of 'P-1'"),
    (row(DAY, "merge", "P-1-A1", into_unit_id="D-1"), "'D-1' is no unit of 'P-1'"),
    (_open("P-1-A2", type="provincial_agency", parent_unit_id="P-1", level="province"), "under 'P-1', a province"),
    (_open("P-1-A2", type="provincial_agency", parent_unit_id="P-1", level="grassroots"), "at the level grassroots"),
    (_open("P-1-A2", type="provincial_agency", parent_unit_id="P-1", code="79"), "of the kind that the centre gives"),
    (row(DAY, "assign", "P-1", parent_unit_id="V-2"), "may not change the administrative tree"),
    (row(DAY, "close", "P-2-A1"), "'P-2-A1' does not stand under 'P-1'"),
]


@pytest.mark.parametrize(("line", "words"), NOT_OWN, ids=[words[:40] for _, words in NOT_OWN])
def test_a_province_changes_nothing_else(country: Reference, line: str, words: str) -> None:
    found = refused(country, line, sender="P-1")
    assert any(words in str(problem) for problem in found), [str(problem) for problem in found]
    assert all(problem.line == 2 for problem in found)
