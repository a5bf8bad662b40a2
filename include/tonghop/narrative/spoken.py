"""Ratios that words write: 318 trong tổng số 341; 67 của 73 đơn vị; 67 đơn vị/73 đơn vị. Pure.

A word may stand between two numbers without dividing them: "12 ý kiến của 30 hộ", "Kế hoạch 12 của 63 tỉnh", "mở 120
lớp trên 5 xã". Only what can be read in one way is a ratio.
"""

from __future__ import annotations

from collections.abc import Iterator

from tonghop.narrative.digits import is_number, names_order, number_end, number_text, per_cent_end
from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.numbers import parse_count, parse_rate, percent
from tonghop.narrative.tokens import BREAK, NUMBER, SIGN, WORD, Tokens

Spoken = tuple[int, int, int]
"""The token where a ratio ends, its numerator and its denominator."""

_BETWEEN = 14  # words between a part and "trong tổng số"
_NOUN = 4  # words of a noun that stands with both numbers
_PHRASE = 8  # words between a ratio and its rate
_OVER = key_of("trên")
_SO_FAR = (key_of("nay"), key_of("mới"), key_of("chỉ"))
_PEOPLE = frozenset(map(key_of, ("đồng", "đ/c", "người", "đảng", "cán")))  # đồng chí, người, đảng viên, cán bộ


def spoken_ratio(tokens: Tokens, at: int, end: int) -> Spoken | None:
    """The ratio that begins with the number at ``at``, written in words; None where none does.

    Args:
        end: where that number ends.
    """
    numerator = parse_count(number_text(tokens, at, end))
    if numerator is None:
        return None
    for reader in (_of_one_noun, _in_bracket, _out_of):
        read = reader(tokens, at, end, numerator)
        if read is not None:
            return read
    return None


def _whole(tokens: Tokens, second: int) -> tuple[int, int] | None:
    """The denominator at a place and where it ends; None for a rate, a measure, or no number."""
    words = lexicon()
    if not is_number(tokens, second):
        return None
    last = number_end(tokens, second)
    denominator = parse_count(number_text(tokens, second, last))
    is_measure = words.not_counted.begins(tokens.keys, last) and not words.counted_after_all.begins(tokens.keys, last)
    if not denominator or per_cent_end(tokens, last) is not None or is_measure:
        return None
    return denominator, last


def _out_of(tokens: Tokens, at: int, end: int, numerator: int) -> Spoken | None:
    """318 trong tổng số 341; 38 đồng chí trong tổng số 178; 2.615 trên 2.798; 67 của 73 đơn vị."""
    words = lexicon()
    for where in _clause(tokens, end):
        size, bare = words.out_of.begins(tokens.keys, where), 0
        if not size and where == end and numerator > 1:  # "1 trong 5 tỉnh dẫn đầu"
            bare = words.out_of_bare.begins(tokens.keys, where) or words.of_bare.begins(tokens.keys, where)
        second = where + (size or bare)
        if second > where:
            second += words.bounds_lower.begins(tokens.keys, second) or words.bounds_about.begins(tokens.keys, second)
        if second == where or not is_number(tokens, second):
            continue
        whole = _whole(tokens, second)
        if whole is None:
            return None
        denominator, last = whole
        if size:
            is_read = numerator <= denominator or _is_one_sort(tokens, at, end, where, last)
        else:
            is_read = _is_read_bare(tokens, at, end, (last, numerator, denominator))
        return (last, numerator, denominator) if is_read else None
    return None


def _is_one_sort(tokens: Tokens, at: int, end: int, where: int, last: int) -> bool:
    """Whether more than the whole is still of it: "88 đơn vị trong tổng số 73 đơn vị", not "88 lớp trong số 73 xã"."""
    if names_order(tokens, at, "order_always") or names_order(tokens, at, "order_unless_counted"):
        return False
    first, other = tokens.key(end), tokens.key(last)
    is_bare = where == end or tokens.kind(last) != WORD
    return is_bare or first == other or {first, other} <= _PEOPLE


