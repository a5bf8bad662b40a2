"""What holds digits and is no figure: dates, times, document numbers, terms, phones, list numbers, a page's furniture.

Signs and digits are told by patterns here; words (thứ, khóa, Nghị quyết …) by the lists of ``lexicon.yml``.
Every pattern is bounded, so the time stays linear. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.tokens import BREAK, NUMBER, SIGN, WORD, Tokens

_YEAR = r"(?:19|20)[0-9]{2}"
_D = r"(?<![0-9.,/])"  # a number begins here
_E = r"(?![0-9]|[.,/][0-9])"  # and ends here
_S = r"[ ]{0,2}"
_DM = r"(?:0?[1-9]|[12][0-9]|3[01])"
_M = r"(?:0?[1-9]|1[0-2])"

_ALONE = r"(?![0-9])(?! {1,2}(?!năm\b|và\b|đến\b|tháng\b|hàng\b|của\b)[^\W\d_])"  # no noun follows: "ngày 5, 12 đơn vị"

_LOWER = [
    # Dates: 30-5-2012, 22/5/2008, 3.2.1930, 12/5/14; 2012-05-30; 5-2012, 9/2012.
    rf"{_D}{_DM}{_S}[-/.]{_S}{_M}{_S}[-/.]{_S}(?:{_YEAR}|[0-9]{{2}}){_E}",
    rf"{_D}{_YEAR}{_S}[-/.]{_S}{_M}{_S}[-/.]{_S}{_DM}{_E}",
    rf"{_D}{_M}{_S}[-/]{_S}{_YEAR}{_E}",
    rf"\bngày{_S}{_DM}(?:{_S}[-/]{_S}{_M}|{_S}(?:,|và|đến|-){_S}(?:ngày{_S})?{_DM}(?:{_S}[-/]{_S}{_M})?{_ALONE}){{0,4}}{_E}",
    rf"{_D}{_DM}{_S}(?:-|đến(?: hết)?(?: ngày)?|tới){_S}{_DM}{_S}/{_S}{_M}(?:{_S}/{_S}{_YEAR})?{_E}",
    rf"\btháng{_S}{_M}(?:{_S}(?:,|và|-|đến(?: tháng)?){_S}{_M}{_ALONE}){{0,4}}{_E}(?!{_S}%)",
    rf"\bnăm{_S}{_YEAR}{_E}(?:{_S}(?:,|và|-|đến){_S}{_YEAR}{_E}){{0,4}}",
    rf"{_D}{_DM}/{_M}{_S}(?:-|đến){_S}{_DM}/{_M}(?:/{_YEAR})?{_E}",
    rf"{_D}{_YEAR}{_S}(?:[-/]|đến|tới){_S}{_YEAR}{_E}",
    # Words that are counted in a slogan: “4 tốt”, “1 vùng, 2 tỉnh, 3 cùng”.
    r"[“\x22][0-9]{1,2} [^\W\d_][^“”\x22\n.;%/]{0,40}[”\x22]",
    rf"\(\s?{_YEAR}\s?\)",
    rf"\b(?:nhiệm k[ỳì]|giai đoạn|niên kh(?:óa|oá)|thời k[ỳì]){_S}{_YEAR}(?:{_S}(?:-|đến){_S}{_YEAR}|-[0-9]{{2}})?",
    rf"\bqu[ýí]{_S}(?:[ivx]{{1,4}}|[1-4]){_S}[-/]{_S}{_YEAR}",
    # Times: 7:31', 19:46:52, 7h30, 7 giờ 30 phút; zones; every hour of every day.
    rf"{_D}[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?'?(?![0-9])",
    rf"{_D}[0-9]{{1,2}}{_S}(?:giờ|h|g)(?![^\W\d_]){_S}(?:[0-5]?[0-9](?![0-9.,/])(?:{_S}(?:phút|p|'))?(?!{_S}(?:%|[^\W\d_])))?",
    rf"{_D}[0-9]{{1,5}}:[0-9]{{1,5}}(?![0-9])",
    r"\bgmt\s?[+-]\s?[0-9]{1,2}",
    rf"{_D}24{_S}/{_S}(?:7|24){_E}",
    # Lists and notes: a number at the head of a line or after the end of a phrase; (1); [17, tr.24].
    r"(?m)^[ ]{0,80}[-+*•(]?[ ]?[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[ ]?"
    r"(?:[-.):/](?=\s|[^\W\d_]|[\"“])(?![ ]?[0-9])|\.[ ]|\)[ ]?)",
    r"(?m)^[ ]{0,80}[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}[ ](?=[^\W\d_])",
    r"(?<=[;.])[ ]{1,2}[0-9]{1,2}[.)][ ]",
    r"(?<=:)[ ]{1,2}1[.)][ ]",
    # … but not "91,78% (67) trong tổng số 73".
    r"(?<!%)(?<!% )\([ ]?[0-9]{1,2}[ ]?\)",
    r"\([ ]?[0-9]{1,2}[ ]?\)(?![ ]{1,2}(?:trong|trên|của|so với)[ ])",
    r"\[[^\[\]\n]{0,60}\]",
    # Phones: an area code and groups; a sign and a country.
    r"(?<![0-9.,/])(?:\+[0-9]{1,3}|\(?\+?0[0-9]{1,4}\)?)(?:[ .-]{0,2}[0-9]{2,4}){2,4}(?![0-9]|[.,][0-9])",
    r"\b(?:điện thoại|đt|đtdđ|sđt|hotline|fax|tel|liên hệ|trực ban|tổng đài|máy lẻ|số máy)\b"
    r"[^\n0-9+(]{0,25}[+(]{0,2}[0-9][0-9 .()+-]{1,25}",
    # Addresses of the web and of the road; scales of maps.
    r"(?:https?://|www\.)\S{1,300}",
    r"\S{1,60}@\S{1,60}",
    r"\bkm[ ]?[0-9]{1,4}(?:[ ]?\+[ ]?[0-9]{1,3})?",
    rf"{_D}1{_S}/{_S}(?:500|1\.?000|2\.?000|5\.?000|10\.?000|25\.?000|50\.?000){_E}",
]
_CASED = [
    # 28-KH/TU, 14/2008-NĐ/CP, 56/2015/NĐ-CP, 217 -CV/TU, 11/HD-BTCTW, 27-CTr/TU, 08/2012/QH13.
    r"(?<![\w.,])[0-9]{1,5}[a-zA-Z]?\s?[-/]\s?(?:(?:19|20)[0-9]{2}\s?[-/]\s?)?[A-ZĐƯ][A-ZĐƯa-zđ]{0,4}[A-ZĐƯ0-9a-z]{0,6}"
    r"(?:\s?[-/]\s?[A-ZĐƯ][A-ZĐƯa-zđ0-9]{0,12}){1,3}",
    r"(?<![\w.,])[0-9]{1,5}[a-zA-Z]?[ ]?[-/][ ]?(?:(?:19|20)[0-9]{2}[ ]?[-/][ ]?)?[A-ZĐƯ]{2,8}[0-9]{0,2}(?!\w)",
]
_LOWER_PATTERNS = [re.compile(pattern) for pattern in _LOWER]
_CASED_PATTERNS = [re.compile(pattern) for pattern in _CASED]
_AFTER_LABELS = frozenset(map(key_of, ("lúc", "số", "ngày")))
_IN_PROSE = frozenset((";", ",", "“", '"', ":"))  # signs after which prose goes on
_SHORT_LINE = 160  # characters: furniture stands in short lines, prose that says "phản hồi" does not


def exclude(tokens: Tokens) -> None:
    """Mark the tokens that belong to no figure."""
    starts = [token.start for token in tokens.tokens]
    spans = [found.span() for pattern in _LOWER_PATTERNS for found in pattern.finditer(tokens.shadow.text)]
    spans += [found.span() for pattern in _CASED_PATTERNS for found in pattern.finditer(tokens.shadow.cased)]
    for start, end in spans:
        at = bisect_left(starts, start)
        while at < len(starts) and starts[at] < end:
            tokens.excluded[at] = True
            at += 1
    _exclude_glued(tokens)
    _exclude_furniture(tokens)


def _exclude_glued(tokens: Tokens) -> None:
    """Digits that are part of a name: TW4, Covid-19, H1N1, km2; also 15/7/3 and longer chains."""
    for at, token in enumerate(tokens.tokens):
        if token.kind != NUMBER or tokens.excluded[at]:
            continue
        before = tokens.tokens[at - 1] if at else None
        if (
            before is not None
            and token.is_glued
            and (
                before.kind not in (SIGN, BREAK, NUMBER)
                or (before.text == "_")
                or (before.text in "-." and before.is_glued and tokens.kind(at - 2) not in (SIGN, BREAK, NUMBER))
            )
        ):
            tokens.excluded[at] = True
        if (
            tokens.key(at + 1) == "/"
            and tokens.kind(at + 2) == NUMBER
            and tokens.key(at + 3) == "/"
            and tokens.kind(at + 4) == NUMBER
        ):
            tokens.excluded[at] = tokens.excluded[at + 2] = tokens.excluded[at + 4] = True


def _exclude_furniture(tokens: Tokens) -> None:
    """Short lines of a web page that say how often it was read, by whom it was licensed, where to call."""
    words = lexicon().boilerplate
    line = 0
    for at in range(len(tokens) + 1):
        if tokens.kind(at) != BREAK:
            continue
        is_short = at > line and tokens.tokens[at - 1].end - tokens.tokens[line].start <= _SHORT_LINE
        if is_short and any(
            _says(tokens, words.begins(tokens.keys, each), each)
            for each in range(line, at)
            if each == line or (tokens.kind(each - 1) != WORD and tokens.key(each - 1) not in _IN_PROSE)
        ):
            tokens.excluded[line:at] = [True] * (at - line)
        line = at + 1


def _says(tokens: Tokens, size: int, at: int) -> bool:
    """Whether a phrase of the page's furniture stands as a label: "Lượt xem: 12", not "phản hồi của 12 đơn vị"."""
    return size > 0 and (tokens.kind(at + size) != WORD or tokens.key(at + size) in _AFTER_LABELS)
