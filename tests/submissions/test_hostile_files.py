"""Files made to hurt: each is refused in one line with its remedy, in the child, in time; the next file is read."""

from __future__ import annotations

import io
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from fpdf import FPDF
from upath import UPath

from tonghop.submissions.apart import Apart, Done
from tonghop.submissions.dispatch import Task
from tonghop.submissions.folders import Arrival, is_irregular, is_news
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import COLUMNS, Unreadable
from tonghop.submissions.received import Irregular, opened

MEGA = 2**20
LIMITS = Limits(seconds=60, memory_bytes=3 * 2**29)
LONGEST = 30.0
"""Seconds that any of these may take; most are refused in hundredths."""
REMEDIES = ("save", "send", "delete", "remove", "split", "export", "at most", "the first line must be")
GOOD = f"{','.join(COLUMNS)}\n60,study_class,2012-05,own,7,,,\n".encode()
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SECRET = "mật khẩu của máy chủ"


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with Apart(LIMITS) as child:
        yield child


def read(apart: Apart, path: Path) -> Done:
    refusal = None
    with path.open("rb") as file, apart.job(file, Task(path.name, LIMITS), 1, "60-x") as job:
        for _ in iter(job.read, b""):
            pass
        try:
            return job.finish()
        except Unreadable as error:  # raised outside the job: inside, a child that is well would be ended
            refusal = error
    raise refusal


def refused(apart: Apart, path: Path) -> str:
    """The line in which a file is refused; the child must then read a good one."""
    started = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        read(apart, path)
    line = str(caught.value)
    assert time.monotonic() - started < LONGEST
    assert line.isprintable()
    assert caught.value.vi != caught.value.en
    assert any(remedy in line.lower() for remedy in REMEDIES), line
    good = path.with_name("good.csv")
    good.write_bytes(GOOD)
    assert read(apart, good).rows_kept == 1
    return line


def book(parts: dict[str, bytes | Iterator[bytes]]) -> bytes:
    """A workbook with some parts replaced; parts given in pieces are packed piece by piece."""
    plain = io.BytesIO()
    made = openpyxl.Workbook()
    made.active.append(["STT", "Tên đơn vị", "số"])  # type: ignore[union-attr]
    made.save(plain)
    saved = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            with new.open(name, "w", force_zip64=True) as part:
                for piece in [data] if isinstance(data, bytes) else data:
                    part.write(piece)
    return saved.getvalue()


def sheet(inside: bytes | Iterator[bytes]) -> Iterator[bytes]:
    yield f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    yield from [inside] if isinstance(inside, bytes) else inside
    yield b"</sheetData></worksheet>"


def megabytes(of: bytes, count: int) -> Iterator[bytes]:
    piece = of * MEGA
    yield from (piece for _ in range(count))


def rows(count: int) -> Iterator[bytes]:
    for start in range(1, count + 1, 4096):
        last = min(start + 4096, count + 1)
        yield b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (at, at, at) for at in range(start, last))


LAUGHS = b'<!DOCTYPE x [<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (at, b"&a%d;" % (at - 1) * 10) for at in range(1, 12)
) + b"]>"


def outside(secret: Path) -> bytes:
    return f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()


def xml_cell(head: bytes, entity: bytes) -> bytes:
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + entity + b"</t></is></c></row>"
    return head + b"".join(sheet(cell))


