"""Single hazards of hand-made tables: each of these was, or would be, a wrong figure in silence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.submissions.handmade.test_corpus import catalogue
from tonghop.submissions.books.book import Book
from tonghop.submissions.books.grid import Grid, Marks, Span, Style
from tonghop.submissions.handmade.mapping import NeedsMapping
from tonghop.submissions.handmade.periods import periods_in, settle, without_periods
from tonghop.submissions.handmade.reader import HandmadeReading, read_book
from tonghop.submissions.handmade.words import Label, key, label_kind, level_of, without_enumerator
from tonghop.submissions.reading import Unreadable

MONTH = ["tháng 5 năm 2012"]
HEAD = ["STT", "Tên đơn vị", "Số lớp học", "Số cấp ủy đã ban hành kế hoạch"]


def read(rows: list[list[Any]], **marks: Any) -> HandmadeReading:
    grid = Grid("B", rows, lambda: Marks(**marks))
    return read_book(
        Book("xlsx", (grid,)), "b.xlsx", sender_code="60", period=None, catalogue=catalogue(), confirmed={}
    )


def said(reading: HandmadeReading) -> dict[str, tuple[str, int | None]]:
    return {row.locator: (row.unit_code, row.numerator_value) for row in reading.statements}


def test_figures_in_thousands_are_not_taken_as_counts() -> None:
    with pytest.raises(Unreadable, match="nghìn"):
        read([MONTH, ["Đơn vị tính: nghìn người"], HEAD, [1, "Huyện A", 5, 1]])


def test_a_column_of_counts_headed_like_names_is_no_name_of_a_unit() -> None:
    with pytest.raises(NeedsMapping) as needed:
        read([MONTH, ["STT", "Tên đơn vị", "Cấp ủy trực thuộc", "Số lớp học"], [1, "Huyện A", 15, 3], [2, "Huyện B", 7, 1]])
    assert [heading.text for table in needed.value.proposal.tables for heading in table.headings if heading.is_open] == [
        "Cấp ủy trực thuộc"
    ]


def test_a_unit_of_measure_is_no_unit() -> None:
    reading = read([MONTH, ["TT", "Chỉ tiêu", "Đơn vị", "Thực hiện"], [1, "Số lớp học", "lớp", 5], [2, "Số đảng viên", "người", 7]])
    assert said(reading) == {"B!D3": ("60", 5), "B!D4": ("60", 7)}


def test_figures_that_look_like_column_numbers_are_figures() -> None:
    reading = read([MONTH, ["STT", "Mã ĐV", "Số lớp học", "Số cấp ủy đã ban hành kế hoạch"], ["A", "B", 1, 2], [1, "593", 5, 6], [1, 2, 3, 4]])
    assert said(reading)["B!C5"] == ("2", 3)


def test_a_starred_section_does_not_end_the_table() -> None:
    reading = read([MONTH, HEAD, ["", "* Khối huyện"], [1, "Huyện A", 5, 1], ["", "(*) số liệu chưa đủ"]])
    assert said(reading) == {"B!C4": ("Huyện A", 5), "B!D4": ("Huyện A", 1)}
    assert reading.asides == []


def test_figures_under_the_foot_are_named() -> None:
    reading = read([MONTH, HEAD, [1, "Huyện A", 5, 1], ["", "Người lập biểu"], ["", "Huyện B", 9, 9]])
    (aside,) = reading.asides
    assert (aside.rule, aside.locator) == ("S02", "B!C5")
    assert "B!D5" in aside.reason


def test_a_total_of_the_last_section_is_not_the_whole() -> None:
    rows = [MONTH, HEAD, ["I", "Khối huyện"], [1, "Huyện A", 5, 1], ["II", "Khối khác"], [2, "Đảng ủy B", 7, 1], [3, "Đảng ủy C", 2, 1]]
    reading = read([*rows, ["", "Cộng", 9, 2]])
    assert "60" not in {unit for unit, _ in said(reading).values()}
    assert [aside.locator for aside in reading.asides] == ["B!C8"]
    whole = read([*rows, ["", "Cộng", 14, 3]])
    assert said(whole)["B!C8"] == ("60", 14)


def test_sections_own_totals_are_compared_and_not_added() -> None:
    reading = read([
        MONTH, HEAD, ["I", "Khối huyện"], [1, "Huyện A", 5, 1], [2, "Huyện B", 1, 1], ["", "Cộng mục I", 6, 3], ["II", "Khối khác"],
        [3, "Đảng ủy C", 7, 1], ["", "Cộng mục II", 7, 1], ["", "Mang sang", 13, 3], ["", "Tổng cộng", 13, 3],
    ])  # fmt: skip
    assert said(reading)["B!C11"] == ("60", 13)
    assert len(reading.statements) == 8
    assert [(each.severity, each.locator) for each in reading.remarks] == [
        ("warning", "B!D6"), ("info", "B!C6"), ("info", "B!C9"), ("info", "B!C10"),
    ]  # fmt: skip
    assert "1 + 1 = 2" in reading.remarks[0].en
    assert reading.warning is not None
    assert "B!D6" in reading.warning


def test_figures_without_a_name_are_kept_aside() -> None:
    reading = read([MONTH, HEAD, [1, "Huyện A", 5, 1], [2, "", 7, 1]])
    assert [(aside.rule, aside.locator) for aside in reading.asides] == [("S02", "B!C4")]


def test_a_fraction_that_became_a_date_says_what_was_typed() -> None:
    reading = read([MONTH, HEAD, [1, "Huyện A", date(2012, 12, 7), date(2015, 7, 1)]], styles={(3, 4): Style("mmm-yy", "")})
    first, second = reading.asides
    assert (first.locator, first.rule) == ("B!C3", "S07")
    assert "7/12" in first.reason
    assert "2012-12-07" in first.reason
    assert "“7/15”" in second.reason


def test_a_number_drawn_as_a_fraction_is_no_ratio() -> None:
    reading = read([MONTH, HEAD, [1, "Huyện A", 0.4666666666, 1]], styles={(3, 3): Style("# ??/??", "")})
    (aside,) = reading.asides
    assert "7/15" in aside.reason


def test_a_title_merged_over_the_columns_is_no_heading() -> None:
    reading = read([["", "", "KẾT QUẢ"], ["", "", "tháng 5 năm 2012"], HEAD, [1, "Huyện A", 5, 1]],
                   merged=[Span(1, 3, 1, 4), Span(2, 3, 2, 4)])  # fmt: skip
    assert len(reading.statements) == 2


def test_another_period_beside_the_figures_is_not_taken_for_this_one() -> None:
    with pytest.raises(NeedsMapping):
        read([MONTH, ["STT", "Tên đơn vị", "Năm trước", ""], ["", "", "Số lớp học", "Số đảng viên"], [1, "Huyện A", 5, 1]],
             merged=[Span(2, 1, 3, 1), Span(2, 2, 3, 2), Span(2, 3, 2, 4)])  # fmt: skip


def test_a_part_of_a_row_is_not_taken_for_the_whole() -> None:
    """ "Số đảng viên" under "Khối doanh nghiệp" is not the sender's."""
    with pytest.raises(NeedsMapping):
        read([MONTH, ["TT", "Chỉ tiêu", "Thực hiện"], ["I", "Khối doanh nghiệp", ""], [1, "Số đảng viên", 7]])


