"""Numbers as provinces write them: the traps of real reports, and properties that hold for every number."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonghop.submissions.numbers import (
    LARGEST,
    Count,
    Mark,
    NumberRefused,
    Rate,
    count_from_number,
    parse_count,
    parse_rate,
    rate_from_number,
    states_rate,
)


# A blank read as zero would publish "nobody" where nobody answered.
@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("", Mark.MISSING, None),
        ("  ", Mark.MISSING, None),
        ("\u00a0", Mark.MISSING, None),
        ("…", Mark.MISSING, None),
        ("....", Mark.MISSING, None),
        ("…. ", Mark.MISSING, None),
        ("0", Mark.NIL, 0),
        ("00", Mark.NIL, 0),
        ("-", Mark.NIL, 0),
        ("–", Mark.NIL, 0),
        ("—", Mark.NIL, 0),
        ("không", Mark.NIL, 0),
        ("Không có", Mark.NIL, 0),
        ("kho\u0302ng", Mark.NIL, 0),
        ("X", Mark.NOT_APPLICABLE, None),
        ("x", Mark.NOT_APPLICABLE, None),
        ("06", Mark.REPORTED, 6),
        ("43.240", Mark.REPORTED, 43240),
        ("1.871", Mark.REPORTED, 1871),
        ("12 450", Mark.REPORTED, 12450),
        ("12\u00a0450", Mark.REPORTED, 12450),
        ("1.517.903", Mark.REPORTED, 1517903),
        (" 15 ", Mark.REPORTED, 15),
        (str(LARGEST), Mark.REPORTED, LARGEST),
    ],
)
def test_count_as_written(text: str, mark: Mark, value: int | None) -> None:
    assert parse_count(text) == Count(mark, value)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("khoảng năm", "S07"),
        ("chưa có", "S07"),
        ("12 người", "S07"),
        ("67/73", "S07"),
        ("1e5", "S07"),
        ("+5", "S07"),
        ("１５", "S07"),
        ("2012-07-12", "S07"),
        ("#DIV/0!", "S07"),
        ("=A1", "S07"),
        ("9" * 5000, "S07"),
        (str(LARGEST + 1), "S07"),
        ("1.000.000.000.000", "S07"),
        ("43 24", "S07"),
        ("1.234 567", "S07"),
        ("-5", "S08"),
        ("- 5", "S08"),
        ("−5", "S08"),
        ("-43.240", "S08"),
        ("43,240", "S08"),
        ("4,5", "S08"),
        ("4.5", "S08"),
        ("43.24", "S08"),
        ("43.2400", "S08"),
        ("0.123", "S08"),
        ("1234.567", "S08"),
    ],
)
def test_count_refused(text: str, rule: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        parse_count(text)
    assert refused.value.rule == rule
    assert len(refused.value.en) < 200  # a cell of a thousand letters must not flood the page


@given(st.integers(min_value=1, max_value=LARGEST), st.sampled_from([".", " ", "\u00a0"]))
def test_grouped_count_is_the_count(value: int, separator: str) -> None:
    grouped = f"{value:,}".replace(",", separator)
    assert parse_count(grouped) == parse_count(str(value)) == Count(Mark.REPORTED, value)


def _outcome(read: Callable[[], Count]) -> Count | str:
    """The count, or the rule that refused it; anything else is a crash."""
    try:
        return read()
    except NumberRefused as refused:
        return refused.rule


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    outcome = _outcome(lambda: parse_count(text))
    assert outcome in ("S07", "S08") or isinstance(outcome, Count)
    if isinstance(outcome, Count):
        assert (outcome.value is None) == (outcome.mark in (Mark.MISSING, Mark.NOT_APPLICABLE))


@given(st.floats() | st.integers(-(10**6), 10**6).map(float))
def test_any_excel_number_is_read_or_refused(value: float) -> None:
    outcome = _outcome(lambda: count_from_number(value))
    is_count = isfinite(value) and 0 <= value < LARGEST and value == int(value)
    assert (isinstance(outcome, Count) and outcome.value == value) if is_count else outcome in ("S07", "S08")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("91,78%", Rate(Decimal("0.9178"), 2)),
        ("91.78 %", Rate(Decimal("0.9178"), 2)),
        ("76,3\u00a0%", Rate(Decimal("0.763"), 1)),
        ("89%", Rate(Decimal("0.89"), 0)),
        ("91,78", Rate(Decimal("0.9178"), 2)),
        ("91,780", Rate(Decimal("0.9178"), 3)),
        ("1.871", Rate(Decimal("0.01871"), 3)),
        ("0", Rate(Decimal(0), 0)),
        ("0,00%", Rate(Decimal(0), 2)),
        ("150%", Rate(Decimal("1.5"), 0)),
        ("", None),
        ("…", None),
        ("-", None),
        ("không có", None),
        ("X", None),
    ],
)
def test_rate_as_written(text: str, rate: Rate | None) -> None:
    assert parse_rate(text) == rate
    assert states_rate(text) == (rate is not None)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("trên 90%", "S07"),
        ("1.234,5%", "S07"),
        ("90%%", "S07"),
        ("67/73", "S07"),
        ("-5%", "S08"),
        ("%", "S07"),
    ],
)
def test_rate_refused(text: str, rule: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        parse_rate(text)
    assert refused.value.rule == rule


@given(st.integers(min_value=0, max_value=20000), st.integers(min_value=0, max_value=6), st.sampled_from([",", "."]))
def test_rate_keeps_its_decimals(number: int, decimals: int, point: str) -> None:
    written = f"{Decimal(number).scaleb(-decimals):.{decimals}f}".replace(".", point)
    rate = parse_rate(written + "%")
    assert rate == parse_rate(written) == Rate(Decimal(number).scaleb(-decimals - 2), decimals)


# R01 compares at the decimals the sender saw; Excel stores more than it shows.
@pytest.mark.parametrize(
    ("value", "number_format", "text", "rate"),
    [
        (67 / 73, "0.00%", "91,78%", Rate(Decimal("0.9178"), 2)),
        (0.5, "0%", "50%", Rate(Decimal("0.5"), 0)),
        (0.455, "0%", "46%", Rate(Decimal("0.46"), 0)),
        (91.78, "General", "91,78", Rate(Decimal("0.9178"), 2)),
        (89, "General", "89", Rate(Decimal("0.89"), 0)),
        (91.78, "0.0", "91,8", Rate(Decimal("0.918"), 1)),
        (100, "@", "100", Rate(Decimal(1), 0)),
        (100 * 67 / 73, "General", "91,78082192", Rate(Decimal("0.9178082192"), 8)),  # Excel shows ten digits
    ],
)
def test_rate_of_excel_is_as_shown(value: float, number_format: str, text: str, rate: Rate) -> None:
    assert rate_from_number(value, number_format) == (text, rate)


def test_negative_rate_of_excel_is_refused() -> None:
    with pytest.raises(NumberRefused, match="negative"):
        rate_from_number(-0.5, "0%")


# A "100%" typed into a column of counts is stored as 1: read as a count, one unit would have done it.
@pytest.mark.parametrize(("value", "number_format"), [(1, "0%"), (0.9178, "0.00%"), (67, "0.0%")])
def test_a_percentage_is_no_count(value: float, number_format: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        count_from_number(value, number_format)
    assert refused.value.rule == "S07"
    assert count_from_number(67, "#,##0") == Count(Mark.REPORTED, 67)


@given(st.floats(), st.sampled_from(["General", "0.00%", "0%", "0.0", "@"]))
def test_any_rate_of_excel_is_read_or_refused(value: float, number_format: str) -> None:
    try:
        text, rate = rate_from_number(value, number_format)
    except NumberRefused:
        return
    assert parse_rate(text) == rate
