"""The words around a figure: what is counted, under which label, within which topic. Pure."""

from __future__ import annotations

from tonghop.narrative.figures import Figure
from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.tokens import BREAK, NUMBER, SIGN, WORD, Tokens

_MEANT = 40  # words of an enumeration of people
_LONGEST = 24  # words: longer phrases are sentences
_JOINS = (",", key_of("và"), key_of("hoặc"), "-")
_PEOPLE = frozenset(map(key_of, ("đồng", "đ/c", "người", "lượt")))
_IS = key_of("là")
_GENERIC = frozenset(
    map(
        key_of, ("đồng", "chí", "đ/c", "người", "lượt", "trường", "hợp", "đơn", "vị", "tổ", "chức", "cơ", "quan", "nơi")
    )
)


def is_stop(tokens: Tokens, at: int) -> int:
    """How many tokens a word that ends a counted phrase has; 0 where the phrase may go on."""
    words = lexicon()
    size = words.stops.begins(tokens.keys, at)
    # "tập thể lãnh đạo", "tổ giúp việc": a noun that begins with a verb's syllable is a noun.
    return 0 if max(words.counted.begins(tokens.keys, at), words.stops_not.begins(tokens.keys, at)) > size else size


def phrase_end(tokens: Tokens, start: int) -> int:
    """Where the phrase counted by a figure that ends at ``start`` ends; ``start`` where none begins.

    It runs to a verb, a number, a bracket or the clause's end; commas and "và" are passed while what follows is
    counted too: "sở, ban, ngành, mặt trận Tổ quốc và đoàn thể tỉnh".
    """
    words = lexicon()
    if tokens.kind(start) != WORD or words.never_counted.begins(tokens.keys, start):
        return start
    if is_stop(tokens, start) and not words.stops_that_are_nouns.begins(tokens.keys, start):
        return start
    at = start + 1
    while at < len(tokens) and at - start < _LONGEST and tokens.same_sentence(at, start):
        kind, key = tokens.kind(at), tokens.keys[at]
        if kind in (NUMBER, BREAK) or tokens.excluded[at]:
            break
        if key == _IS and is_generic(tokens, start, at) and tokens.kind(at + 1) == WORD:
            pass  # "đơn vị là sở, ban, ngành"
        elif key in _JOINS:
            if not words.counted.begins(tokens.keys, at + 1) or is_stop(tokens, at + 1):
                break
        elif kind == SIGN or is_stop(tokens, at):
            break
        at += max(1, words.stops_not.begins(tokens.keys, at))  # "cấp trên cơ sở": its "trên" ends nothing
    while at > start and (tokens.kind(at - 1) == SIGN or tokens.keys[at - 1] == _IS):
        at -= 1
    return at


def label_before(tokens: Tokens, end: int) -> tuple[int, int]:
    """The words that name a figure which begins at ``end``: "đảng viên nữ là 312", "Chưa thu 69", "Số chi bộ: 12"."""
    words = lexicon()
    while end > 0 and _is_link(tokens, end):
        end -= 1
    start = end
    while start > 0 and end - start < 16:
        before = start - 1
        kind, key = tokens.kind(before), tokens.keys[before]
        if not tokens.same_sentence(before, end - 1) or tokens.excluded[before]:
            break
        if key == ")":
            opened = _opening(tokens, before)
            if opened is None:
                break
            start = opened
            continue
        if kind in (NUMBER, BREAK) or (kind == SIGN and not (key == "," and words.counted.begins(tokens.keys, start))):
            break
        start = before
    while start < end and (
        tokens.kind(start) == SIGN
        or words.labels_not.begins(tokens.keys, start)
        or words.inner.begins(tokens.keys, start)
    ):
        start += max(1, words.inner.begins(tokens.keys, start))
    return min(start, end), end


def meant_before(tokens: Tokens, end: int) -> tuple[int, int]:
    """Whom a sentence says its figure is of: "lớp dành cho cán bộ lãnh đạo, quản lý có 45/50 đồng chí"."""
    words = lexicon()
    while end > 0 and _is_link(tokens, end):
        end -= 1
    for start in range(end, max(0, end - _MEANT), -1):
        if tokens.kind(start - 1) in (NUMBER, BREAK) or tokens.key(start - 1) == ";":
            break
        if not tokens.same_sentence(start - 1, end - 1):
            break
        if words.meant_for.ends(tokens.keys, start) and words.counted.begins(tokens.keys, start):
            return start, end
    return end, end


def _opening(tokens: Tokens, closed: int) -> int | None:
    """Where a short bracket that closes at a token opens: "cán bộ nguyên lãnh đạo (nguyên chức) có …"."""
    for at in range(closed - 1, max(-1, closed - 10), -1):
        if tokens.kind(at) in (NUMBER, BREAK):
            return None
        if tokens.key(at) == "(":
            return at
    return None


def _is_link(tokens: Tokens, end: int) -> bool:
    """Whether the token before ``end`` only joins a label to its figure."""
    words = lexicon()
    return (
        tokens.keys[end - 1] in (":", "=", "(")
        or words.elliptic_before.ends(tokens.keys, end) == 1
        or any(words.lists[f"bounds_{kind}"].ends(tokens.keys, end) for kind in ("lower", "upper", "about"))
    )


def topic_before(tokens: Tokens, figure: Figure) -> tuple[int, int]:
    """The place a sentence speaks of before its figure: "Tại các sở, ban, ngành cấp tỉnh, có 67/73 …"."""
    words = lexicon()
    begin = figure.start
    while (
        begin > 0
        and figure.start - begin < 60
        and tokens.same_sentence(begin - 1, figure.start)
        and tokens.keys[begin - 1] != ";"
        and not (tokens.kind(begin - 1) == NUMBER and not tokens.excluded[begin - 1])
    ):
        begin -= 1
        opened = words.topic_opens.begins(tokens.keys, begin)
        starts = tokens.kind(begin - 1) != WORD or not tokens.same_sentence(begin - 1, begin)
        if not opened or not starts or words.inner.begins(tokens.keys, begin) or tokens.excluded[begin]:
            continue
        whole = words.out_of.begins(tokens.keys, begin)
        if whole and tokens.kind(begin + whole) == NUMBER:
            continue  # "Trong tổng số 73 đơn vị" names no place
        end = begin = begin + opened
        while end < figure.start and not words.topic_closes.begins(tokens.keys, end):
            end += 1
        while end > begin and tokens.kind(end - 1) == SIGN:
            end -= 1
        return begin, end
    return figure.start, figure.start


def names_people(tokens: Tokens, start: int, end: int) -> bool:
    """Whether a generic phrase means people: they are named by a label before them, units by the topic."""
    return any(tokens.keys[at] in _PEOPLE for at in range(start, end))


def is_generic(tokens: Tokens, start: int, end: int) -> bool:
    """Whether a phrase says no more than "đồng chí", "người", "đơn vị": what they are is said elsewhere."""
    return all(tokens.keys[at] in _GENERIC or tokens.kind(at) == SIGN for at in range(start, end))
