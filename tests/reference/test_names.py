"""One name, one key, however it was typed; two names, two keys."""

from __future__ import annotations

import csv
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonghop.reference.names import folded, name_key, spelling_key, split_type
from tonghop.settings import Settings

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
# Rhymes whose tone is put on either of two vowels, by old rules and by new ones.
_RHYMES = ("oa", "oe", "uy", "oan", "oai", "uê", "uya", "ia", "ua", "ưa", "iê", "yê", "uyên", "oăn", "ươi")
_ONSETS = ("h", "th", "ng", "ngh", "qu", "gi", "đ", "tr", "")

syllables = st.builds(
    lambda onset, rhyme, tone: (onset, rhyme, tone),
    st.sampled_from(_ONSETS), st.sampled_from(_RHYMES), st.sampled_from(_TONES),
)


def placements(syllable: tuple[str, str, str]) -> set[str]:
    """A syllable with its tone on each vowel in turn (the onset's too: gi, qu)."""
    onset, rhyme, tone = syllable
    text = onset + rhyme
    vowels = [place for place, letter in enumerate(text) if letter in "aăâeêioôơuưy"]
    return {unicodedata.normalize("NFC", text[:at + 1] + tone + text[at + 1:]) for at in vowels}


def variants(kind: str) -> list[tuple[str, str]]:
    with (Settings().reference_dir / "name_variants.csv").open(encoding="utf-8", newline="") as file:
        return [(row["name_a"], row["name_b"]) for row in csv.DictReader(file) if row["kind"] == kind]


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    """A key that moves when taken again would compare a name with itself and say no."""
    assert name_key(name_key(text)) == name_key(text)
    assert spelling_key(name_key(text)) == spelling_key(text)


@given(st.text())
def test_composed_and_decomposed_are_one(text: str) -> None:
    """Files from macOS arrive decomposed."""
    assert name_key(unicodedata.normalize("NFD", text)) == name_key(unicodedata.normalize("NFC", text))


@given(st.lists(syllables, min_size=1, max_size=4))
def test_wherever_the_tone_is_put(name: list[tuple[str, str, str]]) -> None:
    assert len({name_key(" ".join(words)) for words in product(*map(placements, name))}) == 1


@given(syllables, syllables)
def test_another_tone_or_letter_is_another_name(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    """Guards against folding that makes two places one."""
    if (one[0] + one[1], one[2]) != (other[0] + other[1], other[2]):
        assert not {name_key(text) for text in placements(one)} & {name_key(text) for text in placements(other)}


def test_every_known_pair_of_tone_placements_has_one_key() -> None:
    pairs = variants("tone placement only")
    assert len(pairs) == 103
    assert [pair for pair in pairs if name_key(pair[0]) != name_key(pair[1])] == []


@pytest.mark.parametrize(("one", "other"), [
    ("Huyện  Hoà An ", "huyện\u00a0hòa an"),
    ("Ðồng Nai", "Đồng Nai"),
    ("Tỉnh Đồng Nai", "TỈNH ĐỒNG NAI"),
    ("Phƣờng Mỹ Phƣớc", "Phường Mỹ Phước"),
    ("Cư M’gar", "Cư M'gar"),
    ("Phan Rang-Tháp Chàm", "Phan Rang – Tháp Chàm"),
    ("Qúy", "Quý"),
    ("Phường 05", "Phường 5"),
    ("Xã\u200b Ia Grai", "Xã Ia Grai"),
])
def test_what_one_key_is_for(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [
    ("Sĩ Bình", "Sỹ Bình"),
    ("Phú Quí", "Phú Quý"),
    ("Mĩ Hoà", "Mỹ Hòa"),
    ("Ia Ly", "Ya Li"),
    ("Phan Rang Tháp Chàm", "Phan Rang - Tháp Chàm"),
    ("Cư Mgar", "Cư M'gar"),
])
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(("one", "other"), [
    ("Sơn Hà", "Sơn Hạ"),
    ("Đắk Hà", "Dắk Hà"),
    ("Thúy", "Thúi"),
    ("Tây Sơn", "Tâi Sơn"),
    ("Phường 1", "Phường 11"),
    ("Phường 10", "Phường 1"),
    ("Tân An", "Tần An"),
])
def test_names_that_stay_two(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)


def test_folding_is_for_suggestions() -> None:
    assert folded("Xã Sơn Hạ") == folded("xa son ha") == folded("Xã Sơn Hà")
    assert folded("Ðắk Pơ") == "dak po"


@pytest.mark.parametrize(("text", "types", "bare"), [
    ("Tỉnh Bình Thuận", {"province"}, "Bình Thuận"),
    ("Tỉnh ủy Bình Thuận", {"province"}, "Bình Thuận"),
    ("Thành phố Phan Thiết", {"municipality", "city"}, "Phan Thiết"),
    ("TP. Phan Thiết", {"municipality", "city"}, "Phan Thiết"),
    ("TP.Phan Thiết", {"municipality", "city"}, "Phan Thiết"),
    ("Thành uỷ Phan Thiết", {"municipality", "city"}, "Phan Thiết"),
    ("Q.3", {"urban_district"}, "3"),
    ("Quận ủy Ba Đình", {"urban_district"}, "Ba Đình"),
    ("H. Hòa An", {"rural_district"}, "Hoà An"),
    ("Đảng bộ huyện Hoà An", {"rural_district"}, "Hòa An"),
    ("TX La Gi", {"town"}, "La Gi"),
    ("Thị ủy La Gi", {"town"}, "La Gi"),
    ("Xã Sơn Hà", {"commune"}, "Sơn Hà"),
    ("Đảng ủy xã Sơn Hà", {"commune"}, "Sơn Hà"),
    ("P.1", {"ward"}, "1"),
    ("P1", {"ward"}, "01"),
    ("TT Liên Hương", {"township"}, "Liên Hương"),
    ("Thị Trấn Liên Hương", {"township"}, "Liên Hương"),
    ("Đặc khu Phú Quý", {"special_zone"}, "Phú Quý"),
    ("Phường Phường Đúc", {"ward"}, "Phường Đúc"),
    ("Sở Nội vụ", set(), "Sở Nội vụ"),
    ("Đảng ủy Công an tỉnh", set(), "Đảng ủy Công an tỉnh"),
    ("Hòa Bình", set(), "Hòa Bình"),
    ("Xã", set(), "Xã"),
    ("Tỉnhgia", set(), "Tỉnhgia"),
    ("H Nai", set(), "H Nai"),
])
def test_the_word_that_says_the_type(text: str, types: set[str], bare: str) -> None:
    assert split_type(text) == (frozenset(types), name_key(bare))
