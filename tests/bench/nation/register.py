"""The register and the catalogue of the bench's nation, as a complete folder of reference files."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.bench.nation import country as naming
from tests.bench.nation.catalogue import FIGURES, groups
from tests.bench.nation.country import Country

_COPIED = ("unit_types.csv", "hierarchies.csv", "groupings.csv", "populations.csv", "reporters.csv")
"""Authored files that say nothing of particular units: the nation of the bench has the same."""
_DEPARTMENT_IDS = ("V-1", "V-2", "V-3")


def write(folder: Path, country: Country, authored: Path) -> None:
    """Write every reference file of a nation; the tree is the same on every day, the calendar expects January 2012.

    Args:
        authored: the product's own reference folder, whose small files are taken over.
    """
    folder.mkdir(parents=True)
    for name in _COPIED:
        shutil.copyfile(authored / name, folder / name)
    for name in ("successions.csv", "name_variants.csv"):
        _write(folder / name, _header(authored / name), [])
    _write_chosen(folder / "placements.csv", authored / "placements.csv", "unit_id")
    _write_chosen(folder / "heading_aliases.csv", authored / "heading_aliases.csv", "indicator")
    _write(folder / "org_units.csv", _header(authored / "org_units.csv"), _units(country))
    _write(folder / "departments.csv", _header(authored / "departments.csv"), _departments())
    _write(folder / "indicators.csv", _header(authored / "indicators.csv"), _indicators())
    _write(folder / "calendar.csv", _header(authored / "calendar.csv"), _calendar(1))


def expect(folder: Path, periods: int) -> None:
    """Write the calendar anew: so many months from January 2012. A month expected early would be built empty, each night."""
    _write(folder / "calendar.csv", _header(folder / "calendar.csv"), _calendar(periods))


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _write(path: Path, header: list[str], body: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(body)


def _write_chosen(path: Path, authored: Path, blank: str) -> None:
    """Take over the rows of an authored file that leave a column blank: those that name nothing of the real country."""
    with authored.open(encoding="utf-8", newline="") as file:
        body = [row for row in csv.DictReader(file) if not row[blank]]
    _write(path, _header(authored), body)


def _units(country: Country) -> Iterator[dict[str, str]]:
    yield _unit("VN", "VN", "Toàn quốc", "Toan quoc", "nation", "nation", "")
    for number, unit_id in enumerate(_DEPARTMENT_IDS, start=1):
        yield _unit(unit_id, unit_id, f"Vụ {number}", f"Vu {number}", "department", "department", "VN")
    for province in range(naming.PROVINCES):
        code, above = naming.province_code(province), _DEPARTMENT_IDS[naming.department(province)]
        yield _unit(f"P-{code}", code, f"Tỉnh {code}", f"Tinh {code}", "province", "province", above)
        for number in country.districts_of[province]:
            below = naming.district_code(number)
            yield _unit(f"D-{below}", below, f"Huyện {below}", f"Huyen {below}", "rural_district", "district", f"P-{code}")
        for number in country.units_of[province]:
            below, district = naming.unit_code(number), naming.district_code(country.district_of(province, number))
            yield _unit(f"G-{below}", below, f"Xã {below}", f"Xa {below}", "commune", "grassroots", f"D-{district}")


def _unit(unit_id: str, code: str, name: str, ascii_name: str, kind: str, level: str, parent: str) -> dict[str, str]:
    return {"unit_id": unit_id, "code": code, "name": name, "ascii_name": ascii_name, "type": kind, "level": level,
            "parent_unit_id": parent}


def _departments() -> Iterator[dict[str, str]]:
    for province in range(naming.PROVINCES):
        code = naming.province_code(province)
        yield {"province_unit_id": f"P-{code}", "province_name": f"Tỉnh {code}", "certainty": "certain",
               "department_unit_id": _DEPARTMENT_IDS[naming.department(province)]}


def _indicators() -> Iterator[dict[str, str]]:
    for figure in FIGURES:
        name = figure.code.removeprefix("bench_").replace("_", " ")
        yield {"indicator": figure.code, "group": figure.group, "name_vi": f"chỉ tiêu {name}", "name_en": f"indicator {name}",
               "kind": figure.kind, "population": figure.population or "", "reported_by": "grassroots",
               "cumulative": "yes" if figure.is_cumulative else "no", "may_exceed_one": "no", "source_report": "000",
               "hierarchies": "territorial"}


def _calendar(periods: int) -> Iterator[dict[str, str]]:
    for number in range(periods):
        yield {"campaign": "bench", "form": "monthly", "group": "|".join(groups()), "sender_level": "province",
               "period": naming.period_name(number), "due_on": f"{naming.period_name(number + 1)}-20", "source_report": "000"}
