"""Properties: whatever text comes, nothing breaks, every claim points at its own words, and time stays linear."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonghop.narrative.check import Report, check_text
from tonghop.narrative.shadow import shadow_of

PIECES = st.sampled_from(
    ["có ", "12", "67/73", " cơ quan", ", ", "; ", ". ", "\n", "đạt ", "91,78%", "(", ")", " trong tổng số ", "trong đó ", "1.234", "12 450",
     "ngày 30/6", "28-KH/TU", "còn ", " chưa ", "trên ", "từ 5 đến 7", "%", "/", "-", "\u00a0", "ƣ", "Đ", "Ð", "ủy", "uỷ", "e\u0323\u0302", "“", "”", "|",
     " là ", " lần lượt ", " tương đương ", "đảng viên", "huyện Đăk Hà", "0", "00", "3.484", "gồm ", ": ", "0912.345.678", "\ufeff", "\u200b"]
)  # fmt: skip
PROSE = st.lists(PIECES, max_size=40).map("".join)
SECONDS = 20.0
"""For a quarter of a million characters; linear reading takes one or two, a quadratic step minutes."""


def assert_sound(text: str, report: Report) -> None:
    for claim in report.claims:
        assert 0 <= claim.start < claim.end <= len(text)
        assert text[claim.start : claim.end] == claim.quote
        if claim.kind == "ratio":
            assert claim.numerator is not None
            assert claim.denominator
        assert (claim.consistent is None) == (claim.quotient is None or claim.rate is None)
    starts = [claim.start for claim in report.claims]
    assert starts == sorted(starts)
    for finding in report.findings:
        assert finding.claims
        assert all(0 <= at < len(report.claims) for at in finding.claims)
    report.to_json()


@settings(max_examples=300, deadline=None)
@given(PROSE)
def test_prose_of_shuffled_pieces(text: str) -> None:
    assert_sound(text, check_text(text))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_unicode(text: str) -> None:
    assert_sound(text, check_text(text))


@settings(max_examples=100, deadline=None)
@given(PROSE)
def test_decomposed_text_claims_the_same(text: str) -> None:
    """What a report says does not hang on how its letters were encoded."""
    one, other = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    first, second = check_text(one), check_text(other)
    assert [(each.kind, each.numerator, each.denominator) for each in first.claims] == [
        (each.kind, each.numerator, each.denominator) for each in second.claims
    ]
    assert_sound(other, second)


@given(st.text(max_size=100))
def test_a_shadow_knows_its_way_back(text: str) -> None:
    shadow = shadow_of(text)
    assert len(shadow.cased) == len(shadow.text) == len(shadow.starts) == len(shadow.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(shadow.starts, shadow.ends, strict=True))


@pytest.mark.parametrize(
    "piece",
    ["1/", "1", "1.", "0 ", "12/15 ", "89% ", "(", "[", "1\n", "| 1 ", "12-KH/", "+84 ", "12 xã, trong đó 3 xã; ", "“4 t", "a@", "e\u0323\u0302", "ngày 5, ",
     "12/15 xã, đạt 80%; "],
)  # fmt: skip
def test_hostile_repetition_stays_linear(piece: str) -> None:
    # Without this: one report of digits and slashes keeps a reader busy for an hour.
    text = piece * (250_000 // len(piece))
    began = time.process_time()
    check_text(text)
    assert time.process_time() - began < SECONDS
