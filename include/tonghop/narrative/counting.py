"""Which plain numbers count something, and what: the rest are names, years, measures and marks. Pure."""

from __future__ import annotations

from decimal import Decimal

from tonghop.narrative.digits import names_order, number_text
from tonghop.narrative.figures import Figure
from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.numbers import parse_rate
from tonghop.narrative.phrases import is_stop, label_before, phrase_end
from tonghop.narrative.tokens import BREAK, NUMBER, SIGN, WORD, Tokens
from tonghop.narrative.wholes import is_count_of_rate

_LARGE = 1000
_MEAN = 7  # tokens between "bình quân" and its number
_EACH = 5  # tokens between "mỗi" and its number of points
_CODE = 7  # digits without a mark of thousands: an account, an identity card
_ROW = 120  # tokens of a table's row that are looked through for its label
_LIST = (",", key_of("và"), key_of("hoặc"), "-")
_FROM = key_of("từ")
_CELLS = ("|", ";")
_RISES = frozenset(map(key_of, ("lên", "xuống", "còn")))
_POINTING = frozenset(map(key_of, ("này", "ấy", "đó")))


def counted(tokens: Tokens, figure: Figure) -> Figure | None:  # noqa: PLR0911
    """A plain figure as the count it states; None where it counts nothing."""
    is_bare = tokens.kind(figure.start - 1) in (NUMBER, BREAK) and tokens.kind(figure.end) in (NUMBER, BREAK)
    if is_bare:
        return None  # nothing says what it counts: a column of digits costs nothing
    figure = _multiplied(tokens, figure)
    if figure.numerator is None and figure.bound != "range":
        return None
    if (
        tokens.tokens[figure.start].is_glued
        and tokens.kind(figure.start - 1) == SIGN
        and tokens.key(figure.start - 1) in "'’.-<>"
    ):
        return None
    if is_count_of_rate(tokens, figure.start, figure.end) and not _is_year(tokens, figure):
        return figure
    if _is_name(tokens, figure) or _is_measure(tokens, figure.start, figure.end):
        return None
    after_measure = words_measure(tokens, figure.start)
    if lexicon().multipliers.get(tokens.key(figure.end - 1)) and not _counts_next(tokens, figure.end):
        return None  # "1.250 triệu": of money
    if _in_list(tokens, figure.end) and not after_measure:
        return _of_list(tokens, figure)
    if _counts_next(tokens, figure.end):
        return figure
    return figure if _is_labelled(tokens, figure) else None


def _multiplied(tokens: Tokens, figure: Figure) -> Figure:
    """12 nghìn lượt is 12.000; 1,2 triệu đảng viên is 1.200.000. Of money nothing is made: it is no count."""
    factor = lexicon().multipliers.get(tokens.key(figure.end))
    if factor is None or figure.bound == "range":
        return figure
    written = parse_rate(number_text(tokens, figure.start, figure.end))
    value = figure.numerator if figure.numerator is not None else written.value if written else None
    if value is None:
        return figure
    product = Decimal(value) * factor
    whole = int(product) if product == int(product) and product < 10**18 else None
    return Figure("plain", figure.start, figure.end + 1, whole, bound=figure.bound)


def _is_name(tokens: Tokens, figure: Figure) -> bool:  # noqa: PLR0911
    """Whether the words before make the number a name: khóa 11, Nghị quyết 04, chi bộ 3, năm 2012."""
    words, keys = lexicon(), tokens.keys
    if (
        tokens.kind(figure.end) == WORD
        and tokens.tokens[figure.end].is_glued
        and not words.counted.begins(keys, figure.end)
    ):
        return True  # 3G, 22A
    is_counted = words.counted.begins(keys, figure.end) > 0
    is_code = len(tokens.tokens[figure.start].text) >= _CODE and tokens.tokens[figure.start].text.isdigit()
    if (is_code or _is_proper_name(tokens, figure) or _is_address(tokens, figure.end)) and not is_counted:
        return True
    if names_order(tokens, figure.start, "order_always") or _goes_on_from_name(tokens, figure.start):
        return True
    if _is_year(tokens, figure) and not is_counted:
        return True
    if not names_order(tokens, figure.start, "order_unless_counted"):
        return False
    if tokens.key(figure.start - 1) == key_of("số") and _is_capitalised(tokens, figure.end):
        return True  # "Đoàn kiểm tra số 3 Tỉnh ủy"
    if (figure.numerator or 0) >= _LARGE and tokens.key(figure.start - 1) != key_of("số"):
        return False  # no chi bộ, no lớp has such a number for a name
    if (
        tokens.key(figure.end) in ("(", "=")
        and tokens.kind(figure.end + 1) == NUMBER
        and "%" in tokens.keys[figure.end + 2 : figure.end + 3]
    ):
        return False  # "hoàn thành tốt nhiệm vụ 118 (20,07%)"
    if tokens.key(figure.start - 1) == key_of("số") and tokens.key(figure.end) in _POINTING:
        return False  # "số 84 này"
    is_place = words.place_types.begins(keys, figure.end)
    return not is_counted or (
        is_place > 0 and tokens.kind(figure.end + is_place) == WORD and tokens.tokens[figure.end + is_place].is_capital
    )


