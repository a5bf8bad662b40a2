"""Cells of a workbook: the font says the encoding, the words say whether it is true."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.text.corpus import ENCODERS, PROSE, headings, short_texts, typable
from tonghop.settings import Settings
from tonghop.text.fonts import decode_cell, encoding_of_font

FONTS = {"tcvn3": ".VnTime", "vni": "VNI-Times"}


@pytest.mark.parametrize(("font", "encoding"), [
    (".VnTime", "tcvn3"), (".VNTIMEH", "tcvn3"), (" .VnArial NarrowH", "tcvn3"), ("VnTime", "tcvn3"),
    ("VNI-Times", "vni"), ("Vni-Helve", "vni"), ("VNI Times", "vni"),
    ("Times New Roman", None), ("Calibri", None), ("UVN Van", None), ("", None), (None, None), ("Vninh", None),
])
def test_the_name_of_a_font(font: str | None, encoding: str | None) -> None:
    assert encoding_of_font(font) == encoding


@pytest.mark.parametrize("encoding", FONTS)
def test_every_text_under_its_font_is_read(encoding: str) -> None:
    for text in [*short_texts(600, seed=21), *PROSE.split("\n"), *headings()]:
        written = typable(text) if encoding == "tcvn3" else text
        held = ENCODERS[encoding](written).decode("cp1252", "ignore")
        decoded, evidence = decode_cell(held, FONTS[encoding])
        assert decoded.lower() == written.lower()
        assert held.isascii() or (evidence is not None and evidence.encoding == encoding and evidence.warning is None)


def test_capitals_come_from_the_font() -> None:
    assert decode_cell("Céng toµn tØnh", ".VnTimeH")[0] == "CỘNG TOÀN TỈNH"
    assert decode_cell("Céng toµn tØnh", ".VnTime")[0] == "Cộng toàn tỉnh"


def test_two_old_encodings_meet_in_one_book() -> None:
    assert decode_cell("§¶ng bé", ".VnArial")[0] == "Đảng bộ"
    assert decode_cell("Ñaûng boä", "VNI-Helve")[0] == "Đảng bộ"


def test_unicode_typed_under_an_old_font_stays() -> None:
    """A cell pasted over keeps the font of the old form; decoding it would garble it."""
    names = {row["name"] for row in csv.DictReader((Settings().reference_dir / "org_units.csv").open(encoding="utf-8", newline=""))}
    texts = [*names, *PROSE.split("\n"), *headings()]
    for font in (".VnTime", "VNI-Times"):
        changed = [text for text in texts if decode_cell(text, font)[0] != text]
        assert len(changed) <= len(texts) // 1000, changed  # "Xã Vô Tranh" is also TCVN3 of "Xó Vụ Tranh"


def test_a_wrong_font_name_does_not_garble() -> None:
    """VNI letters under a .VnTime font: read as what they are, or left, with a warning."""
    decoded, evidence = decode_cell("Toång soá ñaûng vieân", ".VnTime")
    assert decoded == "Tổng số đảng viên"
    assert evidence is not None
    assert evidence.warning is not None
    left, evidence = decode_cell("ÿÿÿ þðð qûqû", ".VnTime")
    assert left == "ÿÿÿ þðð qûqû"
    assert evidence is not None
    assert (evidence.encoding, evidence.warning is None) == ("", False)


@pytest.mark.parametrize("encoding", FONTS)
def test_old_letters_under_a_unicode_font(encoding: str) -> None:
    """Only where the words leave no doubt, and with a warning; whatever is decoded is right."""
    texts = [text for text in short_texts(600, seed=22) if len(text.split()) >= 4]
    found = 0
    for text in texts:
        written = typable(text) if encoding == "tcvn3" else text
        held = ENCODERS[encoding](written).decode("cp1252", "ignore")
        decoded, evidence = decode_cell(held, "Times New Roman")
        assert decoded.lower() in (written.lower(), held.lower())
        if evidence is not None:
            assert (evidence.encoding, evidence.warning is None) == (encoding, False)
            found += 1
    assert found / len(texts) >= 0.85


def test_a_cell_encoded_twice_is_mended_with_a_warning() -> None:
    decoded, evidence = decode_cell("Tá»‰nh á»§y 43.240", "Arial")
    assert decoded == "Tỉnh ủy 43.240"
    assert evidence is not None
    assert evidence.warning is not None


@pytest.mark.parametrize("text", [
    "café", "Müller & Söhne", "Ngày 12/5 – §3", "30 °C", "5 m²", "±0,5", "43.240", "«abc»", "naïve résumé", "Ñandú",
    "São Paulo", "©", "X÷Y", "Krông Pắk", "Đắk Glong",
])
def test_signs_under_a_unicode_font_stay(text: str) -> None:
    assert decode_cell(text, "Times New Roman") == (text, None)
    assert decode_cell(text, None) == (text, None)


def test_names_of_all_units_stay() -> None:
    with (Settings().reference_dir / "org_units.csv").open(encoding="utf-8", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert len(names) > 5000
    assert [name for name in names if decode_cell(name, "Arial") != (name, None)] == []


@given(st.text(max_size=60), st.sampled_from([None, ".VnTime", ".VnTimeH", "VNI-Times", "Arial"]))
def test_figures_and_ascii_stay_and_nothing_crashes(text: str, font: str | None) -> None:
    decoded, _ = decode_cell(text, font)
    assert [sign for sign in decoded if sign.isdecimal()] == [sign for sign in text if sign.isdecimal()]
    if text.isascii():
        assert decoded == text
