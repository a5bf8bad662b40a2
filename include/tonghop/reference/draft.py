"""A copy of the register that changes are written into: units and their versions, day by day."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from tonghop.reference.files import Located, Reference
from tonghop.reference.models import Department, Grouping, OrgUnit, Row, Succession, UnitType


class LaterRow(Exception):
    """A row of ``departments.csv`` begins later than the day on which a province changes."""

    def __init__(self, row: Located[Department]) -> None:
        self.row = row
        super().__init__(row.source)


@dataclass(frozen=True)
class Origin:
    """The row of the change file from which a row of the register comes."""

    file: str
    line: int


class Draft:
    """The register while it is being revised. The reference it was made from is never touched."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self.units: dict[str, list[Located[OrgUnit]]] = {}
        self.children: dict[str, set[str]] = defaultdict(set)
        for each in reference.of(OrgUnit):
            self.units.setdefault(each.row.unit_id, []).append(each)
            self._note_parent(each.row)
        for versions in self.units.values():
            versions.sort(key=lambda version: version.row.opens)
        self.types = {each.row.type: each.row for each in reference.of(UnitType)}
        self.departments: dict[str, list[Located[Department]]] = defaultdict(list)
        for department in reference.of(Department):
            self.departments[department.row.province_unit_id].append(department)
        self.heirs: dict[str, list[Located[Succession]]] = defaultdict(list)
        for succession in reference.of(Succession):
            self.heirs[succession.row.old_unit_id].append(succession)
        nodes = reference.of(Grouping)
        self.nodes = {node.row.unit_id: node for node in nodes} | {node.row.code: node for node in nodes}

    def newest(self, unit_id: str) -> Located[OrgUnit]:
        """The version that holds last."""
        return self.units[unit_id][-1]

    def on(self, unit_id: str, day: date) -> Located[OrgUnit] | None:
        """The version that holds on a day."""
        versions = self.units.get(unit_id, [])
        return next((version for version in versions if version.row.opens <= day < version.row.closes), None)

    def path(self, unit_id: str, day: date) -> list[str]:
        """The unit and those above it on a day, upwards; stops where a unit would come twice or is not open."""
        path: list[str] = []
        at: str | None = unit_id
        while at is not None and at not in path:
            version = self.on(at, day)
            if version is None:
                break
            path.append(at)
            at = version.row.parent_unit_id
        return path

    def add(self, unit: OrgUnit, origin: Origin) -> None:
        """A version that holds after all others of its unit."""
        self.units.setdefault(unit.unit_id, []).append(Located(unit, origin.file, origin.line))
        self._note_parent(unit)

    def close(self, unit_id: str, day: date, origin: Origin) -> OrgUnit:
        """End the newest version: ``day`` is the first on which it no longer holds. Returns it as it was."""
        was = self.units[unit_id][-1].row
        ended = was.model_copy(update={"valid_to": day - timedelta(days=1)})
        self.units[unit_id][-1] = Located(ended, origin.file, origin.line)
        return was

    def succeed(self, old: str, new: str, relation: str, day: date, origin: Origin) -> None:
        """Note that a unit received another, whole or in part."""
        row = Succession.model_validate(
            {"old_unit_id": old, "new_unit_id": new, "relation": relation, "effective_on": day}
        )
        self.heirs[old].append(Located(row, origin.file, origin.line))

    def assign(self, was: OrgUnit | None, now: OrgUnit | None, day: date, certainty: str, origin: Origin) -> None:
        """Keep ``departments.csv`` in step with a province that opens, ends or changes its department.

        Raises:
            LaterRow: a row of the province begins on that day or later, so it is not clear what should become of it.
        """
        before = was.parent_unit_id if was is not None and was.level == "province" else None
        after = now.parent_unit_id if now is not None and now.level == "province" else None
        unit = now or was
        if unit is None or before == after:
            return
        rows = self.departments[unit.unit_id]
        for number, each in enumerate(rows):
            if each.row.closes <= day:
                continue
            if each.row.opens >= day:
                raise LaterRow(each)
            closed = each.row.model_copy(update={"valid_to": day - timedelta(days=1)})
            rows[number] = Located(closed, origin.file, origin.line)
        if after is not None:
            row = Department.model_validate({
                "province_unit_id": unit.unit_id, "province_name": unit.name, "department_unit_id": after,
                "certainty": certainty or f"as {origin.file} says", "valid_from": None if day == date.min else day,
                "valid_to": unit.valid_to,
            })
            rows.append(Located(row, origin.file, origin.line))

    def reference(self) -> Reference:
        """The register as it stands now, with everything else as it was."""
        changed: dict[str, list[Located[Row]]] = {
            OrgUnit.file: [version for versions in self.units.values() for version in versions],
            Succession.file: [row for rows in self.heirs.values() for row in rows],
            Department.file: [row for rows in self.departments.values() for row in rows],
        }
        return Reference({**self._reference.rows, **changed}, list(self._reference.problems))

    def _note_parent(self, unit: OrgUnit) -> None:
        if unit.parent_unit_id is not None:
            self.children[unit.parent_unit_id].add(unit.unit_id)


def ascii_name(name: str) -> str:
    """The name without any diacritic, as ``org_units.csv`` has it: "Đà Nẵng" is "Da Nang"."""
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