def _is_capitalised(tokens: Tokens, at: int) -> bool:
    """Whether a word begins with a capital and is not all capitals, as headlines are."""
    return tokens.kind(at) == WORD and tokens.tokens[at].is_capital and not tokens.words(at, at + 1).isupper()


def _is_proper_name(tokens: Tokens, figure: Figure) -> bool:
    """Whether a small number ends a name of its own: "thủy điện Sông Tranh 2 xảy ra"."""
    before, is_small = figure.start - 1, (figure.numerator or _LARGE) < 100
    is_word = tokens.kind(before) == WORD and tokens.kind(before - 1) == WORD and tokens.kind(figure.end) == WORD
    return (
        is_small
        and is_word
        and tokens.same_sentence(before - 1, before)
        and tokens.tokens[before].is_capital
        and tokens.tokens[before - 1].is_capital
        and not is_stop(tokens, figure.end)
    )


def _is_address(tokens: Tokens, at: int) -> bool:
    """Whether two words with capitals follow: "88 Trần Hưng Đạo"."""
    return all(tokens.kind(each) == WORD and tokens.tokens[each].is_capital for each in (at, at + 1)) and any(
        letter.islower() for letter in tokens.words(at, at + 2)
    )


def _goes_on_from_name(tokens: Tokens, at: int) -> bool:
    """Whether a number goes on in a list of names: the 27 of "Nghị quyết 26, 27"."""
    least = at - 40
    while at >= max(2, least) and tokens.key(at - 1) in _LIST and tokens.kind(at - 2) == NUMBER:
        at -= 2
        if names_order(tokens, at, "order_always"):
            return True
    return False


def _is_year(tokens: Tokens, figure: Figure) -> bool:
    text = tokens.tokens[figure.start].text
    return len(text) == 4 and figure.numerator is not None and text.isdigit() and 1900 <= figure.numerator <= 2100


def _is_measure(tokens: Tokens, start: int, end: int) -> bool:
    """Whether what follows is a span of time, an age, money, a measure or a mark."""
    words, keys = lexicon(), tokens.keys
    measure, thing = words.not_counted.begins(keys, end), words.counted_after_all.begins(keys, end)
    bound = max(words.lists[f"bounds_{kind}"].ends(keys, start) for kind in ("lower", "upper", "about"))
    if _is_average(tokens, start):
        return True
    if bound and words.ages.ends(keys, start - bound) and tokens.kind(end) != WORD:
        return True
    if words.scores_take.begins(keys, end) and thing <= 1:
        is_mark = words.each.within(keys, max(0, start - _EACH), start)
        return is_mark or not words.point_places.ends(keys, start)
    stop = phrase_end(tokens, end)
    per = words.per_times.begins(keys, stop + 1) or words.not_counted.begins(keys, stop + 1)
    if tokens.key(stop) == "/" and per:
        return True
    if words.each.begins(keys, end + 1) and words.per_times.begins(keys, end + 2):
        return True  # "2 buổi mỗi tháng"
    return measure > 0 and thing <= measure and not (thing == measure and thing > 1)


def _is_average(tokens: Tokens, start: int) -> bool:
    """Whether a number is a mean: "bình quân 95 đảng viên", "bình quân mỗi chi bộ 5 buổi"; "trung bình 36" is none."""
    words = lexicon()
    for at in range(start, max(0, start - _MEAN), -1):
        is_mean = words.averages.ends(tokens.keys, at) > 0
        if is_mean and (at == start or words.each.within(tokens.keys, at, start)):
            return True
        if tokens.kind(at - 1) in (SIGN, BREAK):
            break
    return False


