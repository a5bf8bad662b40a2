"""VNI-Windows: the encoding of the VNI fonts, a base letter and then one byte for its hat, horn, breve and tone.

"Tænh uûy" is "Tỉnh ủy", "Ñaûng" is "Đảng". The longest match counts: "ôù" is ớ, a lone "ô" is ơ.
"""

from __future__ import annotations

import re
from functools import cache

from tonghop.text.codepoints import aliases, as_windows

_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_PLAIN = {  # base letter: its toned forms, in the order of _TONES (sắc, huyền, hỏi, ngã, nặng)
    "a": "áàảãạ", "e": "éèẻẽẹ", "o": "óòỏõọ", "u": "úùủũụ", "y": "ýỳỷỹỵ", "ô": "ớờởỡợ", "ö": "ứừửữự",
}
_HATS = {"a": dict(zip("âáàåãä", "âấầẩẫậ", strict=True)), "e": dict(zip("âáàåãä", "êếềểễệ", strict=True)),
         "o": dict(zip("âáàåãä", "ôốồổỗộ", strict=True))}
_BREVE = {"a": dict(zip("êéèúüë", "ăắằẳẵặ", strict=True))}
_SINGLES = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ô": "ơ", "ö": "ư", "ñ": "đ"}


@cache
def pairs() -> dict[str, str]:
    """Every sequence in Windows-1252 signs and its letter, both cases: the base letter decides."""
    small = {base + sign: letter for base, forms in _PLAIN.items() for sign, letter in zip(_TONES, forms, strict=True)}
    for hats in (_HATS, _BREVE):
        small |= {base + sign: letter for base, forms in hats.items() for sign, letter in forms.items()}
    del small["yï"]  # ỵ has a byte of its own
    small |= _SINGLES
    return small | {sequence.upper(): letter.upper() for sequence, letter in small.items()}


@cache
def _decoder() -> tuple[re.Pattern[str], dict[str, str], dict[int, str]]:
    """The pattern of all sequences, their letters, and the signs of other code pages as those of Windows-1252."""
    table = pairs() | {"yï": "ỵ", "YÏ": "Ỵ"}
    for sequence, letter in pairs().items():
        if len(sequence) == 2:
            table[sequence[0] + sequence[1].swapcase()] = letter  # "Aù": typed with the mark in the other case
    marks = {sequence[1] for sequence in table if len(sequence) == 2}
    bases = {sequence[0] for sequence in table if len(sequence) == 2}
    singles = {sequence for sequence in table if len(sequence) == 1}
    pattern = f"[{''.join(sorted(bases))}][{''.join(sorted(marks))}]|[{''.join(sorted(singles))}]"
    used = {sign for sequence in table for sign in sequence if not sign.isascii()}
    homes = {ord(alias): sign for sign in used for alias in aliases(sign.encode("cp1252")[0])}
    return re.compile(pattern), table, homes


def decode_text(text: str | bytes) -> str:
    """The Unicode text of VNI bytes, or of a text that holds them as Latin-1 or Windows signs.

    Signs that begin no sequence stay as they are.
    """
    pattern, table, homes = _decoder()
    signs = as_windows(text) if isinstance(text, bytes) else text.translate(homes)
    return pattern.sub(lambda found: table.get(found[0]) or table.get(found[0][0], found[0][0]) + found[0][1:], signs)


def is_whole(text: str) -> bool:
    """Whether every letter outside ASCII takes part in a sequence: a text with others is not of this encoding."""
    pattern, table, homes = _decoder()
    rest = pattern.sub(lambda found: "" if found[0] in table else found[0][1:], text.translate(homes))
    return all(sign.isascii() or not sign.isalpha() for sign in rest)


def encode(text: str) -> bytes:
    """The bytes of a composed text, as typed in a VNI font.

    Raises:
        UnicodeEncodeError: a letter has no sequence.
    """
    sequences = {letter: sequence for sequence, letter in pairs().items()}
    return "".join(sequences.get(sign, sign) if not sign.isascii() else sign for sign in text).encode("cp1252")
