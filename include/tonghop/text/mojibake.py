"""UTF-8 that a program took for Windows-1252 and wrote as UTF-8 again: "Tá»‰nh á»§y" for "Tỉnh ủy"."""

from __future__ import annotations

import re
from typing import NamedTuple

from tonghop.text.codepoints import WINDOWS_1252
from tonghop.text.plausibility import judge, telling_words

_NEXT = "".join(re.escape(sign) for byte in range(0x80, 0xC0) for sign in {WINDOWS_1252[byte], chr(byte)})
# The first bytes of what Vietnamese text holds: letters (C3-C6, E1 BA/BB), combining tones (CC), signs (C2, E2 80).
_SEQUENCE = re.compile(rf"á[º»][{_NEXT}]|â[€\x80][{_NEXT}]|[ÂÃÄÅÆÌ][{_NEXT}]|ï»¿")
_CERTAIN = re.compile(rf"á[º»][{_NEXT}]|Ä[\x83‘\x91ƒ]|Æ[°¡]")  # no word of any language here holds these
_RARE = ("áº", "á»", "Ä", "Æ")  # one of these is in every certain sequence, and quickly found
_BYTES = {sign: byte for byte, sign in enumerate(WINDOWS_1252)}
_MARK = "\ue000"  # stands before each mended letter until its word is judged
_ENOUGH, _SHARE = 4.0, 0.7


class Mended(NamedTuple):
    """A text with its double encoding undone.

    Attributes:
        text: only sequences that are UTF-8 of one letter are changed.
        letters: how many were.
        seen: a few of the mended words.
    """

    text: str
    letters: int
    seen: list[str]


def mend(text: str) -> Mended | None:
    """Undo a double encoding where the evidence is plain; None where there is none.

    In a text that also holds true Vietnamese letters only lines with a certain sequence are changed: “XÃ” in capitals
    before a quotation mark looks like one.
    """
    if not any(sign in text for sign in _RARE) or _CERTAIN.search(text) is None or _MARK in text:
        return None
    mixed = re.search(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]", text) is not None
    if mixed:
        lines = text.split("\n")  # not splitlines: byte 0x85 of ễ would end one
        marked = "\n".join(_SEQUENCE.sub(_letter, line) if _CERTAIN.search(line) else line for line in lines)
    else:
        marked = _SEQUENCE.sub(_letter, text)
    score = judge(word.replace(_MARK, "") for word in telling_words(marked) if _MARK in word)
    if score.points < _ENOUGH or score.share < _SHARE:
        return None
    return Mended(marked.replace(_MARK, "").removeprefix("\ufeff"), marked.count(_MARK), score.seen)


def _letter(sequence: re.Match[str]) -> str:
    try:
        content = bytes(_BYTES.get(sign, ord(sign) & 0xFF) for sign in sequence[0])
        return _MARK + content.decode("utf-8")
    except UnicodeDecodeError:
        return sequence[0]
