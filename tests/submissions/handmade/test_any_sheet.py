"""Whatever stands in a sheet: it is read, asked about or refused, never a crash; and no figure of it is made up."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.submissions.handmade.test_corpus import catalogue
from tonghop.submissions.books.book import Book
from tonghop.submissions.books.grid import Grid, Marks, Span
from tonghop.submissions.handmade.mapping import NeedsMapping
from tonghop.submissions.handmade.reader import read_book
from tonghop.submissions.reading import Unreadable

_WORDS = (
    "STT", "Tên đơn vị", "Mã ĐV", "Chỉ tiêu", "Cơ quan ban hành kế hoạch", "Tổng số", "Đã ban hành", "Tỷ lệ %", "Số lớp học",
    "Thực hiện", "Tổng cộng", "Cộng mục I", "Trong đó:", "I", "II", "a)", "-", "Huyện Bắc Bình", "Toàn tỉnh", "Người lập biểu",
    "tháng 5 năm 2012", "4 = 2:3", "5=(1+2)x3:0", "2=4+...+14", "67/73", "67/73 (91,78%)", "1.234", "X", "…", "không", "(*)", "Ghi chú",
)  # fmt: skip
_VALUES = st.one_of(
    st.just(""), st.sampled_from(_WORDS), st.integers(0, 99), st.floats(), st.booleans(), st.dates(), st.text(max_size=12)
)
_SPANS = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 5), st.integers(0, 3), st.integers(0, 3)), max_size=3)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(_VALUES, min_size=1, max_size=7), min_size=1, max_size=12), _SPANS, st.sets(st.integers(1, 9)))
def test_any_sheet_is_read_or_asked_about_or_refused(rows: list[list[Any]], spans: list[Any], hidden: set[int]) -> None:
    merged = [Span(top, left, top + down, left + across) for top, left, down, across in spans]
    head = [["tháng 5 năm 2012"], ["STT", "Tên đơn vị", "Số lớp học", "Số CQ đã ban hành KH", "Tỷ lệ CQ đã ban hành KH"]]
    grid = Grid("S", [*head, *rows], lambda: Marks(hidden_rows=hidden, merged=merged))
    try:
        reading = read_book(
            Book("xlsx", (grid,)), "a.xlsx", sender_code="60", period=None, catalogue=catalogue(), confirmed={}
        )
    except (NeedsMapping, Unreadable):
        return
    assert len({(aside.row_number, aside.rule, aside.locator) for aside in reading.asides}) == len(reading.asides)
    for row in reading.statements:
        sheet, _, place = row.locator.partition("!")
        found = re.fullmatch(r"([A-Z]+)(\d+)", place)
        assert sheet == "S"
        assert found is not None
        cell = grid.cell(int(found[2]), ord(found[1]) - 64)
        digits = re.sub(r"\D", "", cell.text)
        assert row.numerator_value in (None, 0) or str(row.numerator_value) in digits, "made up"
