"""The whole that a rate is said to be of, where it stands behind the rate: "đạt 96% tổng số 3.800 đảng viên". Pure.

Four orders can be read without doubt. N is the count, W its whole:

* N, rate, W: "3.484 đồng chí, đạt 96% tổng số 3.800 đảng viên";
* rate, N in brackets, W: "96% (3.484) trong tổng số 3.800 đảng viên";
* rate, W, N: "96% tổng số 3.800 đảng viên, tức 3.484 đồng chí" (or in brackets, or after "với");
* W, rate, N in brackets: "Trong tổng số 3.800 đảng viên, 96% (3.484 đồng chí) dự học".
"""

from __future__ import annotations

from tonghop.narrative.digits import is_number
from tonghop.narrative.figures import Figure
from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.numbers import percent
from tonghop.narrative.phrases import is_generic, phrase_end
from tonghop.narrative.tokens import BREAK, NUMBER, SIGN, WORD, Tokens

_BRACKET = 8  # tokens of a bracket that a rate and its whole may have between them
_DEED = 10  # words between a whole and its count: "3.800 đảng viên đã học nghị quyết, tức 3.484 đồng chí"
_POINTS = 10  # by which a rate may be off where only "với" says that the count is its own
_IN, _WITH = key_of("trong"), key_of("với")


def whole_after(tokens: Tokens, end: int) -> int | None:
    """The number that a rate ending at ``end`` is said to be of; a bracket between the two is passed over."""
    at = end
    if tokens.key(at) == ")":
        at += 1
    elif tokens.key(at) == "(":
        closed = next((each for each in range(at, at + _BRACKET) if tokens.key(each) == ")"), None)
        if closed is None:
            return None
        at = closed + 1
    size = lexicon().rate_wholes.begins(tokens.keys, at)
    second = at + size
    return second if size and is_number(tokens, second) and tokens.same_sentence(end - 1, second) else None


def hosts_beyond_wholes(tokens: Tokens, figures: list[Figure]) -> dict[int, int]:
    """For each rate whose whole stands between it and its count, or before both: index of the rate → of the count."""
    found: dict[int, int] = {}
    for at, figure in enumerate(figures):
        if figure.kind == "rate" and figure.rate is not None and figure.bound is None:
            host = _in_bracket(tokens, figures, at)
            host = _after_whole(tokens, figures, at, found) if host is None else host
            if host is not None:
                found[at] = host
    return found


def _in_bracket(tokens: Tokens, figures: list[Figure], at: int) -> int | None:
    """Trong tổng số 3.800 đảng viên, 96% (3.484 đồng chí): the count, not the whole that the sentence opens with."""
    if at == 0 or at + 1 >= len(figures):
        return None
    whole, rate, part = figures[at - 1 : at + 2]
    opens = tokens.key(whole.start - 1) == _IN and not tokens.same_sentence(whole.start - 2, whole.start)
    is_drawn = opens or lexicon().out_of.ends(tokens.keys, whole.start) > 0
    if not is_drawn or whole.kind != "plain" or not tokens.same_sentence(whole.start, part.start):
        return None
    return at + 1 if part.start == rate.end + 1 and _is_bracketed(tokens, part) else None


def _is_exact(figure: Figure) -> bool:
    return figure.kind == "plain" and figure.numerator is not None and figure.bound is None


def _is_bracketed(tokens: Tokens, part: Figure) -> bool:
    """Whether an exact count has a bracket of its own."""
    return _is_exact(part) and tokens.key(part.start - 1) == "(" and tokens.key(_said_end(tokens, part.end)) == ")"


def _said_end(tokens: Tokens, at: int) -> int:
    """Where the words after a number end: its noun, and what was done."""
    start = at
    while tokens.kind(at) == WORD and at - start < _DEED and tokens.same_sentence(at, start):
        at += 1
    return at


def _after_whole(tokens: Tokens, figures: list[Figure], at: int, found: dict[int, int]) -> int | None:
    """đạt 96% tổng số 3.800 đảng viên, với 3.484 đồng chí."""
    if at + 2 >= len(figures) or not _opens_clause(tokens, figures, at, found):
        return None
    rate, whole, part = figures[at : at + 3]
    is_whole = whole.start == whole_after(tokens, rate.end) and tokens.key(rate.end) != "("
    if not (is_whole and _is_exact(whole) and _is_exact(part) and tokens.same_sentence(rate.start, part.start)):
        return None
    if not whole.numerator or not _is_of(tokens, whole, part):
        return None
    said = _said_end(tokens, whole.end)
    if tokens.key(said) == "(" and said == part.start - 1:
        is_told = _is_bracketed(tokens, part)
    else:
        is_told = not _goes_on(tokens, figures, at + 2) and _comes_to(tokens, (rate, whole, part), said)
    return at + 2 if is_told else None


def _comes_to(tokens: Tokens, three: tuple[Figure, Figure, Figure], said: int) -> bool:
    """Whether words say that a rate of a whole comes to a count: "tức 3.484 đồng chí"; "với" where that is near."""
    rate, whole, part = three
    size = lexicon().amounts_to.ends(tokens.keys, part.start)
    if size and _is_joined(tokens, said, part.start - size):
        return True
    if rate.rate is None or tokens.key(part.start - 1) != _WITH or not _is_joined(tokens, said, part.start - 1):
        return False
    return abs(percent(part.numerator or 0, whole.numerator or 1) - rate.rate.exact) <= _POINTS


def _is_joined(tokens: Tokens, said: int, until: int) -> bool:
    """Whether nothing but a comma stands between two places (or the words ran on to the second)."""
    return said >= until or (said == until - 1 and tokens.key(said) == ",")


def _opens_clause(tokens: Tokens, figures: list[Figure], at: int, found: dict[int, int]) -> bool:
    """Whether no figure of the clause before a rate may be its own; what was told of another rate may not."""
    rate, before = figures[at], figures[at - 1] if at else None
    if before is None or not tokens.same_sentence(before.start, rate.start) or at - 1 in found.values():
        return True
    return any(tokens.key(each) == ";" for each in range(before.end, rate.start))


def _goes_on(tokens: Tokens, figures: list[Figure], at: int) -> bool:
    """Whether counts go on after one, before a semicolon: it may be one of the parts."""
    if at + 1 >= len(figures) or figures[at + 1].kind != "plain":
        return False
    here, following = figures[at], figures[at + 1]
    is_apart = any(tokens.key(each) == ";" for each in range(here.end, following.start))
    return tokens.same_sentence(here.start, following.start) and not is_apart


def _is_of(tokens: Tokens, whole: Figure, part: Figure) -> bool:
    """Whether a count's noun is the whole's, or says no more than "đồng chí": of "3.484 đồng chí nữ" it is not all."""
    words = lexicon()
    end = phrase_end(tokens, part.end)
    noun = tokens.keys[part.end : end]
    is_same = noun == tokens.keys[whole.end : whole.end + len(noun)] or is_generic(tokens, part.end, end)
    said = part.end
    while said - part.end < _DEED and tokens.kind(said) not in (NUMBER, BREAK) and tokens.key(said) not in (";", "."):
        said += 1
    return is_same and not words.cross_cutting.within(tokens.keys, part.end, said)


def is_count_of_rate(tokens: Tokens, start: int, end: int) -> bool:
    """Whether a bare number in brackets is a rate's count: "96% (3.484) trong tổng số 3.800 đảng viên"."""
    is_alone = tokens.key(start - 1) == "(" and tokens.key(end) == ")" and tokens.kind(start - 2) == SIGN
    return is_alone and tokens.key(start - 2) == "%" and whole_after(tokens, start - 1) is not None
