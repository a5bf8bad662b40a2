"""Which table of the schema ``reference`` each file fills, column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tonghop.reference.files import Located, Reference
from tonghop.reference.models import (
    CalendarEntry,
    Dated,
    Department,
    Grouping,
    HeadingAlias,
    Hierarchy,
    Indicator,
    NameVariant,
    OrgUnit,
    Placement,
    Population,
    Reporter,
    Row,
    Succession,
    UnitType,
)


@dataclass(frozen=True)
class Table:
    """A table of ``reference``, the model of its rows, and its columns (a text, or column → attribute)."""

    name: str
    model: type[Row]
    columns: dict[str, str]

    @property
    def copy(self) -> str:
        """The COPY statement that fills it."""
        return f"copy reference.{self.name} ({', '.join(self.columns)}) from stdin with (format csv)"

    def records(self, reference: Reference) -> Iterator[tuple[Any, ...]]:
        """One tuple a row, in the order of ``columns``."""
        readers = [_reader(attribute) for attribute in self.columns.values()]
        return (tuple(read(each) for read in readers) for each in reference.of(self.model))


def _reader(attribute: str) -> Callable[[Located[Any]], Any]:
    if attribute == "source":
        return lambda each: each.source

    def read(each: Located[Any]) -> Any:
        value = getattr(each.row, attribute)
        return _array(value) if isinstance(value, list) else value

    return read


def _array(values: list[str]) -> str:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


def _columns(model: type[Row], **renamed: str) -> dict[str, str]:
    """Every field of the model under its own name, but those renamed; the two days of a dated row are one range."""
    names = [name for name in model.model_fields if name not in ("valid_from", "valid_to")]
    found = {renamed.get(name, name): name for name in names if renamed.get(name, name)}
    return found | ({"valid": "daterange"} if issubclass(model, Dated) else {})


TABLES = (
    Table("unit_type", UnitType, _columns(UnitType)),
    Table("org_unit", OrgUnit, _columns(OrgUnit) | {"source": "source"}),
    Table("hierarchy", Hierarchy, _columns(Hierarchy)),
    Table("grouping", Grouping, _columns(Grouping, level="") | {"source": "source"}),
    Table("placement", Placement, _columns(Placement)),
    Table("succession", Succession, _columns(Succession)),
    Table("department_assignment", Department, _columns(Department, province_name="")),
    Table("population", Population, _columns(Population)),
    Table("indicator", Indicator, _columns(Indicator, group="indicator_group", cumulative="is_cumulative")),
    Table("reporter", Reporter, _columns(Reporter)),
    Table("calendar", CalendarEntry, _columns(CalendarEntry, group="indicator_groups")),
    Table("name_variant", NameVariant, _columns(NameVariant)),
    Table("heading_alias", HeadingAlias, _columns(HeadingAlias)),
)
"""In the order of loading; emptied in the reverse order."""
