"""Counts beside what was said before, once it is known which declarations are not believed; and what has one cause."""

from __future__ import annotations

from collections.abc import Callable

from tests.night.conftest import as_admin, run_night
from tonghop.settings import Settings

COMMUNES = (23272, 23275, 23278)  # all communes of district 602, under province 60

OPEN = "select rule, unit_id, indicator, period, group_id, explanations from quality.finding where state = 'open' order by 1, 2, 3, 4"


def _lines(period: str, *amounts: int, indicator: str = "member_admitted", total: int | None = None) -> list[str]:
    """What three communes count, and what their district declares."""
    own = [f"{code},{indicator},{period},own,{amount},,," for code, amount in zip(COMMUNES, amounts, strict=True)]
    return own if total is None else [*own, f"602,{indicator},{period},total,{total},,,"]


def _open(settings: Settings) -> list[tuple[str, str, str]]:
    return [(rule, unit, period) for rule, unit, _, period, *_ in as_admin(settings, OPEN)]


def test_a_total_that_was_set_aside_is_looked_past_whichever_night_judged_it(
        country: Settings, send: Callable[..., None]) -> None:
    """Without it a district that mends its total would be asked why it takes back what nobody had believed."""
    wrong = [("N01", "A-602", "2012-05")]
    send("60", *_lines("2012-05", 5, 6, 7, total=81))
    assert run_night(country)
    assert _open(country) == wrong
    send("60", *_lines("2012-06", 5, 7, 7, total=19), name="june.csv")
    assert run_night(country)
    assert _open(country) == wrong
    assert run_night(country, full=True)
    assert _open(country) == wrong
    send("60", *_lines("2012-07", 5, 7, 7, total=17), name="july.csv")  # beside June's 19
    assert run_night(country)
    fell = [*wrong, ("N01", "A-602", "2012-07"), ("N04", "A-602", "2012-07")]
    assert _open(country) == fell
    send("60", *_lines("2012-05", 5, 6, 7, total=18), name="may.csv")
    assert run_night(country)
    assert _open(country) == fell[1:]


def test_what_is_found_of_one_figure_by_several_rules_has_one_cause(country: Settings, send: Callable[..., None]) -> None:
    """One nil falls, is not the sum, and is less than its part: a steward sends one thing back."""
    health = _lines("2012-06", 1, 2, 3, indicator="member_admitted_health", total=6)
    send("60", *_lines("2012-05", 5, 6, 7, total=18))
    assert run_night(country)
    send("60", *_lines("2012-06", 5, 6, 7, total=0), *health, name="june.csv")
    assert run_night(country)
    found = as_admin(country, OPEN)
    assert [row[:3] for row in found] == [
        ("N01", "A-602", "member_admitted"), ("N02", "A-602", "member_admitted_health"), ("N04", "A-602", "member_admitted")]
    assert len({group for *_, group, _ in found}) == 1
    for rule, *_, causes in found:
        assert causes[0]["cause"] == "nil_for_missing", rule


def test_what_fell_below_falls_above_for_the_same_cause(country: Settings, send: Callable[..., None]) -> None:
    """A commune drops a digit, and its district adds that up."""
    send("60", *_lines("2012-05", 15, 16, 17, total=48), *_lines("2012-05", 1, 1, 1, indicator="member_admitted_health"))
    assert run_night(country)
    send("60", *_lines("2012-06", 15, 1, 17, total=33), *_lines("2012-06", 1, 1, 0, indicator="member_admitted_health"),
         name="june.csv")
    assert run_night(country)
    found = [(row[1], row[2], row[4]) for row in as_admin(country, OPEN)]
    assert [each[:2] for each in found] == [
        ("A-23275", "member_admitted"), ("A-23278", "member_admitted_health"), ("A-602", "member_admitted")]
    assert found[0][2] == found[2][2] != found[1][2]


def test_what_does_not_fit_at_a_unit_and_at_the_one_above_has_one_cause(country: Settings, send: Callable[..., None]) -> None:
    """Agencies did not all say whether they issued a plan; the province adds up what it was told."""
    issued = [f"60-A{number:02d},plan_issued_agency,2012-05,own,{int(number > 6)},1,," for number in range(1, 74)]
    rest = [f"60-A{number:02d},plan_not_issued_agency,2012-05,own,{int(number < 6)},,," for number in range(1, 74)]
    send("60", *issued, *rest, "60,plan_issued_agency,2012-05,total,67,73,,", "60,plan_not_issued_agency,2012-05,total,5,,,")
    assert run_night(country)
    found = [(row[0], row[1], row[4]) for row in as_admin(country, OPEN)]
    assert [each[:2] for each in found] == [("N05", "A-60"), ("N05", "A-60-A06")]
    assert found[0][2] == found[1][2]
