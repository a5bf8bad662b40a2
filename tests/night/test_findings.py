"""Findings: each rule finds its bad case and only that, ids last, corrections and waivers take effect by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop import clock
from tonghop.quality import waivers
from tonghop.settings import Settings
from tonghop.submissions import withdraw

OPEN = "select rule, severity, unit_id, indicator, scope, expected, actual from quality.finding where state = 'open' order by 1, 2, 4"


def test_every_rule_finds_its_bad_case_and_only_that(country: Settings, send: Callable[..., None]) -> None:
    """One file with one fault a rule, beside enough sound figures that the province is not held whole."""
    sound = [f"60-A{number:02d},urgent_plan_agency,2012-05,own,1,1,100%," for number in range(1, 31)]
    send(
        "60",
        *sound,
        "99999,study_class,2012-05,own,1,,,S03",
        "60,study_clas,2012-05,own,1,,,S04",
        "24,study_class,2012-05,own,1,,,S05",
        "224,plan_issued_committee,2012-05,own,1,1,,S10",
        "593,study_class,2012-05,own,1,,,S11",
        "60,feedback_collective,2012-05,own,28,,,S06",
        "60,feedback_collective,2012-05,own,29,,,S06",
        "60,study_attendance_leader,2012-05,own,5,0,,D01",
        "60,study_attendance_former_leader,2012-05,own,162,161,,D02",
        "60,comment_given_agency,2012-05,own,17,88,,D03 and D04",
        "60,comment_received_agency,2012-05,own,63,73,,sound",
        "60,study_attendance_front,2012-05,own,515,603,95%,R01 error",
        "60,feedback_mass,2012-05,own,22,422,5.3%,R01 warning",
        *[f"{unit},standing_body_committee,2012-05,own,1,1,," for unit in [*range(593, 603), *(f"60-DC{n}" for n in range(1, 6))]],
        "60,standing_body_committee,2012-05,total,14,16,,D05 and N01",
        "60-A01,plan_issued_agency,2012-05,own,0,1,,sound",
        "60-A01,plan_not_issued_agency,2012-05,own,0,,,N05",
    )
    assert run_night(country)
    assert [row[:4] for row in as_admin(country, OPEN)] == [
        ("D01", "error", "A-60", "study_attendance_leader"),
        ("D02", "error", "A-60", "study_attendance_former_leader"),
        ("D03", "error", "A-60", "comment_given_agency"),
        ("D04", "error", "A-60", None),
        ("D05", "error", "A-60", "standing_body_committee"),
        ("N01", "error", "A-60", "standing_body_committee"),
        ("N05", "error", "A-60-A01", "plan_not_issued_agency"),
        ("R01", "error", "A-60", "study_attendance_front"),
        ("R01", "warning", "A-60", "feedback_mass"),
        ("R02", "info", "A-60", "feedback_mass"),  # no n of 422 gives 5,3 %
        ("S03", "error", None, "study_class"),
        ("S04", "error", "A-60", "study_clas"),
        ("S05", "error", "A-24", "study_class"),
        ("S06", "error", "A-60", "feedback_collective"),
        ("S10", "error", None, "plan_issued_committee"),
        ("S11", "error", "A-593", "study_class"),
    ]
    withheld = as_analyst(country, "select indicator, withheld_by from marts.fct_observation where is_withheld order by 1")
    assert withheld == [
        ("comment_given_agency", "D03,D04"),
        ("feedback_collective", "S06"),
        ("plan_not_issued_agency", "N05"),
        ("standing_body_committee", "D05,N01"),
        ("study_attendance_former_leader", "D02"),
        ("study_attendance_front", "R01"),
        ("study_attendance_leader", "D01"),
    ]
    aside = as_admin(country, "select rule, locator from quality.rejected_row order by 1")
    assert [rule for rule, _ in aside] == ["S03", "S04", "S05", "S10", "S11"]
    # The declaration is set aside, the sum of the fifteen stands.
    assert as_analyst(country, "select numerator, denominator, basis from marts.fct_rollup where unit_id = 'A-60'"
                               " and indicator = 'standing_body_committee'") == [(15, 15, "complete")]


def test_an_absurd_figure_is_found_and_stops_nobody(country: Settings, send: Callable[..., None]) -> None:
    """Figures of every size a file may hold, with rates of every size, come to findings; one too large is kept aside."""
    most, trillion = 10**12 - 1, 10**12
    send(
        "60",
        *[f"60-A{number:02d},urgent_plan_agency,2012-05,own,1,1,100%," for number in range(1, 31)],
        f"60,study_attendance_front,2012-05,own,{most},5,1%,",
        f"60,study_attendance_leader,2012-05,own,{most},{most - 1},,",
        f"60,study_attendance_former_leader,2012-05,own,1,{most},999999999999%,",
        f'60,feedback_mass,2012-05,own,22,{most},"0,000000000000001%",',
        f"60,comment_given_agency,2012-05,own,{most},{most},250%,",
        *[f"{unit},standing_body_committee,2012-05,own,{most},{most},,"
          for unit in [*range(593, 603), *(f"60-DC{n}" for n in range(1, 6))]],
        f"60,standing_body_committee,2012-05,total,{most},{most},,",
        f"60,feedback_collective,2012-05,own,{trillion},,,too large",
    )
    assert run_night(country)
    found = {(rule, indicator) for rule, _, _, indicator, *_ in as_admin(country, OPEN)}
    assert found >= {
        ("S07", "feedback_collective"), ("D02", "study_attendance_front"), ("D02", "study_attendance_leader"),
        ("R01", "study_attendance_former_leader"), ("R01", "comment_given_agency"), ("D05", "standing_body_committee"),
    }
    assert as_analyst(country, "select numerator from marts.fct_rollup where unit_id = 'A-60'"
                               " and indicator = 'urgent_plan_agency'") == [(30,)]


def test_a_finding_lives_across_resubmissions(country: Settings, send: Callable[..., None]) -> None:
    good = [f"60-A{number:02d},urgent_plan_agency,2012-05,own,1,1,," for number in range(1, 6)]
    send("60", *good, "60,comment_given_agency,2012-05,own,17,88,,")
    assert run_night(country)
    first = as_admin(country, "select finding_id, state, first_seen_at from quality.finding where rule = 'D03'")
    assert [state for _, state, _ in first] == ["open"]
    release = as_analyst(country, "select max(release_id) from marts.dim_release")

    # Waived with its values: published with the next night, and noted.
    waivers.waive(country, first[0][0], reason="đang đối chiếu", until=clock.today() + timedelta(days=30), author="steward")
    assert run_night(country)
    assert as_analyst(country, "select state from marts.fct_finding where rule = 'D03'") == [("waived",)]
    assert as_analyst(country, "select numerator, denominator from marts.fct_rollup where unit_id = 'A-60'"
                               " and indicator = 'comment_given_agency'") == [(17, 88)]

    # Other values: the waiver does not hold for them, the id stays.
    send("60", "60,comment_given_agency,2012-05,own,18,88,,", name="second.csv")
    assert run_night(country)
    assert as_admin(country, "select finding_id, state, first_seen_at from quality.finding where rule = 'D03'") == first
    assert as_analyst(country, "select count(*) from marts.fct_rollup where indicator = 'comment_given_agency'") == [(0,)]

    # Corrected: the finding says so by itself, and nothing else was lost on the way.
    send("60", "60,comment_given_agency,2012-05,own,17,73,,", name="third.csv")
    assert run_night(country)
    assert as_analyst(country, "select finding_id, state from marts.fct_finding where rule = 'D03'") == [(first[0][0], "corrected")]
    assert as_analyst(country, "select numerator from marts.fct_rollup where unit_id = 'A-60' and indicator = 'urgent_plan_agency'") == [(5,)]
    assert as_analyst(country, "select max(release_id) from marts.dim_release")[0][0] == release[0][0] + 3


def test_facts_are_superseded_and_withdrawn_one_by_one(country: Settings, send: Callable[..., None]) -> None:
    figures = "select indicator, numerator from marts.fct_rollup where unit_id = 'A-60' order by 1"
    send("60", "60,study_class,2012-05,own,470,,,", "60,feedback_collective,2012-05,own,28,,,")
    assert run_night(country)
    assert as_analyst(country, figures) == [("feedback_collective", 28), ("study_class", 470)]
    # A later file states one fact anew; a blank mentions nothing; X leaves the expected set.
    send("60", "60,study_class,2012-05,own,471,,,", "60,feedback_collective,2012-05,own,,,,", name="later.csv")
    assert run_night(country)
    assert as_analyst(country, figures) == [("feedback_collective", 28), ("study_class", 471)]
    withdraw.withdraw_fact(country, "60", "60", "study_class", "2012-05", "own", "gửi nhầm")
    assert run_night(country)
    assert as_analyst(country, figures) == [("feedback_collective", 28)]
    # The first file again, byte for byte: it is the latest now.
    send("60", "60,study_class,2012-05,own,470,,,", "60,feedback_collective,2012-05,own,28,,,")
    assert run_night(country)
    assert as_analyst(country, figures) == [("feedback_collective", 28), ("study_class", 470)]


def test_what_was_kept_aside_counts_once_its_unit_is_registered(country: Settings, send: Callable[..., None]) -> None:
    send("60", "60-Z1,plan_issued_agency,2012-05,own,1,1,,")
    assert run_night(country)
    assert [row[0] for row in as_admin(country, OPEN)] == ["S03"]
    as_admin(country, "insert into reference.org_unit values ('A-60-Z1', '60-Z1', 'Cơ quan mới', 'Co quan moi',"
                      " 'provincial_agency', 'district', 'A-60', '(,2025-07-01)', 'test')")
    as_admin(country, "insert into reference.load (content_hash, sources) values ('changed', 'test')")
    assert run_night(country)
    assert as_admin(country, OPEN) == []
    assert as_admin(country, "select count(*) from quality.rejected_row") == [(0,)]
    assert as_analyst(country, "select numerator from marts.fct_rollup where unit_id = 'A-60-Z1'") == [(1,)]


def test_a_closed_period_keeps_later_statements_aside(country: Settings, send: Callable[..., None]) -> None:
    send("60", "60,study_class,2012-05,own,470,,,")
    waivers.close_period(country, "2012-05", reason="đã công bố", author="steward")
    send("60", "60,study_class,2012-05,own,999,,,", name="late.csv")
    assert run_night(country)
    assert [row[0] for row in as_admin(country, OPEN)] == ["S09"]
    assert as_analyst(country, "select numerator from marts.fct_rollup where unit_id = 'A-60'") == [(470,)]
    waivers.reopen_period(country, "2012-05")
    assert run_night(country)
    assert as_analyst(country, "select numerator from marts.fct_rollup where unit_id = 'A-60'") == [(999,)]


def test_a_province_that_is_mostly_wrong_is_held_whole(country: Settings, send: Callable[..., None]) -> None:
    send("60", "60,study_attendance_leader,2012-05,own,508,507,,", "60,study_attendance_front,2012-05,own,604,603,,",
         "60,study_class,2012-05,own,470,,,")
    send("24", "24,study_class,2012-05,own,12,,,")
    assert run_night(country)
    assert as_analyst(country, "select indicator, withheld_by from marts.fct_observation where is_withheld order by 1") == [
        ("study_attendance_front", "D02"), ("study_attendance_leader", "D02"), ("study_class", "HELD")]
    assert as_analyst(country, "select numerator, withheld_units from marts.fct_rollup where unit_id = 'VN'") == [(12, 1)]


def test_the_cause_of_a_wrong_total_is_not_sought_in_what_its_unit_still_states(country: Settings, send: Callable[..., None]) -> None:
    """A district's total is set aside, and the province added it up: said twice, it is no older version. Nil is a cause too."""
    communes = [f"{code},member_admitted,2012-05,own,{amount},,," for code, amount in ((23272, 5), (23275, 6), (23278, 7))]
    health = [f"{code},member_admitted_health,2012-05,own,{amount},,," for code, amount in ((23272, 1), (23275, 2), (23278, 3))]
    others = [f"{code},member_admitted,2012-05,total,10,,," for code in range(593, 602)]
    totals = ["602,member_admitted,2012-05,total,35,,,", "60,member_admitted,2012-05,total,125,,,"]
    nil = ["602,member_admitted_health,2012-05,total,0,,,"]
    send("60", *communes, *health, *others, *totals, *nil)
    send("60", *totals, "60,study_class,2012-05,own,470,,,", name="again.csv")
    assert run_night(country)
    found = as_admin(country, "select unit_id, indicator, actual, expected, group_id, explanations from quality.finding"
                              " where rule = 'N01' and state = 'open' order by 2, 1")
    assert [row[:4] for row in found] == [
        ("A-60", "member_admitted", "125", "108"),
        ("A-602", "member_admitted", "35", "18"),
        ("A-602", "member_admitted_health", "0", "6"),
    ]
    assert found[0][4] == found[1][4]  # one cause
    causes = [[cause["cause"] for cause in row[5]] for row in found]
    assert "later_version" not in causes[0]
    assert causes[2][0] == "nil_for_missing"


def test_a_unit_that_explains_both_measures_of_a_total_is_the_one(country: Settings, send: Callable[..., None]) -> None:
    """Two communes say 2; that the total leaves out the second of them is told by its denominator."""
    send("60", *(f"{code},quality_strong,2012-05,own,{good},{of},," for code, good, of in ((23272, 2, 5), (23275, 2, 6), (23278, 1, 7))),
         "602,quality_strong,2012-05,total,3,12,,")
    assert run_night(country)
    found = as_admin(country, "select rule, explanations from quality.finding where rule in ('D05', 'N01') and state = 'open' order by 1")
    assert [rule for rule, _ in found] == ["D05", "N01"]
    for _, causes in found:
        assert (causes[0]["cause"], causes[0]["unit_id"]) == ("missing_children", "A-23275"), causes
