"""The text of one cell made comparable, and keys of phrases."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonghop.text.clean import clean, one_line
from tonghop.text.lookalikes import LETTERS, comparison_key, sounded_key
from tonghop.text.syllables import kind_of


@pytest.mark.parametrize("space", "\u00a0\u2007\u2009\u202f")
def test_invisible_differences_go(space: str) -> None:
    assert clean(f" Tỉnh{space}ủy\u200b\ufeff ") == "Tỉnh ủy"
    assert clean(unicodedata.normalize("NFD", "Tỉnh ủy")) == "Tỉnh ủy"
    assert clean(f"12{space}450") == "12 450"


def test_soft_hyphens_stay_for_whoever_decodes() -> None:
    """Stripped here, "n­íc" of TCVN3 could never become "nước" again."""
    assert clean("n\xad\xedc") == "n\xad\xedc"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_a_message_stays_on_its_line() -> None:
    """A cell quoted in an error must not clear the steward's terminal, or forge a line of the log."""
    assert one_line("hai\r\ndòng\x1b[2J\u202eđảo\x85") == "hai  dòng [2J đảo "
    assert one_line("Tỉnh ủy 12\u00a0450") == "Tỉnh ủy 12 450"


@pytest.mark.parametrize("one", ["Ðảng ủy", "đảng uỷ", "ĐẢNG  ỦY", unicodedata.normalize("NFD", "Đảng ủy"), "ðảng\u00a0ủy"])
def test_ways_to_write_one_phrase(one: str) -> None:
    assert comparison_key(one) == comparison_key("Đảng ủy")


@pytest.mark.parametrize(("one", "other"), [
    ("được", "đƣợc"), ("Cư M’gar", "Cư M'gar"), ("khóa", "khoá"), ("hòa", "hoà"),
    ("Phan Rang-Tháp Chàm", "Phan Rang – Tháp Chàm"), ("n\xadước", "nước"),
])
def test_look_alikes_make_one_key(one: str, other: str) -> None:
    assert comparison_key(one) == comparison_key(other)


@pytest.mark.parametrize(("one", "other"), [
    ("Sĩ", "Sỹ"), ("Quí", "Quý"), ("Cư M'gar", "Cư Mgar"), ("Phan Rang-Tháp Chàm", "Phan Rang Tháp Chàm"),
])
def test_the_coarser_key_joins_spellings_and_the_finer_does_not(one: str, other: str) -> None:
    assert comparison_key(one) != comparison_key(other)
    assert sounded_key(comparison_key(one)) == sounded_key(comparison_key(other))


@pytest.mark.parametrize(("one", "other"), [("Sơn Hà", "Sơn Hạ"), ("chưa", "chứa"), ("tai", "tay"), ("số", "sổ")])
def test_other_words_have_other_keys(one: str, other: str) -> None:
    assert sounded_key(comparison_key(one)) != sounded_key(comparison_key(other))


def test_look_alikes_become_the_letters_meant() -> None:
    """Claims are found by offset: a sign more or less would point elsewhere."""
    written, meant = "Ðảng bộ đƣợc Nguyễn Ðức Hải, ðồng", "Đảng bộ được Nguyễn Đức Hải, đồng"
    assert written.translate(str.maketrans(LETTERS)) == meant
    assert comparison_key(written) == comparison_key(meant)


@pytest.mark.parametrize(("word", "kind"), [
    ("đảng", "common"), ("nghiêng", "valid"), ("khuỷu", "valid"), ("giếng", "valid"), ("gìn", "valid"), ("quốc", "common"),
    ("hoà", "common"), ("Krông", "name"), ("Đắk", "common"), ("Pắk", "name"), ("đ", "short"), ("TCCSĐ", "short"), ("ĐVT", "short"),
    ("khàt", "name"), ("ghảng", "foreign"), ("hoặch", "foreign"), ("cểm", "foreign"), ("ngỷu", "foreign"), ("đảngviên", "foreign"), ("ầm̀", "foreign"),
])
def test_what_a_syllable_is(word: str, kind: str) -> None:
    """The rules that tell encodings apart: onset and rhyme that go together, tones that a stopped rhyme bears."""
    assert kind_of(word) == kind
