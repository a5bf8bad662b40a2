"""How figures are written. A dot read as a decimal point turns 43.240 people into forty-three."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonghop.reports import vietnamese as vn

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(("given_", "written"), [
    (43240, "43.240"), (0, "0"), (-1, "−1"), (None, "–"), (Decimal("1.6218"), "1,62"), (1234567, "1.234.567"),
    (Decimal("15"), "15"),
])
def test_numbers(given_: int | Decimal | None, written: str) -> None:
    assert vn.number(given_) == written


@pytest.mark.parametrize(("rate", "written"), [
    (Decimal(67) / 73, f"91,78{NBSP}%"), (Decimal(1), f"100{NBSP}%"), (Decimal("0.5"), f"50{NBSP}%"), (None, "–"),
    (Decimal("0.00005"), f"0,01{NBSP}%"),  # half-up
])
def test_rates(rate: Decimal | None, written: str) -> None:
    assert vn.percent(rate) == written


def test_a_range_shows_both_ends_and_one_of_equal_ends() -> None:
    assert vn.span(Decimal("0.20634"), Decimal(1)) == f"20,63{NBSP}–{NBSP}100{NBSP}%"
    assert vn.span(Decimal(1), Decimal(1)) == f"100{NBSP}%"
    assert vn.span(None, Decimal(1)) == "–"


@given(st.integers(-10**12, 10**12))
def test_a_whole_number_reads_back(number: int) -> None:
    assert int(vn.number(number).replace(".", "").replace("−", "-")) == number


def test_places_are_said_in_vietnamese_without_repeating_the_file() -> None:
    assert vn.place("line 17") == "dòng 17"
    assert vn.place("a.csv · line 7", "a.csv") == "dòng 7"
    assert vn.place("Biểu 1!C7", "a.xlsx") == "Biểu 1!C7"
    assert vn.place(None) == "–"


def test_values_of_findings() -> None:
    assert vn.value("52.05%") == f"52,05{NBSP}%"
    assert vn.value("88") == "88"
    assert vn.value("73, 88") == "73, 88"
    assert vn.both("một mã / a code") == ("một mã", "a code")
    assert vn.both("221 / 222 / 222") == ("221 / 222 / 222", "")


def test_moments_are_in_vietnam_time() -> None:
    assert vn.moment(datetime(2026, 11, 21, 18, 30, tzinfo=UTC)) == "22-11-2026 01:30"


def test_raw_rows_leave_empty_cells_out() -> None:
    assert vn.row('{"note": "", "numerator": "-5", "unit_code": "593", "row_number": 4}') == [
        ("unit_code", "593"), ("numerator", "-5")]
    assert vn.row({"cells": ["593", "-5"], "period": "x"}) == [("cells", "593 | -5")]
    assert vn.row("{not json") is None
    assert vn.row("88") is None
