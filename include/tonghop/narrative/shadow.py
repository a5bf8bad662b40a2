"""A text as the grammar reads it, with the way back to the text as written.

Claims point into the text as it was read from the file, which may be decomposed (NFD), hold no-break spaces, invisible
marks and look-alike letters. The grammar reads a shadow: composed, plain spaces, letters that are what they look like.
Every character of the shadow knows the characters it stands for. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tonghop.text.lookalikes import LETTERS

_INVISIBLE = frozenset("\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f")
_TRANSLATED = str.maketrans(
    {
        **dict.fromkeys(
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\x0b", " "
        ),
        **dict.fromkeys("\r\x0c\x85\u2028\u2029", "\n"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("∕⁄", "/"),
        "％": "%",
        **LETTERS,
    }
)
_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")


@dataclass(frozen=True)
class Shadow:
    """A text to read and its way back.

    Attributes:
        cased: what is read, letters as they were written.
        text: the same in lower case, character by character.
        starts, ends: of each character of ``text``, the offsets in the text as written (end exclusive).
    """

    cased: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text as written that ``text[start:end]`` (not empty) stands for."""
        return self.starts[start], self.ends[end - 1]


def shadow_of(text: str) -> Shadow:
    """The shadow of a text, in time linear in its length."""
    text = text.replace("\r\n", " \n")  # one end of a line, and as long as before
    if _INVISIBLE.isdisjoint(text) and unicodedata.is_normalized("NFC", text):
        cased = text.translate(_TRANSLATED)
        return Shadow(cased, _lower(cased), range(len(text)), range(1, len(text) + 1))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        kept = "".join(letter for letter in cluster[0] if letter not in _INVISIBLE)
        composed = unicodedata.normalize("NFC", kept).translate(_TRANSLATED)
        letters.append(composed)
        starts += [cluster.start()] * len(composed)
        ends += [cluster.end()] * len(composed)
    cased = "".join(letters)
    return Shadow(cased, _lower(cased), starts, ends)


def _lower(cased: str) -> str:
    """Lower case without changing the length (İ has two letters in lower case)."""
    lowered = cased.lower()
    if len(lowered) == len(cased):
        return lowered
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in cased)
