"""Digits in a text: where a number ends, how it was written, and whether words before make it a name. Pure."""

from __future__ import annotations

from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.tokens import NUMBER, Tokens

_PER_CENT = frozenset("%")


def is_number(tokens: Tokens, at: int) -> bool:
    """Whether a number stands at a place that no date, document number or the like holds."""
    return tokens.kind(at) == NUMBER and not tokens.excluded[at]


def number_end(tokens: Tokens, at: int) -> int:
    """Where a number ends: "12 450" is one number in two tokens, unless the second belongs elsewhere."""
    first = tokens.tokens[at].text
    end = at + 1
    if not (first.isdigit() and len(first) <= 3 and not first.startswith("0")):
        return end
    if names_order(tokens, at, "order_always") or names_order(tokens, at, "order_unless_counted"):
        return end
    while (
        tokens.kind(end) == NUMBER
        and not tokens.excluded[end]
        and len(tokens.tokens[end].text) == 3
        and tokens.tokens[end].text.isdigit()
        and tokens.tokens[end].start == tokens.tokens[end - 1].end + 1
    ):
        end += 1
    return end


def number_text(tokens: Tokens, start: int, end: int) -> str:
    return tokens.shadow.text[tokens.tokens[start].start : tokens.tokens[end - 1].end]


def per_cent_end(tokens: Tokens, at: int) -> int | None:
    """Where a per cent sign that stands at a token ends."""
    if tokens.key(at) in _PER_CENT:
        return at + 1
    if tokens.key(at) == key_of("phần") and tokens.key(at + 1) == key_of("trăm"):
        return at + 2
    return None


def names_order(tokens: Tokens, before: int, name: str) -> bool:
    """Whether words of a list end before a place, and no longer phrase that only ends like them ("kỷ luật")."""
    words = lexicon()
    size = words.lists[name].ends(tokens.keys, before)
    return size > max(words.order_never.ends(tokens.keys, before), words.count_labels.ends(tokens.keys, before) - 1, 0)
