"""Causes that fit a finding's figures, ranked. Every sentence has its arithmetic and says it is a hypothesis. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from tonghop.narrative.claims import Claim
from tonghop.narrative.findings import Explanation
from tonghop.narrative.numbers import Rate, percent, possible_numerators, shown_count, shown_rate

_NEAR = 200  # claims on either side among which the owner of a rate is looked for
_FEW = 24  # denominators of a report that are tried in sums: more would explain anything


def rate_causes(subject: int, claims: Sequence[Claim]) -> tuple[Explanation, ...]:
    """Why a stated rate may differ from its quotient."""
    claim = claims[subject]
    rate, quotient = claim.rate, claim.quotient
    if rate is None or quotient is None or claim.numerator is None or not claim.denominator:
        return ()
    found = [
        *_neighbours(subject, claims, rate),
        *_truncated(claim, rate, quotient),
        *_digits(claim, rate, quotient),
        *_swapped(claim, rate),
    ]
    return (*found, *_impossible(claim.denominator, rate))


def share_causes(claim: Claim, whole: int) -> tuple[Explanation, ...]:
    """Why the rate of a count may not be its share of a whole that the report states elsewhere."""
    taken = replace(claim, kind="ratio", denominator=whole)
    quotient = taken.quotient
    if claim.rate is None or quotient is None:
        return ()
    return (*_truncated(taken, claim.rate, quotient), *_digits(taken, claim.rate, quotient))


def ratio_text(claim: Claim) -> str:
    """67/73, with thousands marked."""
    return f"{shown_count(claim.numerator or 0)}/{shown_count(claim.denominator or 0)}"


def _stated(rate: Rate) -> str:
    return shown_rate(rate.value, rate.decimals)


def _neighbours(subject: int, claims: Sequence[Claim], rate: Rate) -> list[Explanation]:
    """The rate of a neighbour: of the ratios of the report the nearest that gives the stated rate."""
    own = (claims[subject].numerator, claims[subject].denominator)
    near = range(max(0, subject - _NEAR), min(len(claims), subject + _NEAR))
    order = sorted(near, key=lambda at: (abs(claims[at].paragraph - claims[subject].paragraph), abs(at - subject)))
    for at in order:
        other = claims[at]
        is_other = other.kind == "ratio" and (other.numerator, other.denominator) != own
        if is_other and other.quotient is not None and rate.rounds(other.quotient) and rate.exact not in (0, 100):
            text, place = ratio_text(other), claims[subject].paragraph == other.paragraph
            vi_place, en_place = (
                ("cùng đoạn", "in the same paragraph") if place else ("trong báo cáo", "elsewhere in the report")
            )
            return [
                Explanation(
                    "neighbour_rate",
                    f"Giả thuyết: lấy nhầm tỷ lệ của số liệu bên cạnh; {_stated(rate)} khớp với {text} {vi_place}"
                    f" ({text} = {shown_rate(other.quotient, max(rate.decimals, 2))})",
                    f"Hypothesis: the rate of a neighbour; {_stated(rate)} fits {text} {en_place}",
                )
            ]
    return []


def _truncated(claim: Claim, rate: Rate, quotient: Fraction) -> list[Explanation]:
    if not rate.truncates(quotient):
        return []
    exact = shown_rate(quotient, rate.decimals + 2)
    return [
        Explanation(
            "truncated",
            f"Giả thuyết: cắt bỏ chữ số lẻ thay vì làm tròn; {ratio_text(claim)} = {exact}, làm tròn là"
            f" {shown_rate(quotient, rate.decimals)}",
            f"Hypothesis: truncated instead of rounded; {ratio_text(claim)} = {exact}, which rounds to"
            f" {shown_rate(quotient, rate.decimals)}",
        )
    ]


def _digits(claim: Claim, rate: Rate, quotient: Fraction) -> list[Explanation]:
    """Two digits swapped, or one dropped, in the rate, the numerator or the denominator."""
    numerator, denominator = claim.numerator or 0, claim.denominator or 0
    right = shown_rate(quotient, rate.decimals).rstrip("%").replace(",", "")
    wrong = _stated(rate).rstrip("%").replace(",", "")
    if is_swap(right, wrong):
        shown = shown_rate(quotient, rate.decimals)
        return [
            Explanation(
                "digits_swapped",
                f"Giả thuyết: đảo chữ số trong tỷ lệ; {ratio_text(claim)} = {shown}, ghi thành {_stated(rate)}",
                f"Hypothesis: two digits of the rate swapped; {ratio_text(claim)} = {shown}, written {_stated(rate)}",
            )
        ]
    for top, bottom in (
        *((top, denominator) for top in _swaps(numerator)),
        *((numerator, low) for low in _swaps(denominator)),
    ):
        if bottom > 0 and top <= bottom and rate.rounds(percent(top, bottom)):
            fitting = f"{shown_count(top)}/{shown_count(bottom)}"
            return [
                Explanation(
                    "digits_swapped",
                    f"Giả thuyết: đảo chữ số; {fitting} = {_stated(rate)}, báo cáo ghi {ratio_text(claim)}",
                    f"Hypothesis: two digits swapped; {fitting} = {_stated(rate)}, the report has {ratio_text(claim)}",
                )
            ]
    for factor in (Fraction(1, 10), Fraction(10)):
        if rate.rounds(quotient * factor):
            return [
                Explanation(
                    "digit_dropped",
                    f"Giả thuyết: thừa hoặc thiếu một chữ số; {ratio_text(claim)} = {shown_rate(quotient)}, gấp mười"
                    f" lần hoặc một phần mười của {_stated(rate)}",
                    f"Hypothesis: a digit too many or too few; {ratio_text(claim)} = {shown_rate(quotient)}, ten"
                    f" times or a tenth of {_stated(rate)}",
                )
            ]
    return []


def is_swap(one: str, other: str) -> bool:
    """Whether two digits of a number, swapped, make the other."""
    if len(one) != len(other) or one == other:
        return False
    apart = [at for at in range(len(one)) if one[at] != other[at]]
    return len(apart) == 2 and one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]


def _swaps(value: int) -> list[int]:
    """What swapping two neighbouring digits of a number makes of it."""
    digits = str(value)
    swapped = [digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(len(digits) - 1)]
    return [int(each) for each in dict.fromkeys(swapped) if each != digits and not each.startswith("0")]


def _swapped(claim: Claim, rate: Rate) -> list[Explanation]:
    numerator, denominator = claim.numerator or 0, claim.denominator or 0
    if not numerator or numerator == denominator or not rate.rounds(percent(denominator, numerator)):
        return []
    text = f"{shown_count(denominator)}/{shown_count(numerator)}"
    return [
        Explanation(
            "swapped",
            f"Giả thuyết: đảo tử số và mẫu số; {text} = {_stated(rate)}",
            f"Hypothesis: numerator and denominator swapped; {text} = {_stated(rate)}",
        )
    ]


def swapped_cause(claim: Claim) -> tuple[Explanation, ...]:
    """The two numbers of a ratio above one, the other way round; no rate tells."""
    if not claim.numerator or not claim.denominator:
        return ()
    text = f"{shown_count(claim.denominator)}/{shown_count(claim.numerator)}"
    rate = shown_rate(percent(claim.denominator, claim.numerator))
    return (
        Explanation(
            "swapped",
            f"Giả thuyết: đảo tử số và mẫu số; {text} = {rate}",
            f"Hypothesis: numerator and denominator swapped; {text} = {rate}",
        ),
    )


def _impossible(denominator: int, rate: Rate) -> tuple[Explanation, ...]:
    """R02: what cannot be right, or the numerator that would be."""
    fitting = possible_numerators(denominator, rate)
    shown, whole = _stated(rate), shown_count(denominator)
    if fitting is None:
        return (
            Explanation(
                "impossible",
                f"R02: không có số nguyên n nào để n/{whole} cho {shown}; tỷ lệ hoặc mẫu số không đúng",
                f"R02: no whole n/{whole} gives {shown}; the rate or the denominator cannot be right",
            ),
        )
    text = shown_count(fitting)
    return (
        Explanation(
            "single_slip",
            f"Giả thuyết: sai tử số; {text}/{whole} = {shown}",
            f"Hypothesis: the numerator is wrong; {text}/{whole} = {shown}",
        ),
    )


def population_causes(odd: int, base: int, known: Sequence[tuple[int, str]]) -> tuple[Explanation, ...]:
    """Why one population may have a second denominator.

    Args:
        odd, base: the denominator that differs, and the other.
        known: other denominators and totals of the report, each with the words of what it counts.
    """
    rest = [each for each in known if each[0] not in (odd, base) and 0 < each[0] < odd][:_FEW]
    for size in (1, 2):
        for parts in combinations(rest, size):
            if base + sum(value for value, _ in parts) == odd:
                terms = [(base, ""), *parts]
                sum_text = " + ".join(shown_count(value) for value, _ in terms)
                names = "; ".join(f"{shown_count(value)}: {words}" for value, words in parts if words)
                return (
                    Explanation(
                        "sum_of_populations",
                        f"Giả thuyết: gộp hai tập mẫu số; {shown_count(odd)} = {sum_text}"
                        + (f" ({names})" if names else ""),
                        f"Hypothesis: populations added together; {shown_count(odd)} = {sum_text}"
                        + (f" ({names})" if names else ""),
                    ),
                )
    if is_swap(str(odd), str(base)):
        return (
            Explanation(
                "digits_swapped",
                f"Giả thuyết: đảo chữ số; {odd} và {base}",
                f"Hypothesis: two digits swapped; {odd} and {base}",
            ),
        )
    return ()


def overlap_cause(whole: int, parts: Sequence[int]) -> tuple[Explanation, ...]:
    """Whether the excess of parts over their whole may have been counted twice."""
    excess = sum(parts) - whole
    able = sorted(part for part in parts if part >= excess)
    if excess <= 0 or not able:
        return ()
    summed = f"{shown_count(sum(parts))} − {shown_count(whole)} = {shown_count(excess)}"
    return (
        Explanation(
            "overlap",
            f"Giả thuyết: có người (đơn vị) thuộc hai phần; {summed} bị tính hai lần là có thể,"
            f" vì {shown_count(excess)} ≤ {shown_count(able[0])}",
            f"Hypothesis: the parts overlap; {summed} counted twice is possible:"
            f" {shown_count(excess)} ≤ {shown_count(able[0])}",
        ),
    )


def remainder_cause(left: int, right: int) -> tuple[Explanation, ...]:
    """Whether what is said to be left is what should be, two digits swapped."""
    if not is_swap(str(left), str(right)):
        return ()
    stated, should = shown_count(left), shown_count(right)
    return (
        Explanation(
            "digits_swapped",
            f"Giả thuyết: đảo chữ số; còn lại là {should}, báo cáo ghi {stated}",
            f"Hypothesis: two digits swapped; {should} are left, the report has {stated}",
        ),
    )


def nested_cause(inner: Claim, outer: Claim) -> tuple[Explanation, ...]:
    """The inner ratio over the outer numerator, where the denominator of the whole was kept."""
    if inner.numerator is None or not outer.numerator or inner.numerator > outer.numerator:
        return ()
    text = f"{shown_count(inner.numerator)}/{shown_count(outer.numerator)}"
    rate = shown_rate(percent(inner.numerator, outer.numerator))
    return (
        Explanation(
            "nested_denominator",
            f"Giả thuyết: giữ mẫu số của tỷ lệ ngoài; “trong đó” nói về {shown_count(outer.numerator)},"
            f" tức là {text} = {rate}",
            f"Hypothesis: the outer denominator was kept; {shown_count(inner.numerator)} of"
            f" {shown_count(outer.numerator)} ({text}) = {rate}",
        ),
    )