def _is_read_bare(tokens: Tokens, at: int, end: int, read: Spoken) -> bool:
    """Whether "trên", "trong" or "của" between two numbers divides them; above one only where the rate says so."""
    last, numerator, denominator = read
    is_of = lexicon().of_bare.begins(tokens.keys, end) > 0
    if not is_of and numerator <= denominator:
        return True
    if names_order(tokens, at, "order_always") or names_order(tokens, at, "order_unless_counted"):
        return False
    if _rate_says(tokens, last, numerator, denominator):
        return is_of or tokens.key(end) == _OVER
    return numerator <= denominator and _stands_alone(tokens, at, denominator) and _is_counted(tokens, last)


def _rate_says(tokens: Tokens, last: int, numerator: int, denominator: int) -> bool:
    """Whether the rate of just this ratio follows: "88 trên 73 đơn vị (120,55%)"."""
    at = last
    while tokens.kind(at) == WORD and at - last < _PHRASE and tokens.same_sentence(at, last - 1):
        at += 1
    words = lexicon()
    while tokens.key(at) in ("(", ",") or words.rate_links.begins(tokens.keys, at):
        at += max(1, words.rate_links.begins(tokens.keys, at))
    if not is_number(tokens, at) or per_cent_end(tokens, at + 1) is None:
        return False
    rate = parse_rate(tokens.tokens[at].text)
    return rate is not None and rate.rounds(percent(numerator, denominator))


def _stands_alone(tokens: Tokens, at: int, denominator: int) -> bool:
    """Whether a number opens its clause, or follows "có", in a sentence that counted nothing else before it.

    Else it may count what was named before: "Tiếp nhận 40 đơn, trong đó có 12 của 30 hộ", "Ý kiến: 12 của 30 hộ".
    """
    is_open = tokens.key(at - 1) in (",", ";") or not tokens.same_sentence(at - 1, at)
    if not (is_open or lexicon().elliptic_verbs.ends(tokens.keys, at) or tokens.key(at - 1) in _SO_FAR):
        return False
    start = at
    while start > 0 and tokens.same_sentence(start - 1, at):
        start -= 1
        if is_number(tokens, start) and parse_count(tokens.tokens[start].text) != denominator:
            return False
        if tokens.key(start) == ":":
            return False
    return True


def _is_counted(tokens: Tokens, at: int) -> bool:
    return lexicon().counted.begins(tokens.keys, at) > 0


def _of_one_noun(tokens: Tokens, at: int, end: int, numerator: int) -> Spoken | None:
    """67 đơn vị/73 đơn vị; 67 cơ quan trên 73 cơ quan; 67 chi bộ của 73 chi bộ: the same noun with both numbers."""
    words = lexicon()
    if not _is_counted(tokens, end) or numerator < 2 or words.scores_take.begins(tokens.keys, end):
        return None
    if names_order(tokens, at, "order_always"):
        return None
    for where in range(end + 1, end + 1 + _NOUN):
        joined = int(tokens.key(where) == "/") or words.out_of_bare.begins(tokens.keys, where)
        joined = joined or words.of_bare.begins(tokens.keys, where)
        if joined and tokens.same_sentence(at, where):
            whole = _whole(tokens, where + joined)
            if whole is None:
                return None
            denominator, last = whole
            is_same = tokens.keys[end:where] == tokens.keys[last : last + where - end]
            return (last, numerator, denominator) if is_same else None
        if tokens.kind(where) != WORD:
            return None
    return None


def _in_bracket(tokens: Tokens, at: int, end: int, numerator: int) -> Spoken | None:
    """67 (trong tổng số 73) đơn vị; 67 đơn vị (trên tổng số 73 đơn vị): the bracket says nothing else."""
    opened = end
    while tokens.kind(opened) == WORD and opened - end < _NOUN and tokens.same_sentence(at, opened):
        opened += 1
    size = lexicon().out_of.begins(tokens.keys, opened + 1) if tokens.key(opened) == "(" else 0
    whole = _whole(tokens, opened + 1 + size) if size else None
    if whole is None or numerator > whole[0]:
        return None
    denominator, last = whole
    closed = last
    while tokens.kind(closed) == WORD and closed - last < _NOUN:
        closed += 1
    if tokens.key(closed) != ")":
        return None
    return (closed + 1 if opened == end and closed == last else last), numerator, denominator


def _clause(tokens: Tokens, start: int) -> Iterator[int]:
    """Places from ``start`` on, as far as plain words reach."""
    for at in range(start, min(start + _BETWEEN, len(tokens))):
        yield at
        if tokens.kind(at) in (NUMBER, BREAK, SIGN) or not tokens.same_sentence(at, start):
            return
