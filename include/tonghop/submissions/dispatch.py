"""Which reader a file goes to: by what it is, whatever its name says. Runs in the child; knows no database."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

from tonghop.submissions import delimited
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import COLUMNS, Head, NeedsConfirming, Reading, Sink, Unreadable
from tonghop.submissions.records import separator_of
from tonghop.text.clean import clean
from tonghop.text.decoding import Undecodable, decode

if TYPE_CHECKING:
    from tonghop.submissions.books.book import Book

_START = 2**16
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_PDF, _RTF = b"%PDF-", b"{\\rtf"
_HTML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|\?xml|!--)", re.IGNORECASE)
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls", ".ods", ".xlsb")
_REPORTS = (".docx", ".doc", ".pdf", ".html", ".htm", ".rtf")
_ENOUGH = 3
"""Columns of the form that the first line must name to be its header, well or badly written."""


@dataclass(frozen=True)
class Task:
    """One file to read.

    Attributes:
        file_name: as people see it: printable, one line.
        context: what a reader must know of the sender (``context.read_context``).
    """

    file_name: str
    limits: Limits
    context: dict[str, Any] = field(default_factory=dict)


def read_into(file: IO[bytes], task: Task, sink: Sink) -> Head:
    """Read a file into a sink.

    Args:
        file: seekable, at its start.

    Raises:
        Unreadable: S01 or S02.
        NeedsConfirming: the columns of a table made by hand must be confirmed first.
    """
    start = file.read(_START)
    file.seek(0)
    ending = PurePath(task.file_name).suffix.lower()
    if is_report(file, start, ending):
        from tonghop.submissions.reports import read_report

        return read_report(file, task, sink)
    if start.startswith((*_ZIP, _OLD_OFFICE)) or (ending in _WORKBOOKS and start):
        return _read_workbook(file.read(), task, sink)
    return delimited.stream_delimited(file, task.file_name, sink, task.limits)


def is_report(file: IO[bytes], start: bytes, ending: str) -> bool:
    """Whether a file is a report in prose; a .txt is one unless its first line is the header of the delimited form.

    Args:
        file: at its start, and left there.
        start: its first bytes.
        ending: of its name, as ".txt".
    """
    if start.startswith(_ZIP):
        return _is_docx(file)
    if start.startswith(_OLD_OFFICE):
        return ending == ".doc"
    if start.lstrip().startswith((_PDF, _RTF)) or _HTML.match(start) or ending in _REPORTS:
        return bool(start)
    return ending == ".txt" and bool(start.strip()) and not names_columns(start)


def names_columns(start: bytes) -> bool:
    """Whether the first line of a text is meant as the header of the delimited form."""
    try:
        text = decode(start[: start.rfind(b"\n") + 2 or len(start)]).text  # +2: a line end of UTF-16 is two bytes
    except Undecodable:
        text = start.decode("utf-8", "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    cells = {clean(cell).strip('"').lower() for cell in first.split(separator_of(text))}
    return len(cells & set(COLUMNS)) >= _ENOUGH


def _is_docx(file: IO[bytes]) -> bool:
    try:
        return "word/document.xml" in zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        file.seek(0)


def _read_workbook(content: bytes, task: Task, sink: Sink) -> Head:
    from tonghop.submissions import workbook
    from tonghop.submissions.books.book import open_book
    from tonghop.submissions.context import handmade_arguments
    from tonghop.submissions.handmade.mapping import NeedsMapping
    from tonghop.submissions.handmade.reader import read_book

    book = open_book(content, task.file_name)
    if workbook.is_template(book):
        return _told(workbook.read_template(book, task.file_name), book).pour(sink)
    if not task.context:
        raise Unreadable(
            "S02",
            "file",
            "không phải bảng tính theo mẫu; hãy lấy mẫu bằng 'tonghop template NƠI_GỬI KỲ'",
            "this is not the template's workbook; make one with 'tonghop template SENDER PERIOD'",
        )
    try:
        return _told(read_book(book, task.file_name, **handmade_arguments(task.context)), book).pour(sink)
    except NeedsMapping as asked:
        raise NeedsConfirming(asked.vi, asked.en, asked.proposal.to_dict()) from None


def _told(reading: Reading, book: Book) -> Reading:
    """With what had to be decided about the letters of the book."""
    reading.encoding = ", ".join(sorted(book.letters.encodings)) or None
    reading.warning = book.letters.warning(reading.warning)
    return reading


def versions() -> dict[str, str]:
    """The version of each reader; what none could read is tried again when one of them changes."""
    from tonghop.submissions import reports, workbook
    from tonghop.submissions.handmade import reader as handmade

    known = {
        delimited.READER: delimited.VERSION,
        workbook.READER: workbook.READER_VERSION,
        handmade.READER: handmade.READER_VERSION,
        reports.READER: reports.VERSION,
    }
    return known | {"unknown": ".".join(known.values())}
