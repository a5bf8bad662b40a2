"""Why a declared total is not the sum: what else it may be, and what was found below of the figure that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.night.conftest import as_admin, run_night
from tonghop.settings import Settings

HAM_TAN = (23230, 23236, 23239, 23242, 23251, 23254, 23255, 23257, 23260, 23266)
PHU_QUI = (23272, 23275, 23278)


def _own(communes: Iterable[int], indicator: str, period: str, amounts: Iterable[int]) -> list[str]:
    return [f"{code},{indicator},{period},own,{amount},,," for code, amount in zip(communes, amounts, strict=True)]


def _found(country: Settings, *rules: str) -> list[tuple[Any, ...]]:
    return as_admin(country, "select rule, unit_id, indicator, group_id, explanations from quality.finding"
                             " where rule = any(%s) and state = 'open' order by rule, unit_id, indicator", list(rules))


def test_a_total_of_another_month_or_of_some_units_says_so(country: Settings, send: Callable[..., None]) -> None:
    """A steward who reads "differs by 92" would add up ten communes by hand."""
    doubling = [2 ** power for power in range(10)]
    lines = [*_own(PHU_QUI, "member_admitted", "2012-05", (15, 16, 17)), "602,member_admitted,2012-05,total,48,,,",
             *_own(HAM_TAN, "member_admitted", "2012-05", doubling), "601,member_admitted,2012-05,total,955,,,",
             *_own(HAM_TAN, "member_admitted_health", "2012-05", doubling), "601,member_admitted_health,2012-05,total,256,,,"]
    send("60", *lines)
    assert run_night(country)
    lines = [*_own(PHU_QUI, "member_admitted", "2012-06", (16, 20, 19)), "602,member_admitted,2012-06,total,48,,,"]
    send("60", *lines, name="june.csv")
    assert run_night(country)
    found = {(unit, indicator): causes[0] for _, unit, indicator, _, causes in _found(country, "N01")}
    assert {place: cause["cause"] for place, cause in found.items()} == {
        ("A-601", "member_admitted"): "missing_children", ("A-601", "member_admitted_health"): "missing_children",
        ("A-602", "member_admitted"): "stale_total"}
    assert found["A-601", "member_admitted"]["unit_ids"] == ["A-23239", "A-23255"]  # 4 and 64
    assert found["A-601", "member_admitted_health"]["unit_id"] == "A-23260"  # 256, alone
    assert found["A-602", "member_admitted"]["period"] == "2012-05"
    assert run_night(country, full=True)
    assert {(unit, indicator): causes[0] for _, unit, indicator, _, causes in _found(country, "N01")} == found


def test_a_slip_in_a_small_number_is_a_cause_too(country: Settings, send: Callable[..., None]) -> None:
    """30 that became 3 is the commonest slip there is, and most communes count few."""
    send("60", *_own(PHU_QUI, "member_admitted", "2012-05", (3, 41, 52)), "602,member_admitted,2012-05,total,123,,,")
    assert run_night(country)
    (_, _, _, _, causes), = _found(country, "N01")
    assert (causes[0]["cause"], causes[0]["unit_id"], causes[0]["meant"]) == ("times_ten", "A-23272", 30)


def test_a_figure_that_was_found_below_and_the_total_that_it_spoils_are_one(
        country: Settings, send: Callable[..., None]) -> None:
    """Without it one wrong figure of a commune is four findings to return, and the district would be asked to mend a right total."""
    others = [f"{code},member_admitted,2012-06,total,0,,," for code in (*range(593, 601), 601)]
    send("60", *_own(PHU_QUI, "member_admitted", "2012-05", (15, 26, 17)), name="may.csv")
    assert run_night(country)
    # 32 became 23, below the 26 of May; the totals are those of the right figures.
    send("60", *_own(PHU_QUI, "member_admitted", "2012-06", (16, 23, 19)), "602,member_admitted,2012-06,total,67,,,",
         "60,member_admitted,2012-06,total,67,,,", *others, name="june.csv")
    assert run_night(country)
    found = _found(country, "N01", "N04")
    assert [(rule, unit) for rule, unit, *_ in found] == [("N01", "A-60"), ("N01", "A-602"), ("N04", "A-23275")]
    assert len({group for *_, group, _ in found}) == 1


def test_a_total_that_is_off_by_less_than_what_fell_has_another_cause(country: Settings, send: Callable[..., None]) -> None:
    """Otherwise a warning would swallow an error that it does not explain."""
    send("60", *_own(PHU_QUI, "member_admitted", "2012-05", (15, 26, 17)), name="may.csv")
    assert run_night(country)
    send("60", *_own(PHU_QUI, "member_admitted", "2012-06", (16, 23, 19)), "602,member_admitted,2012-06,total,60,,,",
         name="june.csv")
    assert run_night(country)
    found = _found(country, "N01", "N04")
    assert [(rule, unit) for rule, unit, *_ in found] == [("N01", "A-602"), ("N04", "A-23275")]
    assert len({group for *_, group, _ in found}) == 2


def test_a_count_agreed_above_moves_with_what_is_returned_below(country: Settings, send: Callable[..., None]) -> None:
    """Every province that quotes its totals was warned every month, for no reason but that its members grew."""
    for period, members in (("2012-05", (5, 6, 7)), ("2012-06", (5, 6, 9)), ("2012-07", (5, 6, 9))):
        total = sum(members) if period < "2012-07" else 23
        send("60", *(f"{code},grassroots_assessed,{period},own,{count},,," for code, count in zip(PHU_QUI, members, strict=True)),
             f"602,quality_strong,{period},total,9,{total},,", name=f"{period}.csv")
        assert run_night(country)
    # In July nothing below moved, and the quote did.
    assert as_admin(country, "select unit_id, period, actual, expected from quality.finding where rule = 'D06'") == [
        ("A-602", "2012-07", "23", "20")]


def test_a_row_that_cannot_be_read_is_found_at_its_unit(country: Settings, send: Callable[..., None]) -> None:
    """A steward asks what is wrong at a commune; a code of another province is not the sender's to speak of."""
    send("60", "23272,member_admitted,2012-05,own,-3,,,", "60,study_class,2012-05,own,12abc,,,",
         "24,study_class,2012-05,own,-1,,,", "nowhere,study_class,2012-05,own,-2,,,", "60,study_class,2012-05,own,4,,,")
    assert run_night(country)
    assert as_admin(country, "select rule, unit_id from quality.finding where rule in ('S07', 'S08') order by 1, 2") == [
        ("S07", "A-60"), ("S08", "A-23272"), ("S08", None), ("S08", None)]
