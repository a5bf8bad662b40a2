"""Small nations with ragged trees and the catalogue that their provinces and departments report by: seeded."""

from __future__ import annotations

import random
from collections.abc import Iterator

from random_statements import write_statements
from world import Case, Catalogue, Indicator, Population, ReporterClass, Unit

DEPARTMENTS = ("V-1", "V-2", "V-3")
PROVINCES = (1, 2, 3, 24, 24, 24)
ASKED = 0.3

_POPULATIONS = (
    Population("province", ("register",), ("province",)),
    Population("agency", ("register",), ("provincial_agency",)),
    Population("commune", ("register",), ("commune",)),
    Population("district_committee", ("return",), ("rural_district",)),
    Population("other_committee", ("return",), ("direct_committee",)),
    Population("committee", ("return",), composed_of=("district_committee", "other_committee")),
    Population("provincial_unit", ("derived",), composed_of=("agency", "committee")),
    Population("member", ("return",)),
    Population("org", ("return",)),
)
_REPORTERS = (
    ReporterClass("province", ("province",)),
    ReporterClass("committee", ("rural_district", "direct_committee", "commune"), "province"),
    ReporterClass("agency", ("provincial_agency",), "province"),
    ReporterClass("grassroots", ("commune", "grassroots_org")),
)
_INDICATORS = (
    Indicator("agency_plan", "ratio", "agency", "agency"),
    Indicator("agency_no_plan", "count", "agency", "agency", complement_of="agency_plan", is_cumulative=False),
    Indicator("agency_speed", "ratio", None, "agency", may_exceed_one=True, is_cumulative=False),
    Indicator("agency_meeting", "count", None, "agency", is_cumulative=False),
    Indicator("team", "ratio", "committee", "committee"),
    Indicator("team_rule", "ratio", "committee", "committee", nested_in="team"),
    Indicator("committee_plan", "ratio", "committee", "committee"),
    Indicator("committee_pace", "ratio", "committee", "committee", may_exceed_one=True),
    Indicator("study_cadre", "count", "member", "committee"),
    Indicator("org_total", "stock", "org", "committee", is_cumulative=False),
    Indicator("commune_review", "ratio", "commune", "grassroots"),
    Indicator("member_rated", "ratio", "member", "grassroots"),
    Indicator("member_rated_good", "ratio", "member", "grassroots", part_of="member_rated"),
    Indicator("member_total", "stock", "member", "grassroots", is_cumulative=False),
    Indicator("admitted", "count", None, "grassroots"),
    Indicator("admitted_woman", "count", None, "grassroots", part_of="admitted"),
    Indicator("attended", "count", None, "grassroots", parts_are_all=True),
    Indicator("attended_member", "ratio", "member", "grassroots", part_of="attended"),
    Indicator("attended_guest", "count", None, "grassroots", part_of="attended"),
    Indicator("province_review", "ratio", "province", "province"),
    Indicator("unit_task", "ratio", "provincial_unit", "province"),
    Indicator("agency_comment", "ratio", "agency", "province"),
)


def catalogue(cases: list[Case]) -> Catalogue:
    """The catalogue of all cases; a code of one period's unit is a code of another time in the next."""
    return Catalogue(
        {each.code: each for each in _POPULATIONS},
        {each.code: each for each in _INDICATORS},
        {each.code: each for each in _REPORTERS},
        frozenset(unit.code for case in cases for unit in case.units),
    )


def cases(seed: int, periods: list[str]) -> list[Case]:
    """One independent random nation a period, of few provinces or of many; later periods are received later."""
    rng = random.Random(seed)
    made = [Case(period, units(rng, rng.choice(PROVINCES), rng.randint(1, 3), deep=True)) for period in periods]
    write_statements(rng, made, catalogue(made), ASKED)
    return made


def units(rng: random.Random, provinces: int, departments: int = len(DEPARTMENTS), *, deep: bool = False) -> list[Unit]:
    """One random tree.

    Args:
        deep: whether organisations may stand under organisations under communes.
    """
    units = [Unit("VN", "VN", "nation", "nation", None)]
    units += [Unit(name, name, "department", "department", "VN") for name in DEPARTMENTS[:departments]]
    for number in range(1, provinces + 1):
        province = f"A-{number:02}"
        department = rng.choice(DEPARTMENTS[:departments])
        units.append(Unit(province, f"{number:02}", "province", "province", department))
        units += _provincial(rng, province, deep=deep)
    return units


def _provincial(rng: random.Random, province: str, *, deep: bool) -> Iterator[Unit]:
    names = (f"{province}-{number}" for number in range(1, 1000))

    def unit(kind: str, level: str, parent: str) -> Unit:
        name = next(names)
        return Unit(name, name.removeprefix("A-").replace("-", "."), kind, level, parent)

    for _ in range(rng.choice((0, 1, 2, 3))):
        agency = unit("provincial_agency", "district", province)
        yield agency
        if rng.random() < 0.15:  # a grassroots organisation inside an agency
            yield unit("grassroots_org", "grassroots", agency.unit_id)
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        district = unit(rng.choice(("rural_district", "rural_district", "direct_committee")), "district", province)
        yield district
        for _ in range(rng.choice((0, 1, 2, 3))):
            commune = unit("commune", "grassroots", district.unit_id)
            yield commune
            if rng.random() < 0.2:  # a reporter under a reporter
                below = unit("grassroots_org", "grassroots", commune.unit_id)
                yield below
                if deep and rng.random() < 0.3:  # and one more under that
                    yield unit("grassroots_org", "grassroots", below.unit_id)
        if rng.random() < 0.3:
            yield unit("grassroots_org", "grassroots", district.unit_id)
    for _ in range(rng.choice((0, 0, 0, 1, 2))):  # a commune directly under its province
        yield unit("commune", "grassroots", province)
    if rng.random() < 0.15:
        yield unit("grassroots_org", "grassroots", province)

