"""The words of Vietnamese forms: keys of headings, enumerators, subtotal rows, what ends a table. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from tonghop.reference.names import spelling_key
from tonghop.text.clean import clean

_FOOTNOTE = re.compile(r"\[\d+\]|\(\*+\)|\*+|\(\d{1,2}\)|[¹²³⁴⁵]")
_MARKED = re.compile(r"\s*(?:\(\*+\)|\*+|\[\d{1,2}\])\s*$")
_SIGN = re.compile(r"[^\w%/\u0300-\u036f]+")
_ROMAN = r"(?:X{0,2}(?:IX|IV|V?I{1,3}|V)|XX?)"
# "X.", "P.", "H.", "Q." before a name are kinds of units, so one-letter enumerators end at g; roman X stands alone.
_ENUMERATOR = re.compile(
    rf"\s*(?:[-+•*–—]\s*(?=\D)|\(?(?:\d{{1,3}}(?:\.\d{{1,3}})*|(?!X[.]){_ROMAN}|[a-gđA-GĐ])\s*[.)\-:/]+\s*(?=[^\W\d]))"
)
_STT = (
    (re.compile(r"[A-HĐ]"), 0),
    (re.compile(_ROMAN), 1),
    (re.compile(r"\d{1,5}"), 2),
    (re.compile(r"\d{1,4}(?:\.\d{1,3})+"), 3),
    (re.compile(r"[a-zđ]"), 4),
    (re.compile(r"[-–—•*]"), 5),
    (re.compile(r"\+"), 6),
)
_DEEPEST = 7


@lru_cache(maxsize=1 << 16)
def key(text: str) -> str:
    """The key of a heading: case, spaces, line ends, punctuation, tone placement, i and y, footnote marks make one."""
    if len(text) > 400:
        text = text[:400]
    return " ".join(_SIGN.sub(" ", spelling_key(_FOOTNOTE.sub(" ", clean(text)))).split())


def _keys(*words: str) -> frozenset[str]:
    return frozenset(key(word) for word in words)


def without_enumerator(label: str) -> str:
    """A label without "1.", "II -", "a)", "- " before it and "(*)" after it; the words themselves are untouched."""
    rest = _MARKED.sub("", label)
    while (found := _ENUMERATOR.match(rest)) and found.end() < len(rest):
        rest = rest[found.end() :]
    return rest.strip()


def level_of(stt: str, label: str) -> int | None:
    """How deep a row stands by its enumerator (0 is the outermost); None without one."""
    for text in (stt.strip().strip(".)(-:/ ") or stt.strip(), _before(label)):
        for pattern, level in _STT:
            if text and pattern.fullmatch(text):
                return level + text.count(".") - 1 if level == 3 else level
    return None


def _before(label: str) -> str:
    found = _ENUMERATOR.match(label)
    return found[0].strip().strip(".)(:/ ").rstrip("-").strip() or found[0].strip() if found else ""


class Label(StrEnum):
    """What the label of a row says of its figures."""

    UNIT = "unit"
    TOTAL = "total"
    SECTION_TOTAL = "section_total"
    CARRIED = "carried"
    OF_WHICH = "of_which"


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Label, re.Pattern[str]], ...]:
    word = {
        name: key(name)
        for name in (
            "cộng",
            "tổng",
            "số",
            "chung",
            "toàn",
            "tỉnh",
            "thành phố",
            "đảng bộ",
            "ngành",
            "mục",
            "phần",
            "khối",
            "nhóm",
            "các",
            "trang",
            "mang sang",
            "chuyển sang",
            "trong đó",
            "trđó",
            "tr đó",
            "chia ra",
            "bao gồm",
            "gồm",
            "tổng hợp",
            "vùng",
            "của",
        )
    }
    c, t, s = word["cộng"], word["tổng"], word["số"]
    total = rf"(?:{t} {c}|{t} {s}|{c}|{t}|{word['tổng hợp']})"
    everything = rf"{word['toàn']} (?:{word['tỉnh']}|{word['thành phố']}|{word['đảng bộ']}|{word['ngành']})"
    parts = "|".join(word[name] for name in ("mục", "phần", "khối", "nhóm", "các", "vùng", "của"))
    number = r"(?:[ivx]{1,5}|[a-h]|\d{1,3})"
    return (
        (
            Label.CARRIED,
            re.compile(rf"(?:{c} |{total} )?(?:{word['trang']}|{word['mang sang']}|{word['chuyển sang']})(?: .*)?"),
        ),
        (
            Label.OF_WHICH,
            re.compile(
                "(?:"
                + "|".join(word[name] for name in ("trong đó", "trđó", "tr đó", "chia ra", "bao gồm", "gồm"))
                + r")(?: .*)?"
            ),
        ),
        (
            Label.TOTAL,
            re.compile(rf"{total}(?: {word['chung']})?(?: {everything}.*)?(?: {number}(?: {number})+)?|{everything}.*"),
        ),
        (Label.SECTION_TOTAL, re.compile(rf"{total} (?:(?:{parts})(?: .*)?|{number})")),
    )


@lru_cache(maxsize=1 << 14)
def label_kind(label: str) -> Label:
    """Whether a label names a unit, or a sum: "Cộng", "Toàn tỉnh", "Cộng mục I", "Trong đó: …", "Mang sang"."""
    plain = key(without_enumerator(label))
    return next((kind for kind, pattern in _patterns() if pattern.fullmatch(plain)), Label.UNIT)


@lru_cache(maxsize=1)
def _endings() -> tuple[frozenset[str], re.Pattern[str]]:
    begins = _keys(
        "người lập",
        "nơi nhận",
        "ghi chú",
        "chú thích",
        "thủ trưởng",
        "t/m",
        "tm",
        "k/t",
        "xác nhận",
        "ký tên",
        "lưu ý",
        "người tổng hợp",
        "người kiểm tra",
        "lập biểu",
        "phó trưởng ban",
        "trưởng ban",
        "phó ban",
        "kỳ báo cáo",
        "cán bộ tổng hợp",
    )
    return begins, re.compile(rf".*{key('ngày')}(?: .*)?{key('tháng')}(?: .*)?{key('năm')}(?: .*)?")


@lru_cache(maxsize=1 << 12)
def ends_table(text: str) -> bool:
    """Whether a text belongs to what stands under a table: who made it, when, to whom it goes, a note (*)."""
    if text.startswith(("(*", "*", "[1]")) and len(text) > 4:
        return True
    begins, dated = _endings()
    plain = key(text)
    return dated.fullmatch(plain) is not None or any(
        plain == begin or plain.startswith(begin + " ") for begin in begins
    )


@lru_cache(maxsize=1)
def _letterhead() -> tuple[str, ...]:
    return tuple(
        _keys(
            "đảng cộng sản",
            "cộng hòa xã hội",
            "cộng hoà",
            "độc lập",
            "tỉnh ủy",
            "thành ủy",
            "huyện ủy",
            "ban tổ chức",
            "biểu số",
            "biểu",
            "mẫu số",
            "mẫu",
            "phụ lục",
            "đơn vị tính",
            "đvt",
            "đơn vị báo cáo",
            "nơi nhận",
            "số điện thoại",
            "điện thoại",
            "kèm theo",
            "ban hành kèm",
            "số",
            "trang",
            "tiếp theo",
            "thời gian báo cáo",
            "kỳ báo cáo",
            "nơi gửi",
            "đơn vị gửi",
            "tiếp",
        )
    )


@lru_cache(maxsize=1 << 12)
def is_letterhead(text: str) -> bool:
    """Whether a line above a table names the office, the form or the unit of measure rather than the subject."""
    plain = key(text)
    return not plain or any(plain == word or plain.startswith(word + " ") for word in _letterhead())


@lru_cache(maxsize=1)
def _grassroots() -> tuple[str, ...]:
    return tuple(
        sorted(
            _keys(
                "xã",
                "phường",
                "thị trấn",
                "đặc khu",
                "chi bộ",
                "chi bộ cơ sở",
                "đảng bộ cơ sở",
                "đảng bộ xã",
                "đảng bộ phường",
                "đảng bộ thị trấn",
                "đảng ủy xã",
                "đảng ủy phường",
                "đảng ủy thị trấn",
            )
        )
    )


def is_grassroots(unit: str) -> bool:
    """Whether a unit, by its code (five digits) or the words before its name, is of the lowest level."""
    plain = key(unit)
    return re.fullmatch(r"\d{5}", plain) is not None or any(plain.startswith(word + " ") for word in _grassroots())


@lru_cache(maxsize=1)
def _measures() -> tuple[frozenset[str], re.Pattern[str]]:
    words = (
        "người", "%", "cơ quan", "lớp", "phiếu", "đảng viên", "tổ chức", "lượt người", "lượt", "đơn vị", "cấp ủy",
        "tập thể", "cá nhân", "chi bộ", "đảng bộ", "văn bản", "nhiệm vụ", "đ/c", "đồng chí", "cán bộ", "tổ", "tccsđ",
        "cuộc",
    )  # fmt: skip
    large = "|".join(key(word) for word in ("nghìn", "ngàn", "triệu", "trăm", "1000", "1 000"))
    return _keys(*words), re.compile(rf"(?:{key('đơn vị tính')}|{key('đvt')})(?: .*)?(?: .*)? (?:{large})(?: .*)?")


def is_measure_word(text: str) -> bool:
    """Whether a text says in what something is counted ("người", "%")."""
    return key(text) in _measures()[0]


def counts_in_thousands(text: str) -> bool:
    """ "Đơn vị tính: nghìn người": the figures are not the counts."""
    return _measures()[1].search(key(text)) is not None
