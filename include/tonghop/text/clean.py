"""The text of one cell made comparable. Nothing is corrected beyond what cannot be seen."""

from __future__ import annotations

import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\x00"))
_SPACES = {ord(space): " " for space in "\u00a0\u2007\u2009\u202f"}


def clean(text: str) -> str:
    """NFC, no-break and thin spaces as spaces, no invisible marks, trimmed."""
    if text.isascii():  # nearly every cell: a million rows are eight million of them
        return text.replace("\x00", "").strip()
    return unicodedata.normalize("NFC", text.translate(_SPACES).translate(_INVISIBLE)).strip()


def one_line(text: str) -> str:
    """What a message may quote of a file: no line break, no control or direction mark that would act on a terminal."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
