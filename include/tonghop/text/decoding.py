"""Bytes to text, with the evidence for the encoding that was taken.

Figures are ASCII digits in every encoding read here; nothing in this room changes a digit or a separator.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from tonghop.text import cp1258, tcvn3, vni
from tonghop.text.codepoints import as_windows
from tonghop.text.mojibake import mend
from tonghop.text.plausibility import Score, judge, telling_words
from tonghop.text.suspicion import odd_words
from tonghop.text.wide import without_mark


class Undecodable(ValueError):
    """Bytes that are no text we can read.

    Attributes:
        offset: of the first byte that stands in the way, from 0.
        line: its physical line, from 1.
        vi, en: what is wrong and what to do.
    """

    def __init__(self, offset: int, line: int, vi: str, en: str) -> None:
        super().__init__(f"{vi} / {en}")
        self.offset, self.line, self.vi, self.en = offset, line, vi, en


@dataclass(frozen=True)
class Decoded:
    """A text and how it was come by.

    Attributes:
        text: the letters as they were written (legacy encodings composed, others not normalised), without a mark.
        encoding: "ascii", "utf-8", "utf-8-sig", "utf-16-le", …; "tcvn3", "vni", "windows-1258"; of two layers
            "tcvn3 in utf-8", "double utf-8".
        evidence: short sentences that say why, Vietnamese / English.
        warning: (Vietnamese, English) where the choice is unsure, or the text was mended.
    """

    text: str
    encoding: str
    evidence: list[str]
    warning: tuple[str, str] | None = None


LEGACY: dict[str, Callable[[str], str]] = {
    "tcvn3": tcvn3.decode_text, "vni": vni.decode_text, "windows-1258": cp1258.decode_text,
}
_IS_WHOLE: dict[str, Callable[[str], bool]] = {
    "tcvn3": tcvn3.is_whole, "vni": vni.is_whole, "windows-1258": lambda word: True,
}
NAMES = {"tcvn3": "TCVN3 (.VnTime)", "vni": "VNI", "windows-1258": "Windows-1258"}
_REMEDY_VI, _REMEDY_EN = "hãy lưu lại dạng CSV UTF-8", "save it as CSV UTF-8"
_MARKS = (  # the longer first: a mark of UTF-32 begins with one of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
_MAGIC = {
    b"PK\x03\x04": ("tệp nén hoặc bảng tính (.xlsx, .ods, .docx)", "a zip archive or a workbook (.xlsx, .ods, .docx)"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ("tệp Office cũ (.xls, .doc)", "an old Office file (.xls, .doc)"),
    b"%PDF-": ("tệp PDF", "a PDF file"),
}
# Points of evidence: to believe at all, to believe without a warning, and the lead over the second best for each.
_ENOUGH, _SURE, _LEAD, _CLEAR_LEAD = 4.0, 12.0, 2.0, 6.0
_SHARE, _SURE_SHARE = 0.7, 0.9
_OVERWHELMING = 8.0  # for signs that are valid Unicode as they stand
# Signs that all encodings here share: no-break space, quotation marks, dashes, ellipsis, bullet.
_SHARED_BYTES = bytes((0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0xA0))


def decode(content: bytes) -> Decoded:
    """The text of a file, by its byte order mark, as UTF-8, or by the evidence of its words.

    Raises:
        Undecodable: empty, binary, zero bytes, or no encoding fits; with the byte, its line, and what to do.
    """
    for magic, (vi, en) in _MAGIC.items():
        if content.startswith(magic):
            raise Undecodable(0, 1, f"đây là {vi}, không phải văn bản; hãy gửi đúng đuôi tệp, hoặc {_REMEDY_VI}",
                              f"this is {en}, not text; send it under its own ending, or {_REMEDY_EN}")
    for mark, name, codec in _MARKS:
        if content.startswith(mark):
            text = _strictly(content[len(mark):], codec, len(mark), content)
            return _unicode(text, name, [f"có dấu thứ tự byte của {name} / has the byte order mark of {name}"])
    if b"\x00" in content:
        wide = without_mark(content)
        if wide is None:
            raise _zero_byte(content.index(b"\x00"), content.count(b"\n", 0, content.index(b"\x00")) + 1)
        return _unicode(wide.text, wide.encoding, [wide.evidence])
    if content.isascii():
        return _unicode(content.decode("ascii"), "ascii", ["chỉ có ký tự ASCII / nothing but ASCII"])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(content, error)
    return _unicode(text, "utf-8", ["mọi byte hợp lệ theo UTF-8 / every byte is valid UTF-8"])


def best_reading(words: list[str]) -> tuple[str, Score, float]:
    """The legacy encoding under which words read best, its evidence, and its lead in points over the second."""
    scores = {}
    for name, reading in LEGACY.items():
        whole = [word for word in words if _IS_WHOLE[name](word)]
        scores[name] = judge(map(reading, whole))
        scores[name].count_as_bad(len(words) - len(whole))
    first, second = sorted(scores, key=lambda name: -scores[name].points)[:2]
    return first, scores[first], scores[first].points - max(scores[second].points, 0.0)


def _strictly(content: bytes, codec: str, skipped: int, whole: bytes) -> str:
    """Bytes by a codec that their byte order mark names."""
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        at = error.start + skipped
        line = content[: error.start].decode(codec, errors="ignore").count("\n") + 1
        raise Undecodable(
            at, line,
            f"tệp có dấu của {codec} nhưng hỏng từ byte 0x{whole[at]:02X} ở vị trí {at}; {_REMEDY_VI}",
            f"the file has the mark of {codec} but is broken from byte 0x{whole[at]:02X} at offset {at}; {_REMEDY_EN}",
        ) from None


def _zero_byte(offset: int, line: int) -> Undecodable:
    return Undecodable(offset, line, f"tệp chứa byte 0, không phải văn bản; {_REMEDY_VI}",
                       f"the file holds a zero byte, so it is no text; {_REMEDY_EN}")


def _unicode(text: str, encoding: str, evidence: list[str]) -> Decoded:
    """A text in Unicode, unless its signs are those of a legacy encoding taken for Latin-1."""
    if "\x00" in text:
        at = text.index("\x00")
        raise _zero_byte(at, text.count("\n", 0, at) + 1)
    if not text or text.isspace():
        raise Undecodable(0, 1, "tệp trống; hãy gửi lại tệp có số liệu", "the file is empty; send one with figures")
    if text.isascii():
        return Decoded(text, encoding, evidence)
    mended = mend(text)
    if mended is not None:
        seen = ", ".join(mended.seen)
        return Decoded(
            mended.text, f"double {encoding}",
            [*evidence, f"mã hóa UTF-8 hai lần ở {mended.letters} chữ ({seen}) / UTF-8 encoded twice in"
                        f" {mended.letters} letters ({seen})"],
            (f"văn bản bị mã hóa UTF-8 hai lần, đã sửa {mended.letters} chữ ({seen}); hãy kiểm tra lại",
             f"the text was encoded as UTF-8 twice; {mended.letters} letters were mended ({seen}): please check"),
        )
    return _legacy_in_unicode(text, encoding, evidence) or Decoded(text, encoding, evidence)


def _legacy_in_unicode(text: str, encoding: str, evidence: list[str]) -> Decoded | None:
    """Legacy letters that a program saved as Latin-1 signs; decoded only where no word is Vietnamese as it stands."""
    found = odd_words(text)
    if not found.odd:
        return None
    name, score, lead = best_reading(found.odd)
    lead = min(lead, score.points - judge(found.odd).points)
    if score.points < _OVERWHELMING or score.share < _SURE_SHARE or lead < _CLEAR_LEAD:
        return None
    seen = ", ".join(score.seen)
    if found.fine:
        return Decoded(text, encoding, evidence, (
            f"có chữ giống {NAMES[name]} ({seen}) lẫn với chữ Unicode; để nguyên, hãy đổi sang Unicode",
            f"some words look like {NAMES[name]} ({seen}) among Unicode ones; left as they are: make them Unicode",
        ))
    return Decoded(
        LEGACY[name](text), f"{name} in {encoding}",
        [*evidence, _reasons(name, score)],
        (f"chữ là {NAMES[name]} lưu trong {encoding}, đã đổi sang Unicode ({seen}); hãy kiểm tra lại",
         f"the letters are {NAMES[name]} held in {encoding}; they were turned into Unicode ({seen}): please check"),
    )


def _legacy(content: bytes, error: UnicodeDecodeError) -> Decoded:
    """Bytes that are not UTF-8, by the legacy encoding under which their words are Vietnamese."""
    signs = as_windows(content)
    words = telling_words(signs)
    if not words and not content.translate(None, _SHARED_BYTES + bytes(range(0x80))):
        return Decoded(signs, "windows-1252", ["chỉ có dấu câu ngoài ASCII / only punctuation outside ASCII"], (
            "tệp không phải UTF-8, chỉ có dấu câu ngoài ASCII, đã đọc theo Windows-1252",
            "the file is not UTF-8; only punctuation is outside ASCII, read as Windows-1252",
        ))
    name, score, lead = best_reading(words)
    if score.points < _ENOUGH or score.share < _SHARE or lead < _LEAD:
        raise _no_encoding(content, error)
    warning = None
    if score.points < _SURE or score.share < _SURE_SHARE or lead < _CLEAR_LEAD:
        seen = ", ".join(score.seen)
        warning = (f"có lẽ là {NAMES[name]} ({seen}), nhưng chưa chắc; hãy kiểm tra lại, hoặc {_REMEDY_VI}",
                   f"probably {NAMES[name]} ({seen}), but not surely; check it, or {_REMEDY_EN}")
    return Decoded(LEGACY[name](signs), name, [
        f"byte 0x{content[error.start]:02X} ở vị trí {error.start} không phải UTF-8"
        f" / byte 0x{content[error.start]:02X} at offset {error.start} is not UTF-8",
        _reasons(name, score),
    ], warning)


def _reasons(name: str, score: Score) -> str:
    seen, words = ", ".join(score.seen), score.good + score.bad
    return (f"theo {NAMES[name]}, {score.good} trên {words} từ khác nhau là âm tiết tiếng Việt ({seen})"
            f" / under {NAMES[name]}, {score.good} of {words} distinct words are Vietnamese ({seen})")


def _no_encoding(content: bytes, error: UnicodeDecodeError) -> Undecodable:
    at, line = error.start, content.count(b"\n", 0, error.start) + 1
    byte = f"byte 0x{content[at]:02X}"
    if error.reason == "unexpected end of data":
        return Undecodable(at, line, f"tệp UTF-8 bị cắt ở cuối ({byte} ở vị trí {at}); hãy gửi lại trọn tệp",
                           f"the file is UTF-8 but cut off at its end ({byte} at offset {at}); send all of it")
    return Undecodable(
        at, line,
        f"tệp không phải UTF-8 ({byte} ở vị trí {at}) và cũng không đọc được theo TCVN3, VNI hay Windows-1258;"
        f" {_REMEDY_VI}",
        f"the file is not UTF-8 ({byte} at offset {at}), nor does it read as TCVN3, VNI or Windows-1258; {_REMEDY_EN}",
    )
