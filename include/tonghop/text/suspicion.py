"""Words of a Unicode text that cannot be Vietnamese as they stand, but may be legacy letters taken for Latin-1."""

from __future__ import annotations

import re
from typing import NamedTuple

from tonghop.text.plausibility import judge, telling_words

# Signs of Latin-1 that no Vietnamese word has; not those that stand beside words: « » ° § ² ³ ·.
_SIGNS = "¡-¦¨-ªµ¶¸-º¼-¿ÄÅÆÇËÎÏÐÑÖØÛÜÞßäåæçëîïðñöøûüþÿμ∙"
_SUSPECT = re.compile(f"[{_SIGNS}]")
_IN_WORDS = "\xad·÷×−"  # suspect only after a letter
_HINT = re.compile(f"[{_SIGNS}{_IN_WORDS}»]")  # » is in UTF-8 encoded twice
_IN_WORD = re.compile(rf"[^\W\d_][{_IN_WORDS}]")
_UNICODE_LETTER = re.compile(r"[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9\u0300-\u0323]")


class Words(NamedTuple):
    """The telling words of a text.

    Attributes:
        odd: words outside ASCII that are not plainly Unicode Vietnamese.
        fine: words that are, by a letter that no legacy text held as Latin-1 has.
    """

    odd: list[str]
    fine: list[str]


def is_beyond_doubt(text: str) -> bool:
    """Whether no sign of a text can come from an old encoding or from UTF-8 encoded twice: the quick question."""
    return _HINT.search(text) is None


def odd_words(text: str) -> Words:
    """The odd and the fine words; both empty where no sign is suspect."""
    if not _suspect(text):
        return Words([], [])
    words = telling_words(text)
    fine = unicode_words(words)
    if fine:
        known = set(fine)
        return Words([word for word in words if word not in known and judge([word]).points <= 0], fine)
    return Words(words, fine)


def unicode_words(words: list[str]) -> list[str]:
    """The words that are Vietnamese by a letter that no legacy text held as Latin-1 has."""
    return [word for word in words if _UNICODE_LETTER.search(word) and judge([word]).points > 0]


def _suspect(text: str) -> bool:
    """Whether any sign is suspect: the quick question, asked of every file and cell."""
    if _SUSPECT.search(text) is not None:
        return True
    return any(sign in text for sign in _IN_WORDS) and _IN_WORD.search(text) is not None
