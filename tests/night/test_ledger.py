"""The ledger of denominators as analysts see it: who states each population, what counts and why, and what moved it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import fresh_warehouse
from tests.night.conftest import HEADER, as_admin, as_analyst, run_night
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox

SENT = {
    "60": (
        "60,plan_issued_agency,2012-05,total,67,73,,",
        "60,plan_not_issued_agency,2012-05,total,6,88,,",
        "60,urgent_plan_agency,2012-05,total,41,88,,",
        "60,comment_given_agency,2012-05,own,17,88,,",
        "60,comment_received_agency,2012-05,own,63,88,,",
        "60,standing_body_committee,2012-05,total,15,15,,",
        # the same return, then another; leaders are quoted, and no return says that they are three more
        "60,direct_committee,2012-05,total,15,,,", "60,study_attendance_leader,2012-05,own,452,507,,",
        "60,direct_committee,2012-06,total,15,,,", "60,study_attendance_leader,2012-06,own,452,510,,",
        "60,direct_committee,2012-07,total,16,,,", "60,study_attendance_leader,2012-07,own,452,510,,",
        # no return: what is quoted counts
        "60,standing_body_committee,2012-08,total,15,17,,",
        "60,district_committee,2025-06,total,10,,,", "60,other_direct_committee,2025-06,total,5,,,",
    ),
    # Bắc Giang registered no agency: one quotes 20, another 21. A count returned with two values returns nothing.
    "24": (
        "24,comment_given_agency,2012-05,own,5,20,,", "24,comment_received_agency,2012-05,own,6,21,,",
        "24,direct_committee,2012-05,total,16,,,", "24,direct_committee,2012-05,total,17,,,",
    ),
    "68": ("68,other_direct_committee,2025-08,total,4,,,",),
}
DRIFT = "counted_amount, previous_period, previous_amount, drift, drift_explained_by, is_drift_unexplained"


@pytest.fixture(scope="module")
def ledger(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """One night over the sample's country, with one agency more from July 2012."""
    folder: Path = tmp_path_factory.mktemp("ledger")
    with fresh_warehouse(server, folder) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        as_admin(settings, "insert into reference.org_unit values ('A-60-A99', '60-A99', 'Cơ quan mới', 'Co quan moi',"
                           " 'provincial_agency', 'district', 'A-60', '[2012-07-01,2025-07-01)', 'test')")
        for sender, lines in SENT.items():
            path = folder / f"{sender}.csv"
            path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
            inbox.ingest_sender(settings, sender, whole=[inbox.submit(settings, path, sender)])
        assert run_night(settings)
        yield settings


def report(settings: Settings, columns: str, unit: str, period: str) -> dict[str, tuple[Any, ...]]:
    """The columns asked for of ``marts.rpt_population``, by population."""
    found = as_analyst(settings, f"select population, {columns} from marts.rpt_population"
                                 " where unit_id = %s and period = %s", unit, period)
    return {population: tuple(rest) for population, *rest in found}


def test_one_count_counts_and_all_who_disagree_are_listed(ledger: Settings) -> None:
    """Four indicators quote 88 where the register counts 73: a majority of quotes never outvotes the register."""
    said = as_analyst(ledger, "select source, indicator, amount, is_counted, reason, is_disagreeing, locator is not null"
                              " from marts.fct_population where unit_id = 'A-60' and period = '2012-05'"
                              " and population = 'provincial_agency' and counted_amount = 73 and counted_source = 'register'"
                              " order by source, indicator")
    assert said == [
        ("agreed", None, 88, False, "outranked", True, False),
        ("quoted", "comment_given_agency", 88, False, "outranked", True, True),
        ("quoted", "comment_received_agency", 88, False, "outranked", True, True),
        ("quoted", "plan_issued_agency", 73, False, "agrees", False, True),
        ("quoted", "plan_not_issued_agency", 88, False, "outranked", True, True),
        ("quoted", "urgent_plan_agency", 88, False, "outranked", True, True),
        ("register", None, 73, True, "counts", False, False),
    ]
    reported = report(ledger, "counted_amount, counted_source, why_vi, statements, disagreeing_statements, disagreeing,"
                              " unit_name, level, name_vi", "A-60", "2012-05")
    assert reported["provincial_agency"] == (
        73, "register", "Đếm theo danh mục: 73 đơn vị đang hoạt động vào cuối kỳ.", 6, 4,
        "comment_given_agency: 88; comment_received_agency: 88; plan_not_issued_agency: 88; urgent_plan_agency: 88",
        "Tỉnh Bình Thuận", "province", "sở, ban, ngành, Mặt trận, đoàn thể và các cơ quan, đơn vị cấp tỉnh")
    assert reported["direct_committee"][:6] == (15, "return", "Theo số đã báo cáo: 15.", 2, 0, None)
    assert reported["leader_summoned"][:3] == (
        507, "agreed", "Không nguồn nào đếm; 1 trong 1 chỉ tiêu của đơn vị nêu 507.")
    assert reported["provincial_unit"][:6] == (
        88, "composition", "Cộng các phần: 88 = 73 sở, ban, ngành, Mặt trận, đoàn thể và các cơ quan, đơn vị cấp tỉnh"
        " + 15 huyện, thị, thành ủy và đảng ủy trực thuộc tỉnh.", 1, 0, None)


