"""The arithmetic of reports in sentences of our own: what is found, with which cause, and what is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tonghop.narrative.check import check_text

PAIR = "Tại các sở, ban, ngành và cơ quan, đơn vị cấp tỉnh, có 67/73 cơ quan ban hành kế hoạch, đạt 91,78%."


def found(text: str) -> list[tuple[str, str, list[str]]]:
    """Rule, severity, and the numbers of the claims of each finding."""
    report = check_text(text)
    return [
        (each.rule, each.severity, [f"{report.claims[at].numerator}/{report.claims[at].denominator or ''}".strip("/") for at in each.claims])
        for each in report.findings
    ]


def causes(text: str) -> list[list[str]]:
    return [[each.cause for each in finding.explanations] for finding in check_text(text).findings]


def sentences(text: str) -> str:
    return " ".join(str(each) for finding in check_text(text).findings for each in finding.explanations)


@pytest.mark.parametrize(
    ("text", "rule", "severity", "subject", "cause"),
    [
        ("Có 38/73 đơn vị đăng ký, đạt 52,07%.", "R01", "warning", ["38/73"], "impossible"),
        ("Có 221/222 ban thường vụ xong; 709/724 tập thể hoàn thành, đạt 99,55%.", "R01", "error", ["709/724"], "neighbour_rate"),
        ("Huyện thu 388/501 phiếu, đạt 77,44%.", "R01", "warning", ["388/501"], "truncated"),
        ("Khối thu 644/688 phiếu, tỷ lệ 93,06%.", "R01", "error", ["644/688"], "digits_swapped"),
        ("Có 13/15 cấp ủy lập tổ, trong đó có 7/15 tổ ban hành quy chế.", "D07", "warning", ["7/15", "13/15"], "nested_denominator"),
        ("Có 47 đồng chí được kiểm tra, trong đó 52 đồng chí đã ký cam kết.", "N02", "warning", ["52", "47"], None),
        ("Xử lý: khiển trách 3, cảnh cáo 1; cộng 5 trường hợp.", "N03", "warning", ["5", "3", "1"], None),
        ("Có 41/45 sở đã trình đề án; còn 03 đơn vị chưa trình.", "N05", "error", ["41/45", "3"], None),
        ("Có 3.655 bản cam kết, trong đó 412 bản phải bổ sung (13,2%).", "R03", "warning", ["412", "3655"], None),
        ("Phòng kiên cố 5.214/8.102; phòng tạm 1.016/8.120.", "D04", "error", ["1016/8120", "5214/8102"], "digits_swapped"),
    ],
)
def test_what_disagrees_is_found_with_its_cause(
    text: str, rule: str, severity: str, subject: list[str], cause: str | None
) -> None:
    assert found(text) == [(rule, severity, subject)]
    assert ([*causes(text)[0], None][0] if cause is None else causes(text)[0][0]) == cause


def test_two_denominators_of_one_population_and_the_sum_that_explains_them() -> None:
    # Without this: the rates of 73 and of 88 agencies stand side by side in one bulletin.
    text = (f"{PAIR}\nCó 15/15 huyện, thị, thành ủy lập kế hoạch."
            "\nĐến nay có 41/88 đơn vị là sở, ban, ngành, đoàn thể tỉnh đăng ký.")
    assert found(text) == [("D04", "error", ["41/88", "67/73"])]
    assert "88 = 73 + 15" in sentences(text)
    assert "Hypothesis" in sentences(text)


def test_parts_above_their_whole_and_the_overlap_that_may_explain_it() -> None:
    text = ("Mở 470 lớp cho 43.240 cán bộ, đảng viên; trong đó, cán bộ chủ chốt có 3.484 đồng chí (đạt 96%),"
            " đảng viên có 18.634 đồng chí (đạt 92%); cán bộ ngoài Đảng có 23.540 người.")
    assert found(text) == [("N03", "warning", ["43240", "3484", "18634", "23540"])]
    assert "45.658 − 43.240 = 2.418" in sentences(text)
    assert "2.418 ≤ 3.484" in sentences(text)


def test_what_cannot_be_right_is_named() -> None:
    text = "Có 709/724 tập thể hoàn thành, đạt 99,55%."
    assert "n/724" in sentences(text)
    assert "n/73 " in sentences("Có 38/73 đơn vị đăng ký, đạt 52,07%.")


@pytest.mark.parametrize(
    "text",
    [
        "Có 67/73 cơ quan ban hành kế hoạch, đạt 91,78%; 06 cơ quan chưa ban hành.",
        "Tại huyện A Lưới có 12/18 xã làm xong; huyện Phú Lộc có 14/17 xã làm xong.",
        "Năm 2012 có 12/15 chi bộ xong. Năm 2013 có 14/18 chi bộ xong.",
        "Có 23.871/25.140 đảng viên dự học. Có 22.105/23.871 đảng viên viết thu hoạch.",
        "Bầu 518 cấp ủy viên, trong đó nữ 127 đ/c, dân tộc 239 đ/c, dưới 35 tuổi 296 đ/c.",
        "Có 12 lớp với 350 học viên, trong đó 400 lượt ý kiến.",
        "Đã duyệt 59/68 đơn vị. Chờ duyệt: 6 đơn vị. Chưa xong: 3 đơn vị.",
        "Có 222 tổ chức đảng trực thuộc (143 huyện ủy và 79 đảng ủy).",
        "Có 25 đảng bộ xã làm tốt. Có 12/15 xã miền núi và 30/31 xã đồng bằng xong.",
        "Toàn tỉnh có 341 chi bộ, trong đó 318 chi bộ làm xong.",
        "Có 13/15 cấp ủy lập tổ, trong đó có 7/13 tổ ban hành quy chế.",
        "Có 11/14 cụ có mặt, gần 80%. Có 15/20 chi bộ, trên 70%. Có 8/13 tỉnh, khoảng 62%.",
    ],
)
def test_what_agrees_is_left_alone(text: str) -> None:
    # Without this: the check cries wolf, and a steward turns it off.
    assert check_text(text).claims
    assert found(text) == []


LINES = [
    line.split("|", 1)
    for line in (Path(__file__).parent / "disagreements.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("rule", "text"), LINES)
def test_ways_to_say_what_disagrees(rule: str, text: str) -> None:
    # Without this: a rule knows one sentence and misses the next province's wording of the same slip.
    text = text.replace("\\n", "\n")
    assert [each[0] for each in found(text)] == ([] if rule == "-" else [rule])


def test_half_is_rounded_up_and_decimals_are_as_stated() -> None:
    for rate, fits in (("12,5%", True), ("13%", True), ("12%", False), ("12,50%", True), ("12,51%", False)):
        (claim,) = check_text(f"Có 1/8 chi bộ xong, đạt {rate}.").claims
        assert claim.consistent is fits, rate


def test_the_json_is_the_contract() -> None:
    report = json.loads(json.dumps(check_text("Có 38/73 đơn vị đăng ký, đạt 52,07%; 12 xã; 7%.").to_json()))
    assert list(report) == ["claims", "findings"]
    first, second, third = report["claims"]
    assert list(first) == ["start", "end", "quote", "kind", "numerator", "denominator", "stated_rate", "decimals",
                           "computed_rate", "consistent", "population"]
    assert first["computed_rate"] == pytest.approx(38 / 73)
    assert (first["stated_rate"], first["decimals"], first["consistent"]) == ("52,07%", 2, False)
    assert (second["denominator"], second["computed_rate"], second["consistent"]) == (None, None, None)
    assert (third["kind"], third["consistent"]) == ("rate", None)
    (finding,) = report["findings"]
    assert list(finding) == ["rule", "severity", "message", "claims", "explanations"]
    assert finding["claims"] == [0]
    assert all(isinstance(each, str) for each in finding["explanations"])
