"""Claims linked to indicators by their words: where they fit, and never where two fit alike or none does."""

from __future__ import annotations

import pytest

from tonghop.narrative.check import check_text
from tonghop.narrative.link import link
from tonghop.reference.files import folder, read
from tonghop.reference.models import Indicator, Population
from tonghop.settings import PROJECT_DIR


@pytest.fixture(scope="module")
def catalogue() -> tuple[list[Indicator], list[Population]]:
    reference = read([folder(PROJECT_DIR / "include" / "reference", "")])
    return [each.row for each in reference.of(Indicator)], [each.row for each in reference.of(Population)]


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("Tại các cơ quan, đơn vị cấp tỉnh, có 67/73 cơ quan ban hành kế hoạch thực hiện.", "plan_issued_agency"),
        ("Có 15/15 cấp ủy trực thuộc tỉnh ban hành kế hoạch thực hiện.", "plan_issued_committee"),
        ("Có 15/15 huyện, thị, thành ủy và đảng ủy trực thuộc thành lập Bộ phận Thường trực.", "standing_body_committee"),
        ("Có 38/73 sở, ban, ngành tỉnh xác định và đăng ký những việc cần làm ngay.", "urgent_registered_agency"),
        ("Có 221/222 ban thường vụ cấp ủy trực thuộc tỉnh hoàn thành kiểm điểm.", "review_direct_committee"),
        ("Có 8/13 tỉnh, thành phố hoàn thành quy hoạch cán bộ.", "cadre_plan_completed"),
        ("Toàn tỉnh mở 470 lớp học tập, quán triệt nghị quyết.", "study_class"),
        ("Có 12/15 câu lạc bộ tổ chức giao lưu văn nghệ.", None),
        ("Có 41 nhà đại đoàn kết được xây mới.", None),
        ("Đã trồng 12.000 cây xanh.", None),
    ],
)
def test_words_lead_to_the_indicator_or_to_none(
    text: str, indicator: str | None, catalogue: tuple[list[Indicator], list[Population]]
) -> None:
    # Without this: a figure in prose is held against another indicator's table, and both look wrong.
    (found,) = link(check_text(text).claims, *catalogue)
    assert found.indicator == indicator
    assert 0 <= found.second <= found.score <= 1


def test_two_claims_of_a_sentence_are_not_one_figure(catalogue: tuple[list[Indicator], list[Population]]) -> None:
    text = "Có 17/88 tập thể lãnh đạo cơ quan cấp tỉnh có văn bản góp ý đối với 63/88 tập thể lãnh đạo cơ quan cấp tỉnh."
    found = [each.indicator for each in link(check_text(text).claims, *catalogue)]
    assert found[0] == "comment_given_agency"
    assert found[1] != found[0]


def test_an_empty_catalogue_links_nothing() -> None:
    (found,) = link(check_text("Có 12/15 xã xong.").claims, [], [])
    assert (found.indicator, found.score) == (None, 0.0)