def _in_list(tokens: Tokens, at: int) -> bool:
    """Whether another number follows at once, before any word says what is counted: "30, 40 và 50 năm"."""
    return (
        tokens.key(at) in _LIST
        and tokens.kind(at + 1) == NUMBER
        and not tokens.excluded[at + 1]
        and tokens.key(at + 2) not in ("/", "%")
    )


def words_measure(tokens: Tokens, at: int) -> bool:
    """Whether a measure with its number ends before a place: the label of "Huy hiệu 60 năm 31, 55 năm 44"."""
    size = lexicon().not_counted.ends(tokens.keys, at)
    return size > 0 and tokens.kind(at - size - 1) == NUMBER


def _of_list(tokens: Tokens, figure: Figure) -> Figure | None:
    """A number of a list counts what its last number counts."""
    first = figure.start
    while tokens.kind(first - 2) == NUMBER and _in_list(tokens, first - 1) and figure.start - first < 40:
        first -= 2
    at = figure.end
    while _in_list(tokens, at) and at - figure.end < 40:
        at += 2
    if _is_measure(tokens, at - 1, at) or lexicon().order_unless_counted.ends(tokens.keys, figure.start):
        return None
    is_told = tokens.kind(at) != WORD and lexicon().elliptic_verbs.ends(tokens.keys, first) > 0
    return figure if is_told or _counts_next(tokens, at) else None


def _counts_next(tokens: Tokens, at: int) -> bool:
    return phrase_end(tokens, at) > at


def _is_labelled(tokens: Tokens, figure: Figure) -> bool:  # noqa: PLR0911
    """Whether a number without a noun after it counts what stands before: "Chưa thu 69", "cảnh cáo 24,", "là 312"."""
    words, before = lexicon(), figure.start - 1
    start, end = label_before(tokens, figure.start)
    if tokens.key(before) == _FROM and tokens.key(figure.end) in _RISES:
        return True  # "từ 15 lên 23 đơn vị"
    if start == end and words.elliptic_verbs.ends(tokens.keys, figure.start):
        return tokens.kind(figure.end) != WORD or is_stop(tokens, figure.end) > 0
    if tokens.key(before) in _CELLS:
        if tokens.key(before) == ";" and not _closes_cell(tokens, figure.end):
            return False
        return _in_table(tokens, figure)
    if start == end and tokens.key(before) == ":":
        return tokens.same_sentence(before - 1, figure.start)
    if start == end and _ends_list(tokens, figure):
        return True
    if start == end:
        # "trong 52 đơn vị, 9 phải làm lại": the noun was said before.
        goes_on = tokens.key(before) == "," and is_stop(tokens, figure.end) > 0
        return goes_on and not tokens.tokens[figure.start].is_glued
    if (
        tokens.kind(figure.end) == WORD
        and not is_stop(tokens, figure.end)
        and not words.never_counted.begins(tokens.keys, figure.end)
    ):
        return False
    joins = words.labels_not.ends(tokens.keys, figure.start) and not words.labels_too.ends(tokens.keys, figure.start)
    return not joins or words.elliptic_before.ends(tokens.keys, figure.start) > 0


def _ends_list(tokens: Tokens, figure: Figure) -> bool:
    """Whether a number ends a list that a verb opens: "các năm tương ứng là 211, 247, 296"."""
    first = figure.start
    while tokens.kind(first - 2) == NUMBER and _in_list(tokens, first - 1) and figure.start - first < 40:
        first -= 2
    is_open = tokens.kind(figure.end) == WORD or tokens.key(figure.end) in ("/", "%")
    return first < figure.start and not is_open and lexicon().elliptic_verbs.ends(tokens.keys, first) > 0


def _closes_cell(tokens: Tokens, at: int) -> bool:
    return tokens.key(at) in _CELLS or tokens.kind(at) == BREAK


def _in_table(tokens: Tokens, figure: Figure) -> bool:
    """Whether a number has a cell of its own in a row that begins with words: "Mường La | 38 | 2.140"."""
    if not _closes_cell(tokens, figure.end):
        return False
    for at in range(figure.start - 1, max(-1, figure.start - 1 - _ROW), -1):
        kind = tokens.tokens[at].kind
        if kind in (WORD, BREAK):
            return kind == WORD
    return False
