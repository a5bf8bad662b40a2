"""The zip around .xlsx and .ods: what kind it is, and that it unpacks to no more than it may."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Literal

from tonghop.submissions.books import limits
from tonghop.submissions.books.refusals import broken, empty, has_password, no_workbook, too_large

Kind = Literal["xlsx", "ods", "xls"]
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK = 1 << 20
_TEXT = (".xml", ".rels", ".vml")
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OTHERS = {"word/document.xml": ".docx", "ppt/presentation.xml": ".pptx", "xl/workbook.bin": ".xlsb"}
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


def kind_of(content: bytes, file_name: str) -> Kind:
    """What the bytes are, whatever the name says.

    Raises:
        Unreadable: S01; no workbook, or one with a password.
    """
    if not content:
        raise empty()
    if len(content) > limits.MAX_FILE:
        raise too_large(f"tệp {len(content)} byte", f"{len(content)} bytes")
    if content.startswith(OLD_OFFICE):
        return _kind_of_old(content)
    if not content.startswith(ZIP):
        raise no_workbook(f"{file_name}: không phải zip / no zip")
    return _kind_of_zip(content)


def _kind_of_old(content: bytes) -> Kind:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise has_password()
    if not has("Workbook") and not has("Book"):
        raise no_workbook(".doc" if has("WordDocument") else "OLE")
    return "xls"


def _kind_of_zip(content: bytes) -> Kind:
    with open_zip(content) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return "xlsx"
        is_ods = {"mimetype", "content.xml"} <= names and whole(archive, "mimetype").startswith(_ODS)
        if (
            is_ods
            and "META-INF/manifest.xml" in names
            and b"encryption-data" in whole(archive, "META-INF/manifest.xml")
        ):
            raise has_password()
        if is_ods:
            return "ods"
        raise no_workbook(next((suffix for name, suffix in _OTHERS.items() if name in names), "zip"))


def open_zip(content: bytes) -> zipfile.ZipFile:
    """The zip, its directory judged: number and declared sizes of its parts.

    Raises:
        Unreadable: S01.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGED as error:
        raise broken(str(error)) from None
    parts = archive.infolist()
    if len(parts) > limits.MAX_PARTS:
        raise too_large(f"{len(parts)} phần trong zip", f"{len(parts)} parts in the zip")
    if len({part.filename for part in parts}) < len(parts):
        # Two readers may take different ones of two parts with one name.
        raise broken("two parts of the zip have one name")
    _judge(sum(part.file_size for part in parts), sum(part.compress_size for part in parts))
    return archive


def unpack(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part in pieces of a megabyte; stops with a refusal where it grows beyond the limits.

    Raises:
        Unreadable: S01; damaged, encrypted or too large.
    """
    packed, seen = archive.getinfo(name).compress_size, 0
    try:
        with archive.open(name) as part:
            while piece := part.read(_CHUNK):
                seen += len(piece)
                _judge(seen, packed)
                yield piece
    except _DAMAGED as error:
        raise (has_password() if "password" in str(error) else broken(str(error), name)) from None


def whole(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part that is small in every workbook.

    Raises:
        Unreadable: S01; damaged or too large.
    """
    if archive.getinfo(name).file_size > limits.MAX_SMALL_PART:
        raise too_large(f"phần {name}", f"the part {name}", name)
    return b"".join(unpack(archive, name))


def tags(archive: zipfile.ZipFile) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Every part once, in pieces that end with a tag; each must be used up before the next is asked for.

    Raises:
        Unreadable: S01; the whole or one text is beyond the limits, or it is XML of a kind no office program writes.
    """
    total = 0

    def pieces(name: str) -> Iterator[bytes]:
        nonlocal total
        rest = b""
        for piece in unpack(archive, name):
            total += len(piece)
            _judge(total, total)
            if not name.endswith(_TEXT):
                yield piece
                continue
            whole = rest + piece
            if whole.startswith(_UTF16) or b"<!DOCTYPE" in whole or b"<!ENTITY" in whole:
                raise broken("XML with a DTD, or in UTF-16", name)
            end = whole.rfind(b">") + 1
            rest = whole[end:]
            if len(rest) > limits.MAX_TAG_FREE:
                raise too_large("một ô dài quá 1 MB", "a cell of more than 1 MB", name)
            yield whole[:end]

    for name in archive.namelist():
        yield name, pieces(name)


def _judge(unpacked: int, packed: int) -> None:
    if unpacked > limits.MAX_UNPACKED:
        mega = limits.MAX_UNPACKED >> 20
        raise too_large(f"giải nén quá {mega} MB", f"it unpacks to more than {mega} MB")
    if unpacked > limits.RATIO_FROM and unpacked > limits.MAX_RATIO * max(packed, 1):
        raise too_large("nén hơn 200 lần (bom zip)", "it unpacks to more than 200 times its size (a zip bomb)")
