"""The sample gives exactly the figures of the source reports, and its committed files are what its generator writes."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tonghop.reference.load import add_overlay, check, load
from tonghop.settings import Settings
from tonghop.submissions.inbox import ingest_all, submit
from tonghop.warehouse.connection import connect, rows


def _generator(settings: Settings) -> Any:
    spec = importlib.util.spec_from_file_location("make_sample", settings.sample_dir / "make_sample.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _content(path: Path) -> dict[str, bytes]:
    """A file's bytes; a workbook's part by part (how tightly a zip is packed differs between machines)."""
    if path.suffix != ".xlsx":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.fixture
def ingested(warehouse: Settings) -> Settings:
    """The warehouse after the sample was submitted and read."""
    add_overlay(warehouse, warehouse.sample_dir / "reference")
    load(warehouse)
    for path in sorted((warehouse.sample_dir / "inbox").glob("*/*")):
        submit(warehouse, path, path.parent.name)
    ingest_all(warehouse)
    return warehouse


def _sum(settings: Settings, indicator: str, period: str, where: str) -> tuple[Any, ...]:
    """(rows, Σ numerator, Σ denominator) of what the sample states; ``where`` is a constant of this file."""
    with connect(settings, "loader") as connection:
        return rows(
            connection,
            f"""
            select count(*), sum(numerator_value), sum(denominator_value)
              from raw.statement join raw.submission s using (submission_seq)
             where indicator = %s and period = %s and {where}""",
            (indicator, period),
        )[0]


UNITS, PROVINCE = "s.sender = '60' and unit_code <> '60'", "s.sender = '60' and unit_code = '60'"
THIRTEEN, DEPARTMENT = "s.sender not in ('60', '24', 'V-2')", "s.sender = 'V-2'"


# A demonstration whose figures drifted from the source would "prove" a warehouse that adds wrongly.
SUMS = [
    ("plan_issued_committee", "2012-05", UNITS, (15, 15, 15)),
    ("plan_issued_agency", "2012-05", UNITS, (73, 67, 73)),
    ("plan_not_issued_agency", "2012-05", UNITS, (73, 6, None)),
    ("standing_body_committee", "2012-05", UNITS, (15, 15, 15)),
    ("support_team_committee", "2012-05", UNITS, (15, 13, 15)),
    ("support_team_regulation", "2012-05", UNITS, (15, 7, 15)),
    ("urgent_registered_committee", "2012-05", UNITS, (15, 15, 15)),
    ("urgent_plan_committee", "2012-05", UNITS, (15, 15, 15)),
    ("urgent_registered_agency", "2012-05", UNITS, (73, 38, 73)),
    ("urgent_plan_agency", "2012-05", UNITS, (0, None, None)),
    ("study_participant", "2012-05", PROVINCE, (1, 43240, None)),
    ("plan_not_issued_agency", "2012-05", PROVINCE, (1, 6, None)),
    ("urgent_plan_agency", "2012-05", PROVINCE, (1, 41, 88)),
    ("comment_given_agency", "2012-05", PROVINCE, (1, 17, 88)),
    ("comment_received_agency", "2012-05", PROVINCE, (1, 63, 88)),
    ("feedback_mass", "2012-05", PROVINCE, (1, 22, 422)),
    ("direct_committee", "2012-05", PROVINCE, (1, 15, None)),
    ("review_province_collective", "2012-09", THIRTEEN, (13, 13, 13)),
    ("review_standing_member", "2012-09", THIRTEEN, (13, 188, 188)),
    ("review_direct_committee", "2012-11", THIRTEEN, (13, 221, 222)),
    ("review_agency", "2012-11", THIRTEEN, (13, 709, 724)),
    ("direct_committee", "2012-11", THIRTEEN, (13, 222, None)),
    ("district_committee", "2012-11", THIRTEEN, (13, 143, None)),
    ("other_direct_committee", "2012-11", THIRTEEN, (13, 79, None)),
    ("cadre_plan_completed", "2012-12", THIRTEEN, (13, 8, 13)),
    ("review_agency", "2012-11", DEPARTMENT, (1, 709, 724)),
    ("direct_committee", "2012-11", DEPARTMENT, (1, 222, None)),
]


def test_the_sample_states_what_the_source_states(ingested: Settings) -> None:
    found = [
        (indicator, period, where, _sum(ingested, indicator, period, where)) for indicator, period, where, _ in SUMS
    ]
    assert found == SUMS
    _check_the_bad_file(ingested)
    _check_the_rates(ingested)


def _check_the_bad_file(ingested: Settings) -> None:
    """A bad file is kept aside row by row, and stops nothing."""
    with connect(ingested, "loader") as connection:
        aside = rows(connection, "select locator, rule from quality.rejected_row order by row_number, rule")
        kept = rows(
            connection,
            "select s.rows_kept, s.rows_aside, s.status from raw.submission s where file_name like 'to_khai_loi%%'",
        )
        good = rows(
            connection,
            """select indicator, array_agg(distinct numerator_value) from raw.statement
                                    where period = '2016-12' and unit_code = '24'
                                      and indicator like 'deep_review%%individual%%'
                                    group by indicator order by indicator""",
        )
    assert aside == [
        ("line 7", "S07"),
        ("line 8", "S08"),
        ("line 9", "S07"),
        ("line 10", "S08"),
        ("line 11", "S02"),
        ("line 12", "S02"),
    ]
    assert kept == [(6, 6, "loaded")]
    assert good == [("deep_review_individual_district", [45]), ("deep_review_individual_province", [12])]


def _check_the_rates(ingested: Settings) -> None:
    with connect(ingested, "loader") as connection:
        found = dict(rows(connection, "select indicator, stated_rate from raw.statement where stated_rate is not null"))
    assert found == {
        "study_attendance_leader": "89%",
        "study_attendance_former_leader": "71%",
        "study_attendance_front": "85%",
        "study_participant_key_cadre": "96%",
        "study_participant_member": "92%",
        "plan_issued_agency": "91,78%",
        "urgent_registered_agency": "52,07%",
        "review_agency": "99,55%",
    }


# Whoever changes the generator or the template must regenerate the sample, or the two tell different stories.
def test_committed_files_are_what_the_generator_writes(warehouse: Settings, tmp_path: Path) -> None:
    written = _generator(warehouse).make(warehouse, tmp_path / "sample")
    assert len(written) == 20
    committed = [
        path
        for folder in ("reference", "inbox")
        for path in (warehouse.sample_dir / folder).rglob("*")
        if path.is_file()
    ]
    assert sorted(path.relative_to(tmp_path / "sample") for path in written) == sorted(
        path.relative_to(warehouse.sample_dir) for path in committed
    )
    for path in written:
        kept = warehouse.sample_dir / path.relative_to(tmp_path / "sample")
        assert _content(path) == _content(kept), f"{kept.name}: run include/sample/make_sample.py"


def test_sample_reference_is_sound(warehouse: Settings) -> None:
    assert check(warehouse, warehouse.sample_dir / "reference") == []
