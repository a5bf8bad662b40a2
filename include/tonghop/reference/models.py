"""One pydantic model a reference file: what a row may say. Pure: no database, no Airflow.

What one row cannot know (its parent exists, no cycle, …) is checked in ``check.py``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Level = Literal["nation", "department", "province", "district", "grassroots", "grouping"]
LEVELS: tuple[Level, ...] = ("nation", "department", "province", "district", "grassroots")
"""The levels of the territorial tree, from the top; ``grouping`` is the level of nodes of the other trees."""
TERRITORIAL = "territorial"
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


class Dated(Row):
    """A row that holds from ``valid_from`` to ``valid_to`` (the last day, inclusive); blank is open."""

    valid_from: OptionalDay = None
    valid_to: OptionalDay = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is before valid_from {self.valid_from}")
        return self

    @property
    def opens(self) -> date:
        """First day (the earliest day there is, where it is not known)."""
        return self.valid_from or date.min

    @property
    def closes(self) -> date:
        """First day after (half-open)."""
        return self.valid_to + timedelta(days=1) if self.valid_to else date.max

    @property
    def daterange(self) -> str:
        """The interval as PostgreSQL writes it: half-open."""
        return f"[{self.valid_from or ''},{self.closes if self.valid_to else ''})"


class UnitType(Row):
    """A type of unit, the level it stands at unless it says otherwise, and the words its names begin with."""

    file: ClassVar[str] = "unit_types.csv"
    key: ClassVar[tuple[str, ...]] = ("type",)
    type: Code
    name_vi: Text
    name_en: Text
    level: Level
    is_administrative: YesNo
    """Whether only the centre may register it: a part of the administrative tree."""


class OrgUnit(Dated):
    """One dated version of a unit."""

    file: ClassVar[str] = "org_units.csv"
    key: ClassVar[tuple[str, ...]] = ("unit_id", "valid_from")
    unit_id: Code
    code: Code
    name: Text
    ascii_name: Text
    type: Code
    level: Level
    parent_unit_id: OptionalCode
    valid_from: OptionalDay
    valid_to: OptionalDay

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if (self.level == "nation") != (self.parent_unit_id is None):
            raise ValueError("the nation has no parent_unit_id, and every other unit has one")
        return self


class Hierarchy(Row):
    """A tree that indicators climb; ``territorial`` is the one of ``org_units.csv``."""

    file: ClassVar[str] = "hierarchies.csv"
    key: ClassVar[tuple[str, ...]] = ("hierarchy",)
    hierarchy: Code
    name_vi: Text
    name_en: Text
    note: str


class Grouping(OrgUnit):
    """One dated version of a node of another tree (a bloc, …): it groups units, and nobody reports for it."""

    file: ClassVar[str] = "groupings.csv"
    level: Level = "grouping"
    hierarchy: Code


class Placement(Dated):
    """Where a unit, or every unit of a type, stands in a tree that is not the territorial one.

    A unit that is placed nowhere itself stands where its territorial parent stands.
    """

    file: ClassVar[str] = "placements.csv"
    key: ClassVar[tuple[str, ...]] = ("hierarchy", "unit_id", "unit_type", "valid_from")
    hierarchy: Code
    unit_id: OptionalCode
    unit_type: OptionalCode
    parent_unit_id: Code

    @model_validator(mode="after")
    def _places_one_thing(self) -> Self:
        if (self.unit_id is None) == (self.unit_type is None):
            raise ValueError("a placement names a unit_id or a unit_type, one of the two")
        return self


class Succession(Row):
    """An old unit and the unit that received all or part of it."""

    file: ClassVar[str] = "successions.csv"
    key: ClassVar[tuple[str, ...]] = ("old_unit_id", "new_unit_id", "effective_on")
    old_unit_id: Code
    new_unit_id: Code
    relation: Literal["whole", "part"]
    effective_on: date


class Department(Dated):
    """Which department follows a province, from when to when, and how certain that is."""

    file: ClassVar[str] = "departments.csv"
    key: ClassVar[tuple[str, ...]] = ("province_unit_id", "valid_from")
    province_unit_id: Code
    province_name: Text
    department_unit_id: Code
    certainty: Text


class Population(Dated):
    """What a denominator counts, which source may count it, and how it is composed, from when to when."""

    file: ClassVar[str] = "populations.csv"
    key: ClassVar[tuple[str, ...]] = ("population", "valid_from")
    population: Code
    name_vi: Text
    name_en: Text
    counts: Text
    counted_from: Annotated[list[Literal["register", "return", "derived"]], Listed, Field(min_length=1)]
    unit_types: Annotated[list[Code], Listed]
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
    hierarchies: Annotated[list[Code], Listed, Field(min_length=1)] = [TERRITORIAL]
    """The trees it climbs; the first is the one in which its figures above groupings are published."""

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
    unit_types: Annotated[list[Code], Listed, Field(min_length=1)]
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


class HeadingAlias(Row):
    """A heading of hand-made tables and what it means: a field of an indicator or population, or a word alone."""

    file: ClassVar[str] = "heading_aliases.csv"
    key: ClassVar[tuple[str, ...]] = ("heading",)
    heading: Text
    indicator: Annotated[Code | None, BeforeValidator(_blank_to_none)]
    field: Code
    note: str


MODELS: tuple[type[Row], ...] = (
    UnitType,
    OrgUnit,
    Hierarchy,
    Grouping,
    Placement,
    Succession,
    Department,
    Population,
    Indicator,
    Reporter,
    CalendarEntry,
    NameVariant,
    HeadingAlias,
)
