"""Rates that stand apart from what they are of: sentences later, told again by name or by what they come from. Pure.

"Sở, ngành xong 44/46. Huyện xong 13/13. … Nếu chỉ tính sở, ngành thì 95,7%": the rate fits one figure of the text, and
a word that stands with it stands with that figure too. Both are asked for: a fit alone may be chance.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from tonghop.narrative.figures import Figure
from tonghop.narrative.lexicon import lexicon
from tonghop.narrative.numbers import percent
from tonghop.narrative.rates import counts_own, fits, is_change
from tonghop.narrative.tokens import WORD, Tokens

_FAR = 60  # figures between a ratio and its rate
_NEAR = 10  # figures between a count and its rate
_WHOLES = 3  # figures between a part and its whole
_SENTENCES = 2
_AROUND = 16  # tokens on either side of a figure that name it
_LEAD = 20  # tokens before a rate that name it
_ENOUGH = 2  # words in common that a rate without decimals needs


def attach_apart(tokens: Tokens, figures: list[Figure], hosts: dict[int, int]) -> dict[int, int]:
    """More hosts, for rates that have none: index of the rate → index of its figure.

    Args:
        figures: ratios, counts and rates in reading order.
        hosts: what was told beside the rates already.
    """
    found: dict[int, int] = {}
    taken = set(hosts.values())
    for at, rate in enumerate(figures):
        if rate.kind != "rate" or at in hosts or rate.rate is None or rate.bound is not None:
            continue
        free = [each for each in range(max(0, at - _FAR), at) if figures[each].kind != "rate" and each not in taken]
        if not free or rate.rate.exact in (0, 100) or is_change(tokens, rate) or counts_own(tokens, rate):
            continue
        named = _named(tokens, rate)
        host = _ratio(tokens, figures, at, free, named)
        if host is None:
            needed = _needed(rate) - (at - 1 in found)  # of rates listed, one that is told tells the next
            near = [
                each
                for each in free[-_NEAR:]
                if figures[each].kind == "plain" and _shares(tokens, figures[each], named, needed - (each == at - 1))
            ]
            host = _part(tokens, figures, at, near)
        if host is not None:
            found[at] = host
            taken.add(host)
    return found


def _needed(rate: Figure) -> int:
    return 1 if rate.rate is not None and rate.rate.decimals else _ENOUGH


def _ratio(tokens: Tokens, figures: list[Figure], at: int, free: list[int], named: set[str]) -> int | None:
    """The ratio before that gives the rate and shares most words with it; of equals the nearest."""
    fitting = [each for each in free if fits(figures[each], figures[at])]
    shared = {each: len(named & _around(tokens, figures[each])) for each in fitting}
    best = max(reversed(fitting), key=lambda each: shared[each], default=None)
    return best if best is not None and shared[best] >= _needed(figures[at]) else None


def _part(tokens: Tokens, figures: list[Figure], at: int, free: list[int]) -> int | None:
    """The count before that is the rate of a count before it: "phát 520 phiếu, thu 497. Tỷ lệ thu về đạt 95,58%"."""
    rate = figures[at]
    for part in reversed(free):
        figure = figures[part]
        is_near = tokens.sentence[rate.start] - tokens.sentence[figure.start] <= _SENTENCES
        if not is_near or tokens.paragraph[figure.start] != tokens.paragraph[rate.start]:
            return None
        if figure.numerator is None or figure.bound:
            continue
        wholes = figures[max(0, part - _WHOLES) : part]
        if any(_gives(tokens, whole, figure, rate) for whole in wholes):
            return part
    return None


def _shares(tokens: Tokens, figure: Figure, named: set[str], needed: int) -> bool:
    """Whether enough words stand with a rate and with a count, or before that count and what it is a part of."""
    lead = _around(tokens, figure) | set(tokens.keys[max(0, figure.start - _AROUND) : figure.start])
    return len(named & lead) >= needed


def _gives(tokens: Tokens, whole: Figure, part: Figure, rate: Figure) -> bool:
    if whole.kind != "plain" or not whole.numerator or whole.bound or part.numerator is None or rate.rate is None:
        return False
    is_near = tokens.sentence[part.start] - tokens.sentence[whole.start] <= 1
    return is_near and part.numerator <= whole.numerator and rate.rate.rounds(percent(part.numerator, whole.numerator))


def _around(tokens: Tokens, figure: Figure) -> set[str]:
    """The words that stand with a figure in its sentence, up to the figures on either side."""
    here = tokens.sentence[figure.start]
    least = bisect_left(tokens.sentence, here, max(0, figure.start - _AROUND), figure.start)
    most = bisect_right(tokens.sentence, here, figure.end, min(len(tokens), figure.end + _AROUND))
    return _telling(tokens, least, figure.start) | _telling(tokens, figure.end, most)


def _named(tokens: Tokens, rate: Figure) -> set[str]:
    """The words that name a rate: before it in its sentence, and what it is said to be of ("93% số chi bộ")."""
    here = tokens.sentence[rate.start]
    least = bisect_left(tokens.sentence, here, max(0, rate.start - _LEAD), rate.start)
    most = bisect_right(tokens.sentence, here, rate.end, min(len(tokens), rate.end + 4))
    return _telling(tokens, least, rate.start) | _telling(tokens, rate.end, most)


def _telling(tokens: Tokens, start: int, end: int) -> set[str]:
    """The words of a stretch that tell one thing from another; of what joins them nothing."""
    words = lexicon()
    lists = (words.never_counted, words.labels_not, words.elliptic_before, words.untelling, words.negations)
    return {
        tokens.keys[at]
        for at in range(start, end)
        if tokens.kind(at) == WORD and not any(each.begins(tokens.keys, at) == 1 for each in lists)
    }
