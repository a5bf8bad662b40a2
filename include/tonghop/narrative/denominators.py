"""D04 and R03: one population, one denominator; a count with a rate implies one too. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from tonghop.narrative.claims import Claim
from tonghop.narrative.explain import is_swap, population_causes, ratio_text, share_causes
from tonghop.narrative.findings import Explanation, Finding
from tonghop.narrative.lexicon import lexicon
from tonghop.narrative.nesting import Group, of_one_sort
from tonghop.narrative.numbers import implied_denominators, percent, shown_count, shown_rate
from tonghop.narrative.populations import alike, profile, scope_of
from tonghop.narrative.tokens import Tokens
from tonghop.narrative.wholes import whole_after

_LEAD = 6  # tokens before a count in which a verb says that it adds to others
_FEW = 12  # denominators of one population that are told apart
_MANY = 40  # ratios listed in one sentence
_SLIP = 2  # points: a share further off is of another whole
_WHOLES = 50  # figures before a list of shares among which its whole is looked for
_NEAR = 200  # claims on either side among which a contradiction is looked for


def denominator_findings(tokens: Tokens, claims: Sequence[Claim], groups: Sequence[Group]) -> list[Finding]:
    """D04: ratios of one population, place and time whose denominators differ; one finding a population.

    A denominator that another figure of the report explains (a nested ratio's, a group just counted) is no conflict.
    """
    nested = {part for group in groups for part in group.parts if claims[part].kind == "ratio"}
    free = [at for at, claim in enumerate(claims) if claim.kind == "ratio" and claim.bound is None and at not in nested]
    named = [at for at in free if profile(claims[at].population)]  # of an unnamed population nothing can be said
    scopes = {at: scope_of(tokens, claims[at]) for at in named}
    clusters: list[list[int]] = []
    for at in named:
        for cluster in clusters[-_NEAR:]:
            if alike(claims[at], claims[cluster[0]]) and scopes[at].agrees(scopes[cluster[0]]):
                cluster.append(at)
                break
        else:
            clusters.append([at])
    counted = {claim.numerator for claim in claims if claim.numerator != claim.denominator}
    found = [finding for cluster in clusters for finding in _conflict(claims, cluster, counted)]
    told = {at for finding in found for at in finding.claims}
    return [*found, *(_conflict_of(claims, *slip) for slip in _slips(claims, free) if not told & set(slip[0]))]


def _slips(claims: Sequence[Claim], free: list[int]) -> list[tuple[list[int], int, int]]:
    """Ratios listed in one sentence without nouns of their own, whose denominators differ by a slip of the hand.

    Two digits swapped ("5.214/8.102; 1.016/8.120"), or one digit off where two others agree ("277, 277, 267").

    Returns:
        For each slip the members, the denominator to hold on to and the odd one.
    """
    found = []
    everywhere = Counter(claims[at].denominator for at in free)
    for _, group in groupby(free, key=lambda at: claims[at].sentence):
        listed = list(group)[:_MANY]
        bare = [at for at in listed if not claims[at].noun]
        stated = [claims[at].denominator or 0 for at in listed]
        for at in bare:
            odd = claims[at].denominator or 0
            for base in dict.fromkeys(stated):
                apart = [one != other for one, other in zip(str(odd), str(base), strict=False)]
                is_near = len(str(odd)) == len(str(base)) >= 3 and sum(apart) == 1
                is_later = stated.index(base) < stated.index(odd)
                if (
                    stated.count(odd) == 1
                    and is_later
                    and (
                        (len(str(odd)) >= 3 and is_swap(str(odd), str(base)))
                        or (is_near and everywhere[base] > 1 and everywhere[odd] == 1)
                    )
                ):
                    found.append(([each for each in listed if claims[each].denominator in (base, odd)], base, odd))
    return found


def _conflict(claims: Sequence[Claim], cluster: list[int], counted: set[int | None]) -> list[Finding]:
    denominators = list(dict.fromkeys(claims[at].denominator or 0 for at in cluster))
    topics = {claims[at].topic for at in cluster if claims[at].topic}
    own = {claim.numerator for claim in claims if claim.kind == "count" and claim.topic in topics} if topics else set()
    standing = [each for each in denominators if each not in counted or each in own][:_FEW]
    if len(denominators) < 2 or len(standing) < 2:
        return []
    base, odd, causes = _odd_one(claims, cluster, standing)
    members = [at for at in cluster if claims[at].denominator in (base, odd)]
    return [_conflict_of(claims, members, base, odd, causes)]


def _conflict_of(
    claims: Sequence[Claim], members: list[int], base: int, odd: int, causes: tuple[Explanation, ...] | None = None
) -> Finding:
    """The finding of two denominators; its subjects are the ratios with the odd one."""
    subjects = [at for at in members if claims[at].denominator == odd]
    others = [at for at in members if claims[at].denominator == base]
    told = ", ".join(ratio_text(claims[at]) for at in others)
    against = ", ".join(ratio_text(claims[at]) for at in subjects)
    named = f" ({claims[others[0]].population})" if claims[others[0]].population else ""
    return Finding(
        "D04",
        "error",
        f"một tập mẫu số, hai mẫu số ({shown_count(base)} và {shown_count(odd)}): {told}; {against}{named}",
        f"one population, two denominators ({shown_count(base)} and {shown_count(odd)}): {told}; {against}",
        (*subjects, *others),
        population_causes(odd, base, ()) if causes is None else causes,
    )


def _odd_one(
    claims: Sequence[Claim], cluster: list[int], standing: list[int]
) -> tuple[int, int, tuple[Explanation, ...]]:
    """The denominator to hold on to, the one that differs, and why it may: explained, else rarer, else later."""
    known = [(claim.denominator, claim.population) for claim in claims if claim.kind == "ratio" and claim.denominator]
    known += [
        (claim.numerator, claim.population)
        for claim in claims
        if claim.kind == "count" and claim.numerator and not claim.bound
    ]
    known = list(dict(known).items())
    for base in standing:
        for odd in standing:
            causes = population_causes(odd, base, known) if odd > base else ()
            if causes:
                return base, odd, causes
    stated = [claims[at].denominator for at in cluster]
    ranked = sorted(standing, key=lambda each: (-stated.count(each), standing.index(each)))
    return ranked[0], ranked[1], population_causes(ranked[1], ranked[0], known)


def implied_findings(tokens: Tokens, claims: Sequence[Claim], groups: Sequence[Group]) -> list[Finding]:
    """R03: a count with its rate implies a denominator that a whole stated in the text lies outside of."""
    wholes = {
        part: group.whole
        for group in groups
        if claims[group.whole].kind == "count"
        for part in group.parts
        if claims[part].is_share or group.how == "drawn"
    }
    wholes |= _stated_wholes(tokens, claims)
    found = []
    for at, claim in enumerate(claims):
        if (
            claim.kind != "count_rate"
            or claim.rate is None
            or claim.rate_bound
            or claim.bound
            or claim.numerator is None
        ):
            continue
        implied = implied_denominators(claim.numerator, claim.rate)
        if implied is None:
            continue
        other = _contradicts(tokens, claims, at, wholes, implied)
        if other is None and at not in wholes and claim.is_share:
            other = _of_siblings(claims, at, implied)
        if other is not None:
            found.append(_outside(claims, at, other, implied))
    return found


def _stated_wholes(tokens: Tokens, claims: Sequence[Claim]) -> dict[int, int]:
    """For each count whose rate is said to be of a whole: "3.484 đồng chí, đạt 96% tổng số 3.800 đảng viên"."""
    starts = {claim.place[0]: at for at, claim in enumerate(claims)}
    found = {}
    for at, claim in enumerate(claims):
        if claim.kind != "count_rate" or claim.rate_at is None:
            continue
        whole = starts.get(whole_after(tokens, claim.rate_at) or -1)
        if whole is None or claims[whole].kind != "count" or claims[whole].bound or not claims[whole].numerator:
            continue
        is_near = claims[whole].sentence == claim.sentence and abs(whole - at) == 1
        if is_near and of_one_sort(claims[whole], claim) and not _is_of_others(tokens, claims, at, whole):
            found[at] = whole
    return found


def _is_of_others(tokens: Tokens, claims: Sequence[Claim], at: int, whole: int) -> bool:
    """Whether a rate may be another figure's: a sum's of those listed, a level's that the count only brought it to."""
    claim, total, summed = claims[at], claims[whole].numerator or 0, 0
    if lexicon().brings_to.within(tokens.keys, max(0, claim.first - _LEAD), claim.rate_at or claim.first):
        return True
    for each in reversed(claims[max(0, at - _FEW) : at + 1]):
        if claim.rate is None or each.numerator is None or each.sentence != claim.sentence:
            break
        summed += each.numerator
        if any(claim.rate.rounds(percent(some, total)) for some in (summed, each.numerator) if each is not claim):
            return True
    return False


def _contradicts(
    tokens: Tokens, claims: Sequence[Claim], at: int, wholes: dict[int, int], implied: tuple[int, int]
) -> int | None:
    """The statement of the same population that lies outside the implied interval; None where none does."""
    claim, low, high = claims[at], *implied
    if at in wholes:
        whole = claims[wholes[at]].numerator
        return (
            wholes[at] if whole is not None and claims[wholes[at]].bound is None and not low <= whole <= high else None
        )
    said = {each.numerator for each in claims[max(0, at - 3) : at]}
    if any(low <= each <= high for each in said if each is not None):
        return None  # the whole it was taken of was just stated
    scope = scope_of(tokens, claim)
    same = [
        other
        for other, each in enumerate(claims[max(0, at - _NEAR) : at + _NEAR], max(0, at - _NEAR))
        if each.kind == "ratio" and each.denominator and alike(claim, each) and scope.agrees(scope_of(tokens, each))
    ]
    if not same or any(low <= (claims[other].denominator or 0) <= high for other in same):
        return None
    return same[0]


def _of_siblings(claims: Sequence[Claim], at: int, implied: tuple[int, int]) -> int | None:
    """The whole that the shares listed with a count are of, where its own is near and yet not: 34 (59,6%), 9 (15,7%).

    Such a whole stands before the list, sentences away; two shares at least must be of it, one of the same sentence.
    """
    claim, (low, high) = claims[at], implied
    shares = [each for each in claims[max(0, at - _FEW) : at + _FEW] if each.kind == "count_rate" and each.is_share]
    before = range(at - 1, max(-1, at - _WHOLES), -1)
    if any(
        low <= (each or 0) <= high for index in before for each in (claims[index].numerator, claims[index].denominator)
    ):
        return None  # the whole it is of was told
    for index in before:
        whole = claims[index].numerator
        if claims[index].kind != "count" or not whole or claims[index].bound or low <= whole <= high:
            continue
        of_it = [each for each in shares if each is not claim and _is_share_of(each, whole)]
        beside = [each for each in of_it if each.sentence == claim.sentence and each.rate and each.rate.decimals]
        if len(of_it) >= 2 and beside and claim.rate is not None and (claim.numerator or 0) < whole:
            apart = abs(percent(claim.numerator or 0, whole) - claim.rate.exact)
            return index if apart <= _SLIP else None
    return None


def _is_share_of(claim: Claim, whole: int) -> bool:
    if claim.rate is None or claim.rate_bound or claim.bound or not claim.numerator:
        return False
    return claim.rate.rounds(percent(claim.numerator, whole))


def _outside(claims: Sequence[Claim], at: int, other: int, implied: tuple[int, int]) -> Finding:
    claim, against = claims[at], claims[other]
    whole = against.denominator if against.kind == "ratio" else against.numerator
    low, high = sorted(implied)  # turned round where no whole denominator lies between
    interval = "…".join(shown_count(each) for each in dict.fromkeys((low, high)))
    quotient = shown_rate(percent(claim.numerator or 0, whole or 1), claim.rate.decimals if claim.rate else 2)
    count, rate, stated = shown_count(claim.numerator or 0), claim.stated_rate, shown_count(whole or 0)
    return Finding(
        "R03",
        "warning",
        f"{count} ({rate}) cho mẫu số {interval}, nhưng báo cáo ghi {stated} ({count}/{stated} = {quotient})",
        f"{count} ({rate}) implies a denominator of {interval}, but the report states {stated}"
        f" ({count}/{stated} = {quotient})",
        (at, other),
        share_causes(claim, whole or 0),
    )