def test_hidden_figures_nobody_settled_do_not_ask_and_are_said() -> None:
    reading = read([MONTH, [*HEAD, "Số nháp"], [1, "Huyện A", 5, 1, 99]], hidden_columns={5})
    assert len(reading.statements) == 2
    (aside,) = reading.asides
    assert (aside.rule, aside.locator) == ("S02", "B!E2")


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Cộng", Label.TOTAL), ("TỔNG CỘNG:", Label.TOTAL), ("Tổng số", Label.TOTAL), ("Toàn tỉnh", Label.TOTAL),
        ("Tổng cộng (I+II)", Label.TOTAL), ("Tổng cộng toàn tỉnh", Label.TOTAL), ("Cộng mục I", Label.SECTION_TOTAL),
        ("Cộng I", Label.SECTION_TOTAL), ("Cộng các huyện", Label.SECTION_TOTAL), ("Cộng mang sang", Label.CARRIED),
        ("Trong đó: nữ", Label.OF_WHICH), ("Chia ra", Label.OF_WHICH), ("Tổng công ty Xây dựng", Label.UNIT),
        ("Xã Cộng Hòa", Label.UNIT), ("Cộng Hòa", Label.UNIT), ("Huyện Tổng", Label.UNIT), ("Tổng kho 3", Label.UNIT),
    ],
)  # fmt: skip
def test_a_sum_is_told_from_a_unit_by_its_label(label: str, kind: Label) -> None:
    assert label_kind(label) is kind


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("1. Huyện Bắc Bình", "Huyện Bắc Bình"), ("1- Huyện A", "Huyện A"), ("- Sở Y tế", "Sở Y tế"), ("a) Ban Dân vận", "Ban Dân vận"),
        ("II. Khối", "Khối"), ("X. Đông Hà", "X. Đông Hà"), ("P. Hàng Bạc", "P. Hàng Bạc"), ("TP. Vinh", "TP. Vinh"), ("H. Hòa An", "H. Hòa An"),
        ("Phường 1", "Phường 1"), ("3", "3"),
    ],
)  # fmt: skip
def test_an_enumerator_is_no_part_of_a_name(label: str, bare: str) -> None:
    assert without_enumerator(label) == bare


