"""The scorer on findings made by hand: were it generous, the table would flatter; were it unfair, nobody would trust it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.detection import table
from tests.detection.__main__ import is_good
from tests.detection.score import Finding, Score, score
from tests.detection.truth import Planted

ERROR = Planted("stale-1", "stale", "G-1", "fee", "2024-02", "own", "5/9", "5/8", "", ["D03", "D04"], also=["R01"],
                causes=["stale_denominator"], units=["G-1", "D-1"], indicators=["fee"], populations=["member"])
FINDING = Finding("f1", "g1", "D03", "error", "P-1", "G-1", "fee", "member", "2024-02", "own", None, "9", "8", "", [
    {"cause": "stale_denominator"}])


def of(*findings: Finding, planted: tuple[Planted, ...] = (ERROR,), clean: int = 1000) -> Score:
    return score(findings, planted, clean)


def test_a_finding_at_the_place_counts_as_found_and_first() -> None:
    (kind,) = of(FINDING).kinds
    assert (kind.planted, kind.found, kind.explained, kind.first, kind.first_three) == (1, 1, 1, 1, 1)
    assert of(FINDING).false_findings == 0


@pytest.mark.parametrize("other", [
    replace(FINDING, unit_id="G-2"), replace(FINDING, indicator="tax"), replace(FINDING, period="2024-03"),
    replace(FINDING, rule="N01"), replace(FINDING, unit_id=None),
    replace(FINDING, indicator=None, population="branch"), replace(FINDING, indicator=None, population=None),
])
def test_a_finding_elsewhere_or_of_another_rule_finds_nothing_and_is_false(other: Finding) -> None:
    result = of(other)
    assert result.kinds[0].missed == ["stale-1"]
    assert result.unexplained == [other]
    assert result.false_by_thousand == 1.0


def test_a_finding_of_the_population_or_of_the_sum_above_is_the_same_error() -> None:
    beside = replace(FINDING, finding_id="f2", rule="D04", indicator=None)
    above = replace(FINDING, finding_id="f3", unit_id="D-1")
    result = of(FINDING, beside, above)
    assert (result.kinds[0].found, result.false_findings) == (1, 0)


def test_a_second_group_of_one_error_is_false() -> None:
    result = of(FINDING, replace(FINDING, finding_id="f2", group_id="g2", rule="R01", explanations=[]))
    assert (result.kinds[0].found, result.kinds[0].extra_groups, result.false_findings) == (1, 1, 1)


def test_a_rule_that_may_stand_beside_does_not_find_alone() -> None:
    result = of(replace(FINDING, rule="R01"))
    assert (result.kinds[0].found, result.false_findings) == (0, 0)  # it is right, but not enough


def test_another_error_in_the_same_group_explains_only_its_own_findings() -> None:
    stranger = replace(FINDING, finding_id="f2", unit_id="G-9")
    assert of(FINDING, stranger).unexplained == [stranger]


@pytest.mark.parametrize(("causes", "first", "three"), [
    ([], 0, 0), (["scope_mixed"], 0, 0), (["scope_mixed", "swapped", "stale_denominator"], 0, 1),
    (["a", "b", "c", "stale_denominator"], 0, 0), (["stale_denominator", "a"], 1, 1),
])
def test_the_cause_is_counted_at_its_rank(causes: list[str], first: int, three: int) -> None:
    (kind,) = of(replace(FINDING, explanations=[{"cause": each} for each in causes])).kinds
    assert (kind.explained, kind.first, kind.first_three) == (1, first, three)


def test_the_gravest_finding_of_a_group_leads() -> None:
    # Without this a right word on a footnote would excuse a wrong one on the error that withholds.
    grave = replace(FINDING, explanations=[{"cause": "scope_mixed"}])
    light = replace(FINDING, finding_id="f2", rule="D04", severity="warning", indicator=None)
    assert of(grave, light).kinds[0].first == 0


def test_a_kind_without_a_cause_is_not_asked_for_one() -> None:
    result = of(FINDING, planted=(replace(ERROR, causes=[]),))
    assert (result.kinds[0].explained, result.share("first", "explained")) == (0, 1.0)


def test_a_row_of_nobody_is_found_by_its_sender() -> None:
    error = replace(ERROR, rules=["S03"], units=[], senders=["P-1"], populations=[])
    row = replace(FINDING, rule="S03", unit_id=None, population=None)
    assert of(row, planted=(error,)).kinds[0].found == 1
    assert of(replace(row, sender_unit_id="P-2"), planted=(error,)).kinds[0].found == 0


def test_a_form_that_is_missing_is_found_without_an_indicator() -> None:
    error = replace(ERROR, rules=["C01"], units=["P-1"], indicators=[], populations=[], is_of_whole_form=True)
    form = replace(FINDING, rule="C01", unit_id="P-1", indicator=None, population=None)
    assert of(form, planted=(error,)).kinds[0].found == 1


def test_the_bars_are_not_met_by_a_miss_a_noise_or_a_wrong_word() -> None:
    assert is_good(of(FINDING))
    assert not is_good(of())
    assert not is_good(of(FINDING, *(replace(FINDING, finding_id=str(n), group_id=str(n)) for n in range(2))))
    assert not is_good(of(replace(FINDING, explanations=[])))


def test_the_page_has_a_row_a_kind_and_the_totals() -> None:
    made = table.page(of(FINDING, replace(FINDING, finding_id="x", group_id="x", unit_id="G-9")), 3, 2, 4)
    assert "| stale | D03, D04 | 1 | 1 | stale_denominator | 1 | 1 | 0 |" in made
    assert "| false findings | 1 (1.000 by 1,000 clean figures), of them 0 second groups of one error |" in made
