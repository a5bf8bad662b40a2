"""Bytes to text, and the text of one cell made comparable. Nothing is corrected beyond what cannot be seen."""

from __future__ import annotations

import codecs
import unicodedata

from tonghop.submissions.reading import Unreadable

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\x00"))
_SPACES = {ord(space): " " for space in "\u00a0\u2007\u2009\u202f"}
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def clean(text: str) -> str:
    """NFC, no-break and thin spaces as spaces, no invisible marks, trimmed."""
    if text.isascii():  # nearly every cell: a million rows are eight million of them
        return text.replace("\x00", "").strip()
    return unicodedata.normalize("NFC", text.translate(_SPACES).translate(_INVISIBLE)).strip()


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 (with or without a byte order mark) or UTF-16 with one.

    Raises:
        Unreadable: S01, saying which byte stands in the way and what to do.
    """
    encoding = next((name for mark, name in _UTF16.items() if content.startswith(mark)), "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{content[error.start]:02X}"
        raise Unreadable(
            "S01",
            f"line {line}",
            f"tệp không phải UTF-8 ({byte} ở vị trí {error.start}); hãy lưu lại dạng CSV UTF-8",
            f"the file is not UTF-8 ({byte} at offset {error.start}); save it as CSV UTF-8",
        ) from None
    if "\x00" in text:
        raise Unreadable(
            "S01",
            f"line {text.count(chr(10), 0, text.index(chr(0))) + 1}",
            "tệp chứa byte 0, không phải văn bản; hãy lưu lại dạng CSV UTF-8",
            "the file holds a zero byte, so it is no text; save it as CSV UTF-8",
        )
    if not text.strip():
        raise Unreadable(
            "S01", "line 1", "tệp trống; hãy gửi lại tệp có số liệu", "the file is empty; send one with figures"
        )
    return text
