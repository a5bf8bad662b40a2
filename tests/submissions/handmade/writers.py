"""Write one model of a workbook as .xlsx (openpyxl), .xls (xlwt) and .ods (odfpy). Shares no code with the reader."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl
import xlwt
from odf.element import Element
from odf.namespaces import TABLENS
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableCellProperties, TableProperties, TextProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter


@dataclass(frozen=True)
class Formula:
    """A formula and the value stored with it; None where nobody computed it."""

    text: str
    cached: float | None = None


@dataclass(frozen=True)
class Error:
    """An error value."""

    text: str


@dataclass
class SheetModel:
    """Cells by row and column from 1: value, number format, font."""

    name: str
    cells: dict[tuple[int, int], tuple[Any, str, str]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False

    def put(self, row: int, column: int, value: Any, number_format: str = "General", font: str = "") -> None:
        if value is not None and value != "":
            self.cells[row, column] = (value, number_format, font)

    @property
    def size(self) -> tuple[int, int]:
        rows = [row for row, _ in self.cells] + [merge[2] for merge in self.merges]
        columns = [column for _, column in self.cells] + [merge[3] for merge in self.merges]
        return max(rows, default=0), max(columns, default=0)


def write(sheets: list[SheetModel], suffix: str) -> bytes:
    """The bytes of a workbook of the kind that its suffix says."""
    return {".xlsx": _xlsx, ".xls": _xls, ".ods": _ods}[suffix](sheets)


def _xlsx(sheets: list[SheetModel]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    cached: dict[str, dict[str, float]] = {}
    for number, model in enumerate(sheets, start=1):
        sheet = book.create_sheet(model.name)
        for (row, column), (value, number_format, font) in model.cells.items():
            cell = sheet.cell(row, column)
            if isinstance(value, Formula):
                cell.value = f"={value.text}"
                if value.cached is not None:
                    cached.setdefault(f"xl/worksheets/sheet{number}.xml", {})[cell.coordinate] = value.cached
            else:
                cell.value = value.text if isinstance(value, Error) else value
            cell.number_format = number_format
            if font:
                cell.font = Font(name=font)
        for top, left, bottom, right in model.merges:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for row in model.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in model.hidden_columns:
            sheet.column_dimensions[get_column_letter(column)].hidden = True
        sheet.sheet_state = "hidden" if model.is_hidden else "visible"
    saved = io.BytesIO()
    book.save(saved)
    return _with_cached(saved, cached)


def _with_cached(saved: io.BytesIO, cached: dict[str, dict[str, float]]) -> bytes:
    """What openpyxl cannot write: the value that Excel stored beside a formula."""
    out = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name).decode() if name in cached else source.read(name)
            for place, value in cached.get(name, {}).items():
                pattern = rf'(<c r="{place}"[^>]*><f>[^<]*</f>)<v\s*/?>(?:</v>)?'
                content, times = re.subn(pattern, rf"\g<1><v>{value}</v>", str(content))
                assert times == 1, place
            target.writestr(name, content)
    return out.getvalue()


def _xls(sheets: list[SheetModel]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    styles: dict[tuple[str, str], Any] = {}
    for model in sheets:
        sheet = book.add_sheet(model.name, cell_overwrite_ok=True)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in model.merges}
        for (row, column), (value, number_format, font) in model.cells.items():
            style = styles.setdefault((number_format, font), _xls_style(number_format, font))
            shown = xlwt.Formula(value.text) if isinstance(value, Formula) else value
            if isinstance(shown, Error):
                sheet.row(row - 1).set_cell_error(column - 1, shown.text, style)
            elif (row, column) in merged:
                bottom, right = merged.pop((row, column))
                sheet.write_merge(row - 1, bottom - 1, column - 1, right - 1, shown, style)
            else:
                sheet.write(row - 1, column - 1, shown, style)
        for (top, left), (bottom, right) in merged.items():
            sheet.merge(top - 1, bottom - 1, left - 1, right - 1)
        for row in model.hidden_rows:
            sheet.row(row - 1).hidden = True
        for column in model.hidden_columns:
            sheet.col(column - 1).hidden = True
        sheet.visibility = 1 if model.is_hidden else 0
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _xls_style(number_format: str, font: str) -> Any:
    style = xlwt.XFStyle()
    style.num_format_str = number_format
    if font:
        style.font = xlwt.Font()
        style.font.name = font
    return style


def _ods(sheets: list[SheetModel]) -> bytes:
    document = OpenDocumentSpreadsheet()
    fonts: dict[str, Any] = {}
    for model in sheets:
        table = Table(name=model.name)
        if model.is_hidden:
            hidden = Style(name=f"hidden{len(document.automaticstyles.childNodes)}", family="table")
            hidden.addElement(TableProperties(display="false"))
            document.automaticstyles.addElement(hidden)
            table.setAttribute("stylename", hidden)
        rows, columns = model.size
        for column in range(1, columns + 1):
            element = TableColumn()
            if column in model.hidden_columns:
                element.setAttribute("visibility", "collapse")
            table.addElement(element)
        covered = {
            (row, column)
            for top, left, bottom, right in model.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }
        spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in model.merges}
        for row in range(1, rows + 1):
            line = TableRow()
            if row in model.hidden_rows:
                line.setAttribute("visibility", "collapse")
            for column in range(1, columns + 1):
                if (row, column) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                cell = _ods_cell(document, fonts, model.cells.get((row, column)))
                if (row, column) in spans:
                    down, across = spans[row, column]
                    cell.setAttrNS(TABLENS, "number-rows-spanned", down)
                    cell.setAttrNS(TABLENS, "number-columns-spanned", across)
                line.addElement(cell)
            table.addElement(line)
        # As LibreOffice ends a sheet: rows without anything, repeated to the bottom.
        table.addElement(TableRow(numberrowsrepeated=1048576 - rows))
        table.childNodes[-1].addElement(TableCell(numbercolumnsrepeated=1024))
        document.spreadsheet.addElement(table)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def _ods_cell(document: Any, fonts: dict[str, Any], content: tuple[Any, str, str] | None) -> Element:
    if content is None:
        return TableCell()
    value, number_format, font = content
    if isinstance(value, Formula):
        cell = TableCell(formula=f"of:={value.text}")
        if value.cached is not None:
            cell = TableCell(formula=f"of:={value.text}", valuetype="float", value=value.cached)
            cell.addElement(P(text=str(value.cached)))
    elif isinstance(value, Error):
        cell = TableCell(formula="of:=1/0", valuetype="string", stringvalue="")
        cell.addElement(P(text=value.text))
    elif isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat())
        cell.addElement(P(text=f"{value:%d-%b}" if "d" in number_format else f"{value:%b-%y}"))
    elif isinstance(value, int | float):
        decimals = len(number_format.partition(".")[2].rstrip("%"))
        is_percent = number_format.endswith("%")
        cell = TableCell(valuetype="percentage" if is_percent else "float", value=value)
        shown = f"{value * 100:.{decimals}f}%".replace(".", ",") if is_percent else f"{value:.10g}".replace(".", ",")
        cell.addElement(P(text=shown))
    else:
        cell = TableCell(valuetype="string")
        for line in str(value).split("\n"):
            cell.addElement(P(text=line))
    if font:
        if font not in fonts:
            fonts[font] = Style(name=f"f{len(fonts)}", family="table-cell")
            fonts[font].addElement(TextProperties(attributes={"fontname": font}))
            fonts[font].addElement(TableCellProperties(backgroundcolor="transparent"))
            document.automaticstyles.addElement(fonts[font])
        cell.setAttribute("stylename", fonts[font])
    return cell