def test_what_nobody_may_count_is_unknown_and_never_zero(ledger: Settings) -> None:
    reported = report(ledger, "counted_amount, counted_source, why_en, disagreeing", "A-24", "2012-05")
    assert reported["provincial_agency"] == (
        None, None, "Unknown: no denominator is quoted by a majority of the indicators.",
        "comment_given_agency: 20; comment_received_agency: 21")
    assert reported["direct_committee"] == (
        None, None, "Unknown: a statement gives two values in one submission.", "return: 16")
    assert "provincial_unit" not in reported
    # The register's districts are projected back from about 2021: it shows what it has, and may not count them.
    assert reported["district_committee"] == (
        None, None, "Unknown: the source that states it may not count it.", None)
    assert as_analyst(ledger, "select reason from marts.fct_population where unit_id = 'A-24' and period = '2012-05'"
                              " and population = 'district_committee'") == [("not_allowed",)]
    seen = as_analyst(ledger, "select count(*), count(*) filter (where amount = 0), count(*) filter (where is_counted),"
                              " count(distinct (period, unit_id, population)) filter (where is_counted)"
                              " from marts.fct_population")
    assert seen[0][0] > 10_000
    assert seen[0][1] == 0
    assert seen[0][2] == seen[0][3], "two counts count"


def test_drift_that_neither_the_register_nor_a_return_explains_is_visible(ledger: Settings) -> None:
    """A denominator that changes from month to month on nobody's word is how 73 becomes 88."""
    assert report(ledger, DRIFT, "A-60", "2012-05")["provincial_agency"] == (73, None, None, None, None, False)
    june, july = report(ledger, DRIFT, "A-60", "2012-06"), report(ledger, DRIFT, "A-60", "2012-07")
    assert june["provincial_agency"] == (73, "2012-05", 73, 0, None, False)
    assert june["direct_committee"] == (15, "2012-05", 15, 0, None, False)
    assert june["leader_summoned"] == (510, "2012-05", 507, 3, None, True)
    assert july["leader_summoned"] == (510, "2012-06", 510, 0, None, False)
    assert july["direct_committee"] == (16, "2012-06", 15, 1, "return", False)
    assert july["provincial_agency"] == (74, "2012-06", 73, 1, "register", False)
    assert july["provincial_unit"] == (90, "2012-06", 88, 2, "register, return", False)
    # 17 were quoted last; each part is returned now
    later = report(ledger, DRIFT, "A-60", "2025-06")
    assert later["direct_committee"] == (15, "2012-08", 17, -2, "return", False)
    assert later["provincial_unit"] == (89, "2012-08", 91, -2, "return", False)
    unexplained = as_analyst(ledger, "select period, population from marts.rpt_population where is_drift_unexplained"
                                     " order by 1, 2")
    assert unexplained == [
        ("2012-06", "leader_summoned"), ("2012-08", "direct_committee"), ("2012-08", "provincial_unit")]


def test_a_sum_of_parts_is_only_explained_where_each_part_is(ledger: Settings) -> None:
    """A quoted part that drifts carries its sum with it: that the sum is a sum explains nothing."""
    august = report(ledger, f"counted_source, {DRIFT}", "A-60", "2012-08")
    assert august["direct_committee"] == ("agreed", 17, "2012-07", 16, 1, None, True)
    assert august["provincial_unit"] == ("composition", 91, "2012-07", 90, 1, None, True)


def test_a_composition_is_that_of_its_period(ledger: Settings) -> None:
    """Districts ended on 2025-06-30: from then on the committees directly under a province are its communes' and the others."""
    columns = "counted_amount, counted_source, why_en"
    assert report(ledger, columns, "A-60", "2025-06")["direct_committee"] == (
        15, "composition", "The sum of its parts: 15 = 10 district committees + 5 other committees directly under the province.")
    after = report(ledger, f"{columns}, previous_period", "B-68", "2025-08")
    communes = after["commune"][0]
    assert communes > 100
    assert after["direct_committee"] == (
        communes + 4, "composition", f"The sum of its parts: {communes + 4} = {communes} communes"
        " + 4 other committees directly under the province.", None)
    assert "district_committee" not in after
    assert as_analyst(ledger, "select valid_from::text, valid_to::text, composed_of from marts.dim_population"
                              " where population = 'direct_committee' order by valid_from nulls first") == [
        (None, "2025-07-01", "district_committee + other_direct_committee"),
        ("2025-07-01", None, "commune + other_direct_committee")]
