"""N02, N03, D07 and N05: parts and wholes, nested ratios, done and not done. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tonghop.narrative.claims import Claim
from tonghop.narrative.explain import nested_cause, overlap_cause, ratio_text, remainder_cause
from tonghop.narrative.findings import Finding
from tonghop.narrative.lexicon import lexicon
from tonghop.narrative.nesting import Group, cuts_across, of_one_sort, opens_sentence
from tonghop.narrative.numbers import shown_count
from tonghop.narrative.populations import profile
from tonghop.narrative.tokens import WORD, Tokens

_AFTER = 6  # words after a count in which "chưa" makes it what is not done
_BEFORE = 8
_RETURNS = 5  # figures between what is issued and what is not returned
_OUTER = 12  # figures between a ratio and the sentence that begins with its numerator
_DEED = 2  # words of a deed


def part_findings(tokens: Tokens, claims: Sequence[Claim], groups: Sequence[Group]) -> list[Finding]:
    """N02: a part larger than its whole. N03: parts that are all of a whole, or more, and do not add up."""
    found: list[Finding] = []
    for group in groups:
        whole = claims[group.whole]
        parts = [claims[at] for at in group.parts]
        if whole.kind == "ratio" or whole.bound is not None or any(part.kind == "ratio" for part in parts):
            continue
        limit = whole.numerator or 0
        above = [at for at in group.parts if (claims[at].numerator or 0) > limit]
        if above and (group.how in ("inner", "drawn") or profile(whole.noun) & profile(claims[above[0]].noun)):
            found += [_larger(claims, at, group.whole) for at in above]
        elif (
            not above
            and len(parts) > 1
            and (unequal := _unequal(claims, group))
            and (group.how != "inner" or not any(cuts_across(part, tokens) for part in parts))
        ):
            found += unequal
    return found


def _larger(claims: Sequence[Claim], part: int, whole: int) -> Finding:
    first, second = shown_count(claims[part].numerator or 0), shown_count(claims[whole].numerator or 0)
    return Finding(
        "N02",
        "warning",
        f"phần lớn hơn tổng: {first} nằm trong {second}",
        f"a part is larger than its whole: {first} of {second}",
        (part, whole),
    )


def _unequal(claims: Sequence[Claim], group: Group) -> list[Finding]:
    whole = claims[group.whole].numerator or 0
    parts = [claims[at].numerator or 0 for at in group.parts]
    if sum(parts) == whole or (sum(parts) < whole and group.how in ("inner", "drawn")):
        return []
    text = " + ".join(shown_count(part) for part in parts)
    gap = f"{sum(parts) - whole:+,}".replace(",", ".").replace("-", "−")
    return [
        Finding(
            "N03",
            "warning",
            f"các phần cộng lại khác tổng: {text} = {shown_count(sum(parts))}, tổng ghi {shown_count(whole)} ({gap})",
            f"the parts do not add up: {text} = {shown_count(sum(parts))}, the whole is {shown_count(whole)} ({gap})",
            (group.whole, *group.parts),
            overlap_cause(whole, parts),
        )
    ]


def nested_findings(tokens: Tokens, claims: Sequence[Claim], groups: Sequence[Group]) -> list[Finding]:
    """D07: a ratio "trong đó" of a ratio has the outer numerator for its denominator."""
    found = []
    for group in groups:
        outer, inner = claims[group.whole], claims[group.parts[0]]
        if group.how != "inner" or outer.kind != "ratio" or inner.kind != "ratio":
            continue
        keeps = inner.denominator == outer.denominator
        exceeds = (inner.denominator or 0) > (outer.numerator or 0)
        if inner.denominator == outer.numerator or not (keeps or exceeds):
            continue
        found.append(_nested(claims, group.parts[0], group.whole))
    told = {finding.claims[0] for finding in found}
    return [*found, *(each for each in _named_again(tokens, claims) if each.claims[0] not in told)]


def _nested(claims: Sequence[Claim], inner: int, outer: int) -> Finding:
    part, whole = ratio_text(claims[inner]), ratio_text(claims[outer])
    return Finding(
        "D07",
        "warning",
        f"“trong đó” {part}: mẫu số phải là tử số của tỷ lệ ngoài {whole}",
        f"{part} is nested in {whole}: its denominator should be the outer numerator",
        (inner, outer),
        nested_cause(claims[inner], claims[outer]),
    )


def _named_again(tokens: Tokens, claims: Sequence[Claim]) -> list[Finding]:
    """A ratio of what a sentence begins with, the numerator of a ratio before: "Trong 59 tập thể đã xong, có 8/65"."""
    found = []
    for at in range(1, len(claims)):
        named, inner = claims[at - 1], claims[at]
        if inner.kind != "ratio" or named.sentence != inner.sentence or not opens_sentence(tokens, named):
            continue
        outers = [
            each
            for each in range(max(0, at - 1 - _OUTER), at - 1)
            if claims[each].kind == "ratio"
            and claims[each].numerator == named.numerator
            and claims[each].denominator == inner.denominator != named.numerator
        ]
        if outers:
            found.append(_nested(claims, at, outers[-1]))
    return found


def complement_findings(tokens: Tokens, claims: Sequence[Claim]) -> list[Finding]:
    """N05: done and not done make all: 67/73, and 06 that have not."""
    found = []
    for at in range(len(claims) - 1):
        ratio, rest = claims[at], claims[at + 1]
        if ratio.kind != "ratio" or not _completes(tokens, ratio, rest):
            continue
        done, whole, left = ratio.numerator or 0, ratio.denominator or 0, rest.numerator or 0
        if done + left == whole or done + _left_in_all(claims, at) == whole or done > whole:
            continue
        if any(_part_of(each, ratio) and (each.numerator or 0) + left == whole for each in claims[max(0, at - 3) : at]):
            continue  # what is left of the figure before: "22 có quy chế, 16/37 đối thoại; còn 15 chưa có quy chế"
        found.append(
            Finding(
                "N05",
                "error",
                f"đã làm và chưa làm không bằng tất cả: {ratio_text(ratio)} và còn {shown_count(left)};"
                f" {shown_count(done)} + {shown_count(left)} = {shown_count(done + left)} ≠ {shown_count(whole)}",
                f"done and not done are not all: {ratio_text(ratio)} with {shown_count(left)} left;"
                f" {shown_count(done)} + {shown_count(left)} = {shown_count(done + left)} ≠ {shown_count(whole)}",
                (at, at + 1),
                remainder_cause(left, whole - done),
            )
        )
    told = {claim for finding in found for claim in finding.claims}
    found += [each for each in _of_counts(tokens, claims) if told.isdisjoint(each.claims)]
    told |= {claim for finding in found for claim in finding.claims}
    return [*found, *(each for each in _of_returns(tokens, claims) if told.isdisjoint(each.claims))]


def _part_of(claim: Claim, ratio: Claim) -> bool:
    """Whether a figure right before a ratio may be of the same whole."""
    is_count = claim.kind in ("count", "count_rate") and claim.numerator is not None
    return claim.sentence == ratio.sentence and (is_count or claim.denominator == ratio.denominator)


def _of_returns(tokens: Tokens, claims: Sequence[Claim]) -> list[Finding]:
    """Issued, returned, not returned: "phát 520 phiếu … thu được 497 … chưa thu được 33"."""
    words, found = lexicon(), []
    for at, rest in enumerate(claims):
        size = words.returned.ends(tokens.keys, rest.first) if _is_exact(rest) else 0
        if not size or not words.negations.ends(tokens.keys, rest.first - size):
            continue
        near = [
            each
            for each in range(max(0, at - _RETURNS), at)
            if _is_exact(claims[each])
            and rest.sentence - claims[each].sentence <= 2
            and of_one_sort(claims[each], rest)
        ]
        done = [each for each in near if words.returned.ends(tokens.keys, claims[each].first)]
        whole = [
            each for each in near if done and each < done[-1] and words.issued.ends(tokens.keys, claims[each].first)
        ]
        if not whole:
            continue
        total, made, left = (claims[each].numerator or 0 for each in (whole[-1], done[-1], at))
        if made + left != total:
            found.append(_three((whole[-1], done[-1], at), total, made, left))
    return found


def _is_exact(claim: Claim) -> bool:
    return claim.kind in ("count", "count_rate") and claim.numerator is not None and claim.bound is None


def _left_in_all(claims: Sequence[Claim], ratio: int) -> int:
    """What the counts after a ratio, in the sentence of the first of them, add up to."""
    sentence = claims[ratio + 1].sentence
    return sum(
        each.numerator or 0
        for each in claims[ratio + 1 : ratio + 6]
        if each.sentence == sentence and each.kind in ("count", "count_rate")
    )


def _completes(tokens: Tokens, ratio: Claim, rest: Claim) -> bool:
    """Whether a count says what is left of a ratio: the next sentence at most, "còn" or "chưa", one sort of thing."""
    if (
        rest.kind not in ("count", "count_rate")
        or rest.numerator is None
        or rest.bound is not None
        or ratio.bound is not None
    ):
        return False
    if rest.paragraph != ratio.paragraph or rest.sentence - ratio.sentence > 1:
        return False
    remains, denies = _says(tokens, rest)
    if not (remains or denies) or lexicon().inner.within(tokens.keys, ratio.last, rest.first):
        return False
    is_named = profile(rest.population) - {"agency"}
    is_other = profile(rest.noun) and profile(rest.noun).isdisjoint(profile(f"{ratio.population} {ratio.noun}"))
    if (is_named and rest.noun and not of_one_sort(ratio, rest)) or (is_other and not denies):
        return False  # "67/73 đơn vị xong, còn 5 xã gặp khó khăn"
    is_rest = remains and rest.sentence == ratio.sentence and not is_other
    return is_rest or _same_deed(tokens, ratio, rest)


def _says(tokens: Tokens, rest: Claim) -> tuple[bool, bool]:
    """Whether "còn" stands right before a count, and whether "chưa" stands near it."""
    words = lexicon()
    remains = words.remainders.ends(tokens.keys, rest.first) > 0
    end = rest.last
    while end < len(tokens) and end - rest.last < _AFTER and tokens.kind(end) == WORD:
        end += 1
    start = rest.first
    while (
        start > 0
        and rest.first - start < _BEFORE
        and tokens.key(start - 1) not in (".", ";", ",", ")")
        and tokens.same_sentence(start - 1, rest.first)
    ):
        start -= 1
    return remains, words.negations.within(tokens.keys, start, end)


def _same_deed(tokens: Tokens, ratio: Claim, rest: Claim) -> bool:
    """Whether what is not done is what the ratio says is done: a word of the deed comes back, or none is said."""
    end = rest.last
    while end < len(tokens) and end - rest.last < 12 and tokens.kind(end) == WORD:
        end += 1
    said = [at for at in range(rest.last, end) if _content(tokens, at, at + 1)][:_DEED]
    denied = {tokens.keys[at] for at in said} or _content(tokens, max(0, rest.first - _BEFORE), rest.first)
    start = max(0, ratio.first - 12)
    told = _content(tokens, start, ratio.first) | _content(tokens, ratio.last, min(rest.first, ratio.last + 20))
    return not _content(tokens, rest.last, end) or bool(denied & told)


def _content(tokens: Tokens, start: int, end: int) -> set[str]:
    words = lexicon()
    return {
        tokens.keys[at]
        for at in range(start, end)
        if tokens.kind(at) == WORD
        and not words.negations.begins(tokens.keys, at)
        and not words.elliptic_before.begins(tokens.keys, at)
        and not words.never_counted.begins(tokens.keys, at)
    }


def _of_counts(tokens: Tokens, claims: Sequence[Claim]) -> list[Finding]:
    """Three counts: all, done, not done, one right after the other in one sentence."""
    found = []
    for at in range(len(claims) - 2):
        whole, done, rest = claims[at : at + 3]
        if any(
            each.kind not in ("count", "count_rate") or each.numerator is None or each.bound
            for each in (whole, done, rest)
        ):
            continue
        if not (
            whole.sentence == done.sentence == rest.sentence and of_one_sort(whole, done) and of_one_sort(whole, rest)
        ):
            continue
        remains, denies = _says(tokens, rest)
        is_done = lexicon().doings.within(tokens.keys, done.last, rest.first) or lexicon().doings.within(
            tokens.keys, whole.last, done.first
        )
        undone = denies and (remains or _same_deed(tokens, done, rest))
        if not (undone and is_done) or profile(whole.population) != profile(rest.population):
            continue
        total, made, left = (each.numerator or 0 for each in (whole, done, rest))
        if made + left != total:
            found.append(_three((at, at + 1, at + 2), total, made, left))
    return found


def _three(claims: tuple[int, int, int], total: int, made: int, left: int) -> Finding:
    text = f"{shown_count(made)} + {shown_count(left)} ≠ {shown_count(total)}"
    return Finding(
        "N05",
        "error",
        f"đã làm và chưa làm không bằng tất cả: {text}",
        f"done and not done are not all: {text}",
        claims,
        remainder_cause(left, total - made),
    )
