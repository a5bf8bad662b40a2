"""Small valid files of every form we read: what fuzzing starts from."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import docx
import openpyxl
import xlwt
from fpdf import FPDF
from odf import style, table, text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl.styles import Font

from tests.text.corpus import ENCODERS, PROSE, typable
from tonghop.submissions.layout import MATRIX, META_MARK, META_SHEET, RETURNS, VERSION

HEADER = "unit_code,indicator,period,scope,numerator,denominator,stated_rate,note"
ROWS: list[list[Any]] = [
    ["BAN TỔ CHỨC TỈNH ỦY", "", "", "", ""],
    ["BÁO CÁO kết quả kiểm điểm tháng 5 năm 2012", "", "", "", ""],
    ["STT", "Tên đơn vị", "Số cơ quan xây dựng kế hoạch", "Tổng số", "Tỷ lệ (%)"],
    [1, 2, 3, 4, "5 = 3:4"],
    ["1", "Huyện Bắc Bình", 67, 73, "91,78"],
    ["2", "HuyÖn Tuy Phong", "06", "1.240", 0.5],
    ["3", "Thị xã La Gi", "-", "X", None],
    ["", "Cộng", 73, 1313, "5,56%"],
    ["", "Người lập biểu", "", "", ""],
]


@cache
def csv() -> tuple[bytes, ...]:
    lines = [
        HEADER, '60,plan_issued_agency,2012-05,total,67,73,"91,78%",', "593,plan_issued_committee,2012-05,own,1,1,,",
        "60,direct_committee,2012-05,total,43.240,,,số liệu ước", '60,a,2012-05,own,-,X,"0,5","hai\ndòng"', "",
    ]
    plain = "\n".join(lines)
    return (
        plain.encode(), ("\ufeff" + plain.replace("\n", "\r\n")).encode(), plain.encode("utf-16"),
        plain.replace(",", ";").encode("utf-16-le"), ENCODERS["tcvn3"](typable(plain) + typable(PROSE)),
        ENCODERS["vni"](plain + PROSE), plain.replace(",", "\t").encode(),
    )


@cache
def xlsx() -> tuple[bytes, ...]:
    return (_handmade_xlsx(), _template_xlsx())


def _handmade_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in ROWS:
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    sheet["E6"].number_format = "0.0%"
    sheet["B6"].font = Font(name=".VnTime")
    sheet["D9"] = "=SUM(D5:D8)"
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["E"].hidden = True
    book.create_sheet("Sheet1 (2)").append(["STT", "Tên đơn vị"])
    return _saved(book)


def _template_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "plan"
    sheet.append([MATRIX, 3, "plan_issued_agency|numerator|total", "plan_issued_agency|denominator|total"])
    sheet.append(["", "Đơn vị", "Số đã ban hành", "Tổng số"])
    sheet.append(["60", "Tỉnh", 67, 73])
    sheet.append(["593", "Huyện", "06", "1.240"])
    returned: Any = book.create_sheet("returns")
    returned.append([RETURNS, 2, "returned|numerator|total"])
    returned.append(["direct_committee", "Đảng bộ", 15])
    meta: Any = book.create_sheet(META_SHEET)
    for pair in [(META_MARK, VERSION), ("sender", "60"), ("unit_code", "60"), ("period", "2012-05"), ("form", "plan")]:
        meta.append(pair)
    return _saved(book)


def _saved(book: Any) -> bytes:
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@cache
def xls() -> tuple[bytes, ...]:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bieu 1")
    old, rate = xlwt.XFStyle(), xlwt.XFStyle()
    old.font.name = ".VnTime"
    rate.num_format_str = "0.00%"
    for at, row in enumerate(ROWS[1:]):
        for column, value in enumerate(row):
            sheet.write(at, column, value, old if value == "HuyÖn Tuy Phong" else rate if value == 0.5 else xlwt.XFStyle())
    sheet.write(10, 3, xlwt.Formula("SUM(D4:D7)"))
    sheet.merge(12, 13, 0, 4)
    saved = io.BytesIO()
    book.save(saved)
    return (saved.getvalue(),)


@cache
def ods() -> tuple[bytes, ...]:
    book = OpenDocumentSpreadsheet()
    old = style.Style(name="ce1", family="table-cell")
    old.addElement(style.TextProperties(fontname=".VnTime", fontfamily=".VnTime"))
    book.automaticstyles.addElement(old)
    sheet = table.Table(name="Biểu 1")
    for row in ROWS:
        line = table.TableRow()
        for value in row:
            if isinstance(value, int | float):
                cell = table.TableCell(valuetype="float", value=value)
            else:
                cell = table.TableCell(valuetype="string", stylename=old if value == "HuyÖn Tuy Phong" else None)
            cell.addElement(text.P(text=str(value or "")))
            line.addElement(cell)
        sheet.addElement(line)
    sheet.addElement(table.TableRow(numberrowsrepeated=1000))
    book.spreadsheet.addElement(sheet)
    saved = io.BytesIO()
    book.save(saved)
    return (saved.getvalue(),)


def prose() -> tuple[bytes, ...]:
    extra = "Có 318 trong tổng số 341 đơn vị; còn 08 xã chưa gửi, trong đó 7/15 (46,6%). Đạt trên 96% (3.484 đồng chí)."
    return (PROSE.encode(), extra.encode(), unescaped().encode(), ENCODERS["tcvn3"](typable(PROSE)))


def unescaped() -> str:
    """Prose with what the genre has between figures: dates, document numbers, ranges, spaces of all kinds."""
    return (
        "Thực hiện Nghị quyết Trung ương 4 khóa XI, 28-KH/TU ngày 30-5-2012, đạt 1,5 đến 2 lần; 12\u00a0450 / 13 000 hộ;"
        " 221/222 đảng viên (99,55%); 73 cơ quan, trong đó 15 đảng bộ; 06 – 08 đơn vị; quý I/2013; 7:31' 16/2/2013."
    )


@cache
def reports() -> tuple[bytes, ...]:
    """Reports in the forms in which they come: .docx, .html (as a page declares itself, and not), .pdf, .txt."""
    paper = docx.Document()
    for line in PROSE.split("\n")[:6]:
        paper.add_paragraph(line)
    grid = paper.add_table(rows=2, cols=3)
    for at, cell in enumerate(("Đơn vị", "Số lượng", "Tỷ lệ", "Bắc Bình", "67/73", "91,78%")):
        grid.cell(at // 3, at % 3).text = cell
    saved = io.BytesIO()
    paper.save(saved)
    page = f"<body><h1>Báo cáo</h1><p>{unescaped()}</p><table><tr><td>67/73<td>91,78%</table><script>1/2</script></body>"
    utf16 = f'<html><head><meta charset="utf-16"></head>{page}</html>'
    declared = f'<!DOCTYPE html><html><head><meta charset="utf-8"></head>{page}</html>'
    return (saved.getvalue(), declared.encode(), page.encode(), utf16.encode(), _pdf(), *prose())


def _pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, 6, "Ket qua 67/73 don vi, dat 91,78%; con 08 xa chua gui. Trong do 7/15 (46,6%).")
    pdf.add_page()
    pdf.multi_cell(0, 6, "318 trong tong so 341.")
    return bytes(pdf.output())
