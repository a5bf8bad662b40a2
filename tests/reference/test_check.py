"""What is wrong in the reference data is refused with file, line and remedy, and all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tonghop.reference.check import check
from tonghop.reference.files import Folder, Problem, read
from tonghop.settings import Settings

# A whole country that a person can read: a nation, a department, two provinces, a district, a commune.
SMALL = {path.name: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "small").glob("*.csv")}


def _check(*overlays: dict[str, str], **changed: tuple[str, str]) -> list[Problem]:
    """Problems of the small country with ``file=(old text, new text)`` replaced, and overlays on top."""
    files = dict(SMALL)
    for name, (old, new) in changed.items():
        assert old in files[f"{name}.csv"], "the case changes nothing"
        files[f"{name}.csv"] = files[f"{name}.csv"].replace(old, new, 1)
    found = [Folder("", {name: text.encode() for name, text in files.items()})]
    found += [
        Folder(f"o{number}", {name: text.encode() for name, text in overlay.items()})
        for number, overlay in enumerate(overlays, start=1)
    ]
    return check(read(found))


def test_the_small_country_is_sound() -> None:
    assert _check() == []


def test_the_authored_reference_is_sound_and_was_read(server: Settings) -> None:
    from tonghop.reference.files import folder
    from tonghop.reference.models import MODELS

    reference = read([folder(server.reference_dir, "")])
    assert {model.file: len(reference.of(model)) for model in MODELS} == {
        "unit_types.csv": 21,
        "org_units.csv": 15063,
        "hierarchies.csv": 2,
        "groupings.csv": 8,
        "placements.csv": 15,
        "successions.csv": 10665,
        "departments.csv": 97,
        "populations.csv": 22,
        "indicators.csv": 43,
        "reporters.csv": 4,
        "calendar.csv": 7,
        "name_variants.csv": 580,
        "heading_aliases.csv": 247,
    }
    assert check(reference) == []


CASES = [
    # columns and cells
    ("org_units", "ascii_name,type", "ascii_nme,type", 1, "unknown column 'ascii_nme'"),
    ("org_units", "ascii_name,type", "ascii_nme,type", 1, "column 'ascii_name' is missing"),
    ("org_units", "valid_from,valid_to", "valid_from,valid_from", 1, "stands twice"),
    ("org_units", "Vu I,department", "Vu I,vụ", 3, "type: "),
    ("org_units", "V-1,,2025-06-30", "V-1,,30-6-2025", 4, "valid_to: "),
    ("org_units", "2012-01-01,2025-06-30", "2026-01-01,2025-06-30", 7, "before valid_from"),
    ("org_units", "department,VN,,", "department,,,", 3, "every other unit has one"),
    ("org_units", "Toan quoc,nation,nation,,,", "Toan quoc,nation,nation,,", 2, "8 cells"),
    ("indicators", "part,ratio,member", "part,ratio,", 3, "names its population"),
    ("indicators", "province,yes,,yes", "province,maybe,,yes", 2, "yes, no or blank"),
    ("populations", "register,province", "register,", 2, "unit_types"),
    ("populations", "derived,,province+member", "derived,,", 4, "composed_of"),
    ("calendar", "2012-05,", "2012-13,", 2, "period: "),
    # the tree
    ("org_units", "district,P-1", "district,P-9", 6, "parent_unit_id: nothing is called 'P-9'"),
    ("org_units", "district,P-1,,2025-06-30", "district,P-1,,2025-07-01", 6, "parent 'P-1' is not open on 2025-07-01"),
    ("org_units", "district,P-1,,2025-06-30", "district,P-1,,", 6, "is not open on 2025-07-01"),
    ("org_units", "grassroots,D-1", "grassroots,C-2", 7, "is not open on 2012-01-01"),
    ("org_units", "district,P-1", "district,C-1", 6, "never of a deeper level"),
    ("org_units", "P-1,01,", "P-1,02,", 5, "code '02' is two units ('P-1' and 'P-2')"),
    (
        "org_units",
        "C-2,0111,Xã Hai,Xa Hai,commune,grassroots,P-2,2025-07-01,",
        "C-1,0111,Xã Hai,Xa Hai,commune,grassroots,P-2,2025-01-01,",
        8,
        "two parents ('D-1' and 'P-2') on 2025-01-01",
    ),
    (
        "org_units",
        "P-2,02,Tỉnh Hai,Tinh Hai,province,province,V-1",
        "P-2,02,Tỉnh Hai,Tinh Hai,province,nation,",
        5,
        "second nation",
    ),
    (
        "org_units",
        "D-1,011,Huyện Một,Huyen Mot,rural_district,district,P-1",
        "D-1,011,Huyện Một,Huyen Mot,rural_district,district,D-1",
        6,
        "cycle on an unknown early day: D-1 → D-1",
    ),
    # other trees
    ("placements", "bloc,D-1,,K-2,2012-01-01", "bloc,D-1,,K-2,2011-12-31", 3, "'K-2' is not open on 2011-12-31"),
    ("placements", "bloc,D-1,,K-2", "bloc,D-1,,P-1", 3, "parent_unit_id: nothing is called 'P-1'"),
    ("placements", "bloc,D-1,,", "bloc,D-1,rural_district,", 3, "one of the two"),
    ("placements", "bloc,D-1,,K-2", "bloc,,rural_district,K-2", 3, "stands in two places on 2012-01-01"),
    ("placements", "bloc,,rural_district", "territorial,,rural_district", 2, "hierarchy: nothing is called"),
    ("groupings", "bloc,VN", "bloc,K-2", 2, "cycle: K-1 → K-2 → K-1"),
    ("groupings", "K-1,K-1,", "K-1,01,", 2, "is also a unit"),
    ("hierarchies", "territorial,theo", "earthly,theo", 0, "no hierarchy is called 'territorial'"),
    # dated rows
    ("successions", "P-1,P-2,whole", "P-2,P-1,whole", 2, "is still open"),
    # codes that name something
    ("successions", "C-1,C-2", "C-9,C-2", 3, "old_unit_id: nothing is called 'C-9'"),
    ("successions", "C-2,whole,2025-07-01", "C-2,whole,2025-06-30", 3, "'C-2' is not open on 2025-06-30"),
    ("successions", "P-1,P-2,whole,2025-07-01", "C-1,P-2,whole,2025-07-01", 3, "went whole to one unit"),
    ("departments", "P-2,Tỉnh Hai,V-1", "P-2,Tỉnh Hai,V-2", 3, "department_unit_id: nothing is called 'V-2'"),
    ("departments", "P-2,Tỉnh Hai,V-1", "P-2,Tỉnh Hai,VN", 3, "'P-2' follows 'VN' here and 'V-1' in org_units.csv:5"),
    ("departments", "P-2,Tỉnh Hai,V-1,certain\n", "", 5, "no row in departments.csv"),
    ("populations", "province+member", "province+membr", 4, "Did you mean 'member'?"),
    (
        "populations",
        "member,đảng viên,members,people,return,,,",
        "member,đảng viên,members,people,return,,both,",
        3,
        "back to itself",
    ),
    ("indicators", "ratio,member", "ratio,membr", 3, "population: nothing is called 'membr'"),
    (
        "indicators",
        "member,province,yes,whole",
        "member,provinces,yes,whole",
        3,
        "reported_by: nothing is called 'provinces'",
    ),
    ("indicators", "yes,whole", "yes,whol", 3, "part_of: nothing is called 'whol'"),
    ("indicators", "yes,whole", "yes,part", 3, "part_of leads from 'part' back to itself"),
    ("indicators", "no,,,part", "no,,,parts", 4, "complement_of: nothing"),
    ("indicators", "no,,,part,,no", "no,,,,parts,no", 4, "nested_in: nothing"),
    ("indicators", "rest,g", "member,g", 4, "is also a population"),
    ("indicators", "rest,g", "part,g", 4, "the same indicator stands in indicators.csv:3"),
    ("indicators", "yes,whole", "yes,", 2, "parts_are_all"),
    ("reporters", "province,province", "province,provinces", 2, "unit_types: "),
    ("calendar", "c,f,g", "c,f,h", 2, "group: nothing is called 'h'"),
    ("calendar", "01|P-2", "01|P-7", 2, "senders: nothing is called 'P-7'"),
    ("calendar", "01|P-2", "01|011", 2, "'011' is no province"),
    ("name_variants", "P-1", "P-0", 2, "unit_id: nothing is called 'P-0'"),
    ("heading_aliases", "part,numerator", "parts,numerator", 3, "indicator: nothing is called 'parts'. Did you mean 'part'?"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "words"), CASES)
def test_a_mistake_is_found_with_file_line_and_remedy(file: str, old: str, new: str, line: int, words: str) -> None:
    found = _check(**{file: (old, new)})
    mine = [problem for problem in found if words in str(problem)]
    assert mine, [str(problem) for problem in found]
    assert mine[0].line == line
    assert mine[0].remedy
    assert str(mine[0]).startswith(f"{mine[0].file}:{line}: ")


def test_no_nation_is_a_problem() -> None:
    found = _check(org_units=(SMALL["org_units.csv"].split("\n")[1] + "\n", ""))
    assert any("no unit of level nation" in problem.what for problem in found)


def test_all_problems_are_reported_not_only_the_first() -> None:
    found = _check(
        org_units=("district,P-1", "district,P-9"), calendar=("c,f,g", "c,f,h"), name_variants=("P-1", "P-0")
    )
    assert [(problem.file, problem.line) for problem in found] == [
        ("org_units.csv", 6),
        ("calendar.csv", 2),
        ("name_variants.csv", 2),
    ]


def test_an_overlay_appends_rows_and_replaces_only_the_calendar() -> None:
    header = SMALL["org_units.csv"].split("\n")[0]
    units = f"{header}\nA-1,01-A,Sở Một,So Mot,provincial_agency,district,P-1,,2025-06-30\n"
    calendar = SMALL["calendar.csv"].replace("2012-05", "2012-09")
    found = read(
        [
            Folder("", {name: text.encode() for name, text in SMALL.items()}),
            Folder("o", {"org_units.csv": units.encode(), "calendar.csv": calendar.encode()}),
        ]
    )
    assert check(found) == []
    assert len(found.rows["org_units.csv"]) == 8
    assert found.rows["org_units.csv"][-1].source == "o/org_units.csv:2"
    assert [(each.row.period, each.source) for each in found.rows["calendar.csv"]] == [("2012-09", "o/calendar.csv:2")]  # type: ignore[attr-defined]


def test_a_mistake_in_an_overlay_names_the_overlay() -> None:
    header = SMALL["org_units.csv"].split("\n")[0]
    units = f"{header}\nA-1,02,Sở Một,So Mot,provincial_agency,district,P-1,,2025-06-30\n"
    (problem,) = _check({"org_units.csv": units})
    assert (problem.file, problem.line) == ("o1/org_units.csv", 2)
    (problem,) = _check({"org_unit.csv": units})
    assert "Rename it to org_units.csv" in problem.remedy


def test_lines_are_physical_lines() -> None:
    found = _check(
        populations=("province,tỉnh,", 'province,"tỉnh\nthành",'), indicators=("ratio,member", "ratio,membr")
    )
    assert [problem.line for problem in found] == [3]
    (problem,) = _check(populations=("province,tỉnh,", 'province,"tỉnh\nthành",'), calendar=("c,f,g", "c,f,h"))
    assert problem.line == 2
    (problem,) = _check(
        populations=("both,cả hai,both,units,derived,,province+member", '"both","cả\nhai",both,units,derived,,nothing')
    )
    assert problem.line == 4


def test_a_file_that_is_not_utf8_is_named() -> None:
    files = {name: text.encode() for name, text in SMALL.items()} | {"reporters.csv": "tỉnh".encode("utf-16")}
    (problem,) = check(read([Folder("", files)]))
    assert (problem.file, problem.what) == ("reporters.csv", "the file is not UTF-8")
    del files["reporters.csv"]
    (problem,) = check(read([Folder("", files)]))
    assert problem.what == "the file is missing"
