"""D02 in prose: why more may be said to have done it than there are, and how often one slip is told."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tonghop.narrative.check import check_text
from tonghop.narrative.findings import Finding
from tonghop.narrative.link import link
from tonghop.reference.files import folder, read
from tonghop.reference.models import Indicator, Population
from tonghop.settings import PROJECT_DIR
from tonghop.submissions.dispatch import Task, read_into
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import InMemory

AGENCIES = "Tại các cơ quan, đơn vị cấp tỉnh, có 88/73 cơ quan ban hành kế hoạch thực hiện."


def findings(text: str) -> list[Finding]:
    return check_text(text).findings


def test_it_is_an_error_told_in_two_languages_with_its_arithmetic() -> None:
    (finding,) = findings(AGENCIES)
    assert (finding.rule, finding.severity, finding.claims) == ("D02", "error", (0,))
    assert finding.vi == "tử số lớn hơn mẫu số: 88/73 = 120,55%"
    assert finding.en == "the numerator is above the denominator: 88/73 = 120,55%"


@pytest.mark.parametrize(
    ("text", "cause", "said"),
    [
        ("Có 73/67 cơ quan ban hành kế hoạch.", "swapped", "67/73 = 91,78%"),
        ("Có 73/67 cơ quan ban hành kế hoạch, đạt 91,78%.", "swapped", "67/73 = 91,78%"),
        ("Có 67/73 sở, ban, ngành xong; 13/15 huyện xong; có 88/73 sở, ban, ngành đăng ký.", "sum_of_populations", "88 = 73 + 15"),
        ("Có 88/73 cơ quan ban hành kế hoạch, đạt 91,78%.", "single_slip", "67/73 = 91,78%"),
        ("Có 91/73 cơ quan ban hành kế hoạch, đạt 26,03%.", "digits_swapped", "19/73 = 26,03%"),
    ],
)  # fmt: skip
def test_what_may_have_put_the_numerator_above(text: str, cause: str, said: str) -> None:
    (finding,) = findings(text)
    assert finding.rule == "D02"
    assert finding.explanations[0].cause == cause
    assert said in finding.explanations[0].vi


def test_a_rate_that_came_out_above_one_has_no_cause_of_its_own() -> None:
    # Whoever divided 88 by 73 did not swap them when writing: nothing is guessed.
    (finding,) = findings("Có 88/73 cơ quan ban hành kế hoạch, đạt 120,55%.")
    assert finding.explanations == ()


def test_one_slip_is_one_finding_and_two_are_two() -> None:
    # Without this: 88 for 67 is told as a ratio above one, and again as a rate that does not fit.
    assert [each.rule for each in findings("Có 88/73 cơ quan ban hành kế hoạch, đạt 91,78%.")] == ["D02"]
    assert [each.rule for each in findings("Có 88/73 cơ quan ban hành kế hoạch, đạt 130,55%.")] == ["D02", "R01"]
    assert [each.rule for each in findings("Kết nạp 812/750 đảng viên, đạt 107,27%.")] == ["R01"]


def _submitted(text: str, exceeding: list[str]) -> list[str]:
    """The rules found when a report is read with the catalogue, where some indicators may exceed one."""
    reference = read([folder(PROJECT_DIR / "include" / "reference", "")])
    indicators = [each.row for each in reference.of(Indicator)]
    context: dict[str, Any] = {
        "linked": [(each.indicator, each.name_vi, each.kind, each.population) for each in indicators],
        "populations": {each.row.population: each.row.name_vi for each in reference.of(Population)},
        "may_exceed_one": exceeding,
    }
    populations = [each.row for each in reference.of(Population)]
    (linked,) = link(check_text(text).claims, indicators, populations)
    assert linked.indicator == "plan_issued_agency", "the words fit nothing: this sees nothing"
    sink = InMemory()
    read_into(io.BytesIO(f"BÁO CÁO\ntháng 5 năm 2012\n\n{text}\n".encode()), Task(str(Path("a.txt")), Limits(), context), sink)
    assert sink.report is not None
    return [each.rule for each in sink.report[3]]


def test_what_the_catalogue_lets_exceed_one_is_no_finding_of_a_report_sent() -> None:
    assert _submitted(AGENCIES, []) == ["D02"]
    assert _submitted(AGENCIES, ["study_class"]) == ["D02"]
    assert _submitted(AGENCIES, ["plan_issued_agency"]) == []
