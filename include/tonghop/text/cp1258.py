"""Windows-1258: the code page of Vietnamese Windows, letters with hat or horn and then a combining tone mark."""

from __future__ import annotations

import unicodedata
from functools import cache

from tonghop.text.codepoints import WINDOWS_1252, as_windows
from tonghop.text.syllables import split_tone


@cache
def _signs() -> dict[int, str]:
    """The signs of Windows-1252 whose byte means another letter in Windows-1258."""
    both = ((sign, bytes([byte]).decode("cp1258", errors="ignore")) for byte, sign in enumerate(WINDOWS_1252))
    return {ord(sign): letter for sign, letter in both if letter and letter != sign}


def decode_text(text: str | bytes) -> str:
    """The Unicode text, composed, of bytes in Windows-1258, or of a text that holds them as signs of Windows-1252."""
    signs = as_windows(text) if isinstance(text, bytes) else text
    return unicodedata.normalize("NFC", signs.translate(_signs()))


def encode(text: str) -> bytes:
    """The bytes of a text, each tone as a mark of its own, as a Vietnamese keyboard types it.

    Raises:
        UnicodeEncodeError: a letter is not of the code page.
    """
    return "".join("".join(split_tone(sign)) for sign in unicodedata.normalize("NFC", text)).encode("cp1258")
