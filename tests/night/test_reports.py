"""Reports in prose: evidence beside the tables, never summed; what they contradict in themselves is a finding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop.settings import Settings
from tonghop.submissions import inbox

TEXT = """BÁO CÁO KẾT QUẢ THÁNG 5 NĂM 2012

Đến nay đã có 67/73 cơ quan, đơn vị cấp tỉnh ban hành kế hoạch thực hiện, đạt {rate}.
Có 12/15 cấp ủy trực thuộc thành lập Tổ giúp việc.
Toàn tỉnh đã mở 470 lớp học tập quán triệt.
"""


@pytest.fixture
def tell(country: Settings, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Send a report of Bình Thuận; gives the summary of its ingestion."""

    def send_report(rate: str, name: str = "báo cáo.txt", text: str = TEXT) -> dict[str, Any]:
        path = tmp_path / name
        path.write_text(text.format(rate=rate), encoding="utf-8")
        (file,) = inbox.ingest_sender(country, "60", whole=[inbox.submit(country, path, "60")])["files"]
        return file  # type: ignore[no-any-return]

    return send_report


def test_a_report_is_laid_beside_the_tables(
    country: Settings, send: Callable[..., None], tell: Callable[..., dict[str, Any]]
) -> None:
    """A province whose prose and tables differ must be asked which is right; its prose must enter no sum."""
    send(
        "60", "60,plan_issued_agency,2012-05,total,67,73,,", "60,support_team_committee,2012-05,total,13,15,,",
        "60,direct_committee,2012-05,total,15,,,",
    )
    assert tell("91,78%")["claims"] == 3
    assert run_night(country)
    told = dict(as_admin(country, "select indicator, verdict from quality.report_claim order by claim_number"))
    assert told == {
        "plan_issued_agency": "agrees", "support_team_committee": "disagrees", "study_class": "only_in_prose",
    }
    assert as_analyst(country, "select count(*) from marts.fct_observation where indicator = 'study_class'") == [(0,)]
    assert as_admin(country, "select count(*) from quality.finding where state = 'open' and rule like 'R%%'") == [(0,)]


def test_what_a_report_contradicts_is_a_finding_until_it_is_mended(
    country: Settings, tell: Callable[..., dict[str, Any]]
) -> None:
    tell("95,78%")
    assert run_night(country)
    ((rule, severity, sender, actual, message),) = as_admin(
        country, "select rule, severity, sender_unit_id, actual, message_vi from quality.finding where state = 'open'")
    assert (rule, severity, sender) == ("R01", "error", "A-60")
    assert "67/73" in actual
    assert "91,78" in message

    tell("91,78%")
    assert run_night(country)
    assert as_admin(country, "select state from quality.finding where rule = 'R01'") == [("corrected",)]


def test_a_bound_is_held_as_the_bound_it_is(
    country: Settings, send: Callable[..., None], tell: Callable[..., dict[str, Any]]
) -> None:
    """"Trên 460 lớp" agrees with 470, and a range with nothing: told otherwise, a steward stops reading the list."""
    send("60", "60,study_class,2012-05,own,470,,,", "60,plan_issued_agency,2012-05,total,67,73,,")
    tell("", text="BÁO CÁO THÁNG 5 NĂM 2012\n\nToàn tỉnh đã mở trên 460 lớp học tập quán triệt.{rate}\n")
    tell("", name="hai.txt", text="BÁO CÁO THÁNG 5 NĂM 2012\n\nToàn tỉnh đã mở từ 300 đến 400 lớp học tập quán triệt.{rate}\n")
    assert run_night(country)
    told = dict(as_admin(country, "select quote, verdict from quality.report_claim"))
    assert told == {"460 lớp": "agrees", "300 đến 400 lớp": None}


def test_a_report_without_a_period_is_held_against_itself(
    country: Settings, tell: Callable[..., dict[str, Any]]
) -> None:
    """It cannot be laid beside a table, but 67/73 is not 95,78% in any month."""
    undated = TEXT.replace(" THÁNG 5 NĂM 2012", "")
    assert "kỳ" in tell("95,78%", text=undated)["warning"]
    assert run_night(country)
    found = as_admin(country, "select rule, sender_unit_id, period from quality.finding where state = 'open'")
    assert found == [("R01", "A-60", None)]
    tell("91,78%", text=undated)
    assert run_night(country)
    assert as_admin(country, "select state from quality.finding where rule = 'R01'") == [("corrected",)]
