"""Which figure a rate belongs to: beside it, after it in brackets, in turn, or in the sentence before. Pure."""

from __future__ import annotations

from tonghop.narrative.figures import Figure
from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.numbers import percent
from tonghop.narrative.phrases import phrase_end
from tonghop.narrative.tokens import SIGN, WORD, Tokens

_OPENERS = (",", ";", "(", "=", "-", ":", "[", "|", "~", "≈", "“", '"')
_ADVERBS = frozenset(
    map(
        key_of,
        (
            "mới",
            "chỉ",
            "cũng",
            "đều",
            "nên",
            "thì",
            "và",
            "là",
            "được",
            "tỷ",
            "lệ",
            "bình",
            "quân",
            "chung",
            "tới",
            "lên",
            "mức",
            "rất",
            "cao",
        ),
    )
)
_SENTENCES_BACK = 2  # how far a bare rate that fits looks for its ratio
_LINES_BACK = 2  # a rate with two decimals that fits looks into the paragraph before (a blank line counts)
_NOUN = 4  # tokens beside a figure in which its noun stands
_RATE_WORDS = [key_of("tỷ"), key_of("lệ")]
_SENTENCE = 60  # tokens of a sentence that are looked through for words that point back
_FEW = 12  # rates that are listed in turn
_FORWARD = 14  # tokens between a rate and the ratio in brackets after it


def fits(figure: Figure, rate: Figure) -> bool:
    """Whether a ratio, at the rate's decimals, gives the rate."""
    if figure.kind != "ratio" or rate.rate is None or figure.numerator is None or not figure.denominator:
        return False
    return rate.rate.rounds(percent(figure.numerator, figure.denominator))


def is_change(tokens: Tokens, rate: Figure) -> bool:
    """Whether a rate says how much something grew or shrank: that is no share of anything."""
    words, at = lexicon(), rate.start
    for _ in range(3):
        if words.change_before.ends(tokens.keys, at):
            return True
        size = max(words.lists[f"bounds_{kind}"].ends(tokens.keys, at) for kind in ("lower", "upper", "about"))
        if not size:
            return False
        at -= size
    return False


def attach(tokens: Tokens, figures: list[Figure], known: dict[int, int]) -> dict[int, int]:
    """For each rate that belongs to a ratio or a count: index of the rate → index of its host.

    Args:
        figures: ratios, counts and rates in reading order.
        known: what was told already.
    """
    hosts, taken = dict(known), set(known.values())
    for at, figure in enumerate(figures):
        if figure.kind == "rate" and at not in hosts and figure.rate is not None:
            in_turn = _in_turn(tokens, figures, at)
            if in_turn:
                hosts.update(in_turn)
                taken.update(in_turn.values())
                continue
            host = _before(tokens, figures, at, taken)
            if host is None or figures[host].kind == "plain":
                behind = _after(tokens, figures, at, taken)
                is_ratio = behind is not None and fits(figures[behind], figure)
                host = behind if host is None or is_ratio else host
            if host is None:
                host = _sentence_before(tokens, figures, at, taken)
            if host is not None:
                hosts[at] = host
                taken.add(host)
    return hosts


def _in_turn(tokens: Tokens, figures: list[Figure], at: int) -> dict[int, int]:
    """Rates listed for as many ratios before them: "lần lượt đạt 89%, 71% và 85%"."""
    last = at
    while (
        last + 1 < min(len(figures), at + _FEW)
        and figures[last + 1].kind == "rate"
        and all(
            tokens.key(each) in (",", key_of("và"), ";") for each in range(figures[last].end, figures[last + 1].start)
        )
    ):
        last += 1
    size = last - at + 1
    before = figures[max(0, at - size) : at]
    near = range(max(0, figures[at].start - 6), figures[at].start)
    said = any(lexicon().respectively.begins(tokens.keys, each) for each in near)
    if size < 2 or len(before) < size or any(figure.kind == "rate" for figure in before):
        return {}
    fitting = all(fits(host, figures[at + each]) for each, host in enumerate(before))
    same = all(tokens.same_sentence(host.start, figures[at].start) for host in before)
    return {at + each: at - size + each for each in range(size)} if same and (said or fitting) else {}


def _is_shut_off(tokens: Tokens, start: int, end: int) -> bool:
    """Whether a bracket around a figure closes before a place: "222 tổ chức (143 huyện ủy và 79 đảng ủy), đạt …"."""
    depth = 0
    for at in range(start, end):
        depth += (tokens.key(at) == "(") - (tokens.key(at) == ")")
        if depth < 0:
            return True
    return False


