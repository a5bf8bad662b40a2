"""D02: more are said to have done something than there are. Pure.

A ratio above one is no slip where its denominator is a target ("kết nạp 812/750 đảng viên", "25/20 xã, vượt chỉ tiêu"),
and a report seldom says so in so many words. So it is a finding only where the denominator can be nothing but a whole:
units of which there are so many, or a part that is said to be out of a whole, with no word of a plan nearby.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tonghop.narrative.claims import Claim
from tonghop.narrative.explain import population_causes, rate_causes, ratio_text, swapped_cause
from tonghop.narrative.findings import Explanation, Finding
from tonghop.narrative.lexicon import lexicon
from tonghop.narrative.numbers import shown_rate
from tonghop.narrative.populations import head_class, place_type
from tonghop.narrative.tokens import BREAK, SIGN, WORD, Tokens

_BACK = 60  # tokens before a ratio in which a plan may be named, in the sentence before too
_MAKES = 6  # tokens between a verb that makes what it counts and the ratio
_AFTER = 40  # tokens after it
_BESIDE = 2  # a line that ends with its sentence ends two
_LIST = 400  # tokens of a list over which a plan may be named
_MARKS = ("-", "+", "*", "•", "")
_DAY, _MONTH = 31, 12


def excess_findings(tokens: Tokens, claims: Sequence[Claim]) -> list[Finding]:
    """D02: a ratio of a whole whose numerator is above its denominator."""
    found = []
    for at, claim in enumerate(claims):
        if claim.kind != "ratio" or claim.bound is not None or not _is_above(claim) or not _is_of_whole(tokens, claim):
            continue
        text = f"{ratio_text(claim)} = {shown_rate(claim.quotient or Fraction())}"
        is_other = claim.consistent is False
        found.append(
            Finding(
                "D02",
                "error",
                f"tử số lớn hơn mẫu số: {text}" + (f", báo cáo ghi {claim.stated_rate}" if is_other else ""),
                f"the numerator is above the denominator: {text}"
                + (f", the report says {claim.stated_rate}" if is_other else ""),
                (at,),
                _causes(at, claims),
            )
        )
    return found


def _is_above(claim: Claim) -> bool:
    return (claim.numerator or 0) > (claim.denominator or 0) > 0


def _is_of_whole(tokens: Tokens, claim: Claim) -> bool:
    """Whether the denominator is a whole that cannot be exceeded, by the words around it."""
    words, keys = lexicon(), tokens.keys
    said = words.out_of.within(keys, *claim.place)
    deed = max(0, claim.first - _MAKES), _clause_end(tokens, claim)
    closed = head_class(claim.noun) == "units" or words.closed_deeds.within(keys, *deed)
    if not (said or closed) or _may_be_date(tokens, claim) or _is_address(tokens, claim):
        return False
    return not (_names_plan(tokens, claim) or _is_made(tokens, claim) or _divides_two_things(tokens, claim))


def _clause_end(tokens: Tokens, claim: Claim) -> int:
    end = claim.last
    while (
        end < len(tokens)
        and end - claim.last < _AFTER
        and tokens.same_sentence(end, claim.first)
        and tokens.key(end) != ";"
    ):
        end += 1
    return end


def _names_plan(tokens: Tokens, claim: Claim) -> bool:
    """Whether a plan or a target is named where the ratio stands, in the sentence beside it, or over its list."""
    words = lexicon()
    here, near = _around(tokens, claim, 0), _around(tokens, claim, _BESIDE)
    if words.beyond_wholes.within(tokens.keys, *here) or words.plans.within(tokens.keys, *near):
        return True
    if words.plans.within(tokens.keys, _list_start(tokens, claim.first), claim.first):
        return True
    ends = [claim.place[1], *([] if claim.rate_at is None else [claim.rate_at])]
    return any(words.plan_after.begins(tokens.keys, end) for end in ends)  # "12/10 kế hoạch", "đạt 120% kế hoạch"


def _around(tokens: Tokens, claim: Claim, sentences: int) -> tuple[int, int]:
    """The tokens around a claim, up to so many sentences from its own."""
    here, start, end = tokens.sentence[claim.first], claim.first, claim.last
    while start > 0 and claim.first - start < _BACK and here - tokens.sentence[start - 1] <= sentences:
        start -= 1
    while end < len(tokens) and end - claim.last < _AFTER and tokens.sentence[end] - here <= sentences:
        end += 1
    return start, end


def _list_start(tokens: Tokens, at: int) -> int:
    """Where the line over a list begins ("Các chỉ tiêu:"), for a place in a line with a mark ("- Chi bộ: 25/20")."""
    line = at
    for start in range(at, max(0, at - _LIST), -1):
        if start == 1 or tokens.paragraph[start - 1] != tokens.paragraph[start]:
            line = start if start > 1 else 0
            if tokens.key(line) not in _MARKS and tokens.kind(line) != BREAK:
                return line
    return line


def _is_made(tokens: Tokens, claim: Claim) -> bool:
    """Whether a verb makes or seeks out what is counted, as many as were planned: "kiểm tra 35/30 chi bộ".

    It stands right before the ratio, or opens the label before it: "Thành lập chi bộ mới: 12/10 chi bộ".
    """
    words, at = lexicon(), claim.first
    if words.exists.ends(tokens.keys, at):
        return False
    while size := words.helpers.ends(tokens.keys, at):
        at -= size
    start = at
    while start > 0 and at - start < _BACK and (tokens.kind(start - 1) == WORD or tokens.key(start - 1) == ":"):
        start -= 1
    return words.makings.ends(tokens.keys, at) > 0 or words.makings.begins(tokens.keys, start) > 0


def _divides_two_things(tokens: Tokens, claim: Claim) -> bool:
    """Whether the sentence names two things that are divided: "Tỷ lệ nam/nữ là 45/38 đồng chí"."""
    for at in range(claim.first - 1, max(0, claim.first - _BACK), -1):
        if not tokens.same_sentence(at, claim.first):
            return False
        between = tokens.kind(at - 1) == tokens.kind(at + 1) == WORD
        if tokens.kind(at) == SIGN and tokens.key(at) == "/" and between and not tokens.excluded[at]:
            return True
    return False


def _may_be_date(tokens: Tokens, claim: Claim) -> bool:
    """Whether a pair has the looks of a day (30/4), and neither a rate nor "có" says that it counts."""
    is_day = (claim.numerator or 0) <= _DAY and (claim.denominator or 0) <= _MONTH
    return is_day and claim.rate is None and not lexicon().elliptic_verbs.ends(tokens.keys, claim.first)


def _is_address(tokens: Tokens, claim: Claim) -> bool:
    """Whether a place with its name follows: "88/3 ấp Bình Hòa"."""
    name = claim.place[1] + place_type(tokens, claim.place[1])
    return name > claim.place[1] and tokens.kind(name) == WORD and tokens.tokens[name].is_capital


def _causes(at: int, claims: Sequence[Claim]) -> tuple[Explanation, ...]:
    """What may have put the numerator above: two populations, the two numbers swapped, or what the rate tells."""
    claim = claims[at]
    if claim.consistent is False:
        return rate_causes(at, claims)
    known = {
        each.denominator: each.population
        for each in claims
        if each.kind == "ratio" and each.denominator and not _is_above(each)
    }
    added = population_causes(claim.numerator or 0, claim.denominator or 0, list(known.items()))
    return added or (swapped_cause(claim) if claim.rate is None else ())
