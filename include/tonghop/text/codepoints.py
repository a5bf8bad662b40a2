"""Legacy bytes as the letters that other programs took them for.

A file of the 1990s holds one byte a sign. What we get is those bytes, or a text in which another program already took
each byte for a sign of Windows-1252 (most), of Windows-1258 (Vietnamese Windows), or for a look-alike (old PDF).
"""

from __future__ import annotations

import codecs
from functools import cache
from typing import Any

# The five bytes that Windows-1252 leaves open stand for the control codes of the same number, as Windows itself does.
WINDOWS_1252 = "".join(
    bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(256)
)
_PDF_ALIASES = {0xB5: "μ", 0xB7: "∙⋅"}  # Greek mu for the micro sign; two operators for the middle dot


def as_windows(content: bytes) -> str:
    """Each byte as its sign in Windows-1252; never fails."""
    table: Any = WINDOWS_1252  # the stubs know of mappings alone; a string is the fast way
    return codecs.charmap_decode(content, "strict", table)[0]


@cache
def aliases(byte: int) -> str:
    """Every sign for which a program may have taken a byte of 0x80 and above."""
    vietnamese = bytes([byte]).decode("cp1258", errors="ignore")
    return "".join(dict.fromkeys(WINDOWS_1252[byte] + vietnamese + _PDF_ALIASES.get(byte, "")))
