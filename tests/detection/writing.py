"""A nation on disk: the register and catalogue as reference files, the returns as delimited files, the truth as JSON."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.detection.book import Book, Line
from tests.detection.catalogue import DUE_DAY, FORMS, INDICATORS, PERIODS, POPULATIONS
from tests.detection.nation import MOVE_AT, Nation, Unit, day_of_next_month, last_day

Row = Iterable[str]
_TYPES = (
    ("nation", "nation", "yes"), ("department", "department", "yes"), ("province", "province", "yes"),
    ("rural_district", "district", "yes"), ("commune", "grassroots", "yes"), ("provincial_agency", "district", "no"),
    ("enterprise_committee", "district", "no"), ("police_committee", "district", "no"),
    ("military_committee", "district", "no"),
)
_REPORTERS = (("grassroots", "commune", ""), ("provincial_agency", "provincial_agency", "province"),
              ("province", "province", ""))
_HEADER = "unit_code,indicator,period,scope,numerator,denominator,stated_rate,note"


def write_register(folder: Path, nation: Nation) -> None:
    """Write every reference file."""
    folder.mkdir(parents=True)
    _csv(folder / "unit_types.csv", "type,name_vi,name_en,level,is_administrative",
         [(name, name, name, level, central) for name, level, central in _TYPES])
    _csv(folder / "org_units.csv", "unit_id,code,name,ascii_name,type,level,parent_unit_id,valid_from,valid_to",
         [*(row for unit in nation.units.values() for row in _versions(unit)),
          *(row for province in nation.provinces for row in _closed(nation, province))])
    _csv(folder / "hierarchies.csv", "hierarchy,name_vi,name_en,note", [("territorial", "địa bàn", "territorial", "")])
    _csv(folder / "departments.csv",
         "province_unit_id,province_name,department_unit_id,certainty,valid_from,valid_to",
         [(each, nation.units[each].name, nation.units[each].parents[0], "certain", "", "") for each in nation.provinces])
    _csv(folder / "populations.csv", "population,name_vi,name_en,counts,counted_from,unit_types,composed_of,note,"
         "valid_from,valid_to",
         [(each.code, _said(each.code), _said(each.code), "units", each.counted_from, each.unit_types, each.composed_of, "", "",
           "") for each in POPULATIONS])
    _csv(folder / "indicators.csv", "indicator,group,name_vi,name_en,kind,population,reported_by,cumulative,part_of,"
         "parts_are_all,complement_of,nested_in,may_exceed_one,source_report,hierarchies",
         [(each.code, each.group, _said(each.code), _said(each.code), each.kind, each.population, each.reported_by,
           _yes(each.is_cumulative), each.part_of, _yes(each.parts_are_all), each.complement_of, each.nested_in, "no",
           "000", "territorial") for each in INDICATORS])
    _csv(folder / "reporters.csv", "reporter,unit_types,parent_level,note", [(*each, "") for each in _REPORTERS])
    _csv(folder / "calendar.csv", "campaign,form,group,sender_level,senders,period,due_on,source_report",
         [("corpus", form, "|".join(groups), level, "", period, day_of_next_month(period, DUE_DAY), "000")
          for form, groups, level, periods in FORMS for period in periods])
    for name, header in (
        ("groupings", "unit_id,code,name,ascii_name,type,hierarchy,parent_unit_id,valid_from,valid_to"),
        ("placements", "hierarchy,unit_id,unit_type,parent_unit_id,valid_from,valid_to"),
        ("successions", "old_unit_id,new_unit_id,relation,effective_on"),
        ("name_variants", "unit_id,name_a,name_b,kind"),
        ("heading_aliases", "heading,indicator,field,note"),
    ):
        _csv(folder / f"{name}.csv", header, [])


def _versions(unit: Unit) -> Iterable[Row]:
    head = (unit.unit_id, unit.code, unit.name, _ascii(unit.name), unit.type, unit.level)
    if not unit.has_moved:
        return [(*head, unit.parents[0], "", "")]
    return [(*head, unit.parents[0], "", last_day(PERIODS[MOVE_AT - 1])),
            (*head, unit.parents[MOVE_AT], f"{PERIODS[MOVE_AT]}-01", "")]


def _closed(nation: Nation, province: str) -> Iterable[Row]:
    code, district = nation.closed_code(province), nation.districts(province, PERIODS[0])[0]
    yield (f"G-{code}", code, f"Xã {code}", f"Xa {code}", "commune", "grassroots", district, "", "2019-12-31")


def _ascii(name: str) -> str:
    for vietnamese, plain in (("Toàn quốc", "Toan quoc"), ("Vụ", "Vu"), ("Tỉnh", "Tinh"), ("Huyện", "Huyen"),
                              ("Xã", "Xa"), ("Sở", "So"), ("Đảng ủy khối", "Dang uy khoi")):
        name = name.replace(vietnamese, plain)
    return name


def _said(code: str) -> str:
    return code.replace("_", " ")


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def write_returns(folder: Path, nation: Nation, book: Book) -> list[dict[str, str]]:
    """Write a file a sender and period, and one of amendments where there are any.

    Returns:
        The files in the order in which they are received: ``file`` (below the folder), ``sender`` (its code), ``period``
        and ``received_on``.
    """
    first, later = _by_sender(nation, book)
    sent = []
    for period in PERIODS:
        for name, rows, day in (("return", first, DUE_DAY - 8), ("amendment", later, DUE_DAY - 6)):
            for province in nation.provinces:
                if (province, period) not in rows:
                    continue
                sender = nation.units[province].code
                path = folder / period / sender / f"{name}-{period}.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                _csv(path, _HEADER, rows[province, period])
                received = day + 20 if (province, period) in book.late else day
                sent.append({"file": str(path.relative_to(folder)), "sender": sender, "period": period,
                             "received_on": _after(period, received)})
    return sent


def _after(period: str, day: int) -> str:
    """A day of the next month; beyond its 28th, of the one after."""
    if day <= 28:
        return day_of_next_month(period, day)
    return day_of_next_month(day_of_next_month(period, 1)[:7], day - 28)


def _by_sender(nation: Nation, book: Book) -> tuple[dict[tuple[str, str], list[Row]], dict[tuple[str, str], list[Row]]]:
    first: dict[tuple[str, str], list[Row]] = defaultdict(list)
    later: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for place, figure in book.figures.items():
        sender = nation.province(place.unit, place.period), place.period
        first[sender].append((nation.units[place.unit].code, place.indicator, place.period, place.scope,
                              *figure.cells(), ""))
    for line in book.lines:
        (later if line.is_amendment else first)[line.sender, line.period].append(_row(line))
    return first, later


def _row(line: Line) -> Row:
    return (line.unit_code, line.indicator, line.period, line.scope, *line.figure.cells(), "")


def _csv(path: Path, header: str, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
