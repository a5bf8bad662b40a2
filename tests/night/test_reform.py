"""The reform of 2025-07-01 on the real register: as reported and restated, on both sides, and by bloc.

Without these tests a province that no longer exists would drop out of a comparison over years, or be counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import fresh_warehouse
from tests.night.conftest import HEADER, as_analyst, run_night
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox

TOTALS = """
    select level, sum(numerator), sum(denominator) from marts.{mart}
    where period = %s and indicator = %s and level in ('nation', 'department', 'province') group by level"""


def _totals(settings: Settings, mart: str, period: str, indicator: str) -> dict[str, tuple[int, int]]:
    found = as_analyst(settings, TOTALS.format(mart=mart), period, indicator)
    return {level: (int(numerator), int(denominator)) for level, numerator, denominator in found}


def _cell(settings: Settings, mart: str, unit: str, indicator: str, period: str) -> tuple[object, ...] | None:
    more = ", held_above, restated_at" if mart == "fct_rollup_restated" else ""
    found = as_analyst(settings, "select department_unit_id, numerator, denominator, basis, reporting_units,"
                                 f" expected_units{more} from marts.{mart}"
                                 " where unit_id = %s and indicator = %s and period = %s", unit, indicator, period)
    return found[0] if found else None


FILES = {
    "60": ["60,plan_issued_agency,2012-05,total,67,73,,", "60,plan_issued_committee,2012-05,total,15,15,,",
           # the last month of the districts: two districts of Bình Thuận, each for itself
           "593,plan_issued_committee,2025-06,own,1,1,,", "594,plan_issued_committee,2025-06,own,0,1,,"],
    "24": ["24,plan_issued_committee,2012-05,total,10,10,,", "24,plan_issued_committee,2025-07,total,99,99,,"],
    # the first month without: of Lâm Đồng's communes one, which was a ward of Phan Thiết
    "68": ["22945,plan_issued_committee,2025-07,own,1,1,,", "68,plan_issued_agency,2025-07,total,3,4,,"],
}


@pytest.fixture(scope="module")
def campaign(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A campaign over the reform: committees with a plan, stated by Bình Thuận, Lâm Đồng, Bắc Giang and Bắc Ninh."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("reform")) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        for sender, lines in FILES.items():
            path = tmp_path_factory.mktemp("sent") / f"{sender}.csv"
            path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
            inbox.ingest_sender(settings, sender, whole=[inbox.submit(settings, path, sender)])
        assert run_night(settings)
        yield settings


def test_binh_thuan_as_reported_and_inside_todays_lam_dong(campaign: Settings) -> None:
    reported = _cell(campaign, "fct_rollup", "A-60", "plan_issued_committee", "2012-05")
    assert reported is not None
    assert reported[:4] == ("V-3", 15, 15, "declared")
    assert _cell(campaign, "fct_rollup_restated", "A-60", "plan_issued_committee", "2012-05") is None

    restated = _cell(campaign, "fct_rollup_restated", "B-68", "plan_issued_committee", "2012-05")
    assert restated is not None
    assert restated[:4] == ("V-2", 15, 15, "partial"), "Lâm Đồng and Đắk Nông are silent"
    assert restated[6:] == (0, None), "a whole province restates exactly"
    for totals in (_totals(campaign, mart, "2012-05", "plan_issued_committee")
                   for mart in ("fct_rollup", "fct_rollup_restated")):
        assert totals == dict.fromkeys(("nation", "department", "province"), (25, 25))


def test_a_department_restated_holds_the_provinces_that_it_has_today(campaign: Settings) -> None:
    assert _cell(campaign, "fct_rollup", "V-3", "plan_issued_agency", "2012-05") is not None
    assert _cell(campaign, "fct_rollup_restated", "V-3", "plan_issued_agency", "2012-05") is None
    moved = _cell(campaign, "fct_rollup_restated", "V-2", "plan_issued_agency", "2012-05")
    assert moved is not None
    assert moved[1:3] == (67, 73)


def test_districts_are_raised_to_their_province_and_say_so(campaign: Settings) -> None:
    own = _cell(campaign, "fct_rollup", "A-593", "plan_issued_committee", "2025-06")
    assert own is not None
    assert own[1:4] == (1, 1, "own")
    raised = _cell(campaign, "fct_rollup_restated", "B-68", "plan_issued_committee", "2025-06")
    assert raised is not None
    assert raised[1:4] == (1, 2, "partial")
    assert raised[6:] == (0, "B-68"), "figures of districts that ended without successor count from here"


def test_a_campaign_over_the_reform_has_no_gap_and_no_double_count(campaign: Settings) -> None:
    for mart in ("fct_rollup", "fct_rollup_restated"):
        assert _totals(campaign, mart, "2025-06", "plan_issued_committee")["nation"] == (1, 2)
        assert _totals(campaign, mart, "2025-07", "plan_issued_committee")["nation"] == (100, 100)
    after = _cell(campaign, "fct_rollup", "B-68", "plan_issued_committee", "2025-07")
    assert after is not None
    assert after[1:4] == (1, 1, "partial"), "the other communes of Lâm Đồng are silent"
    assert after == _cell(campaign, "fct_rollup_restated", "B-68", "plan_issued_committee", "2025-07")[:6]  # type: ignore[index]


def test_a_code_is_a_unit_of_its_period(campaign: Settings) -> None:
    named = as_analyst(campaign, "select period, unit_id, unit_name from marts.fct_observation"
                                 " where unit_code = '24' order by period")
    assert named == [("2012-05", "A-24", "Tỉnh Bắc Giang"), ("2025-07", "B-24", "Tỉnh Bắc Ninh")]


def test_the_same_figures_by_bloc(campaign: Settings) -> None:
    """Two trees at once: districts in their bloc, never added to the provinces they also stand under."""
    local = _cell(campaign, "fct_rollup", "K-LOCAL", "plan_issued_committee", "2025-06")
    assert local is not None
    assert local[:4] == (None, 1, 2, "partial")
    assert local[5] == 696, "every district of June 2025 is expected in the bloc of localities"
    commune = _cell(campaign, "fct_rollup", "K-LOCAL", "plan_issued_committee", "2025-07")
    assert commune is not None
    assert commune[1:3] == (1, 1)
    assert commune[5] == 3321
    assert as_analyst(campaign, "select count(*), count(distinct (unit_id, indicator, period)) from marts.fct_rollup")[0][
        0] == as_analyst(campaign, "select count(distinct (unit_id, indicator, period)) from marts.fct_rollup")[0][0]
    assert as_analyst(campaign, "select distinct hierarchy, level from marts.fct_rollup where level = 'grouping'") == [
        ("bloc", "grouping")]