def ods(content: bytes | Iterator[bytes]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        with archive.open("content.xml", "w", force_zip64=True) as part:
            for piece in [content] if isinstance(content, bytes) else content:
                part.write(piece)
    return saved.getvalue()


def ods_table(inside: bytes | Iterator[bytes], head: bytes = b"") -> Iterator[bytes]:
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    yield head + f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="a">'.encode()
    yield from [inside] if isinstance(inside, bytes) else inside
    yield b"</table:table></office:spreadsheet></office:body></office:document-content>"


def docx(document: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        links = "http://schemas.openxmlformats.org/package/2006/relationships"
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>')
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{links}"><Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>')
        archive.writestr("word/document.xml", document)
    return saved.getvalue()


def paragraph(head: bytes, text: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return head + b'<w:document xmlns:w="' + space + b'"><w:body><w:p><w:r><w:t>' + text + b"</w:t></w:r></w:p></w:body></w:document>"


def locked(content: bytes) -> bytes:
    """Every part of a zip marked as encrypted."""
    changed = bytearray(content)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + flags] |= 1
            at = changed.find(mark, at + 1)
    return bytes(changed)


def office_with(*streams: str) -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1").ljust(1024, b"\0") + b"".join(name.encode("utf-16-le") for name in streams).ljust(2048, b"\0")


def protected_pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.cell(0, 6, "67/73 don vi")
    pdf.set_encryption(owner_password="chu", user_password="khach")
    return bytes(pdf.output())


def lying(content: bytes, name: bytes) -> bytes:
    """A zip that declares ten bytes for a part that has a million."""
    changed = bytearray(content)
    at = changed.rfind(name) - 46
    assert changed[at : at + 4] == b"PK\x01\x02"
    changed[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(changed)


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
A_MILLION_CELLS = b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a zip bomb": ("a.xlsx", lambda: book({SHEET: sheet(megabytes(b" ", 600))}), "too large"),
    "a bomb in a part that nobody reads": ("a.xlsx", lambda: book({"xl/media/x.png": megabytes(b"\0", 100)}), "too large"),
    "a bomb that lies about its size": ("a.xlsx", lambda: lying(book({SHEET: b"".join(sheet(b" " * MEGA))}), SHEET.encode()), "cannot be opened"),
    "a cell of a gigabyte": ("a.xlsx", lambda: book({SHEET: sheet(_cell_of(megabytes(b"a", 1024)))}), "too large"),
    "a shared text of a gigabyte": ("a.xlsx", lambda: book({STRINGS: _string_of(megabytes(b"a", 100))}), "too large"),
    "a cell of a gigabyte in .ods": ("a.ods", lambda: ods(ods_table(_ods_cell_of(megabytes(b"a", 100)))), "too large"),
    "a million rows": ("a.xlsx", lambda: book({SHEET: sheet(rows(1_048_576))}), "too large"),
    "a million rows in .ods": ("a.ods", lambda: ods(ods_table(A_MILLION_CELLS)), "too large"),
    "a cell in row and column of nowhere": ("a.xlsx", lambda: book({SHEET: sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}), "too large"),
    "a billion laughs": ("a.xlsx", lambda: book({SHEET: xml_cell(LAUGHS, b"&a11;")}), "DTD"),
    "a billion laughs in .ods": ("a.ods", lambda: ods(ods_table(b"<table:table-row/>", LAUGHS)), "DTD"),
    "a truncated zip": ("a.xlsx", lambda: book({})[:-200], "cannot be opened"),
    "a zip without its parts": ("a.xlsx", lambda: b"PK\x05\x06" + b"\0" * 18, "no workbook"),
    "a zip with a wrong sum": ("a.xlsx", lambda: _wrong_sum(book({})), "cannot be opened"),
    "a password (Excel)": ("a.xlsx", lambda: office_with("EncryptionInfo", "EncryptedPackage"), "password"),
    "a password (zip)": ("a.xlsx", lambda: locked(book({})), "password"),
    "a password (.pdf)": ("a.pdf", protected_pdf, "password"),
    "a picture called .xlsx": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no workbook"),
    "a picture called .csv": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "zero byte"),
    "a program called .csv": ("a.csv", lambda: b"\x7fELF" + os.urandom(4096), "UTF-8"),
    "an old Word file called .xls": ("a.xls", lambda: office_with("WordDocument"), "no workbook"),
    "a text called .xlsx": ("a.xlsx", lambda: GOOD, "no workbook"),
    "an archive of files": ("a.zip", lambda: _archive({"a.csv": GOOD}), "no workbook"),
    "nothing (.csv)": ("a.csv", lambda: b"", "empty"),
    "nothing (.xlsx)": ("a.xlsx", lambda: b"", "empty"),
    "nothing (.pdf)": ("a.pdf", lambda: b"", "empty"),
    "blanks": ("a.csv", lambda: b" \n" * 500, "empty"),
    "blanks without end": ("a.csv", lambda: b"\n" * MEGA, "the first line must be"),
    "a line without end": ("a.csv", lambda: b"a" * (64 * MEGA), "header"),
    "separators without end": ("a.csv", lambda: b"," * (16 * MEGA), "header"),
    "a page of tags within tags": ("a.html", lambda: b"<html>" + b"<div>" * 500_000, ""),
    "a report that unpacks to more than it may": ("a.docx", lambda: _archive({"word/document.xml": megabytes(b" ", 200)}), "too large"),
    "a billion laughs in .docx": ("a.docx", lambda: docx(paragraph(LAUGHS, b"&a11;")), ""),
    "a broken .pdf": ("a.pdf", lambda: b"%PDF-1.4\n" + b"1 0 obj << /Length 99999999 >> stream\n" * 1000, "damaged"),
}


def _cell_of(pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    yield from pieces
    yield b"</t></is></c></row>"


def _string_of(pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield f'<sst xmlns="{MAIN}"><si><t>'.encode()
    yield from pieces
    yield b"</t></si></sst>"


def _ods_cell_of(pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield b'<table:table-row><table:table-cell office:value-type="string"><text:p>'
    yield from pieces
    yield b"</text:p></table:table-cell></table:table-row>"


def _archive(parts: dict[str, bytes | Iterator[bytes]]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in [data] if isinstance(data, bytes) else data:
                    part.write(piece)
    return saved.getvalue()


def _wrong_sum(content: bytes) -> bytes:
    changed = bytearray(content)
    at = changed.rfind(b"xl/workbook.xml") - 46
    changed[at + 16 : at + 20] = zlib.crc32(b"other").to_bytes(4, "little")
    return bytes(changed)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_one_line_and_the_next_is_read(apart: Apart, tmp_path: Path, kind: str) -> None:
    name, make, says = HOSTILE[kind]
    path = tmp_path / name
    path.write_bytes(make())
    assert says in refused(apart, path)


def test_a_quote_that_never_closes_costs_its_row_alone(apart: Apart, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(GOOD + GOOD.splitlines()[1].replace(b"7,,,", b'7,,,"') + b"a\n" * (16 * MEGA))
    started = time.monotonic()
    done = read(apart, path)
    assert (done.rows_kept, done.rows_aside) == (1, 1)
    assert time.monotonic() - started < LONGEST


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.docx", "a.html"])
def test_no_file_of_the_machine_gets_into_a_reading(apart: Apart, tmp_path: Path, name: str) -> None:
    """An external entity would send what the reader may see to whoever may see the page."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    head = outside(secret)
    content = {
        "a.xlsx": lambda: book({SHEET: xml_cell(head, b"&e;")}),
        "a.ods": lambda: ods(ods_table(_ods_cell_of(iter([b"&e;"])), head)),
        "a.docx": lambda: docx(paragraph(head, "67/73 đơn vị &e;".encode())),
        "a.html": lambda: head.replace(b"<!DOCTYPE x", b"<!DOCTYPE html") + b"<html><body>67/73 &e;</body></html>",
    }[name]()
    path = tmp_path / name
    path.write_bytes(content)
    said, told = "", b""
    try:
        with path.open("rb") as file, apart.job(file, Task(name, LIMITS), 1, "60-x") as job:
            told = b"".join(iter(job.read, b""))
            job.finish()
            for kept in (job.asides, job.claims, job.report):
                kept.seek(0)
                told += kept.read()
    except Unreadable as refusal:
        said = str(refusal)
    assert SECRET not in said + told.decode()
    assert said or name in ("a.docx", "a.html")  # workbooks with a DTD are refused whole


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    """A link out of the inbox, a folder, a pipe: named as such, not followed, not waited for."""
    outside_file = tmp_path / "outside.csv"
    outside_file.write_bytes(GOOD)
    inbox = tmp_path / "60"
    inbox.mkdir()
    (inbox / "link.csv").symlink_to(outside_file)
    (inbox / "up.csv").symlink_to("../../..")
    (inbox / "folder.csv").mkdir()
    os.mkfifo(inbox / "pipe.csv")
    for path in map(UPath, sorted(inbox.iterdir())):
        assert is_irregular(path)
        assert not is_news(path)
        with pytest.raises(Irregular), opened(Arrival(path, datetime.now(UTC)), LIMITS):
            pass