class _Lead:
    """What stands between a host and its rate.

    Attributes:
        opener: the sign that opens the rate's own clause; "" where none does.
        opened: the token after that sign.
        has_link: a word says that a rate follows (đạt, chiếm, tỷ lệ …).
        has_subject: words between the opener and the link name something else.
    """

    def __init__(self, tokens: Tokens, start: int, rate: Figure) -> None:
        words, at = lexicon(), rate.start
        self.has_link = False
        while at > start:
            size = max(words.lists[f"bounds_{kind}"].ends(tokens.keys, at) for kind in ("lower", "upper", "about"))
            link = words.rate_links.ends(tokens.keys, at)
            if link:
                self.has_link = True
            step = max(size, link, int(tokens.key(at - 1) in _ADVERBS))
            if not step:
                break
            at -= step
        self.at = max(at, start)
        opener = self.at
        while opener > start and tokens.kind(opener - 1) != SIGN:
            opener -= 1
        self.opener = tokens.key(opener - 1) if opener > start else ""
        self.opened = opener
        self.has_subject = self.opener != "" and opener < self.at and not self._names_rate(tokens, start, opener)

    def _names_rate(self, tokens: Tokens, start: int, opener: int) -> bool:
        """Whether the clause begins "tỷ lệ …" of what the host counts: "204 phiếu, tỷ lệ phiếu thu về đạt 96%"."""
        host = set(tokens.keys[start : start + _NOUN]) | set(tokens.keys[max(0, start - _NOUN) : start])
        words = set(tokens.keys[opener + 2 : self.at])
        return tokens.keys[opener : opener + 2] == _RATE_WORDS and self.opener == "," and bool(words & host)


def _before(tokens: Tokens, figures: list[Figure], at: int, taken: set[int]) -> int | None:
    rate = figures[at]
    near = [
        each
        for each in range(max(0, at - 6), at)
        if figures[each].kind != "rate"
        and tokens.same_sentence(figures[each].start, rate.start)
        and not _is_shut_off(tokens, figures[each].end, rate.start)
    ]
    free = [each for each in near if each not in taken]
    fitting = [each for each in free if fits(figures[each], rate)]
    if not near:
        return None
    nearest = near[-1]
    lead = _Lead(tokens, figures[nearest].end, rate)
    interrupted = any(figures[each].kind == "rate" for each in range(nearest + 1, at)) and not fitting
    if nearest in taken or interrupted or not _is_offered(tokens, lead, rate, figures[nearest]):
        opened = lead.has_link or lead.opener in ("(", "=")
        return fitting[-1] if fitting and opened and not counts_own(tokens, rate) else None
    if figures[nearest].kind != "ratio" and fitting:
        return fitting[-1]
    if figures[nearest].kind == "plain" and lexicon().places_before.ends(tokens.keys, figures[nearest].start):
        ratios = [each for each in free if figures[each].kind == "ratio"]
        return ratios[-1] if ratios else nearest
    return nearest


def _is_offered(tokens: Tokens, lead: _Lead, rate: Figure, host: Figure) -> bool:
    """Whether a rate is said of the figure before it, rather than of a noun of its own."""
    words = lexicon()
    if fits(host, rate):
        return lead.has_link or lead.opener in _OPENERS or not counts_own(tokens, rate)
    if words.plan_before.within(tokens.keys, lead.opened, rate.start) or words.compared_after.begins(
        tokens.keys, rate.end
    ):
        return False
    if lead.has_subject:
        return False
    if lead.has_link:
        return lead.opener in _OPENERS or not counts_own(tokens, rate)
    is_alone = tokens.kind(rate.end) != WORD or words.whole_after.begins(tokens.keys, rate.end) > 0
    return is_alone and lead.opener in (",", "(", "=", "-", ":", "“", '"')


def counts_own(tokens: Tokens, rate: Figure) -> bool:
    """Whether a noun of its own follows: "46,6% đơn vị", not "85% so với số triệu tập"."""
    if lexicon().whole_after.begins(tokens.keys, rate.end) or lexicon().plan_after.begins(tokens.keys, rate.end):
        return False
    return phrase_end(tokens, rate.end) > rate.end


