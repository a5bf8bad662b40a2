"""The grammar of reports, a construct a case: what is claimed, and what only looks like it."""

from __future__ import annotations

import pytest

from tonghop.narrative.check import check_text
from tonghop.narrative.claims import Claim


def claims(text: str) -> list[Claim]:
    return check_text(text).claims


def told(text: str) -> list[tuple[str, int | None, int | None, str | None]]:
    return [(each.kind, each.numerator, each.denominator, each.stated_rate) for each in claims(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Có 61/64 cơ quan ban hành kế hoạch, đạt 95,31%.", [("ratio", 61, 64, "95,31%")]),
        ("Có 318 trong tổng số 341 đồng chí dự học (đạt 93,3%).", [("ratio", 318, 341, "93,3%")]),
        ("Chỉ có 5 đồng chí trong số 9 đồng chí được giới thiệu.", [("ratio", 5, 9, None)]),
        ("Đã có 2.615 trên 2.798 đảng viên đăng ký.", [("ratio", 2615, 2798, None)]),
        ("Có 12/tổng số 15 chi bộ làm xong.", [("ratio", 12, 15, None)]),
        ("Khoảng 35 / 41 xã đạt chuẩn.", [("ratio", 35, 41, None)]),
        ("Toàn huyện có 12.480/12.951 đảng viên dự học, tỉ lệ 96,4 %.", [("ratio", 12480, 12951, "96,4 %")]),
        ("Đạt 91,78% (67/73 cơ quan).", [("ratio", 67, 73, "91,78%")]),
        ("Khối Đảng 30/40, khối chính quyền 45/50, lần lượt đạt 75% và 90%.",
         [("ratio", 30, 40, "75%"), ("ratio", 45, 50, "90%")]),
        ("Có 52/55 chi bộ làm xong. Con số ấy, tương đương 94,5%, là cao.", [("ratio", 52, 55, "94,5%")]),
        ("Cán bộ chủ chốt có 1.484 đồng chí (đạt 96%).", [("count_rate", 1484, None, "96%")]),
        ("Kết nạp 138 đảng viên, bằng 46% chỉ tiêu.", [("count_rate", 138, None, "46%")]),
        ("Trong đó nữ 127 đ/c (24,5%), dưới 35 tuổi 96 đ/c.", [("count_rate", 127, None, "24,5%"), ("count", 96, None, None)]),
        ("Mở được 12 450 lượt học, với trên 17.903 đảng viên.", [("count", 12450, None, None), ("count", 17903, None, None)]),
        ("Còn 08 xã chưa thực hiện.", [("count", 8, None, None)]),
        ("Chưa thu 69. Không hợp lệ 14.", [("count", 69, None, None), ("count", 14, None, None)]),
        ("Kỷ luật 86 đảng viên: khiển trách 51, cảnh cáo 24, khai trừ 11.",
         [("count", 86, None, None), ("count", 51, None, None), ("count", 24, None, None), ("count", 11, None, None)]),
        ("Mỗi tổ từ 5 - 7 đồng chí.", [("count", None, None, None)]),
        ("Phấn đấu từ 90% đến 95% chi bộ.", [("rate", None, None, "90% đến 95%")]),
        ("Tỷ lệ hộ nghèo còn 6,41%.", [("rate", None, None, "6,41%")]),
        ("Có khoảng 12 nghìn lượt người xem.", [("count", 12000, None, None)]),
        ("Hệ số quy hoạch từ 1,5 đến 2 lần.", [("rate", None, None, "1,5 đến 2 lần")]),
        ("Kết nạp 812/750 đảng viên, bằng 108,27%.", [("ratio", 812, 750, "108,27%")]),
        ("Huyện | Số lớp | Lượt người\nMường La | 38 | 2.140\nMai Sơn | 47 | 2.815",
         [("count", 38, None, None), ("count", 2140, None, None), ("count", 47, None, None), ("count", 2815, None, None)]),
        ("Có 15/15 huyện, thị, thành ủy; 20/20 đơn vị khác.", [("ratio", 15, 15, None), ("ratio", 20, 20, None)]),
        ("Cử 02 (hai) đồng chí đi học.", [("count", 2, None, None)]),
        ("Huy hiệu Đảng: 60 năm 31, 55 năm 44.", [("count", 31, None, None), ("count", 44, None, None)]),
        ("Đến nay 67 của 73 đơn vị xong.", [("ratio", 67, 73, None)]),
        ("Có 67 đơn vị/73 đơn vị xong; 12 cơ quan trên 15 cơ quan xong.", [("ratio", 67, 73, None), ("ratio", 12, 15, None)]),
        ("Đến nay 67 (trong tổng số 73) đơn vị xong.", [("ratio", 67, 73, None)]),
        ("Có 88 trên 73 đơn vị (120,55%) xong.", [("ratio", 88, 73, "120,55%")]),
        ("Kế hoạch 12 của 63 tỉnh.", [("count", 63, None, None)]),
        ("Có 12 ý kiến của 30 hộ.", [("count", 12, None, None), ("count", 30, None, None)]),
        ("Có 88 đồng chí trong tổng số 12 chi bộ.", [("count", 88, None, None), ("count", 12, None, None)]),
        ("Trong 73 đơn vị (trong số 67 đơn vị đã xong).", [("count", 73, None, None), ("count", 67, None, None)]),
        ("96% (3.484) trong tổng số 3.800 đảng viên.", [("count_rate", 3484, None, "96%"), ("count", 3800, None, None)]),
        ("Đạt 96% tổng số 3.800 đảng viên, với 3.648 đồng chí.", [("count", 3800, None, None), ("count_rate", 3648, None, "96%")]),
        ("Trong số 3.800 đảng viên, 96% (3.648 đồng chí) dự.", [("count", 3800, None, None), ("count_rate", 3648, None, "96%")]),
        ("Đạt 96% (2) so với năm trước.", [("rate", None, None, "96%")]),
    ],
)  # fmt: skip
def test_what_a_report_claims(text: str, expected: list[tuple[str, int | None, int | None, str | None]]) -> None:
    # Without this: a figure that a province stated is lost, or gets another's rate.
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch số 28-KH/TU ngày 03-4-2012 và Công văn 926-CV/BTCTU.",
        "Nghị định số 14/2008-NĐ/CP; Nghị định 56/2015/NĐ-CP; Hướng dẫn 11/HD-BTCTW; Công văn số 217 -CV/TU.",
        "Theo Hướng dẫn 11 của Ban Tổ chức, Hướng dẫn số 22 trước đây và Luật 35/2018/QH14.",
        "Ngày 22/5/2008, ngày 22  tháng 5 năm 2008, đến 30/6, trước 17/4, sáng 04-7, từ 25/4 đến 3/5.",
        "Nhiệm kỳ 2010-2015, giai đoạn 2011- 2020, năm 2012, quý I/2013, 6 tháng đầu năm, tháng 9-2012.",
        "Nghị quyết Trung ương 4 khóa 11, Hội nghị lần thứ 6, bước 1, T.Ư 4, TW4, Điều 30, khoản 2.",
        "Điện thoại: 0321 3863 112; hotline 0239.3693.427; +84.0204.3 856 624; 0912.345.678.",
        "Lúc 7:31' 16/2/2013, 09:17|21/02/2017, từ 7h30 đến 17 giờ 30, trực 24/7 và 24/24 giờ.",
        "Điểm trung bình 7,8/10, đạt 92/100 điểm, cao nhất 98/100 điểm; thắng 2-1; xếp thứ 5/63.",
        "Chi bộ 3 họp với chi bộ thôn 7, tổ dân phố số 5, phường 2, quốc lộ 1A, đường 30/4.",
        "Bình quân 14,28 đảng viên; hệ số 1,71 lần; trung bình 15,2 tiêu chí/xã.",
        "Thu 148,7 tỷ đồng, 36.200 ha, 58.400 tấn, rộng 826 km2, 12 tháng, 60 năm tuổi Đảng, 81 tuổi.",
        "Tăng 8,4% so với cùng kỳ, giảm 1,2 điểm phần trăm.",
        "Khoảng 1/3 số phiếu đồng ý.",
        "1- Đẩy mạnh công tác.\n2. Triển khai.\n3) Chú ý.\n(4) Tiếp tục.\n5.1. Kiểm tra.",
        "Lượt xem: 1.234 | Bình luận (5)\nBản quyền © 2020",
        "Ghi nhận của tác giả [17, tr.24], xem Bảng 2.4 và Phụ lục 3.",
    ],
)
def test_what_only_looks_like_a_claim(text: str) -> None:
    # Without this: a document number is summed, a date becomes a ratio, a phone a count.
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "bound", "rate_bound"),
    [
        ("Có trên 1.200 đồng chí dự.", "lower", None),
        ("Gần 300 hộ tham gia.", "upper", None),
        ("Khoảng 40 đơn vị.", "about", None),
        ("Có 11/14 chi bộ, đạt gần 80%.", None, "upper"),
        ("Có 15/20 chi bộ, đạt trên 70%.", None, "lower"),
    ],
)
def test_a_bound_is_no_exact_figure(text: str, bound: str | None, rate_bound: str | None) -> None:
    # Without this: "trên 70%" of 15/20 is reported as a wrong rate.
    (claim,) = claims(text)
    assert (claim.bound, claim.rate_bound) == (bound, rate_bound)
    assert claim.consistent is not False


