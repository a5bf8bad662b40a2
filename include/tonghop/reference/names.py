"""Names made comparable: a key under which every correct way to write one name is the same, and no two names are.

Diacritics are never dropped from a key: Sơn Hà and Sơn Hạ are two places.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from tonghop.text.lookalikes import comparison_key, sounded_key

_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


@lru_cache(maxsize=1 << 16)
def name_key(text: str) -> str:
    """The key of a name as spelled: case, spaces, look-alike letters, hyphens, tone placement, 05 and 5 make one.

    "Huyện  HOÀ AN" and "huyện hòa an" have one key; "Sỹ" and "Sĩ" have two (see ``spelling_key``). Not for display.
    """
    return _LEADING_ZEROS.sub("", comparison_key(text))


@lru_cache(maxsize=1 << 16)
def spelling_key(text: str) -> str:
    """A coarser key for spellings of one name: also i and y, hyphen and space, apostrophe or none make one."""
    return sounded_key(name_key(text))


def folded(text: str) -> str:
    """A name without any diacritic, for suggestions alone: too coarse to tell names apart."""
    letters = unicodedata.normalize("NFD", spelling_key(text)).replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class TypedName(NamedTuple):
    """A name taken apart, both parts as keys.

    Attributes:
        types: the types of unit that the word before the name may mean; empty where no such word stands there.
        bare: the name without that word (the whole name where there is none).
    """

    types: frozenset[str]
    bare: str


_TYPES = {
    "tỉnh": ("province",),
    "thành phố": ("municipality", "city"),
    "quận": ("urban_district",),
    "huyện": ("rural_district",),
    "thị xã": ("town",),
    "xã": ("commune",),
    "phường": ("ward",),
    "thị trấn": ("township",),
    "đặc khu": ("special_zone",),
    "tỉnh ủy": ("province",),
    "thành ủy": ("municipality", "city"),
    "quận ủy": ("urban_district",),
    "huyện ủy": ("rural_district",),
    "thị ủy": ("town",),
}
_COMMITTEES = {
    "đảng bộ": ("tỉnh", "thành phố", "quận", "huyện", "thị xã", "xã", "phường", "thị trấn", "đặc khu"),
    "đảng ủy": ("xã", "phường", "thị trấn", "đặc khu"),
}
_SHORT = {"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn", "q": "quận", "h": "huyện", "x": "xã", "p": "phường"}
# "TP. Vinh", "TP Vinh", "TP.Vinh"; one letter needs its dot ("H. Hòa An") or a number ("Q3", "P 1").
_ABBREVIATED = re.compile(r"(?:(tp|tx|tt)(?:\. ?| )|([qhxp])\. ?|([qp]) ?(?=\d))(.+)")


@lru_cache(maxsize=1)
def _type_words() -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """The words that say a type, the longest first, and what each means."""
    words = {name_key(word): frozenset(types) for word, types in _TYPES.items()}
    for committee, of_what in _COMMITTEES.items():
        words |= {name_key(f"{committee} {word}"): words[name_key(word)] for word in of_what}
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(f"({'|'.join(longest_first)}) (.+)"), words


@lru_cache(maxsize=1 << 16)
def split_type(text: str) -> TypedName:
    """Take the word that says the type from a name: "Huyện Hoà An", "H. Hòa An", "Huyện ủy Hoà An".

    A committee or agency of another kind ("Sở Nội vụ", "Đảng ủy Công an tỉnh") has no such word: the whole is its name.
    """
    key = name_key(text)
    pattern, words = _type_words()
    spelled = pattern.fullmatch(key)
    if spelled:
        return TypedName(words[spelled[1]], spelled[2])
    short = _ABBREVIATED.fullmatch(key)
    if short:
        word = name_key(_SHORT[short[1] or short[2] or short[3]])
        return TypedName(words[word], short[4])
    return TypedName(frozenset(), key)
