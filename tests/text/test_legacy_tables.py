"""The tables of the old encodings, both ways."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.text.corpus import ENCODERS, letters
from tonghop.text import cp1258, tcvn3, vni
from tonghop.text.codepoints import as_windows
from tonghop.text.decoding import LEGACY

BARE = "ăâđêôơư"


def test_all_letters_of_the_language_are_here() -> None:
    """A table without ẵ would pass every round trip of what it has."""
    assert len(letters()) == 67


@pytest.mark.parametrize("letter", letters())
@pytest.mark.parametrize("encoding", ["vni", "windows-1258"])
def test_no_letter_is_lost_in_either_case(encoding: str, letter: str) -> None:
    for written in (letter, letter.upper(), f"t{letter}n", f"T{letter.upper()}N"):
        content = ENCODERS[encoding](written)
        assert LEGACY[encoding](as_windows(content)) == written


@pytest.mark.parametrize("letter", letters())
def test_no_letter_of_tcvn3_is_lost(letter: str) -> None:
    assert tcvn3.decode_text(tcvn3.encode(letter)) == letter
    capital = tcvn3.encode(letter.upper(), ".VnTimeH")
    assert tcvn3.decode_text(capital, ".VnTimeH") == letter.upper()


@pytest.mark.parametrize("letter", BARE)
def test_capitals_without_tone_need_no_font(letter: str) -> None:
    assert tcvn3.decode_text(tcvn3.encode(letter.upper())) == letter.upper()


def test_capitals_with_tone_have_no_byte_of_their_own() -> None:
    with pytest.raises(UnicodeEncodeError):
        tcvn3.encode("Ủ")


def test_no_letter_has_two_sequences() -> None:
    """Two sequences of one letter would make the way back a guess."""
    assert len(set(tcvn3.BYTES.values())) == len(tcvn3.BYTES) == 7 + 67
    assert len(set(vni.pairs().values())) == len(vni.pairs()) == 2 * 67


@pytest.mark.parametrize(("held", "meant"), [
    ("c¬ së d÷ liÖu", "cơ sở dữ liệu"),
    ("Tæng sè ®¶ng viªn", "Tổng số đảng viên"),
    ("n\xad\xedc", "nước"),  # ư is a soft hyphen: whoever strips it reads "níc"
    ("Nhμ n−íc cña d©n", "Nhà nước của dân"),  # as old PDF files give it: Greek mu, minus
    ("x∙ héi chñ nghÜa", "xã hội chủ nghĩa"),
    ("TØNH ñY, §¶NG ñY", "TỈNH ỦY, ĐẢNG ỦY"),  # capitals in a font that has none with tone
    ("Së Néi vô", "Sở Nội vụ"),
    ("Ban Tæ chøc TØnh ñy Hoµ B×nh", "Ban Tổ chức Tỉnh ủy Hoà Bình"),
    ("tõ 2010−2012, \u22125", "từ 2010−2012, −5"),  # between figures it is no letter
])
def test_tcvn3_held_as_signs(held: str, meant: str) -> None:
    assert tcvn3.decode_text(held) == meant


def test_bytes_that_another_program_wrote() -> None:
    """Written by the TCVN5712-1 of the GNU C library: a table wrong both ways would pass its own round trip."""
    content = (
        b"\xbd \xc6 \xbc \xd4 \xe7 \xf7 \xfe: nh\xb5 n\xad\xedc, ng\xad\xeai d\xa9n b\xe1 phi\xd5u, k\xfc l\xad\xecng,"
        b" khuya kho\xbet, ngh\xdca v\xf4, xo\xcc \xab"
    )
    assert tcvn3.decode_text(content) == (
        "ẵ ặ ẳ ễ ỗ ữ ỵ: nhà nước, người dân bỏ phiếu, kỹ lưỡng, khuya khoắt, nghĩa vụ, xoè ô"
    )


def test_the_font_gives_the_case() -> None:
    assert tcvn3.decode_text("Tæng céng", ".VnTimeH") == "TỔNG CỘNG"
    assert tcvn3.decode_text("Tæng céng", ".VnTime") == "Tổng cộng"


@pytest.mark.parametrize(("held", "meant"), [
    ("Tænh uûy", "Tỉnh ủy"),
    ("Ñaûng vieân", "Đảng viên"),
    ("TÆNH UÛY", "TỈNH ỦY"),
    ("nöôùc, ngöôøi, höõu, côø", "nước, người, hữu, cờ"),
    ("Aùnh, OÂng, Ysô", "Ánh, Ông, Ysơ"),  # the mark typed small after a capital
    ("kyõ, kyù, lyï, lî", "kỹ, ký, lỵ, lỵ"),
])
def test_vni_held_as_signs(held: str, meant: str) -> None:
    assert vni.decode_text(held) == meant


def test_tone_marks_of_windows_1258_are_composed() -> None:
    assert cp1258.decode_text(cp1258.encode("Tỉnh ủy, nước")) == "Tỉnh ủy, nước"
    assert cp1258.decode_text(unicodedata.normalize("NFC", "Tỉnh").replace("ỉ", "i\u0309").encode("cp1258")) == "Tỉnh"


@pytest.mark.parametrize("decode", LEGACY.values(), ids=LEGACY)
@given(content=st.binary(max_size=200))
def test_no_digit_or_separator_is_touched(decode: Callable[[str], str], content: bytes) -> None:
    """A decoder that changes a figure is worse than none."""
    kept = [chr(byte) for byte in content if byte < 0x80 and not chr(byte).isalpha()]
    text = decode(as_windows(content))
    assert [sign for sign in text if sign.isascii() and not sign.isalpha()] == kept


@given(st.text(max_size=100))
def test_any_text_can_be_asked(text: str) -> None:
    for decode in LEGACY.values():
        assert [sign for sign in decode(text) if sign.isdecimal() and sign.isascii()] == [
            sign for sign in text if sign.isdecimal() and sign.isascii()]


@given(st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=100))
def test_ascii_stays_as_it_is(text: str) -> None:
    for decode in LEGACY.values():
        assert decode(text) == text
