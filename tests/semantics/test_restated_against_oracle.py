"""Every period on today's tree, cell by cell against a slow implementation of ``decisions/0013``, on random reforms.

Without these tests a province that was merged could lose a predecessor's figure, a commune that was divided could be
counted where only half of it went, and a series that crosses a reform would show a rise or a fall that never happened.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from oracle import Oracle
from reforms import World, describe, world
from register import Register, Succession, Version, last_day
from restated import Landings, RestatedCell, Restatement, as_reported
from verdict import Verdict
from warehouse_loading import fetch, load, run_night
from world import Tree, Unit

from tonghop import clock
from tonghop.settings import Settings

SEEDS = range(200)
LEVELS = ("nation", "department", "province", "district", "grassroots")
BASES = {"own", "complete", "mixed", "declared", "partial"}

Restated = tuple[Restatement, Verdict]


def _restate(made: World) -> dict[str, Restated]:
    """Every period of a world, restated, beside what it says as reported."""
    out = {}
    for case in made.cases:
        verdict = Oracle(Tree(case.units, made.catalogue.reporters), made.catalogue, case.statements).verdict()
        out[case.period] = (
            Restatement(made.register, made.today, made.catalogue, case.period, verdict), verdict)
    return out


# The night ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [2, 8])
def test_night_restates_as_the_page_says(warehouse: Settings, seed: int) -> None:
    """Without it a figure could land in the wrong unit of today, or twice, in a reform of a shape nobody thought of."""
    made = world(seed, clock.today())
    load(warehouse, made.cases, made.catalogue, made.register)
    run_night(warehouse)
    restated = _restate(made)
    _assert_sees_everything(made, restated)
    expected: dict[tuple[str, ...], tuple[Any, ...]] = {
        (period, *key): _columns(cell) for period, (each, _) in restated.items() for key, cell in each.cells().items()}
    published = _published(warehouse)
    differences = [f"{' '.join(key)}: night {published.get(key, '-')}, oracle {expected.get(key, '-')}"
                   for key in sorted(published.keys() | expected.keys()) if published.get(key) != expected.get(key)]
    assert not differences, (f"{len(differences)} of {len(expected)} cells differ:\n" + "\n".join(differences[:60])
                             + f"\n\nToday is {made.today}. The reforms:\n{describe(made.register)}")


def _assert_sees_everything(made: World, restated: dict[str, Restated]) -> None:
    """A comparison of nothing with nothing would pass: each kind of cell and of reform must occur."""
    cells = {(period, *key): cell for period, (each, _) in restated.items() if not each.is_todays
             for key, cell in each.cells().items()}
    assert len(cells) > 1000
    assert {cell.basis for cell in cells.values()} == BASES
    assert any(cell.held_above > 1 and cell.numerator is not None for cell in cells.values())
    assert any(cell.held_above and cell.numerator is None for cell in cells.values())
    assert any(cell.restated_at == unit for (_, unit, _), cell in cells.items())
    assert any(cell.restated_at not in (None, unit) for (_, unit, _), cell in cells.items())
    assert any(cell.low is not None and cell.basis == "partial" and cell.rate != cell.low for cell in cells.values())
    assert any(cell.withheld for cell in cells.values())
    assert {each.is_todays for each, _ in restated.values()} == {True, False}
    target = {unit.unit_id: unit for unit in made.register.units_on(made.today)}
    moved = {each.unit.unit_id for each in made.register.versions if each.unit.level == "province"
             and each.unit.unit_id in target and each.unit.parent != target[each.unit.unit_id].parent}
    assert moved, "no province has moved to another department"
    wholes = Counter((each.new, each.effective_on) for each in made.register.successions if each.relation == "whole")
    merged = {new for (new, _), number in wholes.items() if number > 1 or not new.startswith("N-")}
    assert any(cell.basis == "complete" and unit in merged for (_, unit, _), cell in cells.items())


def _columns(cell: RestatedCell) -> tuple[Any, ...]:
    return (cell.numerator, cell.denominator, cell.basis, cell.reporting, cell.expected, cell.withheld,
            cell.held_above, cell.restated_at, *map(_number, (cell.rate, cell.low, cell.high)))


def _number(value: Fraction | Decimal | None) -> float | None:
    return None if value is None else round(float(value), 12)


def _published(warehouse: Settings) -> dict[tuple[str, ...], tuple[Any, ...]]:
    published = fetch(warehouse, """
        select period, unit_id, indicator, numerator, denominator, basis, reporting_units, expected_units,
               withheld_units, held_above, restated_at, rate, rate_low, rate_high
        from marts.fct_rollup_restated""")
    return {row[:3]: (*row[3:11], *map(_number, row[11:])) for row in published}


# The generator --------------------------------------------------------------------------------------------------------


@cache
def _small(seed: int) -> tuple[World, dict[str, Restated]]:
    made = world(seed, date(2026, 8, 15), provinces=3, months_ago=(40, 20, 2))
    return made, _restate(made)


def test_registers_are_possible() -> None:
    """Without it the oracle would be asked about trees that the checks of the reference files never let in."""
    for seed in SEEDS:
        register = _small(seed)[0].register
        for day in register.days_of_change():
            units = {unit.unit_id: unit for unit in register.units_on(day)}
            assert len(units) == len(register.units_on(day)) == len({unit.code for unit in units.values()}), seed
            assert [unit.level for unit in units.values() if unit.parent is None] == ["nation"], seed
            for unit in units.values():
                if unit.parent is not None:
                    assert LEVELS.index(units[unit.parent].level) <= LEVELS.index(unit.level), (seed, day, unit)
        for each in register.successions:
            assert register.is_open(each.new, each.effective_on), (seed, each)
            assert register.last_version(each.old, each.effective_on).closes >= each.effective_on, (seed, each)


def test_registers_show_every_kind_of_reform() -> None:
    """Without it a kind of reform could silently stop occurring, and all that is said about it would be untested."""
    seen = Counter[str]()
    for seed in SEEDS:
        made = _small(seed)[0]
        seen.update(_kinds(made.register, made.today))
    kinds = ("future", "on the day itself", "merged", "renamed", "divided", "divided, stays", "ended", "moved",
             "reused")
    assert all(seen[kind] > 20 for kind in kinds), seen


def _kinds(register: Register, today: date) -> list[str]:
    kinds = ["future" for each in register.successions if each.effective_on > today]
    kinds += ["on the day itself" for each in register.successions if each.effective_on == today]
    wholes = Counter((each.new, each.effective_on) for each in register.successions if each.relation == "whole")
    kinds += ["merged" if number > 1 or not new.startswith("N-") else "renamed" for (new, _), number in wholes.items()]
    kinds += ["divided, stays" if register.is_open(each.old, each.effective_on) else "divided"
              for each in register.successions if each.relation == "part"]
    old = {each.old for each in register.successions}
    ids = {each.unit.unit_id for each in register.versions}
    kinds += ["ended" for unit in ids - old if not register.is_open(unit, date.max)
              and register.last_version(unit, date.max).closes != date.max]
    kinds += ["moved"] * (len({(each.unit.unit_id, each.unit.parent) for each in register.versions}) - len(ids))
    kinds += ["reused"] * (len({(each.unit.unit_id, each.unit.code) for each in register.versions})
                           - len({each.unit.code for each in register.versions}))
    return kinds


# The oracle -----------------------------------------------------------------------------------------------------------


def _all() -> list[tuple[str, Restatement, Verdict]]:
    return [(f"seed {seed}, {period}", restatement, verdict)
            for seed in SEEDS for period, (restatement, verdict) in _small(seed)[1].items()]


def test_the_nation_is_what_it_was() -> None:
    """Without it the nation's number would depend on which tree a reader happens to look at."""
    for name, restatement, verdict in _all():
        before = {key: as_reported(cell) for key, cell in verdict.cells.items() if key[0] == "VN"}
        after = {key: RestatedCell(**{**vars(cell), "restated_at": None})
                 for key, cell in restatement.by_landing().items() if key[0] == "VN"}
        assert after == before, name


