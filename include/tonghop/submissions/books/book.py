"""Open a workbook of any of the three formats into grids. Macros, links and formulas are data here, never run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from tonghop.submissions.books import limits, xlsx
from tonghop.submissions.books.archive import Kind, kind_of, open_zip
from tonghop.submissions.books.grid import Grid, Marks, Style
from tonghop.submissions.books.letters import Letters
from tonghop.submissions.books.ods import open_ods
from tonghop.submissions.books.refusals import broken, has_password, too_large
from tonghop.submissions.books.xls import open_xls


@dataclass(frozen=True)
class Book:
    """A workbook: its kind, and its sheets in order."""

    kind: Kind
    grids: tuple[Grid, ...]
    letters: Letters = field(default_factory=Letters)

    def grid(self, name: str) -> Grid | None:
        return next((grid for grid in self.grids if grid.name == name), None)


def open_book(content: bytes, file_name: str) -> Book:
    """Open a workbook by what it is, whatever its name says; its size is judged before its cells are read.

    Raises:
        Unreadable: S01; no workbook, damaged, with a password, or beyond the limits.
    """
    kind = kind_of(content, file_name)
    letters = Letters()
    if kind == "xls":
        grids = open_xls(content, letters)
    else:
        archive = open_zip(content)
        grids = open_ods(archive, letters) if kind == "ods" else _open_xlsx(content, archive, letters)
    return Book(kind, tuple(grids), letters)


def _open_xlsx(content: bytes, archive: zipfile.ZipFile, letters: Letters) -> list[Grid]:
    parts = xlsx.sheet_parts(archive)
    if len(parts) > limits.MAX_SHEETS:
        raise too_large(f"{len(parts)} trang", f"{len(parts)} sheets")
    scans = xlsx.scan_all(archive, parts)
    styles: list[list[Style]] = []  # read when first needed, once a book

    def marks_of(name: str) -> Callable[[], Marks]:
        def read() -> Marks:
            scan = scans[name]
            if not (scan.is_marked or scan.is_styled):
                return Marks()
            try:
                if not styles:
                    styles.append(xlsx.read_styles(archive))
                return xlsx.read_marks(archive, name, parts[name], styles[0])
            except (ValueError, TypeError, KeyError, zipfile.BadZipFile) as error:  # an attribute that is no number
                raise broken(str(error), name) from None

        return read

    grids = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheets_metadata:
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.name in parts:
                values = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                is_hidden = sheet.visible is not SheetVisibleEnum.Visible
                grids.append(Grid(sheet.name, values, marks_of(sheet.name), is_hidden, letters))
    except PasswordError:
        raise has_password() from None
    except Exception as error:  # calamine raises whatever its parsers meet in damaged parts
        raise broken(str(error) or type(error).__name__) from None
    return grids
