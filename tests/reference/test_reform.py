"""The reform of 2025-07-01 as a change file: 63 provinces to 34, no districts any more, 3,316 codes used again that day."""

from __future__ import annotations

import csv
import io
import time
from datetime import date
from typing import TypeVar

from tests.reference.country import HEADER, authored, walk
from tonghop.reference.changes import read_changes
from tonghop.reference.check import check
from tonghop.reference.files import Located, Reference
from tonghop.reference.models import MODELS, Dated, Department, OrgUnit, Row, Succession
from tonghop.reference.revise import revise

DAY, EVE = date(2025, 7, 1), date(2025, 6, 30)
D = TypeVar("D", bound=Dated)


def before_the_reform(reference: Reference) -> Reference:
    """The register as of 2025-06-30, when nobody knew what the next day would bring."""

    def reopened(rows: list[Located[D]]) -> list[Located[Row]]:
        return [
            Located(each.row.model_copy(update={"valid_to": None}) if each.row.valid_to == EVE else each.row, each.file, each.line)
            for each in rows
            if each.row.valid_from != DAY
        ]

    return Reference({
        **reference.rows,
        OrgUnit.file: reopened(reference.of(OrgUnit)),
        Department.file: reopened(reference.of(Department)),
        Succession.file: [each for each in reference.of(Succession) if each.row.effective_on != DAY],
    })


def the_reform(reference: Reference) -> str:
    """What the authored register says of that day, as a change file."""
    certainty = {each.row.province_unit_id: each.row.certainty for each in reference.of(Department) if each.row.valid_from == DAY}
    heirs = [each.row for each in reference.of(Succession) if each.row.effective_on == DAY]
    has_heir = {each.old_unit_id for each in heirs}
    rows: list[dict[str, object]] = []
    for unit in (each.row for each in reference.of(OrgUnit)):
        if unit.valid_from == DAY:
            note = certainty.get(unit.unit_id, "")
            rows.append({"change": "open", "note": note} | unit.model_dump(include={"unit_id", "code", "name", "type", "parent_unit_id"}))
        elif unit.valid_to == EVE and unit.unit_id not in has_heir:
            rows.append({"change": "close", "unit_id": unit.unit_id})
    rows += [
        {"change": "merge" if each.relation == "whole" else "split", "unit_id": each.old_unit_id, "into_unit_id": each.new_unit_id}
        for each in heirs
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER.split(","))
    writer.writeheader()
    writer.writerows({"effective_on": DAY, **each} for each in rows)
    return text.getvalue()


def test_the_reform_as_a_change_file_gives_the_authored_register() -> None:
    reference = authored()
    before = before_the_reform(reference)
    assert check(before) == []
    assert len([each for each in before.of(OrgUnit) if each.row.level == "province" and each.row.valid_to is None]) == 63
    text = the_reform(reference)
    assert text.count("\n") > 14_000
    started = time.monotonic()
    read = read_changes(text.encode(), "reform.csv")
    assert read.problems == []
    after, problems = revise(before, read.rows)
    seconds = time.monotonic() - started
    assert problems == []
    for model in MODELS:
        assert {each.row.model_dump_json() for each in after.of(model)} == {
            each.row.model_dump_json() for each in reference.of(model)
        }, model.file
        assert len(after.of(model)) == len(reference.of(model))
    assert walk(after) == []
    assert seconds < 30  # 1.3 s when nothing else runs


def test_a_reform_that_forgets_one_commune_is_refused() -> None:
    reference = authored()
    lines = the_reform(reference).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("2025-07-01,merge,A-00001,"))
    del lines[at]
    after, problems = revise(before := before_the_reform(reference), read_changes("\n".join(lines).encode(), "reform.csv").rows)
    assert after is before
    assert any("A-001" in problem.what and "A-00001" in problem.what for problem in problems), problems[:3]