@pytest.mark.parametrize(
    "text",
    [
        "Đạt tỷ lệ 95,24%, với 120/126 chi bộ hoàn thành.",
        "Có 95,24% (tương ứng 120/126) chi bộ hoàn thành.",
        "Có 95,24% số chi bộ (120/126) hoàn thành.",
        "Đã có 120/126 chi bộ hoàn thành, cho tỷ lệ 95,24%.",
        "Có 120/126 chi bộ hoàn thành. Tỷ lệ hoàn thành là 95,24%.",
        "Có 120/126 chi bộ hoàn thành. Tỷ lệ này đạt 95,24%, cao hơn năm trước.",
        "Có 120/126 chi bộ hoàn thành; tỷ lệ chung toàn huyện là 95,24%.",
        "Có 120/126 chi bộ hoàn thành, đạt tỷ lệ rất cao: 95,24%.",
        "Mường La | 120/126 | 95,24%",
        "Có 120/126 (95,24%) chi bộ hoàn thành.",
        "Có 120/126 chi bộ, đạt tỷ lệ 95,24% (tăng 2,1% so với năm 2011).",
    ],
)
def test_a_rate_is_its_ratio_s_however_it_is_joined(text: str) -> None:
    # Without this: the rate is a claim of its own, and its error is never seen.
    assert told(text) == [("ratio", 120, 126, "95,24%")]


