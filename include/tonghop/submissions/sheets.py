"""Draw the template's workbook: protected headers, input cells with validation, help; the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tonghop.submissions.layout import MATRIX, META_SHEET, RETURNS, AskedIndicator, Column, Form, Sheet, Unit

HELP_SHEET, RETURNS_SHEET = "Hướng dẫn", "mau_so"
FIRST_ROW = 6
_GROUPS = {
    "study": "Học tập, quán triệt",
    "plan": "Kế hoạch thực hiện",
    "steering": "Chỉ đạo, giúp việc",
    "urgent": "Những việc cần làm ngay",
    "feedback": "Góp ý",
    "review": "Kiểm điểm",
    "deep_review": "Gợi ý kiểm điểm sâu",
    "cadre_plan": "Quy hoạch cán bộ",
    "programme": "Chương trình hành động",
    "organisation": "Tổ chức đảng, đảng viên",
}
_FIELDS = {
    "numerator": "Số lượng\nCount",
    "denominator": "Trên tổng số\nOut of",
    "stated_rate": "Tỷ lệ\nRate",
    "note": "Ghi chú\nNote",
}
_HELP = (
    (
        "Mỗi trang là một nhóm chỉ tiêu; dòng đầu là nơi gửi, các dòng sau là đơn vị thuộc nơi gửi.",
        "One sheet a group of indicators; the first row is the sender, the rows below are its units.",
    ),
    (
        "Chỉ điền vào ô trắng. Ô xám: đơn vị ấy không phải báo cáo chỉ tiêu này.",
        "Fill in white cells only. Grey: that unit does not report this indicator.",
    ),
    (
        "Số lượng là số nguyên không âm. Không có: ghi 0 hoặc “-”. Không thuộc diện: ghi X. Chưa biết: để trống.",
        "Counts are whole numbers from 0 up. None: 0 or “-”. Not applicable: X. Not known: leave blank.",
    ),
    (
        "Ô trống không nói gì: số đã gửi trước vẫn giữ nguyên. Muốn rút số đã gửi: tonghop withdraw.",
        "A blank says nothing: what was sent before stays. To take a figure back: tonghop withdraw.",
    ),
    ("Tỷ lệ ghi như 91,78%; có thể để trống.", "Write a rate as 91,78%, or leave it blank."),
    (
        "Trang mau_so: số của mỗi tập mẫu số trong toàn tỉnh (nơi gửi).",
        "Sheet mau_so: the size of each population of the sender as a whole.",
    ),
    (
        "Đừng sửa hàng và trang ẩn, đừng thêm cột; nộp: tonghop submit TỆP --from NƠI_GỬI",
        "Leave hidden rows and sheets alone and add no columns; send: tonghop submit FILE --from SENDER",
    ),
)
_THIN = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD, _SENDER, _OFF = (PatternFill("solid", fgColor=colour) for colour in ("DDE7F0", "FFF6DD", "D9D9D9"))
_WRAP = Alignment(wrap_text=True, vertical="center", horizontal="center")
_OPEN = Protection(locked=False)


def write_workbook(form: Form, target: Path) -> Path:
    """Write the workbook of a form to ``target`` (folders are made)."""
    book = Workbook()
    _help(book.active, form)
    for sheet in form.sheets:
        _matrix(book.create_sheet(sheet.group), sheet, form)
    if form.returns:
        _returns(book.create_sheet(RETURNS_SHEET), form)
    meta = book.create_sheet(META_SHEET)
    for row in form.meta.rows():
        meta.append(row)
    meta.sheet_state = "veryHidden"
    meta.protection.sheet = True
    book.active = 1
    for sheet_ in book.worksheets:
        sheet_.sheet_view.tabSelected = sheet_ is book.worksheets[1]
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(packed(book))
    part.replace(target)
    return target


def packed(book: Workbook) -> bytes:
    """A saved workbook without the moment it was saved: the same content is the same bytes."""
    saved, stable = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", b"2012-01-01T00:00:00Z", content)
            if name.endswith((".xml", ".rels")):  # with lxml openpyxl writes the same in other bytes
                content = canonicalize(content.decode()).encode()
            out.writestr(zipfile.ZipInfo(name, (2012, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return stable.getvalue()


def _help(sheet: Any, form: Form) -> None:
    sheet.title = HELP_SHEET
    sheet.append([f"{form.sender.name} ({form.meta.unit_code}) · kỳ / period {form.meta.period}"])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([f"Biểu / form: {form.meta.form}"])
    sheet.append([])
    for vi, en in _HELP:
        sheet.append([vi])
        sheet.append([en])
        sheet.cell(sheet.max_row, 1).font = Font(italic=True, color="666666")
    sheet.column_dimensions["A"].width = 110
    sheet.protection.sheet = True


def _matrix(sheet: Worksheet, content: Sheet, form: Form) -> None:
    title = f"{_GROUPS.get(content.group, content.group)} / {content.group} · {form.sender.name} · {form.meta.period}"
    _head(sheet, MATRIX, title)
    last = FIRST_ROW + len(content.units) - 1
    at = 3
    for indicator in content.indicators:
        _indicator_columns(sheet, indicator, content.units, at, last)
        at += len(indicator.columns)
    for row, unit in enumerate(content.units, start=FIRST_ROW):
        _label(sheet, row, unit.code, unit.name)
        if row == FIRST_ROW:
            sheet.cell(row, 2).fill = _SENDER
    _finish(sheet, last, at - 1)


def _indicator_columns(
    sheet: Worksheet, indicator: AskedIndicator, units: tuple[Unit, ...], at: int, last: int
) -> None:
    name = sheet.cell(4, at, f"{indicator.name_vi}\n{indicator.name_en}")
    name.font, name.alignment, name.fill, name.border = Font(bold=True), _WRAP, _HEAD, _BOX
    if len(indicator.columns) > 1:
        sheet.merge_cells(start_row=4, end_row=4, start_column=at, end_column=at + len(indicator.columns) - 1)
    for offset, column in enumerate(indicator.columns):
        _column_head(sheet, column, at + offset)
        if column.field in ("numerator", "denominator"):
            _validate(sheet, at + offset, last)
        for row, unit in enumerate(units, start=FIRST_ROW):
            cell = sheet.cell(row, at + offset)
            asked = row == FIRST_ROW or unit.code in indicator.reporters
            _input(cell, column.field, asked)
            if asked and column.field == "denominator" and unit.code in indicator.counts_one:
                cell.value = 1


def _returns(sheet: Worksheet, form: Form) -> None:
    _head(
        sheet, RETURNS, f"Mẫu số của toàn nơi gửi / populations of the sender · {form.sender.name} · {form.meta.period}"
    )
    last = FIRST_ROW + len(form.returns) - 1
    for at, name in enumerate(("numerator", "note"), start=3):
        _column_head(sheet, Column("", name, "total"), at)
        for row in range(FIRST_ROW, last + 1):
            _input(sheet.cell(row, at), name, True)
    _validate(sheet, 3, last)
    for row, (code, vi, en) in enumerate(form.returns, start=FIRST_ROW):
        _label(sheet, row, code, f"{vi}\n{en}")
    _finish(sheet, last, 4)


def _head(sheet: Worksheet, kind: str, title: str) -> None:
    sheet["A1"], sheet["B1"] = kind, str(FIRST_ROW)
    sheet.row_dimensions[1].hidden = True
    sheet["A2"] = title
    sheet["A2"].font = Font(bold=True, size=13)
    sheet["A3"] = (
        "Ô trắng: điền số. Trống = chưa báo cáo; 0 hoặc - = không có; X = không thuộc diện. / "
        "White cells: figures. Blank = not reported; 0 or - = none; X = not applicable."
    )
    for column, label in ((1, "Mã\nCode"), (2, "Tên\nName")):
        for row in (4, 5):
            cell = sheet.cell(row, column, label if row == 5 else None)
            cell.font, cell.alignment, cell.fill, cell.border = Font(bold=True), _WRAP, _HEAD, _BOX


def _column_head(sheet: Worksheet, column: Column, at: int) -> None:
    sheet.cell(1, at, column.key)
    cell = sheet.cell(5, at, _FIELDS[column.field])
    cell.alignment, cell.fill, cell.border = _WRAP, _HEAD, _BOX
    sheet.cell(4, at).border = _BOX
    sheet.column_dimensions[get_column_letter(at)].width = {"note": 22, "stated_rate": 10}.get(column.field, 12)


def _label(sheet: Worksheet, row: int, code: str, name: str) -> None:
    for at, text in ((1, code), (2, name)):
        cell = sheet.cell(row, at, text)
        cell.number_format, cell.border = "@", _BOX
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _input(cell: Any, field: str, asked: bool) -> None:
    cell.border = _BOX
    if asked:
        cell.protection = _OPEN
    else:
        cell.fill = _OFF
    cell.number_format = "0" if field in ("numerator", "denominator") else "@"


def _validate(sheet: Worksheet, at: int, last: int) -> None:
    """Whole numbers from 0 up, or a mark; array constants are not allowed in validation formulas."""
    letter = get_column_letter(at)
    first = f"{letter}{FIRST_ROW}"
    marks = ",".join(f'LOWER(TRIM({first}))="{mark}"' for mark in ("x", "-", "–", "không", "không có", "…"))
    rule = DataValidation(
        type="custom",
        formula1=f"IF(ISNUMBER({first}),AND({first}>=0,{first}=INT({first})),OR({marks}))",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Số liệu / figure",
        error="Số nguyên không âm, hoặc X, -, không. / A whole number from 0 up, or X, -, không.",
    )
    sheet.add_data_validation(rule)
    rule.add(f"{first}:{letter}{last}")


def _finish(sheet: Worksheet, last: int, width: int) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 12, 42
    sheet.row_dimensions[4].height, sheet.row_dimensions[5].height = 75, 32
    sheet.freeze_panes = "C6"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    setup = sheet.page_setup
    setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", 9, 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows, sheet.print_title_cols = "4:5", "A:B"
    sheet.print_area = f"A2:{get_column_letter(width)}{last}"
