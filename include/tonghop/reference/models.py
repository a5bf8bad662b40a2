"""One pydantic model a reference file: what a row may say. Pure: no database, no Airflow.

What one row cannot know (its parent exists, no cycle, …) is checked in ``check.py``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Level = Literal["nation", "department", "province", "district", "grassroots"]
LEVELS: tuple[Level, ...] = ("nation", "department", "province", "district", "grassroots")
UnitType = Literal[
    "nation",
    "department",
    "province",
    "municipality",
    "rural_district",
    "urban_district",
    "town",
    "city",
    "provincial_agency",
    "direct_committee",
    "commune",
    "ward",
    "township",
    "special_zone",
    "grassroots_org",
]
PERIOD = r"^[12][0-9]{3}-(0[1-9]|1[0-2])$"


def _split(separator: str) -> BeforeValidator:
    def split(value: Any) -> Any:
        return [part.strip() for part in value.split(separator) if part.strip()] if isinstance(value, str) else value

    return BeforeValidator(split)


def _blank_to_none(value: Any) -> Any:
    return None if value == "" else value


def _yes_or_no(value: Any) -> Any:
    answers = {"yes": True, "no": False, "": False}
    if isinstance(value, str) and value in answers:
        return answers[value]
    raise ValueError("must be yes, no or blank")


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\s,;|+/\\]+$")]
OptionalCode = Annotated[Code | None, BeforeValidator(_blank_to_none)]
OptionalDay = Annotated[date | None, BeforeValidator(_blank_to_none)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Period = Annotated[str, StringConstraints(pattern=PERIOD)]
Listed = _split("|")


class Row(BaseModel):
    """A row of a reference file; ``key`` names the columns that no two rows share."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    file: ClassVar[str]
    key: ClassVar[tuple[str, ...]]


class OrgUnit(Row):
    """One dated version of a unit; ``valid_to`` is the last day, inclusive; blank is open."""

    file: ClassVar[str] = "org_units.csv"
    key: ClassVar[tuple[str, ...]] = ("unit_id", "valid_from")
    unit_id: Code
    code: Code
    name: Text
    ascii_name: Text
    type: UnitType
    level: Level
    parent_unit_id: OptionalCode
    valid_from: OptionalDay
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is before valid_from {self.valid_from}")
        if (self.level == "nation") != (self.parent_unit_id is None):
            raise ValueError("the nation has no parent_unit_id, and every other unit has one")
        return self

    @property
    def opens(self) -> date:
        """First day of this version (the earliest day there is, where it is not known)."""
        return self.valid_from or date.min

    @property
    def closes(self) -> date:
        """First day after this version (half-open)."""
        return self.valid_to + timedelta(days=1) if self.valid_to else date.max


class Succession(Row):
    """An old unit and the unit that received all or part of it."""

    file: ClassVar[str] = "successions.csv"
    key: ClassVar[tuple[str, ...]] = ("old_unit_id", "new_unit_id", "effective_on")
    old_unit_id: Code
    new_unit_id: Code
    relation: Literal["whole", "part"]
    effective_on: date


class Department(Row):
    """Which department follows a province, and how certain that is."""

    file: ClassVar[str] = "departments.csv"
    key: ClassVar[tuple[str, ...]] = ("province_unit_id",)
    province_unit_id: Code
    province_name: Text
    department_unit_id: Code
    certainty: Text


class Population(Row):
    """What a denominator counts, and which source may count it."""

    file: ClassVar[str] = "populations.csv"
    key: ClassVar[tuple[str, ...]] = ("population",)
    population: Code
    name_vi: Text
    name_en: Text
    counts: Text
    counted_from: Annotated[list[Literal["register", "return", "derived"]], Listed, Field(min_length=1)]
    unit_types: Annotated[list[UnitType], Listed]
    composed_of: Annotated[list[Code], _split("+")]
    note: str

    @model_validator(mode="after")
    def _is_countable(self) -> Self:
        if "register" in self.counted_from and not self.unit_types:
            raise ValueError("a population counted from the register names its unit_types")
        if "derived" in self.counted_from and not self.composed_of:
            raise ValueError("a derived population names its parts in composed_of")
        return self


class Indicator(Row):
    """A numerator over a population, a count, or the size of a population (``stock``)."""

    file: ClassVar[str] = "indicators.csv"
    key: ClassVar[tuple[str, ...]] = ("indicator",)
    indicator: Code
    group: Code
    name_vi: Text
    name_en: Text
    kind: Literal["ratio", "count", "stock"]
    population: OptionalCode
    reported_by: Code
    cumulative: YesNo
    part_of: OptionalCode
    parts_are_all: YesNo
    complement_of: OptionalCode
    nested_in: OptionalCode
    may_exceed_one: YesNo
    source_report: str

    @model_validator(mode="after")
    def _has_population(self) -> Self:
        if self.kind != "count" and self.population is None:
            raise ValueError(f"a {self.kind} names its population")
        return self


class Reporter(Row):
    """Which units are expected to state an indicator: by type, and by the level they hang under."""

    file: ClassVar[str] = "reporters.csv"
    key: ClassVar[tuple[str, ...]] = ("reporter",)
    reporter: Code
    unit_types: Annotated[list[UnitType], Listed, Field(min_length=1)]
    parent_level: Annotated[Level | None, BeforeValidator(_blank_to_none)]
    note: str


class CalendarEntry(Row):
    """What is expected from whom, for which period, by when; no ``senders`` means every unit of the level."""

    file: ClassVar[str] = "calendar.csv"
    key: ClassVar[tuple[str, ...]] = ("campaign", "form", "sender_level", "period")
    campaign: Code
    form: Text
    group: Annotated[list[Code], Listed, Field(min_length=1)]
    sender_level: Level
    senders: Annotated[list[Code], Listed]
    period: Period
    due_on: date
    source_report: str


class NameVariant(Row):
    """Two spellings of one unit."""

    file: ClassVar[str] = "name_variants.csv"
    key: ClassVar[tuple[str, ...]] = ("unit_id", "name_a", "name_b")
    unit_id: Code
    name_a: Text
    name_b: Text
    kind: Text


MODELS: tuple[type[Row], ...] = (
    OrgUnit,
    Succession,
    Department,
    Population,
    Indicator,
    Reporter,
    CalendarEntry,
    NameVariant,
)
