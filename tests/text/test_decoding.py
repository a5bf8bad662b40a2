"""Bytes of a file to text: the right letters, or an error with the place; never another figure."""

from __future__ import annotations

import contextlib
import csv
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.text.corpus import ENCODERS, PROSE, long_texts, short_texts, typable
from tonghop.settings import Settings
from tonghop.text.clean import clean
from tonghop.text.decoding import Undecodable, decode

ROW = "unit_code,tên,note\n593,“Tỉnh ủy”,43.240;91,78%\n"
WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
EUROPEAN = [
    "Le comité a approuvé le procès-verbal de la séance précédente à l'unanimité des présents.",
    "Die Geschäftsführung prüfte die Übersicht der Mitgliederzahlen für das laufende Jahr gründlich.",
    "A comissão não aprovou as contas da direção, por falta de informação sobre as operações.",
    "El año pasado la organización recibió más peticiones según el señor Muñoz.",
    "Mødet blev åbnet på rådhuset, og både børn og ældre fik ordet.",
]


@pytest.mark.parametrize("text", [ROW, PROSE])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unicode_is_left_alone(text: str, form: str) -> None:
    """The text of a good file must come out letter for letter, composed or not."""
    written = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    for encoding, mark in [("utf-8", ""), ("utf-8-sig", ""), *((name, "\ufeff") for name in WIDE), *((name, "") for name in WIDE)]:
        found = decode((mark + written).encode(encoding))
        assert (found.text, found.encoding, found.warning) == (written, encoding, None), encoding
        assert found.evidence


def test_ascii_is_ascii() -> None:
    assert decode(b"unit_code,period\n593,2012-05\n").encoding == "ascii"


@pytest.mark.parametrize("encoding", ENCODERS)
def test_long_files_are_found_without_doubt(encoding: str) -> None:
    for text in long_texts(200, seed=11):
        written = typable(text) if encoding == "tcvn3" else text
        found = decode(ENCODERS[encoding](written))
        assert (found.encoding, found.warning) == (encoding, None), text
        assert found.text.lower() == written.lower()


@pytest.mark.parametrize("encoding", ENCODERS)
def test_short_headings_are_found_or_refused_but_never_misread(encoding: str) -> None:
    """Wrong letters would be published; a refusal costs one more click."""
    texts = short_texts(600, seed=12)
    found = 0
    for text in texts:
        written = typable(text) if encoding == "tcvn3" else text
        try:
            decoded = decode(ENCODERS[encoding](written))
        except Undecodable:
            continue
        assert (decoded.encoding, decoded.text.lower()) == (encoding, written.lower())
        found += 1
    assert found / len(texts) >= 0.97


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("outer", ["utf-8", "utf-16"])
def test_old_letters_saved_as_unicode_text_are_found(encoding: str, outer: str) -> None:
    """A .VnTime sheet saved as Unicode text: valid UTF-8, unreadable letters."""
    for text in long_texts(100, seed=13):
        written = typable(text) if encoding == "tcvn3" else text
        found = decode(ENCODERS[encoding](written).decode("cp1252").encode(outer))
        assert found.encoding.startswith(f"{encoding} in "), (text, found)
        assert found.warning is not None
        assert found.text.lower() == written.lower()


def test_a_unicode_file_with_some_old_words_is_warned_about_and_left() -> None:
    text = PROSE + "\nTæng sè ®¶ng viªn, c¬ së d÷ liÖu, kÕt qu¶ thùc hiÖn nhiÖm vô\n"
    found = decode(text.encode())
    assert (found.text, found.encoding) == (text, "utf-8")
    assert found.warning is not None
    assert "TCVN3" in found.warning[0]


@pytest.mark.parametrize("text", EUROPEAN)
def test_other_languages_are_not_taken_for_old_vietnamese(text: str) -> None:
    assert decode(text.encode()).text == text
    with pytest.raises(Undecodable, match="UTF-8"):
        decode(text.encode("cp1252"))


def test_an_encoding_that_is_not_read_is_refused() -> None:
    """VISCII shares many letters with the others: half right would be wrong."""
    line = (
        b"Ban Th\xdf\xb6ng v\xf8 T\xefnh \xfcy ch\xef \xf0\xd5o \xf0i\xacm 15 \xf0\xe4ng b\xb5 c\xa4p huy\xaen; c\xf2n 08 x\xe3 ch\xdfa"
        b" g\xd8i b\xe4n ki\xacm \xf0i\xacm, ng\xdf\xdeng v\xe6ng m\xd5nh."
    )
    with pytest.raises(Undecodable, match="TCVN3, VNI or Windows-1258"):
        decode(line)


def test_no_name_of_a_unit_is_changed() -> None:
    """Names of the highlands are the strangest words in a return: in UTF-8 they stay, in tables of old files they come back."""
    with (Settings().reference_dir / "org_units.csv").open(encoding="utf-8", newline="") as file:
        names = sorted({row["name"] for row in csv.DictReader(file)})
    assert len(names) > 5000
    changed = [name for name in names if (found := decode(name.encode())).text != name or found.warning]
    assert changed == []
    for start in range(0, len(names) - 40, 400):
        table = "\n".join(f"{at};{name};{at * 7}" for at, name in enumerate(names[start : start + 40]))
        for encoding, encode in ENCODERS.items():
            written = typable(table) if encoding == "tcvn3" else table
            found = decode(encode(written))
            assert (found.encoding, found.text.lower()) == (encoding, written.lower())