def test_a_tree_without_reforms_restates_as_reported() -> None:
    """Without it a year that nothing happened to would read otherwise on the page of today's tree."""
    compared = 0
    for seed in SEEDS:
        made, restated = _small(seed)
        for period, (restatement, verdict) in restated.items():
            if any(last_day(period) < day <= made.today for day in made.register.days_of_change()):
                continue
            classes = {each.code: each.reported_by for each in made.catalogue.indicators.values()}
            is_summed = {key: restatement.tree.is_topmost(key[0], classes[key[1]])
                         or not restatement.tree.is_reporter(key[0], classes[key[1]]) for key in verdict.cells}
            summed = {key: as_reported(cell) for key, cell in verdict.cells.items() if is_summed[key]}
            assert restatement.is_todays
            assert restatement.by_landing() == summed, (seed, period)
            compared += len(summed)
    assert compared > 1000


def test_provinces_and_what_landed_above_them_are_the_nation() -> None:
    """Without it a figure could vanish between two provinces, or be carried into both."""
    for name, restatement, _ in _all():
        cells, tree = restatement.by_landing(), restatement.target
        provinces = [unit.unit_id for unit in tree.units.values() if unit.level == "province"]
        for indicator in restatement.indicators:
            in_nation = restatement.counting("VN", indicator)
            above = [each for each in in_nation
                     if tree.province(restatement.place(each, indicator).landing) is None]
            # The nation has these in the declaration of someone who stood above them.
            covered = [each for province in provinces for each in restatement.counting(province, indicator)
                       if each not in in_nation]
            assert all(each.covers for each in covered), name
            found = [cells.get((unit, indicator.code)) for unit in provinces]
            total = sum(cell.numerator or 0 for cell in found if cell) + sum(each.numerator for each in above)
            nation = cells.get(("VN", indicator.code))
            assert total - sum(each.numerator for each in covered) == (nation.numerator or 0 if nation else 0), name