def test_a_rate_apart_takes_the_numbers_of_its_ratio() -> None:
    # Without this: 46,6% two sentences later is a rate of nothing, and nobody can check it.
    text = ("Có 41/88 đơn vị và 15/15 huyện ủy xây dựng kế hoạch. Nhìn chung làm tốt."
            " Tuy nhiên tiến độ còn chậm (mới có 46,6% đơn vị gửi về).")
    first, _, rate = claims(text)
    assert (first.kind, first.stated_rate) == ("ratio", None)
    assert (rate.kind, rate.numerator, rate.denominator, rate.consistent) == ("rate", 41, 88, True)


def test_the_span_begins_at_the_digit_and_takes_its_rate_along() -> None:
    text = "Đã có 61/64 cơ quan, đơn vị cấp tỉnh ban hành kế hoạch (đạt 95,31%), còn 03 đơn vị chưa làm."
    first, second = claims(text)
    assert first.quote == "61/64 cơ quan, đơn vị cấp tỉnh ban hành kế hoạch (đạt 95,31%)"
    assert second.quote == "03 đơn vị"
    assert all(text[each.start : each.end] == each.quote for each in (first, second))


def test_decomposed_letters_and_hard_spaces_move_no_offset() -> None:
    # Without this: a report from a Mac is quoted a few letters off, and the steward marks the wrong words.
    import unicodedata

    plain = "Các cấp ủy có 61/64 cơ quan ban hành kế hoạch, đạt 95,31%; còn 03 đơn vị chưa làm."
    for text in (unicodedata.normalize("NFD", plain), plain.replace(" ", "\u00a0"), plain.replace("ư", "ƣ"), "\ufeff" + plain):
        found = claims(text)
        assert [each.numerator for each in found] == [61, 3]
        assert all(text[each.start : each.end] == each.quote for each in found)
        assert all(each.quote[0].isdigit() for each in found)
    assert len(claims(plain)) == 2


def test_the_population_is_what_is_counted() -> None:
    for text, population in (
        ("Có 13/15 cấp ủy trực thuộc tỉnh thành lập tổ.", "cấp ủy trực thuộc tỉnh"),
        ("Tại các sở, ban, ngành cấp tỉnh, có 38/73 đơn vị đăng ký.", "các sở, ban, ngành cấp tỉnh"),
        ("Cán bộ ngoài Đảng có 23.540 người.", "Cán bộ ngoài Đảng"),
        ("Có 41/88 đơn vị là sở, ban, ngành tỉnh làm.", "đơn vị là sở, ban, ngành tỉnh"),
        ("Ở cấp tỉnh: Lớp đầu dành cho cán bộ chủ chốt, quản lý các sở có 45/50 đồng chí dự.", "cán bộ chủ chốt, quản lý các sở"),
        ("Đã có 7/9 tổ giúp việc cấp ủy cấp trên cơ sở ra mắt.", "tổ giúp việc cấp ủy cấp trên cơ sở"),
    ):
        assert claims(text)[0].population == population


