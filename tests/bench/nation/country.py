"""The tree of the bench's nation: how many units of each level there are at a scale, and who hangs under whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

PROVINCES = 63
DISTRICTS = 705
GRASSROOTS = 55_000
_DEPARTMENTS = (28, 13, 22)
_FIRST_YEAR = 2012


@dataclass(frozen=True)
class Country:
    """Three departments, 63 provinces, and so many districts and grassroots units as the scale says.

    The departments and provinces are always all there, so that one province is the same share of the nation at any
    scale. Codes are those that senders write: two digits a province, three a district, five a grassroots unit.
    """

    scale: float = 1.0

    @cached_property
    def districts(self) -> int:
        return max(PROVINCES, round(DISTRICTS * self.scale))

    @cached_property
    def grassroots(self) -> int:
        return max(self.districts, round(GRASSROOTS * self.scale))

    @cached_property
    def units_of(self) -> tuple[range, ...]:
        """Numbers of the grassroots units of each province (they hang under its districts, one after the other)."""
        return tuple(_share(self.grassroots, PROVINCES, index) for index in range(PROVINCES))

    @cached_property
    def districts_of(self) -> tuple[range, ...]:
        """Numbers of the districts of each province."""
        return tuple(_share(self.districts, PROVINCES, index) for index in range(PROVINCES))

    def district_of(self, province: int, unit: int) -> int:
        """The district a grassroots unit of a province hangs under."""
        units, districts = self.units_of[province], self.districts_of[province]
        return districts.start + (unit - units.start) * len(districts) // len(units)

    def first_units(self, province: int) -> list[int]:
        """Where the units of each district of a province begin, counted from the province's first."""
        units, districts = self.units_of[province], self.districts_of[province]
        return [-(-number * len(units) // len(districts)) for number in range(len(districts))]


def _share(total: int, parts: int, index: int) -> range:
    return range(total * index // parts, total * (index + 1) // parts)


def department(province: int) -> int:
    """The department (0, 1, 2) that follows a province."""
    return 0 if province < _DEPARTMENTS[0] else 1 if province < _DEPARTMENTS[0] + _DEPARTMENTS[1] else 2


def province_code(province: int) -> str:
    return f"{province + 1:02d}"


def district_code(district: int) -> str:
    return f"{district + 1:03d}"


def unit_code(unit: int) -> str:
    return f"{unit + 1:05d}"


def period_name(number: int) -> str:
    """The period of a number: 0 is January 2012."""
    return f"{_FIRST_YEAR + number // 12:04d}-{number % 12 + 1:02d}"
