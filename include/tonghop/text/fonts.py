"""What the font of a cell says about its letters, and the text of a cell by its font and by its words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tonghop.text import tcvn3, vni
from tonghop.text.decoding import LEGACY, NAMES, best_reading
from tonghop.text.mojibake import mend
from tonghop.text.plausibility import judge, telling_words
from tonghop.text.suspicion import is_beyond_doubt, odd_words, unicode_words

_ABC = r"\.vn|vn(?:time|arial|aristote|avant|bahama|book|courier|helve|southern)"
_FONTS = (("tcvn3", re.compile(_ABC, re.I)), ("vni", re.compile(r"vni(?:[-_ ]|$)", re.I)))
# Without a font that says so: this many points, every word good, and none of them Vietnamese as it stands.
_OVERWHELMING, _WORDS = 6.0, 2


class CellEvidence(NamedTuple):
    """Why the text of a cell is not what its signs say, or is doubtful.

    Attributes:
        encoding: "tcvn3", "vni", "windows-1258" or "double utf-8"; "" where the signs were left as they are.
        reason: a short sentence, Vietnamese / English.
        warning: (Vietnamese, English) where the choice is unsure.
    """

    encoding: str
    reason: str
    warning: tuple[str, str] | None = None


def encoding_of_font(font: str | None) -> str | None:
    """The encoding for which a font was drawn: "tcvn3", "vni", or None (Unicode, or unknown)."""
    name = (font or "").strip()
    return next((encoding for encoding, pattern in _FONTS if pattern.match(name)), None)


@lru_cache(maxsize=1 << 15)
def decode_cell(text: str, font: str | None = None) -> tuple[str, CellEvidence | None]:
    """The Unicode text of a cell, and the evidence where that is not simply what stands there.

    Call it before anything strips or composes the text: ư of TCVN3 is a soft hyphen. Digits, separators and ASCII
    letters never change; a figure is never decoded.

    Args:
        text: signs of the cell as the file holds them.
        font: name of its font, or None where the format does not say.
    """
    if text.isascii():
        return text, None
    encoding = encoding_of_font(font)
    return _by_words(text) if encoding is None else _by_font(text, encoding, font or "")


def _by_font(text: str, encoding: str, font: str) -> tuple[str, CellEvidence | None]:
    """A cell whose font was drawn for an encoding: that one, unless the words speak against it."""
    words = telling_words(text)
    plain = judge(words)
    if unicode_words(words) or not words:  # typed in Unicode under an old font's name, or nothing but signs
        return text, None
    decoded = tcvn3.decode_text(text, font) if encoding == "tcvn3" else LEGACY[encoding](text)
    score = judge(telling_words(decoded))
    is_whole, is_better = (tcvn3 if encoding == "tcvn3" else vni).is_whole(text), score.points > plain.points
    # Unicode without a letter that proves it: "Làng Mô" under VNI, where "à" is nothing. Else the font decides.
    as_unicode = plain.good > 0 and plain.bad == 0 and (not is_whole or plain.points > score.points)
    if not as_unicode and (
        (is_better and score.bad <= score.good) or (is_whole and 2 * score.bad <= score.good)
    ):
        return decoded, CellEvidence(encoding, f"phông {font} / font {font}")
    if as_unicode:
        return text, None
    other, evidence = _by_words(text)
    return other, evidence or CellEvidence("", f"phông {font} / font {font}", (
        f"phông {font} nhưng chữ không đọc được theo {NAMES[encoding]}; để nguyên, hãy gõ lại bằng Unicode",
        f"the font is {font} but the letters do not read as {NAMES[encoding]}; left as they are: type them in Unicode",
    ))


def _by_words(text: str) -> tuple[str, CellEvidence | None]:
    """A cell without a telling font: its words alone, and only where they leave no doubt."""
    if is_beyond_doubt(text):
        return text, None
    mended = mend(text)
    if mended is not None:
        seen = ", ".join(mended.seen)
        return mended.text, CellEvidence("double utf-8", "mã hóa UTF-8 hai lần / UTF-8 encoded twice", (
            f"chữ bị mã hóa UTF-8 hai lần, đã sửa ({seen}); hãy kiểm tra lại",
            f"the letters were encoded as UTF-8 twice and were mended ({seen}): please check",
        ))
    found = odd_words(text)
    if found.fine or not found.odd:
        return text, None
    name, score, lead = best_reading(found.odd)
    lead = min(lead, score.points - judge(found.odd).points)
    if score.points < _OVERWHELMING or score.good < _WORDS or score.bad or lead < _OVERWHELMING:
        return text, None
    seen = ", ".join(score.seen)
    reason = f"{score.good} từ đọc được theo {NAMES[name]} / {score.good} words read as {NAMES[name]}"
    return LEGACY[name](text), CellEvidence(name, reason, (
        f"chữ là {NAMES[name]} dưới phông Unicode, đã đổi ({seen}); hãy kiểm tra lại",
        f"the letters are {NAMES[name]} under a Unicode font; they were turned into Unicode ({seen}): please check",
    ))
