"""Letters that look like others, and keys under which every way to write one phrase is the same.

Diacritics are never dropped from a key: Sơn Hà and Sơn Hạ are two places, "chưa" and "chứa" two words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tonghop.text.syllables import TONES

_TONES = dict.fromkeys(map(ord, TONES[1:]))
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))
# In lower case: ð for đ (old keyboards), the ƣ of old PDFs for ư, typographic apostrophes and dashes.
_LOOKALIKES = str.maketrans({
    **dict.fromkeys("ðɖ", "đ"),
    "ƣ": "u\u031b",
    **dict.fromkeys("’‘ʼʻ`´′＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
})
LETTERS = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ", "Ƣ": "Ư", "ƣ": "ư"}
"""Letters of old keyboards and PDFs that look like the ones meant, sign for sign: offsets into a text stay true."""
_HYPHEN = re.compile(r" ?-(?: ?-)* ?")
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
# i and y sound alike where no vowel stands before them (Sĩ, Sỹ; Quí, Quý; Ia, Ya), never after one (tai, tay).
_LONE_Y = re.compile(r"^((?:[bcdđfghjklmnprstvwxz]|qu)*)y")


@lru_cache(maxsize=1 << 16)
def comparison_key(text: str) -> str:
    """The key of a phrase as spelled: case, spaces, look-alikes, invisible signs, hyphens, tone placement make one.

    "Huyện  HOÀ AN" and "huyện hòa an" have one key; "Sỹ" and "Sĩ" have two (see ``sounded_key``). Not for display.
    """
    decomposed = unicodedata.normalize("NFD", text).casefold()
    plain = unicodedata.normalize("NFD", decomposed.translate(_INVISIBLE).translate(_LOOKALIKES))
    plain = _HYPHEN.sub("-", " ".join(plain.split()))
    return plain if plain.isascii() else unicodedata.normalize("NFC", _WORD.sub(_tone_last, plain))


def sounded_key(key: str) -> str:
    """A coarser key from a comparison key: also i and y, hyphen and space, apostrophe or none make one."""
    spaced = key.replace("-", " ").replace("'", "")
    decomposed = unicodedata.normalize("NFD", " ".join(spaced.split()))
    return unicodedata.normalize("NFC", _WORD.sub(_lone_y_as_i, decomposed))


def _tone_last(word: re.Match[str]) -> str:
    """A syllable (decomposed) with its tone mark after the last letter: where it was put does not matter."""
    letters = word[0].translate(_TONES)
    return letters + "".join(mark for mark in word[0] if ord(mark) in _TONES)


def _lone_y_as_i(word: re.Match[str]) -> str:
    return _LONE_Y.sub(r"\1i", word[0])
