"""The tree of the corpus's nation: provinces, districts, communes and agencies, and the communes that move."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from functools import cached_property

from tests.detection.catalogue import PERIODS

DISTRICTS, COMMUNES = 4, 18
"""Districts of a province, and communes of a district before any moves."""
MOVE_AT = 2
"""Communes that move do so with this period (counted from 0)."""
_DEPARTMENTS = ("V-1", "V-2")


@dataclass(frozen=True)
class Unit:
    """One unit. ``parents`` is whom it hangs under in each period: a commune may move."""

    unit_id: str
    code: str
    name: str
    type: str
    level: str
    parents: tuple[str, ...]

    @property
    def has_moved(self) -> bool:
        return len(set(self.parents)) > 1


class Nation:
    """So many provinces, each with 4 districts, 72 communes (two of which move), 12 to 19 agencies and 3 committees."""

    def __init__(self, provinces: int) -> None:
        self.units: dict[str, Unit] = {}
        self._add("VN", "VN", "Toàn quốc", "nation", "nation", "")
        for code in _DEPARTMENTS:
            self._add(code, code, f"Vụ {code[2:]}", "department", "department", "VN")
        self.provinces = [f"P-{11 + number}" for number in range(provinces)]
        for number, province in enumerate(self.provinces):
            self._province(number, province)

    def _add(self, unit_id: str, code: str, name: str, kind: str, level: str, *parents: str) -> None:
        here = tuple(parents) if len(parents) > 1 else parents * len(PERIODS)
        self.units[unit_id] = Unit(unit_id, code, name, kind, level, here)

    def _province(self, number: int, province: str) -> None:
        code = province[2:]
        self._add(province, code, f"Tỉnh {code}", "province", "province", _DEPARTMENTS[number % len(_DEPARTMENTS)])
        for at in range(DISTRICTS):
            district = _district(number, at)
            self._add(district, district[2:], f"Huyện {district[2:]}", "rural_district", "district", province)
            for seat in range(COMMUNES):
                self._commune(number, at, seat)
        for at in range(1, 13 + number * 5 % 8):
            self._add(f"A-{code}-{at:02d}", f"{code}A{at:02d}", f"Sở {code}-{at:02d}", "provincial_agency", "district",
                      province)
        for at, kind in enumerate(("enterprise_committee", "police_committee", "military_committee")):
            self._add(f"K-{code}-{at}", f"{code}K{at}", f"Đảng ủy khối {code}-{at}", kind, "district", province)

    def _commune(self, number: int, at: int, seat: int) -> None:
        """The first commune of district 0 moves to district 1; that of district 2 to another province's district 3."""
        place = f"{number:02d}{at}{seat:02d}"
        before, after = _district(number, at), _district(number, at)
        if seat == 0 and at == 0:
            after = _district(number, 1)
        if seat == 0 and at == 2:
            after = _district((number + 1) % len(self.provinces), 3)
        parents = [before] * MOVE_AT + [after] * (len(PERIODS) - MOVE_AT)
        self._add(f"G-{place}", place, f"Xã {place}", "commune", "grassroots", *parents)

    def parent(self, unit: str, period: str) -> str:
        return self.units[unit].parents[PERIODS.index(period)]

    def province(self, unit: str, period: str) -> str:
        """The province of a unit (that speaks for it) in a period."""
        while self.units[unit].level != "province":
            unit = self.parent(unit, period)
        return unit

    @cached_property
    def _below(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for unit in self.units.values():
            for period, parent in zip(PERIODS, unit.parents, strict=True):
                found.setdefault((parent, period), []).append(unit.unit_id)
        return found

    def children(self, unit: str, period: str, kind: str) -> list[str]:
        """Units of a type that hang directly under a unit in a period."""
        return [each for each in self._below.get((unit, period), []) if self.units[each].type == kind]

    def districts(self, province: str, period: str) -> list[str]:
        return self.children(province, period, "rural_district")

    def communes(self, unit: str, period: str) -> list[str]:
        """The communes of a district, or of a province."""
        if self.units[unit].level == "province":
            return [each for district in self.districts(unit, period) for each in self.communes(district, period)]
        return self.children(unit, period, "commune")

    def closed_code(self, province: str) -> str:
        """The code of a commune of a province that was closed years before the first period."""
        return f"9{province[2:]}99"


def _district(number: int, at: int) -> str:
    return f"D-{100 + number * DISTRICTS + at}"


def last_day(period: str) -> str:
    year, month = map(int, period.split("-"))
    return f"{period}-{calendar.monthrange(year, month)[1]:02d}"


def day_of_next_month(period: str, day: int) -> str:
    year, month = map(int, period.split("-"))
    return f"{year + month // 12:04d}-{month % 12 + 1:02d}-{day:02d}"
