"""A report's file as text: .txt in any of the country's encodings, .docx, .html, .pdf with a text layer.

What a file is, is told by its content; its name only helps the messages. Nothing is fetched, no entity is resolved, no
macro or field is evaluated. Pure: bytes in, text out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tonghop.errors import TonghopError
from tonghop.text.decoding import Undecodable, decode

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES = 32 * 2**20
"""A report of a thousand pages with pictures is smaller; more is no report."""
MAX_UNPACKED = 128 * 2**20
"""Bytes that the parts of a .docx may unpack to: a bomb says so in its directory."""
MAX_CHARACTERS = 8 * 2**20
"""Some four thousand pages of text: beyond, checking would take minutes."""
MAX_PAGES = 3000

_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)?(?:<\?xml[^>]{0,200}\?>\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.I)
_PAGE_CODECS = {"windows-1252": "cp1252", "iso-8859-1": "cp1252", "windows-1258": "cp1258"}
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DROPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "iframe", "object", "select", "textarea", "title")
)
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tr", "ul",
))  # fmt: skip
CELL = " | "
"""Stands between the cells of a table's row; a row is a line."""


class UnreadableReport(TonghopError):
    """A file of which no text can be read.

    Attributes:
        vi, en: what is wrong and what to do, for a page or a ledger.
    """

    def __init__(self, name: str, vi: str, en: str, remedy: str) -> None:
        super().__init__(f"{name}: {vi} / {en}.", remedy)
        self.vi, self.en = vi, en


def read_report(content: bytes, name: str) -> str:
    """The text of a report as a reader sees it: paragraphs and table rows are lines.

    Args:
        content: the file's bytes.
        name: what to call it in messages.

    Returns:
        The text that offsets of claims point into. A .txt is its letters as they were written, not normalised.

    Raises:
        UnreadableReport: too large, protected, without text, or no report at all.
    """
    if len(content) > MAX_BYTES:
        raise _too_large(name, f"{len(content) // 2**20} MiB")
    if content[:1024].lstrip().startswith(_PDF):
        text = _from_pdf(content, name)
    elif content.startswith(_ZIP):
        text = _from_docx(content, name)
    elif content.startswith(_OLE):
        raise UnreadableReport(
            name,
            "tệp .doc/.xls cũ hoặc có mật khẩu",
            "an old .doc or .xls, or a protected file",
            "Save it as .docx without a password.",
        )
    elif content.startswith(b"{\\rtf"):
        raise UnreadableReport(name, "tệp RTF", "a rich text file", "Save it as .docx or as text.")
    elif _HTML.match(content):
        text = _from_html(content, name)
    else:
        text = _decoded(content, name)
    if not text.strip():
        raise UnreadableReport(name, "không có chữ nào", "there is no text in it", "Send the report's text.")
    if len(text) > MAX_CHARACTERS:
        raise _too_large(name, f"{len(text) / 1e6:.0f} million characters")
    return text


def _too_large(name: str, size: str) -> UnreadableReport:
    limits = f"{MAX_BYTES // 2**20} MiB and {MAX_CHARACTERS / 1e6:.0f} million characters"
    return UnreadableReport(
        name, f"tệp quá lớn ({size})", f"the file is too large ({size})", f"A report has at most {limits}."
    )


def _decoded(content: bytes, name: str) -> str:
    try:
        return decode(content).text
    except Undecodable as error:
        raise UnreadableReport(name, error.vi, error.en, "Save it as UTF-8 text, or send the .docx.") from None


def _from_pdf(content: bytes, name: str) -> str:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # a damaged file is told of in one line, ours
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableReport(
                name, "tệp PDF có mật khẩu", "the PDF is protected by a password", "Send it without one."
            )
        if len(reader.pages) > MAX_PAGES:
            raise _too_large(name, f"{len(reader.pages)} pages")
        pages, size = [], 0
        for page in reader.pages:
            pages.append(page.extract_text())
            size += len(pages[-1])
            if size > MAX_CHARACTERS:
                raise _too_large(name, f"{size / 1e6:.0f} million characters")
    except (UnreadableReport, MemoryError):
        raise
    except Exception as error:  # pypdf raises whatever it meets in a damaged file (found by fuzzing)
        raise UnreadableReport(
            name, "tệp PDF hỏng", f"the PDF is damaged ({type(error).__name__})", "Export it again."
        ) from error
    text = "\n".join(pages)
    if not any(letter.isalpha() for letter in text):
        raise UnreadableReport(
            name,
            "tệp PDF không có lớp chữ (bản quét)",
            "the PDF has no text layer (a scan)",
            "Send the .docx, or a PDF exported from it.",
        )
    return text


