"""OpenDocument's .ods: one pass over content.xml gives values, what cells show, hidden rows and merged ranges."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import IO, Any

from lxml import etree

from tonghop.submissions.books import limits
from tonghop.submissions.books.archive import tags
from tonghop.submissions.books.grid import Grid, Marks, Span, Style, Value
from tonghop.submissions.books.refusals import broken, too_large

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_P = _TEXT + "p"
_VALUE_TYPE, _VALUE, _FORMULA = _OFFICE + "value-type", _OFFICE + "value", _TABLE + "formula"
_COLUMNS_REPEATED, _STYLE_NAME = _TABLE + "number-columns-repeated", _TABLE + "style-name"
_ACROSS, _DOWN = _TABLE + "number-columns-spanned", _TABLE + "number-rows-spanned"
_HIDDEN = ("collapse", "filter")
_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:[0-9]+")
_PERCENT = re.compile(r"-?[0-9. ]+(?:,([0-9]+)|\.([0-9]+))?\s*%")


def open_ods(archive: zipfile.ZipFile, decode: Callable[[str, str], str] | None) -> list[Grid]:
    """The sheets of an OpenDocument workbook.

    Raises:
        Unreadable: S01; damaged or beyond the limits.
    """
    for _, pieces in tags(archive):
        for _ in pieces:
            pass
    grids: list[Grid] = []
    area = 0
    try:
        with archive.open("content.xml") as stream:
            for name, sheet in _sheets(stream):
                area += len(sheet.values) * max((len(row) for row in sheet.values), default=0)
                if area > limits.MAX_CELLS or len(grids) >= limits.MAX_SHEETS:
                    raise too_large("quá nhiều trang hoặc ô", "too many sheets or cells", name)
                grids.append(Grid(name, sheet.values, _giver(sheet.marks), sheet.is_hidden, decode))
    except (etree.XMLSyntaxError, zipfile.BadZipFile, ValueError, KeyError) as error:
        raise broken(str(error), "content.xml") from None
    return grids


def _giver(marks: Marks) -> Callable[[], Marks]:
    return lambda: marks


@dataclass
class _Sheet:
    is_hidden: bool = False
    values: list[list[Value]] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    styles: dict[tuple[int, int], Style] = field(default_factory=dict)
    row: int = 0


@dataclass
class _Styles:
    """What automatic styles say: the font of cell styles, the tables that are not displayed."""

    fonts: dict[str, str] = field(default_factory=dict)
    undisplayed: set[str] = field(default_factory=set)

    def learn(self, element: Any) -> None:
        name = element.get(_STYLE + "name", "")
        for text in element.iter(_STYLE + "text-properties"):
            font = text.get(_STYLE + "font-name") or text.get("{*}font-family")
            if font:
                self.fonts[name] = font
        for table in element.iter(_STYLE + "table-properties"):
            if table.get(_TABLE + "display") == "false":
                self.undisplayed.add(name)


def _sheets(stream: IO[bytes]) -> Iterator[tuple[str, _Sheet]]:
    styles, sheet, depth = _Styles(), _Sheet(), 0
    wanted = (*(_TABLE + tag for tag in ("table", "table-row", "table-column")), _STYLE + "style")
    events = etree.iterparse(
        stream, events=("start", "end"), tag=wanted, resolve_entities=False, no_network=True, huge_tree=True
    )
    column = 0
    for event, element in events:
        if element.tag == _TABLE + "table":
            depth += 1 if event == "start" else -1
            if depth == 1 and event == "start":
                sheet, column = _Sheet(element.get(_TABLE + "style-name") in styles.undisplayed), 0
            elif depth == 0 and event == "end":
                while sheet.values and not sheet.values[-1]:
                    sheet.values.pop()
                sheet.marks.styles = sheet.styles
                yield element.get(_TABLE + "name", ""), sheet
                element.clear()
        elif event == "end" and element.tag == _STYLE + "style":
            styles.learn(element)
        elif event == "end" and element.tag == _TABLE + "table-column":
            column = _column(sheet, element, column)
        elif event == "end" and depth == 1:
            _row(sheet, element, styles)
            element.clear()


def _repeated(element: Any, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", 1)))


def _column(sheet: _Sheet, element: Any, column: int) -> int:
    last = column + _repeated(element, "columns")
    if element.get(_TABLE + "visibility") in _HIDDEN:
        sheet.marks.hidden_columns.update(range(column + 1, min(last, limits.MAX_COLUMNS) + 1))
    return last


def _row(sheet: _Sheet, element: Any, styles: _Styles) -> None:
    """Take in a row, as often as it is repeated; empty rows at the end of a sheet are repeated a million times."""
    times = _repeated(element, "rows")
    values: list[Value] = []
    row, column, lost = sheet.row + 1, 0, len(sheet.marks.errors) + len(sheet.marks.uncached)
    for cell in element:
        attributes = cell.attrib
        if cell.tag not in _CELLS:
            continue
        repeat = int(attributes.get(_COLUMNS_REPEATED, 1))
        if not len(cell) and len(attributes) <= 2 and _VALUE_TYPE not in attributes and _FORMULA not in attributes:
            column += repeat
            continue
        value = _cell(sheet, cell, row, column + 1, styles)
        column += repeat
        now_lost = len(sheet.marks.errors) + len(sheet.marks.uncached)
        if value != "" or now_lost > lost:
            lost = now_lost
            if column > limits.MAX_COLUMNS or sheet.row + times > limits.MAX_ROWS:
                raise too_large(f"có dữ liệu tới hàng {sheet.row + times}", f"data to row {sheet.row + times}")
            values += [""] * (column - repeat - len(values)) + [value] * repeat
    if element.get(_TABLE + "visibility") in _HIDDEN:
        sheet.marks.hidden_rows.update(range(sheet.row + 1, min(sheet.row + times, limits.MAX_ROWS) + 1))
    if values and times * len(values) > limits.MAX_CELLS:
        raise too_large(f"quá {limits.MAX_CELLS:,} ô", f"more than {limits.MAX_CELLS:,} cells")
    if sheet.row < limits.MAX_ROWS:
        sheet.values += [values] * min(times, limits.MAX_ROWS - sheet.row)
    sheet.row += times


def _shown(cell: Any) -> str:
    """The paragraphs of a cell."""
    if len(cell) == 1 and not len(cell[0]):
        return (cell[0].text or "") if cell[0].tag == _P else ""
    return "\n".join("".join(part.itertext()) for part in cell.iterchildren(_P))


def _cell(sheet: _Sheet, cell: Any, row: int, column: int, styles: _Styles) -> Value:
    """The value of a cell; notes where it is merged, drawn in its own way, or lost."""
    attributes = cell.attrib
    if _ACROSS in attributes or _DOWN in attributes:
        across, down = int(attributes.get(_ACROSS, 1)), int(attributes.get(_DOWN, 1))
        if across > 1 or down > 1:
            sheet.marks.merged.append(Span(row, column, row + down - 1, column + across - 1))
    kind, formula = attributes.get(_VALUE_TYPE), attributes.get(_FORMULA)
    shown = _shown(cell)
    font = styles.fonts.get(attributes.get(_STYLE_NAME, ""), "")
    number_format = "General" if kind in (None, "string") or shown.isdigit() else _format(kind, shown)
    if font or number_format != "General":
        sheet.styles[row, column] = Style(number_format, font)
    if (formula or kind == "string") and shown[:1] in ("#", "E") and _ERROR.fullmatch(shown):
        sheet.marks.errors[row, column] = shown
        return ""
    if kind is None:
        if formula:
            sheet.marks.uncached[row, column] = str(formula).removeprefix("of:")
        return "" if formula else shown
    return _typed(cell, kind, shown)


def _typed(cell: Any, kind: str, shown: str) -> Value:
    if kind in ("float", "percentage", "currency"):
        number = float(cell.get(_VALUE, "nan"))
        return int(number) if number.is_integer() else number
    if kind == "boolean":
        return bool(cell.get(_OFFICE + "boolean-value") == "true")
    try:
        if kind == "date":
            written = str(cell.get(_OFFICE + "date-value"))
            return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
        if kind == "time":
            found = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S", str(cell.get(_OFFICE + "time-value")))
            return time(int(found[1]) % 24, int(found[2]), int(found[3])) if found else shown
    except ValueError:
        return shown
    return str(cell.get(_OFFICE + "string-value") or shown)


@lru_cache(maxsize=4096)
def _format(kind: str | None, shown: str) -> str:
    """A format that says what the cell shows: its decimals, whether it is a percentage, a fraction or a date."""
    if kind == "percentage":
        found = _PERCENT.fullmatch(shown.strip())
        decimals = len((found[1] or found[2] or "") if found else "")
        return f"0.{'0' * decimals}%" if decimals else "0%"
    if kind == "float" and re.fullmatch(r"(?:[0-9]+ )?[0-9]+/[0-9]+", shown.strip()):
        return f"# {'?' * len(shown)}/{'?' * len(shown)}"
    if kind == "date" and re.fullmatch(r"(?:[^\W\d]+|T?[0-9]{1,2})[-/ ][0-9]{2,4}", shown.strip()):
        return "mmm-yy" if re.search(r"[0-9]{4}$|^[^\W\d]", shown.strip()) else "d-mmm"
    if kind == "float" and (found := re.fullmatch(r"[0-9.]*,([0-9]+)", shown.strip())):
        return f"0.{'0' * len(found[1])}"
    return "General"
