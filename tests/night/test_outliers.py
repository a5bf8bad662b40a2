"""marts.outliers: what looks odd is shown, and is no finding."""

from __future__ import annotations

import random
from collections.abc import Callable
from statistics import median

from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop.settings import Settings

PERIODS = [f"2012-{month:02}" for month in range(1, 7)]
FOUND = "select unit_id, indicator, beside, actual, typical, compared_with from marts.outliers(%s) order by 1, 2, 3"


def test_a_figure_is_far_from_its_own_history_and_from_its_peers(country: Settings, send: Callable[..., None]) -> None:
    """A dropped digit that breaks no rule (no denominator is known, nothing adds up to it) would be quoted by everybody."""
    classes = (100, 110, 121, 130, 141, 1510)
    seated = (90, 91, 89, 92, 90, 9)
    send("60", *(f"60,study_class,{period},own,{count},,," for period, count in zip(PERIODS, classes, strict=True)),
         *(f"60,study_attendance_leader,{period},own,{count},100,,"
           for period, count in zip(PERIODS, seated, strict=True)))
    for number in range(8):
        code = ("24", "26", "27", "30", "33", "34", "35", "36")[number]
        send(code, f"{code},study_attendance_leader,{PERIODS[-1]},own,{88 + number % 4},100,,")
    assert run_night(country)

    assert as_analyst(country, "select count(*) from marts.fct_finding where rule not in ('C01', 'C02', 'P05', 'D06')") == [(0,)]
    found = {row[:3]: row[3:] for row in as_analyst(country, FOUND, PERIODS[-1])}
    assert {key: (float(actual), others) for key, (actual, _, others) in found.items()} == {
        ("A-60", "study_attendance_leader", "history"): (0.09, 5),
        ("A-60", "study_attendance_leader", "peers"): (0.09, 8),
        ("A-60", "study_class", "history"): (1369.0, 5),
    }
    assert float(found["A-60", "study_class", "history"][1]) < 20
    assert as_analyst(country, FOUND, PERIODS[-2]) == []
    assert as_analyst(country, FOUND, "1999-01") == []


def test_one_unit_of_its_own_is_no_outlier(country: Settings, send: Callable[..., None]) -> None:
    """67 of 73 agencies have a plan: the six that have none are each 0 of 1, and none of them is odd."""
    send("60", *(f"60-A{number:02},plan_issued_agency,2012-05,own,{int(number > 6)},1,," for number in range(1, 31)))
    assert run_night(country)
    assert as_analyst(country, FOUND, "2012-05") == []


def test_the_median_of_the_others_is_read_from_the_sorted_whole(warehouse: Settings) -> None:
    """Of two values as of many, of equal ones, in every place."""
    rng = random.Random(11)
    for size in (2, 3, 4, 5, 8, 9, 40, 41):
        values = sorted(rng.choice((0.0, 0.25, 0.5, rng.random())) for _ in range(size))
        asked = as_admin(warehouse, "select store.median_of_others(%s::float8[], place) from generate_series(1, %s) as place"
                                    " order by place", values, size)
        assert [found for (found,) in asked] == [median(values[:place] + values[place + 1:]) for place in range(size)], values
