"""A small country to change, change files as texts, and a walk through a register that trusts nobody's check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from tonghop.reference.changes import Change, read_changes
from tonghop.reference.files import Folder, Located, Problem, Reference, folder, read
from tonghop.reference.models import OrgUnit
from tonghop.reference.revise import revise
from tonghop.settings import PROJECT_DIR, Settings

HEADER = "effective_on,change,unit_id,code,name,ascii_name,type,level,parent_unit_id,into_unit_id,note"
UNITS = "unit_id,code,name,ascii_name,type,level,parent_unit_id,valid_from,valid_to"

# Two departments, three provinces, two districts, four communes, two agencies and a grassroots organisation.
_COUNTRY = f"""{UNITS}
VN,VN,Toàn quốc,Toan quoc,nation,nation,,,
V-1,V-1,Vụ I,Vu I,department,department,VN,,
V-2,V-2,Vụ II,Vu II,department,department,VN,,
P-1,01,Tỉnh Một,Tinh Mot,province,province,V-1,,
P-2,02,Tỉnh Hai,Tinh Hai,province,province,V-1,,
P-3,03,Tỉnh Ba,Tinh Ba,province,province,V-2,,
D-1,011,Huyện Một,Huyen Mot,rural_district,district,P-1,,
D-2,012,Huyện Hai,Huyen Hai,rural_district,district,P-1,,
C-1,0111,Xã Một,Xa Mot,commune,grassroots,D-1,,
C-2,0112,Xã Hai,Xa Hai,commune,grassroots,D-1,,
C-3,0121,Xã Ba,Xa Ba,commune,grassroots,D-2,,
C-4,0211,Xã Bốn,Xa Bon,commune,grassroots,P-2,,
P-1-A1,01-A1,Sở Một,So Mot,provincial_agency,district,P-1,,
P-2-A1,02-A1,Sở Hai,So Hai,provincial_agency,district,P-2,,
P-1-E1,01-E1,Đảng ủy khối Một,Dang uy khoi Mot,enterprise_committee,district,P-1,,
P-1-E1-G1,01-E1-G1,Chi bộ Một,Chi bo Mot,grassroots_org,grassroots,P-1-E1,,
"""
_DEPARTMENTS = """province_unit_id,province_name,department_unit_id,certainty
P-1,Tỉnh Một,V-1,certain
P-2,Tỉnh Hai,V-1,certain
P-3,Tỉnh Ba,V-2,certain
"""
_NO_SUCCESSIONS = "old_unit_id,new_unit_id,relation,effective_on\n"
_PLACEMENTS = "hierarchy,unit_id,unit_type,parent_unit_id,valid_from,valid_to\nbloc,,enterprise_committee,K-1,,\n"


def small_files() -> dict[str, bytes]:
    """The files of the small country by name."""
    files = {path.name: path.read_bytes() for path in (Path(__file__).parent / "small").glob("*.csv")}
    return files | {
        "org_units.csv": _COUNTRY.encode(),
        "departments.csv": _DEPARTMENTS.encode(),
        "successions.csv": _NO_SUCCESSIONS.encode(),
        "placements.csv": _PLACEMENTS.encode(),
    }


def small() -> Reference:
    """The small country, read as any reference is."""
    return read([Folder("", small_files())])


def lay_out(settings: Settings, folder: Path) -> Settings:
    """The settings of a project in ``folder`` whose reference files are those of the small country."""
    reference = folder / "include" / "reference"
    reference.mkdir(parents=True)
    for name, content in small_files().items():
        (reference / name).write_bytes(content)
    (folder / "include" / "sql").symlink_to(PROJECT_DIR / "include" / "sql")
    return settings.model_copy(update={"project_dir": folder})


def authored() -> Reference:
    """The register of the repository."""
    return read([folder(PROJECT_DIR / "include" / "reference", "")])


def changes(*lines: str) -> list[Located[Change]]:
    """The rows of a change file with the full header; line 2 is the first."""
    file = read_changes("\n".join([HEADER, *lines]).encode(), "c.csv")
    assert file.problems == []
    return file.rows


def row(day: str, change: str, unit_id: str, **cells: str) -> str:
    """One line of a change file."""
    known = {"effective_on": day, "change": change, "unit_id": unit_id, **cells}
    return ",".join(known.get(column, "") for column in HEADER.split(","))


def taken(reference: Reference, *lines: str, sender: str | None = None) -> Reference:
    """The register after a file that it takes."""
    revised, problems = revise(reference, changes(*lines), sender)
    assert problems == [], [str(problem) for problem in problems]
    assert walk(revised) == []
    return revised


def refused(reference: Reference, *lines: str, sender: str | None = None) -> list[Problem]:
    """The problems of a file that it does not take."""
    revised, problems = revise(reference, changes(*lines), sender)
    assert problems
    assert revised is reference
    return problems


def unit(reference: Reference, unit_id: str, day: str) -> OrgUnit | None:
    """What a unit is on a day."""
    at = date.fromisoformat(day)
    found = [
        each.row for each in reference.of(OrgUnit)
        if each.row.unit_id == unit_id and _holds(each.row, at)
    ]
    assert len(found) <= 1
    return found[0] if found else None


def _holds(row: OrgUnit, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)


def walk(reference: Reference) -> list[str]:
    """Go through every day on which anything changes and look at the whole tree; what is wrong, in words.

    Written apart from ``check.py`` on purpose: it looks at days, not at intervals.
    """
    units = [each.row for each in reference.of(OrgUnit)]
    days = {each.valid_from for each in units if each.valid_from} | {
        each.valid_to + timedelta(days=1) for each in units if each.valid_to
    }
    wrong: list[str] = []
    for day in sorted({*days, date(1900, 1, 1), date(2199, 12, 31)}):
        wrong += [f"{day}: {said}" for said in _look([each for each in units if _holds(each, day)])]
    return wrong


def _look(units: Iterable[OrgUnit]) -> list[str]:
    wrong: list[str] = []
    parent: dict[str, str | None] = {}
    codes: dict[str, str] = {}
    for each in units:
        if each.unit_id in parent:
            wrong.append(f"{each.unit_id} twice")
        parent[each.unit_id] = each.parent_unit_id
        if codes.setdefault(each.code, each.unit_id) != each.unit_id:
            wrong.append(f"code {each.code} is {codes[each.code]} and {each.unit_id}")
    roots = [unit_id for unit_id, above in parent.items() if above is None]
    if len(roots) != 1:
        wrong.append(f"roots {roots}")
    reached: set[str | None] = set(roots)
    for start in parent:
        path: list[str] = []
        at: str | None = start
        while at is not None and at not in reached:
            if at in path or at not in parent:
                wrong.append(f"{start} does not reach the nation: {'cycle' if at in path else 'orphan'} at {at}")
                break
            path.append(at)
            at = parent[at]
        else:
            reached.update(path)
    return wrong
