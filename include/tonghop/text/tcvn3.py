"""TCVN3 (TCVN 5712:1993 VN3, "ABC"): the encoding of the .VnTime fonts, one byte a letter.

Small letters with a tone have a byte each, capitals with a tone have none: fonts whose name ends in H draw the small
codes as capitals, so the case of such a text stands in the name of its font. ư is byte 0xAD, the soft hyphen of every
other encoding: whoever strips that before decoding turns "nước" into "níc".
"""

from __future__ import annotations

import re
from functools import cache

from tonghop.text.codepoints import aliases, as_windows

# Runs of letters by their first byte.
_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
BYTES = {first + at: letter for first, run in _RUNS.items() for at, letter in enumerate(run)}
_LETTERS = {letter: byte for byte, letter in BYTES.items()}
_MINUS_IN_WORD = re.compile(r"(?<![\d\s])\u2212(?=[^\W\d])|(?<=[^\W\d])\u2212(?![\d\s])")  # old PDF: "n−íc"
_TONED = "".join(run.lstrip("ĂÂÊÔƠƯĐăâêôơưđ") for run in _RUNS.values())
_SHOUTED = re.compile(rf"(?<![^\W\d_])[A-ZĂÂÊÔƠƯĐ{_TONED}]{{2,}}+(?![^\W\d_])")


@cache
def signs() -> dict[int, str]:
    """Code points for which a program may have taken a byte of the table, and the letter of that byte."""
    return {ord(sign): letter for byte, letter in BYTES.items() for sign in aliases(byte)}


def decode_text(text: str | bytes, font: str | None = None) -> str:
    """The Unicode text of TCVN3 bytes, or of a text that holds them as Latin-1 or Windows signs.

    Args:
        text: signs without a place in the table stay as they are.
        font: its name, if known; one that ends in H draws everything as capitals, and so is the result.
    """
    held = as_windows(text) if isinstance(text, bytes) else _MINUS_IN_WORD.sub("\xad", text)
    letters = held.translate(signs())
    if font is not None and font.strip().upper().endswith("H"):
        return letters.upper()
    return _SHOUTED.sub(_capitals, letters)


def is_whole(text: str) -> bool:
    """Whether every letter outside ASCII has its place in the table: a text with others is not of this encoding."""
    return all(sign.isascii() or ord(sign) in signs() or not sign.isalpha() for sign in text)


def encode(text: str, font: str | None = None) -> bytes:
    """The bytes of a composed text, as typed in an ABC font.

    Raises:
        UnicodeEncodeError: a letter has no byte; so have capitals with a tone, unless the font ends in H.
    """
    typed = text.lower() if font is not None and font.strip().upper().endswith("H") else text
    found = bytearray()
    for at, sign in enumerate(typed):
        if sign in _LETTERS:
            found.append(_LETTERS[sign])
        elif sign.isascii():
            found.append(ord(sign))
        else:
            raise UnicodeEncodeError("tcvn3", text, at, at + 1, "no byte stands for it")
    return bytes(found)


def _capitals(word: re.Match[str]) -> str:
    """Typed in capitals without an H font, "TỈNH" has its toned letter small: T Ø N H. "Sở" keeps its case."""
    capitals = sum(letter.isupper() for letter in word[0])
    return word[0].upper() if capitals >= 2 or (capitals and word[0][0].islower()) else word[0]
