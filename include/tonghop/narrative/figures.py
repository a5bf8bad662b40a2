"""From digits to figures: ratios, rates, plain numbers and ranges, with the bound that stands before them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from tonghop.narrative.digits import is_number, names_order, number_end, number_text, per_cent_end
from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.numbers import Rate, parse_count, parse_rate
from tonghop.narrative.spoken import spoken_ratio
from tonghop.narrative.tokens import NUMBER, WORD, Tokens

Bound = Literal["lower", "upper", "about", "range"]

_AND = (",", key_of("và"))
_TO = ("-", key_of("đến"), key_of("tới"))
_GRADES = (10, 12)
_LEAD = 4  # tokens between a pair and its rate
_THROUGH = key_of("tổng"), key_of("số")


@dataclass(frozen=True)
class Figure:
    """Digits that belong together.

    Attributes:
        kind: ratio, rate (with its per cent sign) or plain.
        start, end: its tokens, end exclusive.
        numerator: of a ratio; the value of a plain whole number; None for ranges, decimals and rates.
        denominator: of a ratio.
        rate: of a rate; None for a range of rates.
        bound: what the words before or after make of it; None for an exact figure.
        part_end: of "318 đồng chí trong tổng số 341", where the part's own phrase ends; else ``end``.
    """

    kind: Literal["ratio", "rate", "plain"]
    start: int
    end: int
    numerator: int | None = None
    denominator: int | None = None
    rate: Rate | None = None
    bound: Bound | None = None


def figures_of(tokens: Tokens) -> list[Figure]:
    """All figures in reading order; digits that dates, document numbers and the like hold are no figures."""
    found = []
    at = 0
    while at < len(tokens):
        if tokens.kind(at) == NUMBER and not tokens.excluded[at]:
            figure = _figure_at(tokens, at)
            if figure is not None:
                found.append(replace(figure, bound=figure.bound or bound_of(tokens, figure)))
                at = figure.end
                continue
        at += 1
    return found


def _figure_at(tokens: Tokens, at: int) -> Figure | None:
    end = number_end(tokens, at)
    for reader in (_rate, _pair, _range, _out_of):
        figure = reader(tokens, at, end)
        if figure is not None:
            return figure
    return Figure("plain", at, end, parse_count(number_text(tokens, at, end)))


def _rate(tokens: Tokens, at: int, end: int) -> Figure | None:
    stop = per_cent_end(tokens, end)
    if stop is not None:
        if tokens.key(stop) in _TO and is_number(tokens, stop + 1):  # từ 90% đến 95%
            last = per_cent_end(tokens, number_end(tokens, stop + 1))
            if last is not None:
                return Figure("rate", at, last, bound="range")
        rate = parse_rate(number_text(tokens, at, end))
        return Figure("rate", at, stop, rate=rate) if rate else Figure("plain", at, stop)
    if tokens.key(end) in _TO and is_number(tokens, end + 1):  # 85-90%; từ 85 đến 90%
        last = number_end(tokens, end + 1)
        stop = per_cent_end(tokens, last)
        if stop is not None and parse_rate(number_text(tokens, at, end)):
            return Figure("rate", at, stop, bound="range")
    return None


def _pair(tokens: Tokens, at: int, end: int) -> Figure | None:
    """452/507; 35 / 122; 12/tổng số 15."""
    if tokens.key(end) != "/":
        return None
    second = end + 1
    if (tokens.key(second), tokens.key(second + 1)) == _THROUGH:
        second += 2
    if not is_number(tokens, second):
        return Figure("plain", at, end, parse_count(number_text(tokens, at, end)))
    last = number_end(tokens, second)
    if per_cent_end(tokens, last) is not None:
        return None
    numerator = parse_count(number_text(tokens, at, end))
    denominator = parse_count(number_text(tokens, second, last))
    if numerator is None or denominator is None or not _is_ratio(tokens, at, last, numerator, denominator):
        return Figure("plain", at, last)  # a score, a date, a fraction: nothing is counted
    return Figure("ratio", at, last, numerator, denominator)


def _is_ratio(tokens: Tokens, at: int, end: int, numerator: int, denominator: int) -> bool:  # noqa: PLR0911
    """Whether a/b divides counts: not a day of the year, a mark out of ten, a place in an order, a third."""
    words, keys = lexicon(), tokens.keys
    following = end
    if (tokens.key(following), tokens.key(following + 1)) == (key_of("số"), key_of("phiếu")):
        following += 1
    is_counted = words.counted.begins(keys, following) > 0
    if denominator == 0 or names_order(tokens, at, "order_always"):
        return False
    is_grade = words.schooling.ends(keys, at) > 0 and denominator in _GRADES  # "trình độ 12/12"
    if is_grade or (numerator > denominator and _in_sentence(tokens, at, "score_words")):  # "tỷ số 2-0 (21/19)"
        return False
    if _rate_follows(tokens, end):
        return True
    if names_order(tokens, at, "order_unless_counted") and not is_counted and end == at + 3 and denominator < 100:
        return False
    if words.scores_take.begins(keys, end) and not words.counted_after_all.begins(keys, end) > 1:
        return False
    if words.not_counted.begins(keys, end) and not words.counted_after_all.begins(keys, end):
        return False
    if numerator < denominator <= 5 and bound_before(tokens, at) and not is_counted:
        return False  # "khoảng 1/3"
    if denominator in (5, 10, 20, 100) and tokens.kind(end) != WORD and _in_sentence(tokens, at, "score_words"):
        return False
    if denominator <= 10 and tokens.key(end) == key_of("số"):  # khoảng 1/3 số phiếu
        return False
    is_plain = all(tokens.tokens[each].text.isdigit() for each in (at, end - 1)) and end == at + 3
    is_day = is_plain and 1 <= numerator <= 31 and 1 <= denominator <= 12
    is_month = is_plain and 1 <= numerator <= 12 and 1900 <= denominator <= 2100
    opened = at - 1 if tokens.key(at - 1) == "(" else at
    if (is_day or is_month) and words.date_before.ends(keys, opened) and not is_counted:
        return False
    has_zero = (
        is_day
        and tokens.kind(at - 1) != WORD
        and any(tokens.tokens[each].text.startswith("0") for each in (at, end - 1))
    )
    if is_month or has_zero or (is_day and numerator > denominator):
        return is_counted
    return True


def _rate_follows(tokens: Tokens, end: int) -> bool:
    """Whether a rate with decimals stands right after a pair ("21/23, đạt 91,3%"): then it divides counts."""
    at = end
    while at < end + _LEAD and (tokens.key(at) in ("(", ",") or lexicon().rate_links.begins(tokens.keys, at)):
        at += max(1, lexicon().rate_links.begins(tokens.keys, at))
    is_rate = at > end and is_number(tokens, at) and per_cent_end(tokens, at + 1) is not None
    return is_rate and not tokens.tokens[at].text.isdigit()


def _in_sentence(tokens: Tokens, at: int, name: str) -> bool:
    start = at
    while start > 0 and tokens.same_sentence(start - 1, at) and at - start < 60:
        start -= 1
    return getattr(lexicon(), name).within(tokens.keys, start, at)  # type: ignore[no-any-return]


def _range(tokens: Tokens, at: int, end: int) -> Figure | None:
    """15-20; từ 15 đến 20. Two numbers with a dash that do not rise are a score or a code: nothing is counted."""
    if tokens.key(end) not in _TO or not is_number(tokens, end + 1):
        return None
    last = number_end(tokens, end + 1)
    first, second = parse_rate_or_count(tokens, at, end), parse_rate_or_count(tokens, end + 1, last)
    is_date = tokens.key(end) == "-" and first in range(1, 32) and second in range(1, 13)
    if is_date and lexicon().date_before.ends(tokens.keys, at) and not lexicon().counted.begins(tokens.keys, last):
        return Figure("plain", at, last)
    if first is None or second is None or first >= second:
        return Figure("plain", at, last) if tokens.key(end) == "-" else None
    return Figure("plain", at, last, bound="range")


def parse_rate_or_count(tokens: Tokens, start: int, end: int) -> float | None:
    """The size of a number, for comparing two of them."""
    text = number_text(tokens, start, end)
    count = parse_count(text)
    if count is not None:
        return count
    rate = parse_rate(text)
    return float(rate.value) if rate else None


def _out_of(tokens: Tokens, at: int, end: int) -> Figure | None:
    """318 trong tổng số 341; 38 đồng chí trong tổng số 178; 2.615 trên 2.798; 67 của 73 đơn vị."""
    read = spoken_ratio(tokens, at, end)
    return Figure("ratio", at, read[0], read[1], read[2]) if read else None


def bound_before(tokens: Tokens, at: int) -> Bound | None:
    """The bound that words right before a place (trên, gần, khoảng) put on what follows."""
    kinds: tuple[Bound, ...] = ("lower", "upper", "about")
    if tokens.kind(at - 1) != WORD:
        return None
    sizes = {kind: lexicon().lists[f"bounds_{kind}"].ends(tokens.keys, at) for kind in kinds}
    best = max(sizes, key=lambda kind: sizes[kind])
    return best if sizes[best] else None


def bound_of(tokens: Tokens, figure: Figure) -> Bound | None:
    """The bound that words before (trên, gần, khoảng) or after (trở lên) put on a figure."""
    before = bound_before(tokens, figure.start)
    if before:
        return before
    if lexicon().bounds_after_lower.begins(tokens.keys, figure.end):
        return "lower"
    return "upper" if lexicon().bounds_after_upper.begins(tokens.keys, figure.end) else None