def test_a_line_that_was_wrapped_does_not_end_what_it_says() -> None:
    # Without this: a PDF, or a text typed at eighty columns, loses every figure at the end of a line.
    for end in ("\n", "\r\n"):
        text = (f"Đến nay toàn huyện đã có 120/126 chi bộ trực thuộc hoàn thành việc kiểm{end}điểm, đạt tỷ lệ 95,24%, còn lại có 12"
                f"{end}chi bộ cơ quan.{end}II. Cấp huyện{end}8/8 ban thường vụ xong.")
        found = claims(text)
        assert [(each.numerator, each.denominator, each.stated_rate) for each in found] == [(120, 126, "95,24%"), (12, None, None), (8, 8, None)]
        assert all(text[each.start : each.end] == each.quote for each in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Khối trường học xong 26/29. Khối xã xong 14/15. Tính riêng trường học thì đạt 89,7%.", ("ratio", 26, 29, "89,7%")),
        ("Có 211/230 chi bộ áp dụng sổ mới.\n\nBa năm sau nhìn lại.\n\nĐộ phủ 91,7% số chi bộ là đáng mừng.", ("ratio", 211, 230, "91,7%")),
        ("- Các phòng, ban: 18/20 tập thể.\nKhối phòng, ban tỷ lệ tập thể xong là 90%.", ("ratio", 18, 20, "90%")),
        ("Ban tổ chức phát 340 phiếu, trong tuần thu được 317 phiếu. Như vậy tỷ lệ thu về là 93,24%.", ("count_rate", 317, None, "93,24%")),
        ("Hỏi 60 người thì 51 người trả lời được, nghĩa là 85%.", ("count_rate", 51, None, "85%")),
        ("100% các đảng ủy trực thuộc và ban cán sự đảng đã có kế hoạch riêng của mình (14/14).", ("ratio", 14, 14, "100%")),
        ("Các phòng, ban 11/12, đạt 91,7%.", ("ratio", 11, 12, "91,7%")),
        ("Khối trung học phổ thông 31/35 trường, đạt 88,6%.", ("ratio", 31, 35, "88,6%")),
    ],
)
def test_a_rate_told_later_is_its_figure_s(text: str, expected: tuple[object, ...]) -> None:
    # Without this: a rate whose figure stands a line above is never held against it.
    found = told(text)
    assert expected in found
    assert not [each for each in found if each[0] == "rate"]


@pytest.mark.parametrize(
    "text",
    [
        "Có 26/29 trường xong. Sản lượng lúa đạt 88,1%.",
        "Có 17/17 nơi triển khai. Tỷ lệ đảng viên dự học lần lượt qua các năm là 91,3%, 93,8% và 95,2%.",
        "Có 211/230 chi bộ xong. Tỷ lệ hộ nghèo còn 12,4%.",
    ],
)
def test_a_rate_of_something_else_stays_alone(text: str) -> None:
    # Without this: a harvest becomes the result of a congress.
    assert told(text)[0][3] is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Số học viên ba năm là 115, 127, 139; cộng 381.", [115, 127, 139, 381]),
        ("Có 72 kiến nghị: về lương 30, nhà ở 22, việc làm 20.", [72, 30, 22, 20]),
        ("Cấp tỉnh mở 4 cuộc, cấp huyện 31 cuộc, cấp xã 164.", [4, 31, 164]),
        ("Đã triệu tập 12 450 người.", [12450]),
        ("Phòng họp số 5 Thành ủy; Đoàn công tác số 3 Tỉnh ủy; giao mỗi buổi 4 tiết.", []),
        ("1; Tin, bài; 1 250\n2; Cộng tác viên; 318", [1250, 318]),
        ("Thắng với tỷ số 2-1 (21/17, 22/20, 21/18).", []),
        ("Kết nạp vượt chỉ tiêu 9,3%.", []),
    ],
)
def test_what_counts_and_what_does_not(text: str, numbers: list[int]) -> None:
    # Without this: a label that ends like a name of a class or a ward hides its figure.
    assert [each.numerator for each in claims(text)] == numbers
