"""The template's workbook without a database: what is filled in is what is read, in whatever format it was saved."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.submissions.handmade.writers import SheetModel, write
from tonghop.submissions.books.book import open_book
from tonghop.submissions.layout import META_SHEET, AskedIndicator, Column, Form, Meta, Sheet, Unit
from tonghop.submissions.reading import Reading, Unreadable
from tonghop.submissions.sheets import FIRST_ROW, RETURNS_SHEET, write_workbook
from tonghop.submissions.workbook import is_template, read_template

_FIELDS = ("numerator", "denominator", "stated_rate", "note")


def _form() -> Form:
    top = Unit("A-60", "60", "Tỉnh Bình Thuận", "province", "province", "nation")
    units = (
        top,
        Unit("A-593", "593", "Huyện Bắc Bình", "rural_district", "district", "province"),
        Unit("A-594", "594", "Huyện Tuy Phong", "rural_district", "district", "province"),
        Unit("R-1", "60-A01", "Sở Nội vụ", "provincial_agency", "district", "province"),
    )

    def asked(code: str, reporters: set[str]) -> AskedIndicator:
        columns = tuple(Column(code, name, "total") for name in _FIELDS)
        return AskedIndicator(code, f"tên {code}", code, "ratio", columns, frozenset(reporters), frozenset())

    sheets = (
        Sheet("plan", units, (asked("plan_issued_committee", {"593", "594"}), asked("plan_issued_agency", {"60-A01"}))),
        Sheet("study", (top,), (asked("study_participant_member", set()),)),
    )
    return Form(Meta("A-60", "60", "2012-05", "plans", "1"), top, sheets, (("direct_committee", "cấp ủy", "committees"),))


@pytest.fixture
def book(tmp_path: Path) -> Any:
    return openpyxl.load_workbook(write_workbook(_form(), tmp_path / "mau.xlsx"))


def _cell(sheet: Any, unit: str, indicator: str, field: str) -> Any:
    column = next(at for at in range(3, sheet.max_column + 1) if sheet.cell(1, at).value == f"{indicator}|{field}|total")
    return sheet.cell(next(row for row in range(FIRST_ROW, sheet.max_row + 1) if sheet.cell(row, 1).value == unit), column)


def _saved_as(book: Any, suffix: str) -> bytes:
    """What Excel and LibreOffice do: the same cells, hidden rows and hidden sheets in another format."""
    if suffix == ".xlsx":
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()
    models = []
    for sheet in book.worksheets:
        model = SheetModel(sheet.title, is_hidden=sheet.sheet_state != "visible")
        for row in sheet.iter_rows():
            for cell in row:
                model.put(cell.row, cell.column, cell.value, "General" if cell.number_format == "@" else cell.number_format)
        model.hidden_rows = {row for row, dimension in sheet.row_dimensions.items() if dimension.hidden}
        model.merges = [(each.min_row, each.min_col, each.max_row, each.max_col) for each in sheet.merged_cells.ranges]
        models.append(model)
    return write(models, suffix)


def _read(book: Any, suffix: str) -> Reading:
    return read_template(open_book(_saved_as(book, suffix), f"mau{suffix}"), f"mau{suffix}")


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_an_empty_template_states_nothing_in_any_format(book: Any, suffix: str) -> None:
    reading = _read(book, suffix)
    assert (reading.rows_read, reading.statements, reading.asides) == (0, [], [])
    assert reading.form == "template:2012-05:plans"
    assert is_template(open_book(_saved_as(book, suffix), f"mau{suffix}"))


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_what_a_province_fills_in_is_what_is_read_in_any_format(book: Any, suffix: str) -> None:
    plan = book["plan"]
    filled: dict[tuple[str, str], tuple[Any, ...]] = {
        ("60", "plan_issued_agency"): (67, 73, "91,78%", "ghi chú"),
        ("593", "plan_issued_committee"): (1, 1, None, None),
        ("60-A01", "plan_issued_agency"): ("-", None, None, None),
        ("594", "plan_issued_committee"): ("X", None, None, None),
        ("60", "plan_issued_committee"): ("43.240", 50000, 0.86, None),
    }
    for (unit, indicator), values in filled.items():
        for name, value in zip(_FIELDS, values, strict=True):
            if value is not None:
                _cell(plan, unit, indicator, name).value = value
    _cell(plan, "60", "plan_issued_committee", "stated_rate").number_format = "0%"
    book[RETURNS_SHEET].cell(FIRST_ROW, 3).value = 15
    reading = _read(book, suffix)
    assert reading.asides == []
    found = {(row.unit_code, row.indicator): row for row in reading.statements}
    assert found.keys() == {*filled, ("60", "direct_committee")}
    agency = found["60", "plan_issued_agency"]
    assert (agency.numerator_value, agency.denominator_value, agency.rate_value, agency.note, agency.scope) == (
        67, 73, Decimal("0.9178"), "ghi chú", "total",
    )  # fmt: skip
    assert agency.locator == f"plan!{_cell(plan, '60', 'plan_issued_agency', 'numerator').coordinate}"
    assert found["593", "plan_issued_committee"].scope == "own"
    assert found["60-A01", "plan_issued_agency"].mark == "nil"
    assert found["594", "plan_issued_committee"].mark == "not_applicable"
    whole = found["60", "plan_issued_committee"]
    assert (whole.numerator_value, whole.stated_rate, whole.rate_value) == (43240, "86%", Decimal("0.86"))
    assert found["60", "direct_committee"].numerator_value == 15


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
@pytest.mark.parametrize(
    ("value", "number_format", "rule", "words"),
    [
        (date(2012, 7, 12), "d-mmm", "S07", "12/7"),
        (12.5, "General", "S08", "12.5"),
        (-3, "General", "S08", "-3"),
        (0.92, "0%", "S07", "92%"),
        ("bảy", "@", "S07", "bảy"),
        ("13/15", "@", "S07", "two numbers"),
    ],
)
def test_what_excel_does_to_a_figure_is_kept_aside_with_its_cell(
    book: Any, suffix: str, value: Any, number_format: str, rule: str, words: str
) -> None:
    cell = _cell(book["plan"], "593", "plan_issued_committee", "numerator")
    cell.value, cell.number_format = value, number_format
    _cell(book["plan"], "594", "plan_issued_committee", "numerator").value = 1
    reading = _read(book, suffix)
    assert len(reading.statements) == 1
    (aside,) = reading.asides
    assert (aside.rule, aside.locator) == (rule, f"plan!{cell.coordinate}")
    assert words in aside.reason


def test_a_template_of_another_version_is_refused_not_read_as_a_table(book: Any) -> None:
    book[META_SHEET]["B1"] = "0"
    with pytest.raises(Unreadable, match="version 0"):
        _read(book, ".xlsx")
