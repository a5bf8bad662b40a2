"""UTF-16 and UTF-32 without a byte order mark, known by where their zero bytes stand."""

from __future__ import annotations

import re
from typing import NamedTuple

# What a Vietnamese report is written in: ASCII, Latin letters, combining marks, general punctuation and signs.
_EXPECTED = re.compile(r"[\t\n\r\x20-\x7e\xa0-\u024f\u0300-\u036f\u1e00-\u1eff\u2000-\u22ff]*")
_FEWEST = 4  # letters: fewer prove nothing


class Wide(NamedTuple):
    """A text, the encoding it was in, and why (Vietnamese / English)."""

    text: str
    encoding: str
    evidence: str


def without_mark(content: bytes) -> Wide | None:
    """Bytes with zeros among them as text of two or four bytes a letter; None where they are not plainly that."""
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if len(content) % width or len(content) < _FEWEST * width:
            continue
        high = content[width - 1 :: width] if encoding.endswith("le") else content[::width]
        zeros = high.count(0)
        if zeros * 5 < len(high) or (content.count(0) - zeros) * 2 > zeros * width:  # U+0300 has a zero below
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _EXPECTED.fullmatch(text):
            return Wide(text, encoding, (
                f"byte 0 đứng đúng chỗ của {encoding} ({zeros} trên {len(high)} ký tự)"
                f" / zero bytes stand where {encoding} has them ({zeros} of {len(high)} letters)"
            ))
    return None
