"""The Vietnamese syllable: onset, rhyme, tone. What a decoded word must be to count as evidence.

A syllable is at most one onset, one rhyme and one tone; rhymes that end in c, ch, p or t bear only sắc or nặng. A wrong
decoding breaks these rules in most words, so they tell encodings apart without a dictionary.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Literal

Kind = Literal["common", "valid", "name", "short", "foreign"]

SAC, NANG = "\u0301", "\u0323"
TONES = ("", "\u0300", SAC, "\u0303", "\u0309", NANG)
_LETTERS = frozenset("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
_VOWELS = frozenset("aăâeêioôơuưy")

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"  # or none
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et
ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang
oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt
ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych uyên
uyêt uynh uyp uyt uyu ư ưa ưc ưi ưng ưn ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_FRONT = ("e", "ê", "i", "y")  # before these, c g ng are written k gh ngh
_AFTER_QU = """
a ac ach ai an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât âu ây e en eng eo et ê ên ênh êt êch i ich it in
ôc ơ ơi y ych yên yêt ynh yt yu
"""
_AFTER_GI = "êm êng êt n"  # giếng, giết; "gìn" is g + in, written with one i
# Names of the highlands keep sounds of their own languages: Krông Pắk, Đắk Glong, Ngọk Tem.
_NAME_ONSETS = """
b bl br ch d đ dl dr đr g gl gr h hl hm hn hr j jr k kh kl km kn kp kr l m ml mn mr n ng nh p pl pn pr r rv rs rt s sr t
tl tr x y z w
"""
_NAME_FINALS = "k p t c m n ng nh h r l ih i o u"  # or none
_NAME_VOWELS = "a ă â e ê i o ô ơ u ư ia iê ua uê uô uơ ươ uă oa oă"


@cache
def _plain_syllables() -> frozenset[str]:
    """Every onset with every rhyme that may follow it, without tone."""
    found = {"gi"}
    for onset in ("", *_ONSETS.split()):
        for rhyme in (_AFTER_QU if onset == "qu" else _RHYMES).split():
            front = rhyme.startswith(_FRONT)
            if (onset in ("c", "ng") and front) or (onset in ("k", "gh", "ngh") and not front):
                continue
            if onset == "g" and rhyme.startswith(("e", "ê", "y")):
                continue
            found.add(onset + rhyme)
    return frozenset(found | {f"gi{rhyme}" for rhyme in _AFTER_GI.split()})


@cache
def _plain_names() -> frozenset[str]:
    finals = ("", *_NAME_FINALS.split())
    return frozenset(o + v + f for o in _NAME_ONSETS.split() for v in _NAME_VOWELS.split() for f in finals)


def split_tone(word: str) -> tuple[str, str]:
    """A word in lower case without its tone marks (composed), and those marks."""
    decomposed = unicodedata.normalize("NFD", word)
    marks = "".join(mark for mark in decomposed if mark in TONES)
    return unicodedata.normalize("NFC", "".join(letter for letter in decomposed if letter not in TONES)), marks


@cache
def _common() -> frozenset[tuple[str, str]]:
    from tonghop.text.common_words import COMMON_WORDS

    return frozenset(split_tone(word) for word in COMMON_WORDS.split())


def _bears_tone_well(word: str, plain: str) -> bool:
    """Whether the tone stands on a vowel that may bear it: one place by rule, two in hòa/hoà, khỏe/khoẻ, ủy/uỷ.

    The old encodings put marks where no one writes them: VNI "xaõ" reads as "xão" with its tone on the o.
    """
    bases = [sign for sign in unicodedata.normalize("NFD", word) if sign in TONES or not unicodedata.combining(sign)]
    place = next(at for at, sign in enumerate(bases) if sign in TONES) - 1
    start = 2 if plain.startswith("qu") or (plain.startswith("gi") and plain[2:3] in _VOWELS) else 0
    start = next((at for at in range(start, len(plain)) if plain[at] in _VOWELS), start)
    end = next((at for at in range(start, len(plain)) if plain[at] not in _VOWELS), len(plain))
    vowels = plain[start:end]
    hats = [at for at, vowel in enumerate(vowels) if vowel in "ăâêôơ"] or [vowels.find("ư")]
    if hats[-1] >= 0:
        return place == start + hats[-1]
    if vowels in ("oa", "oe", "uy") and end == len(plain):
        return place in (start, start + 1)
    return place == (end - 1 if end < len(plain) else start + (len(vowels) == 3))


@lru_cache(maxsize=1 << 15)
def kind_of(word: str) -> Kind:
    """What a word is: a common syllable, a valid one, a name of the highlands, a few consonants (đ, TCCSĐ), or foreign.

    Args:
        word: letters alone, composed, in any case.
    """
    plain, marks = split_tone(word.lower())
    if not plain or len(marks) > 1:
        return "foreign"
    if marks and not _bears_tone_well(word.lower(), plain):
        return "name" if plain in _plain_names() - _plain_syllables() else "foreign"
    if (plain, marks) in _common():
        return "common"
    stopped = plain.endswith(("c", "ch", "p", "t"))
    if plain in _plain_syllables() and not (stopped and marks not in (SAC, NANG)):
        return "valid"
    if plain in _plain_names():
        return "name"
    abbreviated = (word.isupper() and len(word) <= 8) or (len(word) <= 3 and not _VOWELS.intersection(plain))
    return "short" if abbreviated and not marks and _LETTERS.issuperset(plain) else "foreign"
