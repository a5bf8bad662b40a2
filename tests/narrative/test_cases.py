"""The truth sets themselves: a set that contradicts itself would teach the claim finder to be wrong."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest

from tests.narrative.cases.loader import MARK, NUMBER, RATE, Case, Claim, load, parse

CASES = Path(__file__).resolve().parent / "cases"
SETS = {"a": 30, "b": 30, "c": 40, "unread": 24}
KEYS = {"neighbour_rate", "sum_of_populations", "truncated", "digits_swapped", "overlap", "nested_denominator", None}
ALL = {name: load(name) for name in SETS}
EVERY = [pytest.param(case, id=f"{name}-{case.name}") for name in SETS for case in ALL[name]]


def whole(number: str) -> int:
    return int(re.sub(r"[. \u00a0]", "", number))


def test_the_sets_are_as_large_as_the_readme_says() -> None:
    said = dict(re.findall(r"\| `(\w+)` \| (\d+) \|", (CASES / "README.md").read_text(encoding="utf-8")))
    assert {name: int(size) for name, size in said.items()} == SETS
    assert {name: len(cases) for name, cases in ALL.items()} == SETS


@pytest.mark.parametrize("case", EVERY)
def test_a_claim_stands_where_it_says(case: Case) -> None:
    # Otherwise a finder that is right would be counted wrong.
    assert case.claims
    assert not set("⟦⟧¦") & set(case.text)
    assert [each.start for each in case.claims] == sorted({each.start for each in case.claims})
    for each in case.claims:
        assert case.text[each.start:each.end] == each.quote
        assert each.quote[0].isdigit()
        assert each.quote[-1].isdigit() or each.quote[-1] == "%"
        if each.rate_start is not None:
            assert case.text[each.rate_start:each.rate_end] == each.stated_rate
            assert each.stated_rate.endswith("%")
            assert RATE.search(each.stated_rate)


@pytest.mark.parametrize("case", EVERY)
def test_numerator_and_denominator_are_the_digits_of_the_quote(case: Case) -> None:
    for each in case.claims:
        numbers = [whole(number) for number in NUMBER.findall(each.quote)]
        if each.kind == "ratio":
            assert [each.numerator, each.denominator] == numbers
        elif each.kind in ("count", "count_rate"):
            assert each.denominator is None
            assert (each.bound == "range") == (each.numerator is None)
            assert each.bound == "range" or numbers == [each.numerator]
        assert (each.kind == "count_rate") == (each.kind != "rate" and each.stated_rate is not None and each.denominator is None)


@pytest.mark.parametrize("case", EVERY)
def test_the_findings_on_rates_are_all_that_arithmetic_gives(case: Case) -> None:
    wrong = {index for index, each in enumerate(case.claims) if each.consistent is False}
    assert {finding.claims[0] for finding in case.findings if finding.rule == "R01"} == wrong
    impossible = {index for index in wrong if not possible(case.claims[index])}
    assert {finding.claims[0] for finding in case.findings if finding.rule == "R02"} == impossible


def possible(claim: Claim) -> bool:
    """Whether some whole numerator over the claim's denominator gives the rate as stated."""
    stated = Fraction(RATE.search(claim.stated_rate)[0].replace(",", "."))
    step = 10 ** claim.decimals
    return any(floor(Fraction(100 * n * step, claim.denominator) + Fraction(1, 2)) == stated * step
               for n in range(2 * claim.denominator + 1))


@pytest.mark.parametrize("case", [each for each in EVERY if each.values[0].findings])
def test_a_finding_fails_in_the_figures_it_names(case: Case) -> None:
    for finding in case.findings:
        first, *others = (case.claims[index] for index in finding.claims)
        assert finding.explanation in KEYS
        match finding.rule:
            case "R01":
                computed, stated = first.computed_rate, Fraction(RATE.search(first.stated_rate)[0].replace(",", "."))
                assert finding.severity == ("warning" if abs(computed - stated) <= Fraction(1, 2) else "error")
            case "R02":
                assert finding.severity == "info"
            case "R03":
                assert first.kind == "count_rate"
                assert not fits(first, others[0].denominator or others[0].numerator)
            case "D04":
                assert first.denominator != others[0].denominator
            case "D07":
                assert first.denominator != others[0].numerator
            case "N02":
                assert first.numerator > others[0].numerator
            case "N03":
                assert first.numerator != sum(each.numerator for each in others)
            case "N05":
                parts = others if first.denominator is None else [first, *others]
                assert sum(each.numerator for each in parts) != (first.denominator or first.numerator)
            case unknown:
                pytest.fail(f"unknown rule {unknown}")


def fits(claim: Claim, denominator: int) -> bool:
    """Whether the claim's rate, rounded half up, is its count over this denominator."""
    stated = Fraction(RATE.search(claim.stated_rate)[0].replace(",", "."))
    step = 10 ** claim.decimals
    return floor(Fraction(100 * claim.numerator * step, denominator) + Fraction(1, 2)) == stated * step


@pytest.mark.parametrize("case", EVERY)
def test_a_report_has_the_length_of_the_genre(case: Case) -> None:
    assert 100 <= len(case.text.split()) <= 900


@pytest.mark.parametrize("broken", ["⟦67/73¦ratio; n=67; d=73", "⟦5¦number; n=5⟧", "⟦9%¦rate-of; id=1⟧", "⟦7¦count_rate; id=1; n=7; r=9%⟧"])
def test_a_broken_mark_is_refused(broken: str) -> None:
    # A mark that is dropped in silence would be a claim nobody expects.
    with pytest.raises(ValueError, match=r"bracket|kind|claims|rate"):
        parse(broken)


def test_a_mark_is_read_as_its_figures() -> None:
    text, claims = parse("có ⟦67/73¦ratio; id=1; n=67; d=73; r=91,78%⟧ đơn vị, đạt ⟦91,78%¦rate-of; id=1⟧")
    assert text == "có 67/73 đơn vị, đạt 91,78%"
    assert claims == [Claim("ratio", 3, 8, "67/73", 67, 73, "91,78%", 21, 27, None, None)]
    assert claims[0].consistent
    assert MARK.search(text) is None
