"""Excel's .xlsx: a scan that judges the size of a sheet before it is read, and what only its XML and styles tell."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import column_index_from_string, coordinate_to_tuple, range_boundaries

from tonghop.submissions.books import limits
from tonghop.submissions.books.archive import tags, whole
from tonghop.submissions.books.grid import Marks, Span, Style
from tonghop.submissions.books.refusals import broken, too_large

# What all office programs write. Cells written in any other way (no place, a prefix) are looked at one by one. Each
# sign that is looked for costs a hundredth of a second a million cells, so none is looked for without need.
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})[0-9]+"[^>]*(?<!/)>')
_ROW = re.compile(rb'<row r="([0-9]+)"[^>]*(?<!/)>\s*(?:<c [^>]*/>\s*)*<c [^>]*(?<!/)>')
_LONGEST_ROW = 1 << 20
_UNUSUAL = (b":sheetData", b"<c>")
_STYLED = re.compile(rb' s="[1-9]')
_MARKED = (b"<f", b"hidden=", b"mergeCell ", b't="e"', b' width="0')


@dataclass
class Scan:
    """What one pass over the bytes of a sheet tells.

    Attributes:
        rows: to the last row that is not empty.
        is_marked: it may hold formulas, errors, merged or hidden cells.
        is_styled: its cells have formats or fonts of their own.
        is_unplaced: cells are written in an unusual way, and have to be looked at one by one.
    """

    rows: int = 0
    is_marked: bool = False
    is_styled: bool = False
    is_unplaced: bool = False
    _letters: set[bytes] = field(default_factory=set)
    _tail: bytes = b""

    @property
    def columns(self) -> int:
        return max((column_index_from_string(letters.decode()) for letters in self._letters), default=0)

    def see(self, piece: bytes) -> None:
        """Take in a piece that ends with a tag."""
        self._letters.update(_FILLED.findall(piece))
        rows = self._tail + piece  # a row that begins in one piece may be filled in the next
        self.rows = max(self.rows, max(map(int, _ROW.findall(rows)), default=0))
        begins = rows.rfind(b"<row ")
        self._tail = rows[begins:] if begins >= 0 and len(rows) - begins < _LONGEST_ROW else b""
        self.is_unplaced = self.is_unplaced or (begins >= 0 and not self._tail)
        self.is_marked = self.is_marked or any(sign in piece for sign in _MARKED)
        self.is_styled = self.is_styled or _STYLED.search(piece) is not None
        self.is_unplaced = (
            self.is_unplaced or any(sign in piece for sign in _UNUSUAL) or piece.count(b"<c ") != piece.count(b'<c r="')
        )


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet, by its name, in the book's order."""
    targets = {}
    for relation in _tree(archive, "xl/_rels/workbook.xml.rels").iter("{*}Relationship"):
        target = str(relation.get("Target", ""))
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        targets[relation.get("Id")] = path
    found = {}
    for sheet in _tree(archive, "xl/workbook.xml").iter("{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None)
        if key in targets:
            found[str(sheet.get("name", ""))] = targets[key]
    return found


def scan_all(archive: zipfile.ZipFile, parts: dict[str, str]) -> dict[str, Scan]:
    """Unpack everything once, keeping nothing: sizes as they are, and what each sheet's bytes tell.

    Raises:
        Unreadable: S01; a part, a sheet or a cell beyond the limits.
    """
    scans = {name: Scan() for name in parts}
    by_part = {part: scans[name] for name, part in parts.items()}
    for part, pieces in tags(archive):
        scan = by_part.get(part)
        for piece in pieces:
            if scan is not None:
                scan.see(piece)
    area = 0
    for name, scan in scans.items():
        area += _judged_area(archive, name, parts[name], scan)
        if area > limits.MAX_CELLS:
            raise too_large(f"quá {limits.MAX_CELLS:,} ô", f"more than {limits.MAX_CELLS:,} cells", name)
    return scans


def _judged_area(archive: zipfile.ZipFile, name: str, part: str, scan: Scan) -> int:
    """Rows × columns; a sheet whose cells are written in an unusual way is looked at cell by cell.

    Raises:
        Unreadable: S01, beyond the limits.
    """
    is_unplaced = scan.is_unplaced or (scan.columns > 0 and scan.rows == 0)
    if is_unplaced and part in archive.namelist():
        rows, columns = _extent(archive, name, part)
    else:
        rows, columns = scan.rows, scan.columns
    _judge(name, rows, columns)
    return rows * columns


def _judge(name: str, rows: int, columns: int) -> None:
    if rows > limits.MAX_ROWS or columns > limits.MAX_COLUMNS or rows * columns > limits.MAX_CELLS:
        raise too_large(f"có dữ liệu tới hàng {rows}, cột {columns}", f"data to row {rows}, column {columns}", name)


def _extent(archive: zipfile.ZipFile, name: str, part: str) -> tuple[int, int]:
    """Last row and column with anything in them.

    Raises:
        Unreadable: S01, at the first cell beyond the limits.
    """
    rows = columns = 0
    for tag, cell, row, column in _cells(archive, name, part):
        if tag == "c" and len(cell):
            rows, columns = max(rows, row), max(columns, column)
            _judge(name, rows, columns)
    return rows, columns


def _cells(archive: zipfile.ZipFile, name: str, part: str) -> Iterator[tuple[str, Any, int, int]]:
    """The cells of a sheet one by one, and its other elements that matter (row and column 0)."""
    row = column = 0
    wanted = ("{*}c", "{*}row", "{*}col", "{*}mergeCell")
    try:
        with archive.open(part) as stream:
            events = etree.iterparse(
                stream, events=("start", "end"), tag=wanted, resolve_entities=False, no_network=True, huge_tree=True
            )
            for event, element in events:
                tag = etree.QName(element).localname
                if event == "start":
                    if tag == "row":
                        row, column = int(element.get("r") or row + 1), 0
                    continue
                if tag == "c":
                    place = element.get("r")
                    column = coordinate_to_tuple(place)[1] if place else column + 1
                    yield tag, element, row, column
                else:
                    yield tag, element, row, 0
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
    except (etree.XMLSyntaxError, zipfile.BadZipFile, ValueError, KeyError) as error:
        raise broken(str(error), name) from None


def read_marks(archive: zipfile.ZipFile, name: str, part: str, styles: list[Style]) -> Marks:
    """All that a sheet says beside its values."""
    marks = Marks()
    of_cell: dict[tuple[int, int], Style] = {}
    for tag, element, row, column in _cells(archive, name, part):
        if tag == "c":
            style = int(element.get("s") or 0)
            if 0 <= style < len(styles):
                of_cell[row, column] = styles[style]
            _behind(marks, element, row, column)
        elif tag == "row":
            if element.get("hidden") in ("1", "true") or element.get("ht") in ("0", "0.0"):
                marks.hidden_rows.add(row)
        elif tag == "col":
            if element.get("hidden") in ("1", "true") or element.get("width") in ("0", "0.0"):
                last = min(int(element.get("max", 0)), limits.MAX_COLUMNS)
                marks.hidden_columns.update(range(int(element.get("min", 1)), last + 1))
        else:
            left, top, right, bottom = range_boundaries(element.get("ref", ""))
            if None not in (left, top, right, bottom):
                marks.merged.append(Span(int(top or 1), int(left or 1), int(bottom or 1), int(right or 1)))
    marks.styles = of_cell
    return marks


def _behind(marks: Marks, cell: Any, row: int, column: int) -> None:
    """An error value, or a formula that nobody computed."""
    value, formula = cell.findtext("{*}v"), cell.find("{*}f")
    if cell.get("t") == "e":
        marks.errors[row, column] = value or "#VALUE!"
    elif formula is not None and not value and cell.get("t") != "str" and cell.find("{*}is") is None:
        marks.uncached[row, column] = f"={formula.text or '…'}"


def read_styles(archive: zipfile.ZipFile) -> list[Style]:
    """The styles that cells point to by number."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    tree = _tree(archive, "xl/styles.xml")
    codes = {int(each.get("numFmtId", -1)): str(each.get("formatCode", "")) for each in tree.iter("{*}numFmt")}
    fonts = [
        next((str(name.get("val", "")) for name in font.iter("{*}name")), "")
        for group in tree.iterfind("{*}fonts")
        for font in group.iterfind("{*}font")
    ]
    styles = []
    for xf in (xf for group in tree.iterfind("{*}cellXfs") for xf in group.iterfind("{*}xf")):
        number, font = int(xf.get("numFmtId") or 0), int(xf.get("fontId") or 0)
        code = codes.get(number) or BUILTIN_FORMATS.get(number, "General")
        styles.append(Style(code, fonts[font] if 0 <= font < len(fonts) else ""))
    return styles


def _tree(archive: zipfile.ZipFile, part: str) -> Any:
    if part not in archive.namelist():
        raise broken(f"{part} is missing")
    try:
        return etree.fromstring(whole(archive, part), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(str(error), part) from None