def _after(tokens: Tokens, figures: list[Figure], at: int, taken: set[int]) -> int | None:
    """The ratio or count in brackets behind a rate: "đạt 91,78% (67/73 cơ quan)"."""
    rate, following = figures[at], at + 1
    if following >= len(figures) or following in taken:
        return None
    host = figures[following]
    reach = _FORWARD * (1 + fits(host, rate))
    if host.kind == "rate" or host.start - rate.end > reach or not tokens.same_sentence(rate.start, host.start):
        return None
    between = range(rate.end, host.start)
    if host.kind == "ratio" and fits(host, rate) and rate.rate is not None and rate.rate.exact != 100:
        return following
    signs = [tokens.key(each) for each in between if tokens.kind(each) == SIGN]
    in_bracket = tokens.key(host.start - 1) == "("
    if host.kind == "ratio" and in_bracket and signs[-1] == "(" and fits(host, rate):
        return following
    if signs == ["("] and (tokens.key(host.start - 1) == "(" or _is_bound_word(tokens, host.start)):
        return following
    words = lexicon()
    said = (
        words.respectively.within(tokens.keys, rate.end, host.start) or words.which_is.ends(tokens.keys, host.start) > 0
    )
    return following if said and host.kind == "ratio" and signs in ([], [","]) else None


def _is_bound_word(tokens: Tokens, at: int) -> bool:
    return (
        any(lexicon().lists[f"bounds_{kind}"].ends(tokens.keys, at) for kind in ("lower", "upper", "about"))
        or tokens.kind(at - 1) == WORD
    )


def _sentence_before(tokens: Tokens, figures: list[Figure], at: int, taken: set[int]) -> int | None:
    """The last ratio of the sentence before, where this one points back to it: "Con số ấy, tương đương 94,5%"."""
    rate = figures[at]
    others = range(max(0, at - 6), at)
    if at == 0 or any(
        tokens.same_sentence(figures[each].start, rate.start) and figures[each].kind != "rate" for each in others
    ):
        return None
    if counts_own(tokens, rate):
        return None
    ratios = [each for each in others if figures[each].kind == "ratio" and each not in taken]
    if not ratios:
        return _count_before(tokens, figures, at, taken)
    here = tokens.sentence[rate.start]
    lines = tokens.paragraph[rate.start] - tokens.paragraph[figures[ratios[-1]].start]
    names_rate = [tokens.key(rate.start - 3), tokens.key(rate.start - 2)] == _RATE_WORDS and tokens.key(
        rate.start - 1
    ) == ":"
    if lines > _LINES_BACK or (lines and not names_rate and (rate.rate is None or rate.rate.decimals < 2)):
        return None
    start = rate.start
    while start > 0 and rate.start - start < _SENTENCE and tokens.sentence[start - 1] == here:
        start -= 1
    free = [each for each in ratios if (lines or here - tokens.sentence[figures[each].start] <= _SENTENCES_BACK)]
    fitting = [each for each in free if fits(figures[each], rate)]
    if fitting and (rate.rate is None or rate.rate.decimals or len(fitting) == 1):
        return fitting[-1]
    free = [each for each in free if tokens.sentence[figures[each].start] == here - 1]
    words = lexicon()
    links = words.rate_links.begins(tokens.keys, start)
    opens = links > 0 and not (free and _has_own_subject(tokens, start + links, rate, figures[free[-1]]))
    points = opens or words.pointing_back.within(tokens.keys, start, rate.start)
    beside = [*figures[at - 1 : at], *figures[at + 1 : at + 2]]
    is_list = any(each.kind == "rate" and 1 in (each.start - rate.end, rate.start - each.end) for each in beside)
    return free[-1] if free and points and not is_list else None  # "91,3%, 93,8% và 95,2%": one of the years


def _has_own_subject(tokens: Tokens, start: int, rate: Figure, host: Figure) -> bool:
    """Whether "tỷ lệ …" names what stands with no word at its host: "211/230 chi bộ xong. Tỷ lệ hộ nghèo còn 12%"."""
    around = set(tokens.keys[max(0, host.start - _FORWARD) : min(start, host.end + _FORWARD)])
    named = set(tokens.keys[start : rate.start])
    return lexicon().counted.within(tokens.keys, start, rate.start) and named.isdisjoint(around)


def _count_before(tokens: Tokens, figures: list[Figure], at: int, taken: set[int]) -> int | None:
    """The count that ends the sentence before, where this one says "con số này": "Con số này bằng 80% kế hoạch"."""
    rate, host = figures[at], at - 1
    if host < 0 or host in taken or figures[host].kind != "plain" or figures[host].numerator is None:
        return None
    if tokens.sentence[rate.start] - tokens.sentence[figures[host].start] != 1:
        return None
    near = range(max(0, rate.start - _FORWARD), rate.start)
    return host if any(lexicon().this_figure.begins(tokens.keys, each) for each in near) else None