@pytest.mark.parametrize("odd", [b"caf\xe9", b"na\xefve", b"M\xfcller", b"Bj\xf6rk", b"\xb5g", b"d\xe9", b"\xff", b"\xe0"])
def test_ascii_with_an_odd_byte_is_refused_at_its_place(odd: bytes) -> None:
    at = next(place for place, byte in enumerate(odd) if byte >= 0x80)
    with pytest.raises(Undecodable) as caught:
        decode(b"unit_code,note\n593," + odd + b"\n")
    assert (caught.value.offset, caught.value.line) == (19 + at, 2)


def test_punctuation_of_windows_alone_is_read_with_a_warning() -> None:
    """Excel's dash and quotation marks in an otherwise plain file: every encoding here agrees on them."""
    found = decode(b"593,\x93ok\x94,\x96,12\xa0450\n")
    assert found.text == "593,“ok”,–,12\xa0450\n"
    assert found.warning is not None


@pytest.mark.parametrize("through", ["cp1252", "latin-1"])
def test_utf8_encoded_twice_is_mended_with_a_warning(through: str) -> None:
    for text in long_texts(100, seed=14):
        garbled = "".join(chr(byte) if through == "latin-1" else bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
        found = decode(garbled.encode())
        assert found.text == text
        assert found.encoding == "double utf-8"
        assert found.warning is not None


def test_one_garbled_line_does_not_change_the_others() -> None:
    """“XÃ” in capitals ends in the two signs that UTF-8 of Ô gives."""
    good = "“XÃ”,Hội đồng nhân dân huyện\n"
    found = decode((good + "Tá»‰nh á»§y,Ä\x90áº£ng bá»™\n").encode())
    assert found.text == good + "Tỉnh ủy,Đảng bộ\n"
    assert decode(good.encode()).text == good


def test_soft_hyphens_are_decoded_before_they_are_stripped() -> None:
    written = "Nhà nước, người dân, được, trường, phường, lương thực"
    content = ENCODERS["tcvn3"](written)
    assert b"\xad" in content
    assert clean(decode(content).text) == written


@pytest.mark.parametrize(("content", "offset", "line", "says"), [
    (b"", 0, 1, "empty"),
    (b" \n ", 0, 1, "empty"),
    (b"\xef\xbb\xbf", 0, 1, "empty"),
    (b"a\nb\x00", 3, 2, "zero byte"),
    (b"PK\x03\x04rest", 0, 1, "workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, 1, "Office"),
    (b"%PDF-1.4", 0, 1, "PDF"),
    ("a\nTỉnh".encode()[:-3], 3, 2, "cut off"),
    ("a\nb".encode("utf-16")[:-1], 6, 2, "utf-16"),
])
def test_what_is_no_text_is_said_with_its_place(content: bytes, offset: int, line: int, says: str) -> None:
    with pytest.raises(Undecodable, match=says) as caught:
        decode(content)
    assert (caught.value.offset, caught.value.line) == (offset, line)
    assert all((caught.value.vi, caught.value.en))


@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00\x00")
@example(b"\xff\xfea")
@example(b"\x00\xd8\x00\x00")
def test_no_bytes_crash_it(content: bytes) -> None:
    found, error = None, None
    try:
        found = decode(content)
    except Undecodable as refusal:
        error = refusal
    assert found is None or "\x00" not in found.text
    assert error is None or (0 <= error.offset <= len(content) and error.line >= 1)


@given(st.data())
def test_figures_come_through_every_encoding(data: st.DataObject) -> None:
    """Digits and separators of a table in any encoding, among words that give the encoding away."""
    cells = data.draw(st.lists(st.text(alphabet="0123456789.,%/-; \t\n\"'", max_size=12), min_size=1, max_size=20))
    words = "nước người đảng viên tổng số nhiệm vụ"
    text = words + " " + " kết quả ".join(cells)
    encoding = data.draw(st.sampled_from([*ENCODERS, "utf-8", *WIDE]))
    content = ENCODERS[encoding](text) if encoding in ENCODERS else text.encode(encoding)
    assert decode(content).text == text


@pytest.mark.parametrize("content", [
    PROSE.encode() * 4000,
    ENCODERS["vni"](PROSE) * 6000,
    ENCODERS["tcvn3"](typable(PROSE)) * 6000,
    "áº¡Ã¡".encode() * 900_000,
    b"\xe1" * 10_000_000,
    b"\xd8A" * 5_000_000,
    ("\xad" * 5_000_000).encode(),
    "ỉA".encode() * 2_500_000,
], ids=["prose", "vni", "tcvn3", "twice", "one byte", "capitals", "hyphens", "word"])
def test_ten_megabytes_take_seconds(content: bytes) -> None:
    """One endless word or line must not take a night."""
    started = time.process_time()
    with contextlib.suppress(Undecodable):
        decode(content)
    assert time.process_time() - started < 20
