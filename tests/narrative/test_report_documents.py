"""A report's file as text: by content, in reading order, with one-line errors."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from fpdf import FPDF
from pypdf import PdfWriter

from tonghop.narrative import documents
from tonghop.narrative.check import check_text
from tonghop.narrative.documents import UnreadableReport, read_report

SENTENCE = "Có 61/64 cơ quan ban hành kế hoạch, đạt 95,31%."


def docx(*paragraphs: str) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=2, cols=3)
    for at, words in enumerate(["Huyện", "Số lớp", "Lượt người", "Mường La", "38", "2.140"]):
        table.cell(at // 3, at % 3).text = words
    document.add_paragraph("Hết.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_paragraphs_and_tables_come_in_the_order_of_the_document() -> None:
    text = read_report(docx("BÁO CÁO", SENTENCE), "a.docx")
    assert text == f"BÁO CÁO\n{SENTENCE}\nHuyện | Số lớp | Lượt người\nMường La | 38 | 2.140\nHết."
    assert [each.numerator for each in check_text(text).claims] == [61, 38, 2140]


def test_a_page_is_read_without_its_scripts_and_entities() -> None:
    page = f"""<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><head><meta charset="utf-8"><title>9 tin</title>
    <style>p {{width: 12px}}</style></head><body><script>var n = "15/20 xã";</script><p>{SENTENCE}</p>
    <table><tr><td>Mường La</td><td>38</td></tr></table>&nbsp;<p>Tin&nbsp;khác &x;</p></body></html>"""
    text = read_report(page.encode(), "a.htm")
    assert SENTENCE in text.splitlines()
    assert "Mường La | 38" in text
    assert "15/20" not in text
    assert "root:" not in text


def test_a_pdf_with_a_text_layer_is_read_and_a_scan_is_refused() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.cell(text="Co 61/64 don vi xong, dat 95,31%.")
    assert "61/64" in read_report(bytes(pdf.output()), "a.pdf")

    scan = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.write(scan)
    with pytest.raises(UnreadableReport, match="no text layer"):
        read_report(scan.getvalue(), "scan.pdf")

    locked = io.BytesIO()
    writer.encrypt("secret")
    writer.write(locked)
    with pytest.raises(UnreadableReport, match="password"):
        read_report(locked.getvalue(), "locked.pdf")


def test_content_decides_not_the_name() -> None:
    assert "61/64" in read_report(docx(SENTENCE), "report.txt")
    assert read_report(SENTENCE.encode("utf-16"), "report.docx") == SENTENCE


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (documents.MAX_UNPACKED + 1))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"%PDF-1.4 not a pdf", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old .doc"),
        (b"{\\rtf1 text}", "rich text"),
        (b"<html><body><script>1</script></body></html>", "no text"),
        (b"text \x00 zero", "zero"),
        (bomb(), "too large"),
        (b"a" * (documents.MAX_BYTES + 1), "too large"),
    ],
    ids=["empty", "zip", "pdf", "doc", "rtf", "blank page", "zero", "bomb", "large"],
)
def test_what_cannot_be_read_says_so_in_one_line(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableReport, match=says) as refused:
        read_report(content, "x.bin")
    assert "x.bin" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_workbook_is_no_report(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(UnreadableReport, match=r"no \.docx"):
        read_report(path.read_bytes(), "a.xlsx")
