"""Causes beside findings: of what a sender does to a number, the hypothesis that says it comes first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.night.conftest import as_admin, run_night
from tonghop.reference import load as reference
from tonghop.settings import Settings

Send = Callable[..., None]
COMMUNES = (23272, 23275, 23278)  # all communes of district 602, under province 60
SOUND = [f"60-A{number:02d},urgent_plan_agency,2012-05,own,1,1,100%," for number in range(1, 31)]


def causes(settings: Settings, rule: str, period: str = "2012-05") -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The hypotheses of a rule's open findings, by unit and by indicator (or population)."""
    found = as_admin(settings, "select unit_id, coalesce(indicator, population), explanations from quality.finding"
                               " where state = 'open' and rule = %s and period = %s", rule, period)
    return {(unit, what): said for unit, what, said in found}


def test_a_comma_in_another_place_is_told_by_the_digits_that_are_left(country: Settings, send: Send) -> None:
    rated = {
        "60-A31": ("2564,3719", '"6894%"', -2, "68,94%"),  # lost
        "60-A32": ("9278,10000", '"9,278%"', 1, "92,78%"),
        "60-A33": ("4674,10000", '"4,67%"', 1, "46,7%"),
        "60-A34": ("3080,10000", '"0.3080%"', 2, "30.80%"),  # a fraction of one with a percent sign
        "60-A35": ("3,20", '"2%"', None, None),  # one digit says nothing
    }
    send("60", *SOUND, *(f"{unit},urgent_plan_agency,2012-05,own,{ratio},{rate}," for unit, (ratio, rate, *_) in rated.items()))
    assert run_night(country)
    found = causes(country, "R01")
    for unit, (_, written, places, meant) in rated.items():
        said = found[f"A-{unit}", "urgent_plan_agency"]
        moved = [each for each in said if each["cause"] == "times_ten" and "places" in each]
        assert [each["places"] for each in moved] == ([] if places is None else [places]), unit
        if places is not None:
            assert moved[0] == said[0], unit
            assert moved[0]["text_en"].startswith(f"Hypothesis: the decimal comma of {written.strip(chr(34))} is {abs(places)} place")
            assert meant in moved[0]["text_en"]
            assert meant in moved[0]["text_vi"]


def test_nought_over_which_a_count_is_known_stands_for_it(country: Settings, send: Send) -> None:
    send("60", *SOUND, "60,comment_given_agency,2012-05,own,17,0,,", "60,study_attendance_leader,2012-05,own,5,0,,")
    assert run_night(country)
    found = causes(country, "D01")
    assert [(each["cause"], each["amount"]) for each in found["A-60", "comment_given_agency"]] == [("nil_for_missing", 73)]
    assert "the ledger has 73" in found["A-60", "comment_given_agency"][0]["text_en"]
    assert found["A-60", "study_attendance_leader"] == []  # nobody knows how many they are


QUOTED = ("plan_issued_committee", "standing_body_committee", "urgent_registered_committee")
"""Three indicators of one population, which here only quotes count."""


def _quotes(period: str, *sizes: int) -> list[str]:
    return [f"60,{code},{period},total,1,{size},," for code, size in zip(QUOTED, sizes, strict=True)]


def test_quotes_that_all_conflict_are_slips_of_one_another(country: Settings, send: Send) -> None:
    send("60", *SOUND, *_quotes("2012-05", 302, 3020, 320))
    send("60", *_quotes("2012-06", 302, 302, 302), *_quotes("2012-07", 203, 320, 302), name="later.csv")
    assert run_night(country)
    ((_, first),) = causes(country, "D04").items()
    assert [(each["cause"], each["meant"], each["written"], each["weight"]) for each in first[:2]] == [
        ("times_ten", 302, 3020, 82), ("digits_swapped", 302, 320, 74)]
    # What was counted before is what was meant; that it stands there again is no error.
    ((_, later),) = causes(country, "D04", "2012-07").items()
    assert [(each["cause"], each.get("meant"), each["weight"]) for each in later] == [
        ("digits_swapped", 302, 74), ("stale_denominator", None, 56)]


def test_a_return_that_slipped_is_likelier_wrong_than_the_quote_that_did_not_move(country: Settings, send: Send) -> None:
    review = "review_direct_committee"
    send("60", *SOUND, "60,direct_committee,2012-05,total,15,,,", f"60,{review},2012-05,total,10,15,,")
    assert run_night(country)
    send("60", "60,direct_committee,2012-06,total,51,,,", f"60,{review},2012-06,total,10,15,,", name="june.csv")
    assert run_night(country)
    first, *others = causes(country, "D03", "2012-06")["A-60", review]
    assert [first[name] for name in ("cause", "where", "meant", "written", "weight")] == ["digits_swapped", "return", 15, 51, 90]
    assert "the return (51) was likely meant to be 15" in first["text_en"]
    assert "stale_denominator" in [each["cause"] for each in others]
    # Another quote says what was returned: that speaks for the return.
    send("60", "60,standing_body_committee,2012-06,total,11,51,,", name="beside.csv")
    assert run_night(country)
    assert [each["cause"] for each in causes(country, "D03", "2012-06")["A-60", review]][:2] == [
        "stale_denominator", "digits_swapped"]


def _admitted(period: str, part: int, whole: int, unit: int) -> list[str]:
    return [f"{unit},member_admitted_health,{period},own,{part},,,", f"{unit},member_admitted,{period},own,{whole},,,"]


