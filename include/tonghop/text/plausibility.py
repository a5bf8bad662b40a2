"""How far a text reads as Vietnamese: the weight of evidence in its words with letters outside ASCII."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from tonghop.text.syllables import kind_of

# A run that may be a word in some encoding: ASCII letters and whatever else is neither space nor sign of ASCII, nor a
# quotation mark or dash that all encodings here share.
_RUN = re.compile(r"[^\x00-@\[-`{-\x7f\s\u2010-\u2027\u2030-\u203a\ufeff\ufffd]+")
_WEIGHTS = {"common": 4.0, "valid": 2.0, "name": 0.3, "short": 0.0, "foreign": -3.0}
_LONGEST = 64  # no word is longer; what is has no need to be decoded as a whole
_WINDOW, _WHOLE = 100_000, 300_000
_EXAMPLES = 3


@dataclass
class Score:
    """The evidence of the distinct words of a text.

    Attributes:
        points: sum of weights, above 0 for Vietnamese; logarithmic in spirit, not calibrated.
        good, bad: number of words that are Vietnamese syllables, and that cannot be.
        seen: a few of the good words, for messages.
        odd: a few of the bad ones.
    """

    points: float = 0.0
    good: int = 0
    bad: int = 0
    seen: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)

    def count_as_bad(self, words: int) -> None:
        """Count words that were not judged because they cannot be of the encoding."""
        self.bad += words
        self.points += words * _WEIGHTS["foreign"]

    @property
    def share(self) -> float:
        """The share of good words, 0 where there are none."""
        return self.good / (self.good + self.bad) if self.good else 0.0


def telling_words(text: str) -> list[str]:
    """The distinct runs of a text that hold a sign outside ASCII, in the order of their coming.

    Of a long text three windows are taken, so that the answer does not take longer for more of the same.
    """
    windows = [text]
    if len(text) > _WHOLE:
        starts = (0, len(text) // 2, len(text) - _WINDOW)
        windows = [text[start : start + _WINDOW] for start in starts]
    runs = (run[0] for window in windows for run in _RUN.finditer(window) if not run[0].isascii())
    return list(dict.fromkeys(run[:_LONGEST] for run in runs))


def judge(words: Iterable[str]) -> Score:
    """The evidence in decoded words, each counted once whatever its case."""
    score = Score()
    distinct = {word.lower(): word for word in map(_trimmed, words) if not word.isascii()}
    for word in distinct.values():
        kind = kind_of(word) if _one_case(word) else "foreign"
        weight = _WEIGHTS[kind]
        if weight > 0 and kind != "name" and len(word) < 4:  # short words happen by chance
            weight *= (0.35, 0.5, 0.75)[len(word) - 1]
        score.points += weight
        if weight > 0:
            score.good += 1
            if len(score.seen) < _EXAMPLES:
                score.seen.append(word)
        elif weight < 0:
            score.bad += 1
            if len(score.odd) < _EXAMPLES:
                score.odd.append(word)
    return score


def _trimmed(word: str) -> str:
    """Composed, without what may stand beside a word (« », °, §); nothing where there is no letter."""
    composed = unicodedata.normalize("NFC", word)
    first, last = 0, len(composed)
    while first < last and _is_beside(composed[first]):
        first += 1
    while last > first and _is_beside(composed[last - 1]):
        last -= 1
    return composed[first:last] if any(sign.isalpha() for sign in composed[first:last]) else ""


def _is_beside(sign: str) -> bool:
    return sign in "«»°§²³·±×÷" or (sign > "\u0370" and not sign.isalpha())


def _one_case(word: str) -> bool:
    """Small, capital, or small after a first capital: what people write."""
    return word.islower() or word.isupper() or word[1:].islower()