def test_rows_stand_as_deep_as_their_enumerators() -> None:
    levels = [level_of(stt, "") for stt in ("A", "I", "1", "1.1", "1.1.1", "a)", "-", "+", "")]
    assert levels == [0, 1, 2, 3, 4, 4, 5, 6, None]


def test_a_heading_has_one_key_however_it_is_written() -> None:
    assert key("Tỷ lệ\n(%)") == key("tỉ lệ %") == key("TỶ LỆ (%) [1]") == key("Ty\u0309 le\u0323\u0302 %")
    assert key("Đã ban hành") != key("Chưa ban hành")


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("tháng 5 năm 2012", ["2012-05"]), ("Tháng 5-2012", ["2012-05"]), ("tháng 05/2012", ["2012-05"]), ("quý II/2012", ["2012-06"]),
        ("Quí 4 năm 2012", ["2012-12"]), ("đến 30/5/2012", ["2012-05"]), ("tính đến hết ngày 30 tháng 5 năm 2012", ["2012-05"]),
        ("6 tháng đầu năm 2012", ["2012-06"]), ("9 tháng năm 2012", ["2012-09"]), ("Năm 2012", ["2012"]), ("năm báo cáo: 2012", ["2012"]),
        ("Bình Thuận, ngày 03 tháng 6 năm 2012", []), ("Kế hoạch 28-KH/TU ngày 12/4/2012", []), ("nhiệm kỳ 2010-2015", []),
        ("tháng 13 năm 2012", ["2012"]), ("tháng 5 (so với tháng 4 năm 2012)", ["2012-04"]), ("Số 123", []),
    ],
)  # fmt: skip
def test_a_period_is_what_a_title_names_and_no_date(text: str, periods: list[str]) -> None:
    assert [told.period for told in periods_in(text, "B!A1")] == periods


def test_a_period_that_disagrees_names_both() -> None:
    told = periods_in("tháng 5 năm 2012", "B!A1")
    assert settle(told, "2012-05") == settle(told, None) == "2012-05"
    with pytest.raises(Unreadable, match=r"2012-05.*2012-06"):
        settle(told, "2012-06")
    assert without_periods("BÁO CÁO tháng 5 năm 2012 (đến 30/5/2012)") == without_periods("Báo cáo tháng 6 năm 2012 (đến 30/6/2012)")


def test_names_under_an_unknown_heading_are_asked_about_not_taken() -> None:
    rows = [MONTH, ["STT", "Danh sách", "Số lớp học", "Số đảng viên"], [1, "Huyện A", 5, 7], [2, "Huyện B", 1, 2]]
    with pytest.raises(NeedsMapping) as needed:
        read(rows)
    (table,) = needed.value.proposal.tables
    assert [(heading.text, heading.choice.role) for heading in table.headings if heading.is_open] == [("Danh sách", "unit_name")]
    grid = Grid("B", rows, Marks)
    reading = read_book(
        Book("xlsx", (grid,)), "b.xlsx", sender_code="60", period=None, catalogue=catalogue(),
        confirmed={table.form_key: table.accepted()},
    )  # fmt: skip
    assert said(reading)["B!C3"] == ("Huyện A", 5)
    assert len(reading.statements) == 4


def test_a_proposal_names_its_table_as_people_do() -> None:
    with pytest.raises(NeedsMapping) as needed:
        read([["TỈNH ỦY BÌNH THUẬN"], ["BÁO CÁO kết quả học tập"], MONTH, ["STT", "Tên đơn vị", "Số gì đó"], [1, "Huyện A", 5]])
    assert needed.value.proposal.tables[0].title == "BÁO CÁO kết quả học tập · tháng 5 năm 2012"


def test_totals_of_two_tables_are_none_of_them_the_whole() -> None:
    """Each table has its own "Cộng": taken both, one of them would stand for the province."""
    reading = read([MONTH, HEAD, [1, "Huyện A", 5, 1], ["", "Cộng", 5, 1], HEAD, [1, "Đảng ủy B", 2, 1], ["", "Cộng", 2, 1]])
    assert "60" not in {unit for unit, _ in said(reading).values()}
    assert sorted(aside.locator for aside in reading.asides) == ["B!C4", "B!C7", "B!D4", "B!D7"]
    assert reading.rows_read == len(reading.statements) + len(reading.asides)


def test_a_footnote_mark_is_no_part_of_a_name() -> None:
    assert set(said(read([MONTH, HEAD, [1, "Huyện A (*)", 5, 1]])).values()) == {("Huyện A", 5), ("Huyện A", 1)}