def test_a_part_beyond_its_whole_is_read_beside_what_both_were(country: Settings, send: Send) -> None:
    send("60", *SOUND, *_admitted("2012-05", 23, 60, 23272), *_admitted("2012-05", 23, 60, 23275),
         *_admitted("2012-05", 23, 60, 23278))
    assert run_night(country)
    send("60", *_admitted("2012-06", 25, 62, 23272),  # sound
         *_admitted("2012-06", 27, 26, 23275),  # 62 with its digits swapped
         *_admitted("2012-06", 61, 24, 23278), name="june.csv")  # each where the other belongs
    assert run_night(country)
    found = causes(country, "N02", "2012-06")
    slip = found["A-23275", "member_admitted_health"]
    assert [slip[0][name] for name in ("cause", "where", "meant", "written", "weight")] == ["digits_swapped", "whole", 62, 26, 82]
    assert [each["weight"] for each in slip if each["cause"] == "swapped"] == [40]
    exchanged = found["A-23278", "member_admitted_health"]
    assert (exchanged[0]["cause"], exchanged[0]["weight"]) == ("swapped", 80)
    assert run_night(country, full=True)
    assert causes(country, "N02", "2012-06") == found


def test_what_nobody_stated_before_leaves_the_exchange_first(country: Settings, send: Send) -> None:
    send("60", *SOUND, *_admitted("2012-05", 52, 30, 23272))
    assert run_night(country)
    said = causes(country, "N02")["A-23272", "member_admitted_health"]
    assert [(each["cause"], each["weight"], each.get("where")) for each in said[:2]] == [
        ("swapped", 60, None), ("digits_swapped", 58, "part")]


PARTS = ("study_participant_key_cadre", "study_participant_member", "study_participant_non_member")


def test_the_two_largest_parts_may_overlap_by_more_than_the_least_has(country: Settings, send: Send) -> None:
    def stated(unit: str, whole: int, *parts: int) -> list[str]:
        return [f"{unit},study_participant,2012-05,own,{whole},,,",
                *(f"{unit},{code},2012-05,own,{part},{part},," for code, part in zip(PARTS, parts, strict=True))]

    send("60", *SOUND, *stated("593", 140, 10, 88, 73), *stated("594", 163, 10, 88, 73), *stated("595", 96, 10, 88, 73))
    assert run_night(country)
    found = {unit: [each for each in said if each["cause"] == "overlap"] for (unit, _), said in causes(country, "N03").items()}
    assert [each["weight"] for each in found["A-593"]] == [56]
    assert "31 are counted both in study_participant_member and in study_participant_non_member" in found["A-593"][0]["text_en"]
    assert [(each["weight"], "two parts" in each["text_en"]) for each in found["A-594"]] == [(70, True)]
    assert found["A-595"] == []  # 75 are in no two of them


def test_a_count_of_the_month_alone_is_no_cumulative_one(country: Settings, send: Send) -> None:
    def hold(period: str, *amounts: int) -> list[str]:
        return [f"{code},member_admitted,{period},own,{amount},,," for code, amount in zip(COMMUNES, amounts, strict=True)]

    send("60", *SOUND, *hold("2012-05", 21, 21, 21))
    assert run_night(country)
    send("60", *hold("2012-06", 4, 0, 25), name="june.csv")
    assert run_night(country)
    found = causes(country, "N04", "2012-06")
    flow = [each for each in found["A-23272", "member_admitted"] if each["cause"] == "flow_for_cumulative"]
    assert [(each["weight"], each["meant"]) for each in flow] == [(50, 25)]
    assert "if 4 is the count of this period alone, the cumulative count would be 21 + 4 = 25" in flow[0]["text_en"]
    assert [each["cause"] for each in found["A-23275", "member_admitted"]] == ["nil_for_missing"]


MOVED = "unit_id,code,name,ascii_name,type,level,parent_unit_id,valid_from,valid_to\n" + "".join(
    f"K-{number},9900{number},Xã {number},Xa {number},commune,grassroots,A-602,,2012-05-31\n"
    f"K-{number},9900{number},Xã {number},Xa {number},commune,grassroots,{above},2012-06-01,2025-06-30\n"
    for number, above in ((1, "A-215"), (2, "A-601"), (3, "A-215"), (4, "A-215"), (5, "A-215")))


def test_a_total_falls_where_a_unit_below_has_moved_away(country: Settings, send: Send, tmp_path: Path) -> None:
    """Five left the district; one of them for another district of the province, which so lost four."""
    folder = tmp_path / "moved"
    folder.mkdir()
    (folder / "org_units.csv").write_text(MOVED, encoding="utf-8")
    reference.add_overlay(country, folder)
    reference.load(country)

    def totals(period: str, amount: int) -> list[str]:
        return [f"{unit},member_admitted,{period},total,{amount},,," for unit in ("60", "601", "602")]

    send("60", *SOUND, *totals("2012-05", 21))
    assert run_night(country)
    send("60", *totals("2012-06", 17), name="june.csv")
    assert run_night(country)
    found = causes(country, "N04", "2012-06")
    district, province = found["A-602", "member_admitted"][0], found["A-60", "member_admitted"][0]
    assert [(each["cause"], each["weight"], each["units"]) for each in (district, province)] == [
        ("moved_unit", 84, 5), ("moved_unit", 84, 4)]
    assert "units 99001, 99002, 99003 and 2 more stood below in 2012-05 and stand elsewhere now" in district["text_en"]
    assert province["unit_ids"] == ["K-1", "K-3", "K-4"]
    assert "moved_unit" not in [each["cause"] for each in found["A-601", "member_admitted"]]
    assert run_night(country, full=True)
    assert causes(country, "N04", "2012-06") == found
