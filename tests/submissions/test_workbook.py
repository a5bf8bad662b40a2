"""The template's workbook: what it asks, and that what a sender fills in is what is read."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions.books.book import open_book
from tonghop.submissions.layout import META_SHEET, Column
from tonghop.submissions.reading import Reading, Unreadable
from tonghop.submissions.sheets import FIRST_ROW, HELP_SHEET, RETURNS_SHEET
from tonghop.submissions.template import make_template
from tonghop.submissions.workbook import read_template


def _book(settings: Settings, tmp_path: Path, sender: str = "60", period: str = "2012-05") -> Any:
    return openpyxl.load_workbook(make_template(settings, sender, period, tmp_path / "mau.xlsx"))


def _cell(sheet: Any, unit: str, indicator: str, field: str) -> Any:
    column = next(
        at
        for at in range(3, sheet.max_column + 1)
        if Column.parse(str(sheet.cell(1, at).value)).__dict__.items()
        >= {"indicator": indicator, "field": field}.items()
    )
    row = next(row for row in range(FIRST_ROW, sheet.max_row + 1) if sheet.cell(row, 1).value == unit)
    return sheet.cell(row, column)


def _read(book: Any) -> Reading:
    saved = io.BytesIO()
    book.save(saved)
    return read_template(open_book(saved.getvalue(), "mau.xlsx"), "mau.xlsx")


def test_the_template_asks_what_the_calendar_expects(registered: Settings, tmp_path: Path) -> None:
    book = _book(registered, tmp_path)
    assert book.sheetnames == [HELP_SHEET, "study", "plan", "steering", "urgent", "feedback", RETURNS_SHEET, META_SHEET]
    assert book[META_SHEET].sheet_state == "veryHidden"
    codes = [row[0].value for row in book["plan"].iter_rows(min_row=FIRST_ROW)]
    assert codes[0] == "60"
    assert len(codes) == len(set(codes)) == 1 + 10 + 5 + 73
    assert [row[0].value for row in book["feedback"].iter_rows(min_row=FIRST_ROW)] == ["60"]
    returned = [row[0].value for row in book[RETURNS_SHEET].iter_rows(min_row=FIRST_ROW)]
    assert {"direct_committee", "district_committee", "other_direct_committee", "leader_summoned"} <= set(returned)
    assert "provincial_agency" not in returned  # counted from the register
    assert "tổ" not in codes


def test_headers_are_protected_and_inputs_are_not(registered: Settings, tmp_path: Path) -> None:
    book = _book(registered, tmp_path)
    for sheet in book.worksheets:
        assert sheet.protection.sheet, sheet.title
    sheet = book["plan"]
    assert sheet["A4"].protection.locked
    assert not _cell(sheet, "593", "plan_issued_committee", "numerator").protection.locked
    assert _cell(sheet, "593", "plan_issued_agency", "numerator").protection.locked  # a district is no agency
    assert sheet.freeze_panes == "C6"
    assert sheet.row_dimensions[1].hidden
    assert _cell(sheet, "593", "plan_issued_committee", "denominator").value == 1
    assert _cell(sheet, "60", "plan_issued_committee", "denominator").value is None
    assert _cell(book["steering"], "593", "support_team_regulation", "denominator").value is None  # nested
    ranges = {str(each.sqref) for each in sheet.data_validations.dataValidation}
    numerator = _cell(sheet, "60", "plan_issued_committee", "numerator")
    assert any(numerator.coordinate in each for each in ranges)
    assert not any("{" in each.formula1 for each in sheet.data_validations.dataValidation)  # Excel refuses arrays here


def test_an_empty_template_states_nothing(registered: Settings, tmp_path: Path) -> None:
    reading = _read(_book(registered, tmp_path))
    assert (reading.rows_read, reading.statements, reading.asides) == (0, [], [])
    assert reading.form == "template:2012-05:study and plans"


def test_what_is_filled_in_is_what_is_read(registered: Settings, tmp_path: Path) -> None:
    book = _book(registered, tmp_path)
    plan, study = book["plan"], book["study"]
    filled = {
        ("60", "plan_issued_agency", "total"): (plan, (67, 73, "91,78%", "ghi chú")),
        ("593", "plan_issued_committee", "own"): (plan, (1, None, None, None)),
        ("60-A01", "plan_issued_agency", "own"): (plan, ("-", None, None, None)),
        ("60", "study_attendance_leader", "own"): (study, ("43.240", 50000, None, None)),
        ("60", "study_participant_member", "total"): (study, (18634, None, 0.92, None)),
        ("594", "plan_issued_committee", "own"): (plan, ("X", None, None, None)),
    }
    for (unit, indicator, _), (sheet, values) in filled.items():
        for field, value in zip(("numerator", "denominator", "stated_rate", "note"), values, strict=True):
            if value is not None:
                _cell(sheet, unit, indicator, field).value = value
    _cell(study, "60", "study_participant_member", "stated_rate").number_format = "0%"
    book[RETURNS_SHEET].cell(FIRST_ROW, 3).value = 15
    returned = book[RETURNS_SHEET].cell(FIRST_ROW, 1).value
    reading = _read(book)
    assert reading.asides == []
    found = {(row.unit_code, row.indicator, row.scope): row for row in reading.statements}
    assert found.keys() == {*filled, ("60", returned, "total")}
    agency = found["60", "plan_issued_agency", "total"]
    assert (agency.numerator_value, agency.denominator_value, agency.rate_value, agency.note, agency.period) == (
        67,
        73,
        Decimal("0.9178"),
        "ghi chú",
        "2012-05",
    )
    assert agency.locator == f"plan!{_cell(plan, '60', 'plan_issued_agency', 'numerator').coordinate}"
    committee = found["593", "plan_issued_committee", "own"]
    assert (committee.numerator, committee.numerator_value, committee.denominator_value) == ("1", 1, 1)
    assert found["60-A01", "plan_issued_agency", "own"].mark == "nil"
    assert found["60", "study_attendance_leader", "own"].numerator_value == 43240
    assert (
        found["60", "study_participant_member", "total"].stated_rate,
        found["60", "study_participant_member", "total"].rate_value,
    ) == ("92%", Decimal("0.92"))
    assert found["594", "plan_issued_committee", "own"].mark == "not_applicable"
    assert found["60", returned, "total"].numerator_value == 15


# Each of these is blank, or silently something else, in a reader that only asks for values.
@pytest.mark.parametrize(
    ("value", "rule", "words"),
    [
        (date(2012, 7, 12), "S07", "2012-07-12"),
        (True, "S07", "TRUE"),
        (12.5, "S08", "12.5"),
        (-3, "S08", "-3"),
        ("=1+1", "S07", "=1+1"),
        ("bảy", "S07", "bảy"),
        ("13/15", "S07", "two numbers"),
        ("#DIV/0!", "S07", "#DIV/0!"),
    ],
)
def test_what_excel_does_to_a_figure_is_kept_aside_with_its_cell(
    registered: Settings, tmp_path: Path, value: Any, rule: str, words: str
) -> None:
    book = _book(registered, tmp_path)
    cell = _cell(book["plan"], "593", "plan_issued_committee", "numerator")
    cell.value = value
    _cell(book["plan"], "594", "plan_issued_committee", "numerator").value = 1
    reading = _read(book)
    assert len(reading.statements) == 1
    (aside,) = reading.asides
    assert (aside.rule, aside.locator) == (rule, f"plan!{cell.coordinate}")
    assert words in aside.reason
    assert "mau.xlsx, plan!" in aside.reason


def test_a_wrong_denominator_names_its_own_cell(registered: Settings, tmp_path: Path) -> None:
    book = _book(registered, tmp_path)
    _cell(book["plan"], "593", "plan_issued_committee", "numerator").value = 1
    wrong = _cell(book["plan"], "593", "plan_issued_committee", "denominator")
    wrong.value = "một"
    assert [aside.locator for aside in _read(book).asides] == [f"plan!{wrong.coordinate}"]


def test_a_renamed_or_moved_sheet_is_still_read(registered: Settings, tmp_path: Path) -> None:
    book = _book(registered, tmp_path)
    _cell(book["plan"], "593", "plan_issued_committee", "numerator").value = 1
    book["plan"].title = "Kế hoạch (2)"
    book.move_sheet("Kế hoạch (2)", -2)
    assert [row.locator.split("!")[0] for row in _read(book).statements] == ["Kế hoạch (2)"]


def test_other_workbooks_are_refused_with_a_remedy(registered: Settings, tmp_path: Path) -> None:
    other = openpyxl.Workbook()
    other.active["A1"] = "Tổng số"
    with pytest.raises(Unreadable, match="tonghop template") as refused:
        _read(other)
    assert refused.value.rule == "S02"
    older = _book(registered, tmp_path)
    older[META_SHEET]["B1"] = "0"
    with pytest.raises(Unreadable, match="version 0"):
        _read(older)
    broken = _book(registered, tmp_path)
    broken["plan"]["B1"] = "x"
    with pytest.raises(Unreadable, match="row 1"):
        _read(broken)


def test_the_same_reference_gives_the_same_bytes(registered: Settings, tmp_path: Path) -> None:
    one = make_template(registered, "60", "2012-05", tmp_path / "1.xlsx").read_bytes()
    assert make_template(registered, "60", "2012-05", tmp_path / "2.xlsx").read_bytes() == one


# 24 was Bắc Giang until 2025-06-30 and is Bắc Ninh after: the template is of the tree of its period.
def test_the_template_is_of_the_tree_of_its_period(registered: Settings, tmp_path: Path) -> None:
    before = _book(registered, tmp_path, "24", "2016-12")
    assert "Bắc Giang" in before[HELP_SHEET]["A1"].value
    assert before.sheetnames == [HELP_SHEET, "deep_review", META_SHEET]
    districts = [row[0].value for row in before["deep_review"].iter_rows(min_row=FIRST_ROW)]
    assert "224" not in districts  # founded 2025-01-01
    assert len(districts) == 1 + 10
    after = _book(registered, tmp_path, "24", "2025-12")
    assert "Bắc Ninh" in after[HELP_SHEET]["A1"].value
    assert len(after.sheetnames) == 10 + 3  # nothing is expected: every group is asked


def test_a_department_speaks_for_itself_alone(registered: Settings, tmp_path: Path) -> None:
    book = _book(registered, tmp_path, "V-2", "2012-11")
    assert [row[0].value for row in book["review"].iter_rows(min_row=FIRST_ROW)] == ["V-2"]
    _cell(book["review"], "V-2", "review_agency", "numerator").value = 709
    assert [(row.unit_code, row.scope) for row in _read(book).statements] == [("V-2", "total")]


def test_who_or_when_that_does_not_exist_is_refused(registered: Settings, tmp_path: Path) -> None:
    for sender, period, words in (
        ("Bình Thuận", "2012-05", "Did you mean 60"),
        ("60", "2012-13", "no period"),
        ("60", "2025-12", "not open"),
        ("593", "2012-05", "No province"),
    ):
        with pytest.raises(TonghopError) as refused:
            make_template(registered, sender, period, tmp_path / "a.xlsx")
        assert words in str(refused.value)
    with pytest.raises(TonghopError, match="xlsx"):
        make_template(registered, "60", "2012-05", tmp_path / "a.csv")
    assert make_template(registered, "60", "2012-05", tmp_path).name == "60_2012-05.xlsx"