def test_nothing_is_counted_twice() -> None:
    """Without it a district's declaration and its communes' own figures could stand in one sum."""
    for name, restatement, _ in _all():
        for indicator in restatement.indicators:
            for unit in restatement.target.units:
                counting = {each.unit for each in restatement.counting(unit, indicator)}
                assert not any(high in counting for each in counting for high in restatement.tree.path(each)[1:]), name


def test_an_own_cell_is_one_unit_and_bounds_enclose() -> None:
    """Without it a page could say *own* of two units' sum, or give bounds that the rate lies outside of."""
    for name, restatement, _ in _all():
        for (unit, indicator), cell in restatement.by_landing().items():
            if cell.basis == "own":
                assert (cell.expected, cell.reporting, cell.held_above) == (1, 1, 0), (name, unit, indicator)
            assert 0 <= cell.reporting <= cell.expected, (name, unit, indicator)
            assert cell.withheld <= cell.expected, (name, unit, indicator)
            if cell.rate is not None and cell.low is not None and cell.high is not None:
                assert cell.low <= cell.rate <= cell.high, (name, unit, indicator)


# Landings, by hand ----------------------------------------------------------------------------------------------------

_REFORM = date(2025, 7, 1)


def _landings(lives: dict[str, str], *successions: tuple[str, str, str]) -> Landings:
    """A nation VN with provinces P, Q that stay; ``lives`` places communes: ``"P -"`` was, ``"- Q"`` is, there."""
    versions = [Version(Unit("VN", "VN", "nation", "nation", None), date.min)]
    versions += [Version(Unit(name, name, "province", "province", "VN"), date.min) for name in "PQ"]
    for name, life in lives.items():
        was, now = life.split()
        if was != "-":
            versions.append(Version(Unit(name, f"{name}1", "commune", "grassroots", was), date.min, _REFORM))
        if now != "-":
            versions.append(Version(Unit(name, f"{name}2", "commune", "grassroots", now), _REFORM))
    register = Register(tuple(versions), tuple(Succession(*each, _REFORM) for each in successions))
    return Landings(register, date(2026, 8, 15), Tree(register.units_on(date(2026, 8, 15)), {}), "2025-06")


@pytest.mark.parametrize(("lives", "successions", "landing", "is_exact"), [
    ({"a": "P Q"}, [], "a", True),  # moved
    ({"a": "P -", "b": "P -", "c": "- Q"}, [("a", "c", "whole"), ("b", "c", "whole")], "c", True),  # merged
    ({"a": "P -", "b": "- P", "c": "- P"}, [("a", "b", "part"), ("a", "c", "part")], "P", False),  # divided
    ({"a": "P -", "b": "- P", "c": "- Q"}, [("a", "b", "part"), ("a", "c", "part")], "VN", False),  # across provinces
    ({"a": "P P", "b": "- Q"}, [("a", "b", "part")], "VN", False),  # stays, and gave a part away
    ({"a": "P -", "b": "P P"}, [], "P", False),  # ended without successor
    ({"d": "P -", "a": "d -", "b": "- Q"}, [("d", "b", "whole")], "b", False),  # its district had a successor
])
def test_where_a_unit_lands(lives: dict[str, str], successions: list[tuple[str, str, str]], landing: str,
                            is_exact: bool) -> None:
    """Without it the page and its slow implementation could both be wrong in the same way and agree."""
    landings = _landings(lives, *successions)
    assert (landings.landing("a"), landings.fate("a").is_exact) == (landing, is_exact)
