"""Opening workbooks: what is damaged, too large, locked or no workbook is refused in one line, and nothing is run."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from tests.submissions.handmade.writers import Error, Formula, SheetModel, write
from tonghop.submissions.books import limits
from tonghop.submissions.books.book import open_book
from tonghop.submissions.books.grid import Grid
from tonghop.submissions.books.letters import Letters
from tonghop.submissions.reading import Unreadable

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _parts(sheet: str) -> dict[str, str]:
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }


def _sheet(rows: str) -> str:
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _zip(parts: dict[str, str | bytes]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return saved.getvalue()


def _xlsx(rows: str) -> bytes:
    return _zip(dict(_parts(_sheet(rows))))


def _streamed(begin: str, unit: bytes, times: int, end: str) -> bytes:
    """A sheet too large to be held: written to the zip piece by piece."""
    parts = _parts("")
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write((_HEAD + f'<worksheet xmlns="{_MAIN}"><sheetData>' + begin).encode())
            for _ in range(times):
                part.write(unit)
            part.write((end + "</sheetData></worksheet>").encode())
    return saved.getvalue()


def _one_cell_of_a_gigabyte() -> bytes:
    return _streamed('<row r="1"><c r="A1" t="inlineStr"><is><t>', b"a" * (1 << 20), 1024, "</t></is></c></row>")


def _one_cell_that_does_not_compress() -> bytes:
    import random

    text = random.Random(1).randbytes(3 << 20).hex()
    return _xlsx(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>')


def _a_million_rows() -> bytes:
    rows = "".join(f'<row r="{at}"><c r="A{at}"><v>{at}</v></c></row>' for at in range(1, 1_048_577))
    return _xlsx(rows)


def _two_far_cells() -> bytes:
    return _xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def _far_cells_with_a_prefix() -> bytes:
    sheet = (
        f'{_HEAD}<x:worksheet xmlns:x="{_MAIN}"><x:sheetData><x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    return _zip(dict(_parts(sheet)))


def _far_cells_in_another_order() -> bytes:
    return _xlsx('<row spans="1:2" r="900000"><c t="n" r="ZZZ900000"><v>1</v></c></row>')


def _lies_about_its_size() -> bytes:
    """A directory that says a hundred bytes for a part of forty megabytes."""
    content = bytearray(_xlsx("<!--" + "a" * (40 << 20) + "-->"))
    for record in (b"PK\x03\x04", b"PK\x01\x02"):
        at = -1
        while (at := content.find(record, at + 1)) >= 0:
            name = b"xl/worksheets/sheet1.xml"
            begin = at + (30 if record == b"PK\x03\x04" else 46)
            if content[begin : begin + len(name)] == name:
                size = at + (22 if record == b"PK\x03\x04" else 24)
                content[size : size + 4] = (100).to_bytes(4, "little")
    return bytes(content)


def _entities() -> bytes:
    sheet = _sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>').replace(
        "?>", '?><!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/hostname">]>', 1
    )
    return _zip(dict(_parts(sheet)))


def _ods(table: str, manifest: str = "") -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="S">{table}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return _zip({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content, "META-INF/manifest.xml": manifest,
    })  # fmt: skip


_REPEATED = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="{}" office:value-type="float" office:value="1"/></table:table-row>'


def _many_parts() -> bytes:
    return _zip({**_parts(_sheet("")), **{f"xl/media/{at}.bin": "" for at in range(limits.MAX_PARTS)}})


def _old_office(stream: str) -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 512


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_one_cell_of_a_gigabyte, "too large"),
        (_one_cell_that_does_not_compress, "a cell of more than 1 MB"),
        (_a_million_rows, "too large"),
        (_two_far_cells, "too large"),
        (_far_cells_with_a_prefix, "too large"),
        (_far_cells_in_another_order, "too large"),
        (_lies_about_its_size, "cannot be opened|too large"),
        (_entities, "DTD"),
        (_many_parts, "parts in the zip"),
        (lambda: _ods(_REPEATED.format(1048576, 1)), "too large"),
        (lambda: _ods(_REPEATED.format(1, 16384)), "too large"),
        (lambda: _ods(_REPEATED.format(199_999, 600)), "too large"),
        (lambda: _ods("", "<x><encryption-data/></x>"), "password"),
        (lambda: _old_office("EncryptedPackage"), "password"),
        (lambda: _old_office("WordDocument"), "no workbook"),
        (lambda: _old_office("Workbook"), "cannot be opened"),
        (lambda: b"", "empty"),
        (lambda: b"unit_code,indicator\n60,x\n", "no workbook"),
        (lambda: b"PK\x03\x04junk", "cannot be opened"),
        (lambda: _xlsx("<row r='1'>")[:-200], "cannot be opened"),
        (lambda: _xlsx("<row r='1'><c r='A1'>"), "cannot be opened"),
        (lambda: _zip({"word/document.xml": "<x/>"}), r"no workbook \(\.docx\)"),
        (lambda: _zip({"a.txt": "x"}), "no workbook"),
        (lambda: _zip({"xl/workbook.xml": "<x/>"}), "cannot be opened"),
    ],
)
def test_what_cannot_be_a_return_is_refused_in_one_line(make: Callable[[], bytes], words: str) -> None:
    content = make()
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(Unreadable, match=words) as refused:
        open_book(content, "bieu.xlsx")
    assert refused.value.rule == "S01"
    assert "\n" not in str(refused.value)
    assert refused.value.vi
    assert time.process_time() - begun < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024, "judged only after memory was spent"


def _old(fill: Callable[[xlwt.Worksheet], None]) -> bytes:
    book = xlwt.Workbook()
    fill(book.add_sheet("S"))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_two_far_cells_of_an_old_workbook_take_no_memory() -> None:
    def fill(sheet: xlwt.Worksheet) -> None:
        sheet.write(0, 0, 1)
        sheet.write(65535, 255, 2)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (grid,) = open_book(_old(fill), "a.xls").grids
    assert (grid.value(1, 1), grid.value(65536, 256), grid.value(5, 5)) == (1, 2, "")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_formatted_blank_rows_to_the_bottom_are_no_million_rows() -> None:
    rows = '<row r="1"><c r="A1"><v>7</v></c></row>' + "".join(
        f'<row r="{at}"><c r="A{at}" s="1"/></row>' for at in range(2, 250_000)
    )
    (grid,) = open_book(_xlsx(rows), "a.xlsx").grids
    assert (grid.height, grid.value(1, 1)) == (1, 7)


def test_a_sheet_without_cell_places_is_read_in_order() -> None:
    (grid,) = open_book(_xlsx("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"), "a.xlsx").grids
    assert [list(row) for row in grid.values] == [[1, 2], [3, ""]]


def _model() -> SheetModel:
    model = SheetModel("Biểu 1")
    model.put(1, 1, "Huyện")
    model.put(2, 1, 0.9178, "0.00%")
    model.put(2, 2, Formula("1+1"))
    model.put(2, 3, Error("#DIV/0!"))
    model.put(3, 1, "HuyÖn B¾c B×nh", font=".VnTime")
    model.put(3, 2, "TÆNH UÛY", font="VNI-Times")
    model.put(3, 3, "Huyện Đức Linh", font=".VnTime")
    model.put(4, 4, 5)
    model.merges.append((1, 1, 1, 3))
    model.hidden_rows.add(3)
    model.hidden_columns.add(2)
    return model


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_what_only_formats_tell_is_the_same_in_all_three(suffix: str) -> None:
    hidden = SheetModel("Ẩn", is_hidden=True)
    hidden.put(1, 1, 1)
    grid, other = open_book(write([_model(), hidden], suffix), f"a{suffix}").grids
    assert (grid.name, grid.is_hidden, other.is_hidden) == ("Biểu 1", False, True)
    rate = grid.cell(2, 1)
    assert (rate.number, rate.number_format) == (0.9178, "0.00%")
    assert grid.cell(2, 2).refused is not None
    assert grid.text(2, 3) == "#DIV/0!"
    assert grid.cell(2, 3).refused is not None
    assert grid.text(3, 1) == "Huyện Bắc Bình"
    assert grid.text(3, 2).lower() == "tỉnh ủy"
    assert grid.text(3, 3) == "Huyện Đức Linh"
    assert tuple(grid.span(1, 2) or ()) == (1, 1, 1, 3)
    assert grid.span(2, 1) is None
    assert (grid.is_hidden_row(3), grid.is_hidden_row(2)) == (True, False)
    assert (grid.is_hidden_column(2), grid.is_hidden_column(1)) == (True, False)
    assert grid.is_blank(4, 1)
    assert not grid.is_blank(2, 2)
    assert not grid.is_blank(2, 3)
    assert grid.place(2, 28) == "Biểu 1!AB2"


def test_capitals_of_an_old_font_come_from_its_name() -> None:
    letters = Letters()
    assert letters("tØnh ñy", ".VnTimeH") == "TỈNH ỦY"
    assert letters("tØnh ñy", ".VnTime") == "tỉnh ủy"
    assert (letters.encodings, letters.warning()) == ({"tcvn3"}, None)


def test_old_letters_under_a_new_font_are_read_and_said() -> None:
    """Pasted from an old file, the font is Arial and the letters are TCVN3: lost without this, silent without a word."""
    letters = Letters()
    assert letters("Tæng sè ®¶ng viªn cña tØnh", "Arial") == "Tổng số đảng viên của tỉnh"
    assert "TCVN3" in str(letters.warning("trước đó"))
    assert letters("Huyện Tuy Phong", "Arial") == "Huyện Tuy Phong"


def test_macros_and_links_are_data_that_nobody_opens(tmp_path: Path) -> None:
    """A macro part is only unpacked; a linked cell gives what was stored with it."""
    mark = tmp_path / "ran"
    sheet = _sheet('<row r="1"><c r="A1"><f>[1]Other!A1</f><v>12</v></c><c r="B1"><f>WEBSERVICE("http://127.0.0.1:9/")</f></c></row>')
    parts: dict[str, str | bytes] = {**_parts(sheet), "xl/vbaProject.bin": f"Shell touch {mark}".encode()}
    (grid,) = open_book(_zip(parts), "a.xlsm").grids
    assert grid.value(1, 1) == 12
    assert grid.cell(1, 2).refused is not None
    assert not mark.exists()


def test_a_plain_sheet_is_not_looked_at_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Styles and marks cost as much as the values; a big plain book must not pay for them."""
    from tonghop.submissions.books import xlsx

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("S")
    for at in range(2000):
        sheet.append([f"Huyện {at}", at, at])
    saved = io.BytesIO()
    book.save(saved)
    monkeypatch.setattr(xlsx, "read_marks", lambda *_: pytest.fail("read the sheet a second time"))
    (grid,) = open_book(saved.getvalue(), "a.xlsx").grids
    assert grid.cell(2000, 3).number == 1999
    assert not grid.is_hidden_row(5)


def test_a_grid_answers_outside_its_cells() -> None:
    (grid,) = open_book(_xlsx('<row r="1"><c r="A1"><v>1</v></c></row>'), "a.xlsx").grids
    assert isinstance(grid, Grid)
    assert (grid.value(0, 0), grid.value(9, 9), grid.text(9, 9)) == ("", "", "")
