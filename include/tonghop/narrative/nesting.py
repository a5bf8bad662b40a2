"""How the claims of a sentence hang together: a whole and its parts, an outer ratio and the one nested in it. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tonghop.narrative.claims import Claim
from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.populations import class_of, is_quality, profile
from tonghop.narrative.tokens import NUMBER, Tokens

How = Literal["inner", "split", "sum", "drawn"]

_FAR = 400  # tokens that a list of parts may take
_MANY = 40  # parts of one whole
_COLON = 6  # words between a whole and the colon before its parts: "45 đảng viên với các hình thức: …"
_IN = key_of("trong")
_NEAR = 40  # tokens between a whole and the words that open its parts


@dataclass(frozen=True)
class Group:
    """A whole and the claims said to be in it.

    Attributes:
        whole: index of the claim that comes before.
        parts: indices of those after it.
        how: "inner" ("trong đó": some of its parts), "split" ("gồm", a colon, a bracket: all of them) or
            "sum" (they stand before it: "cộng 5"), or "drawn" (one is taken out of it: "trong số 143 … có 88").
    """

    whole: int
    parts: tuple[int, ...]
    how: How


def groups_of(tokens: Tokens, claims: Sequence[Claim]) -> list[Group]:
    """All wholes with their parts, in reading order."""
    found: list[Group] = []
    for at, claim in enumerate(claims):
        if claim.kind == "rate" or claim.numerator is None or at + 1 >= len(claims):
            continue
        if _is_drawn_from(tokens, claim, claims[at + 1]):
            found.append(Group(at, (at + 1, *_qualities(tokens, claims, at + 2)), "drawn"))
            continue
        opened = _opening(tokens, claim, claims[at + 1])
        if opened is None:
            continue
        how, end = opened
        parts = tuple(_parts(tokens, claims, at, end))
        if parts:
            found.append(Group(_before_change(tokens, claims, at), parts, how))
    return found


def opens_sentence(tokens: Tokens, whole: Claim) -> bool:
    """Whether a count is what the sentence takes its figures out of: "Trong 59 tập thể", "Trong số 143 người"."""
    words, first = lexicon(), whole.first
    opens = tokens.key(first - 1) == _IN and not tokens.same_sentence(first - 2, first)
    return whole.kind == "count" and (opens or words.out_of.ends(tokens.keys, first) > 0)


def _is_drawn_from(tokens: Tokens, whole: Claim, part: Claim) -> bool:
    """Whether the sentence takes the next count out of this one: "Trong số 143 báo cáo viên, có 88 người …"."""
    words, first = lexicon(), whole.first
    is_source = opens_sentence(tokens, whole)
    if words.issued.ends(tokens.keys, first) and words.returned.ends(tokens.keys, part.first):
        same = not part.noun or profile(whole.noun) == profile(part.noun)
        is_source = whole.kind == "count" and same and (part.numerator or 0) <= (whole.numerator or 0)
    is_part = part.kind in ("count", "count_rate") and part.numerator is not None and part.bound is None
    return is_source and is_part and whole.sentence == part.sentence and of_one_sort(whole, part)


def _qualities(tokens: Tokens, claims: Sequence[Claim], at: int) -> list[int]:
    """The counts that go on in a list of what members are: "301 chi bộ loại tốt, 72 loại khá, 18 loại trung bình"."""
    end = at
    while (
        end < min(len(claims), at + _MANY)
        and claims[end].kind in ("count", "count_rate")
        and claims[end].numerator is not None
        and claims[end].bound is None
        and claims[end].sentence == claims[at - 1].sentence
        and is_quality(claims[end].noun)
    ):
        end += 1
    return list(range(at, end))


def _before_change(tokens: Tokens, claims: Sequence[Claim], at: int) -> int:
    """The whole of "164 cuộc, tăng 27 cuộc; trong đó …" is the first of the two."""
    is_change = lexicon().changes.ends(tokens.keys, claims[at].first) > 0
    same = at > 0 and claims[at - 1].sentence == claims[at].sentence and claims[at - 1].kind == "count"
    return at - 1 if is_change and same and of_one_sort(claims[at - 1], claims[at]) else at


def _opening(tokens: Tokens, whole: Claim, following: Claim) -> tuple[How, int] | None:
    """How the claims after ``whole`` are opened as its parts, and the token where that ends."""
    words, start = lexicon(), whole.last
    if following.first - whole.place[1] > _NEAR or following.paragraph != whole.paragraph:
        return None
    for at in range(start, following.first):
        if tokens.key(at) == "(" and at == start and _has_claim(tokens, at, following):
            return "split", _closing(tokens, at)
        if words.inner.begins(tokens.keys, at):
            return "inner", _sentence_end(tokens, at)
        is_split = words.whole_split.begins(tokens.keys, at) > 0 or (
            tokens.key(at) == ":" and at - start <= _COLON and not words.findings.within(tokens.keys, start, at)
        )
        if is_split and whole.sentence == following.sentence:
            return "split", _sentence_end(tokens, at)
        if tokens.key(at) == ";" and not words.inner.begins(tokens.keys, at + 1):
            return None
    return None


def _has_claim(tokens: Tokens, at: int, claim: Claim) -> bool:
    return at < claim.first < _closing(tokens, at)


def _closing(tokens: Tokens, at: int) -> int:
    end = at
    while end < len(tokens) and end - at < _FAR and tokens.same_sentence(end, at) and tokens.key(end) != ")":
        end += 1
    return end


def _sentence_end(tokens: Tokens, at: int) -> int:
    return bisect_right(tokens.sentence, tokens.sentence[at], at, min(len(tokens), at + _FAR))


def _parts(tokens: Tokens, claims: Sequence[Claim], whole: int, end: int) -> list[int]:
    """The claims after a whole that count the same sort of thing, up to a place.

    A ratio, another sort of thing, or "đồng thời" and the like end the list; a rate belongs to its part.
    """
    found: list[int] = []
    for at in range(whole + 1, len(claims)):
        claim = claims[at]
        if claim.first >= end or len(found) >= _MANY:
            break
        if claim.kind == "rate":
            continue
        if (
            claim.kind == "ratio"
            or claim.numerator is None
            or claim.bound is not None
            or not of_one_sort(claims[whole], claim)
        ):
            if found and claim.kind == "ratio":
                break
            if claim.kind == "ratio":
                return [at]
            break
        found.append(at)
    return found


def sums_of(tokens: Tokens, claims: Sequence[Claim]) -> list[Group]:
    """Counts with their sum behind them: "khiển trách 3, cảnh cáo 2; cộng 5"."""
    found = []
    for at, total in enumerate(claims):
        if total.kind != "count" or total.numerator is None or not lexicon().sums.ends(tokens.keys, total.first):
            continue
        first = at
        while (
            first > max(0, at - _MANY)
            and claims[first - 1].sentence == total.sentence
            and claims[first - 1].kind in ("count", "count_rate")
            and claims[first - 1].bound is None
            and claims[first - 1].numerator is not None
            and of_one_sort(total, claims[first - 1])
            and not lexicon().sums.ends(tokens.keys, claims[first - 1].first)
        ):
            first -= 1
        if at - first > 1:
            found.append(Group(at, tuple(range(first, at)), "sum"))
    return found


def of_one_sort(one: Claim, other: Claim) -> bool:
    """Whether two claims may count the same sort of thing: people with people, chi bộ with chi bộ."""
    first, second = class_of(one.noun or one.population), class_of(other.noun or other.population)
    if is_quality(other.noun):
        return True
    if first is None or second is None:
        return not other.noun or (first == second and bool(profile(one.noun) & profile(other.noun)))
    if first != second:
        return False
    return first != "things" or bool(profile(one.population) & profile(other.population))


def cuts_across(claim: Claim, tokens: Tokens) -> bool:
    """Whether a part is told by an attribute that others share (nữ, trẻ, dân tộc …): such parts overlap by nature."""
    words = lexicon().cross_cutting
    start = claim.first
    while (
        start > 0
        and claim.first - start < 8
        and tokens.kind(start - 1) != NUMBER
        and tokens.key(start - 1) not in (";", ",", "(")
    ):
        start -= 1
    end = claim.last
    while (
        end < len(tokens)
        and end - claim.last < 6
        and tokens.same_sentence(end, claim.first)
        and tokens.kind(end) != NUMBER
        and tokens.key(end) not in (";", ",", ".", "(")
    ):
        end += 1
    return words.within(tokens.keys, start, end)