def _from_docx(content: bytes, name: str) -> str:
    from docx import Document

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if not any(part.filename == "word/document.xml" for part in parts):
                raise UnreadableReport(
                    name,
                    "tệp nén này không phải .docx",
                    "this archive is no .docx",
                    "Send a report as .docx; 'tonghop check' is for workbooks.",
                )
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MAX_UNPACKED:
                raise _too_large(name, f"unpacks to {unpacked // 2**20} MiB")
        text = "\n".join(_docx_lines(Document(io.BytesIO(content)).element.body))
    except (UnreadableReport, MemoryError):
        raise
    except Exception as error:  # so do python-docx and the zip beneath it
        raise UnreadableReport(
            name, "tệp .docx hỏng", f"the .docx is damaged ({type(error).__name__})", "Save it again."
        ) from error
    return text


def _docx_lines(container: _Element) -> Iterator[str]:
    """Paragraphs and rows in the order of the document; a content control is as if it were not there."""
    for child in container:
        if child.tag == f"{_WORD}p":
            yield _docx_text(child)
        elif child.tag == f"{_WORD}tbl":
            for row in child.iter(f"{_WORD}tr"):
                cells = [
                    " ".join(filter(None, map(_docx_text, cell.iter(f"{_WORD}p")))) for cell in row.iter(f"{_WORD}tc")
                ]
                yield CELL.join(cells)
        elif child.tag in (f"{_WORD}sdt", f"{_WORD}sdtContent", f"{_WORD}ins"):
            yield from _docx_lines(child)


def _docx_text(paragraph: _Element) -> str:
    """The letters of a paragraph with its links and insertions; deletions have a tag of their own and are left out."""
    pieces = []
    for node in paragraph.iter(f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr", f"{_WORD}noBreakHyphen"):
        if node.tag == f"{_WORD}t":
            pieces.append(node.text or "")
        else:
            pieces.append({f"{_WORD}tab": "\t", f"{_WORD}noBreakHyphen": "-"}.get(str(node.tag), "\n"))
    return "".join(pieces)


def _from_html(content: bytes, name: str) -> str:
    from lxml import html
    from lxml.etree import LxmlError

    text = _declared(content)
    text = text if text is not None else _decoded(content, name)
    try:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
        root = html.document_fromstring(_DECLARATION.sub("", text), parser=parser)
    except (LxmlError, ValueError) as error:
        raise UnreadableReport(
            name, "trang HTML hỏng", f"the page cannot be read ({type(error).__name__})", "Send its text."
        ) from error
    return _html_text(root)


def _declared(content: bytes) -> str | None:
    """A page whose letters leave its encoding open, in the one it declares; None where they do not, or it is no help.

    The letters come first: pages declare what their template did. Only encodings of one byte a letter are taken at
    their word: others are told by their bytes, and some codecs of Python are no encodings of pages at all.
    """
    charset = _CHARSET.search(content[:4096])
    try:
        decode(content)
    except Undecodable:
        name = charset[1].decode("ascii").lower() if charset else ""
        codec = _PAGE_CODECS.get(name)
        return content.decode(codec, errors="replace") if codec and b"\x00" not in content else None
    return None


def _html_text(root: _Element) -> str:
    """What a reader of the page sees, a line a block; written as a loop: pages nest deeper than Python's stack."""
    pieces: list[str] = []
    stack: list[tuple[_Element, bool]] = [(root, False)]
    while stack:
        node, is_done = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if is_done:
            pieces.append(
                "\n" if tag in _BLOCKS else CELL if tag in ("td", "th") and node.getnext() is not None else ""
            )
            pieces.append(node.tail or "")
        elif not tag or tag in _DROPPED:
            pieces.append(node.tail or "")
        else:
            pieces.append("\n" if tag in _BLOCKS else "")
            pieces.append(node.text or "")
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"
