"""The figures that a report claims, each with its place, its numbers and the words of what it counts. Pure.

A claim's span begins at its first digit (a bound word such as "trên" stands before it) and runs to the end of the
phrase it counts, or of the rate that belongs to it where nothing else is claimed between: "452/507 đồng chí tham dự,
đạt 89%". A count that its label names before it ("Chưa thu 69") is the digits alone. A rate apart from its ratio, with
a noun of its own ("46,6% đơn vị"), is a claim of kind rate; it takes over the numbers of the ratio it can come from.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from tonghop.narrative.apart import attach_apart
from tonghop.narrative.counting import counted
from tonghop.narrative.exclusions import exclude
from tonghop.narrative.figures import Bound, Figure, figures_of
from tonghop.narrative.lexicon import key_of, lexicon
from tonghop.narrative.numbers import Rate, percent
from tonghop.narrative.phrases import is_generic, label_before, meant_before, names_people, phrase_end, topic_before
from tonghop.narrative.rates import attach, is_change
from tonghop.narrative.tokens import NUMBER, Tokens, tokenise
from tonghop.narrative.wholes import hosts_beyond_wholes

Kind = Literal["ratio", "count", "rate", "count_rate"]

_REACH = 160  # characters: a rate further from its figure does not stretch the figure's span
_CLAUSE = 60  # tokens
_SENTENCES_BACK = 3
_INHERIT = 4  # figures between a count and the ratio that is of it
_ABOUT = 1  # point that "khoảng" may be off


@dataclass(frozen=True)
class Claim:
    """One figure of a report.

    Attributes:
        kind: ratio, count, rate, or count_rate (a count with a rate and no denominator).
        start, end: offsets in the text as read, end exclusive.
        quote: the text between them.
        numerator, denominator: whole numbers; None where the text gives none (a range has no numerator).
        stated_rate: as written, "91,78%"; None without one.
        rate: the stated rate as a number; None for a range of rates.
        bound, rate_bound: lower (trên), upper (gần), about (khoảng) or range; None for an exact figure.
        population: the words of what is counted; "" where the text does not say.
        noun: the words right after the digits ("đồng chí"), part of ``population`` or narrower than it; "" without any.
        topic: the place the sentence speaks of before the figure ("Tại các sở, ban, ngành cấp tỉnh"); "" without one.
        label: the words that name the figure before it ("đảng viên nữ có …"); "" without them.
        context: the words that say what was done: topic, label, and from the figure to the next or the clause's end.
        first, last: its tokens, without the rate that follows, end exclusive.
        place: the tokens its digits take, end exclusive.
        sentence, paragraph: where it stands, counted from 0.
        is_share: of a count with a rate, whether the rate is said to be its share ("chiếm 12%", "(12%)"), not its
            attainment ("đạt 96%" of a population of its own).
        taken_from: of a rate that took its numbers from a ratio, that claim's index.
        rate_at: the token after its rate; None without one.
    """

    kind: Kind
    start: int
    end: int
    quote: str
    numerator: int | None
    denominator: int | None
    stated_rate: str | None
    rate: Rate | None
    bound: Bound | None
    rate_bound: Bound | None
    population: str
    noun: str
    topic: str
    label: str
    context: str
    first: int
    last: int
    place: tuple[int, int]
    sentence: int
    paragraph: int
    is_share: bool = False
    taken_from: int | None = None
    rate_at: int | None = None

    @property
    def quotient(self) -> Fraction | None:
        """Numerator ÷ denominator in per cent, exact; None where one is missing."""
        if self.numerator is None or not self.denominator:
            return None
        return percent(self.numerator, self.denominator)

    @property
    def consistent(self) -> bool | None:
        """Whether the stated rate is the quotient as written (a bound: as the bound it is); None without both."""
        quotient = self.quotient
        if quotient is None or self.rate is None:
            return None
        match self.rate_bound:
            case "lower":
                return quotient >= self.rate.exact or self.rate.rounds(quotient)
            case "upper":
                return quotient <= self.rate.exact or self.rate.rounds(quotient)
            case "about":
                return abs(quotient - self.rate.exact) <= _ABOUT
        return self.rate.rounds(quotient)


def claims_of(text: str) -> tuple[Tokens, list[Claim]]:
    """All claims of a text in reading order, and the tokens that they stand in."""
    tokens = tokenise(text)
    exclude(tokens)
    figures = [kept for figure in figures_of(tokens) if (kept := _kept(tokens, figure)) is not None]
    hosts = attach(tokens, figures, hosts_beyond_wholes(tokens, figures))
    hosts |= attach_apart(tokens, figures, hosts)
    rate_of = {host: rate for rate, host in hosts.items()}
    claims = [
        _claim(text, tokens, figures, at, rate_of.get(at))
        for at, figure in enumerate(figures)
        if not (figure.kind == "rate" and (at in hosts or is_change(tokens, figure) or tokens.key(figure.end) == "/"))
    ]
    return tokens, _linked(_inherited(claims))


def _kept(tokens: Tokens, figure: Figure) -> Figure | None:
    if figure.kind != "plain":
        return figure
    return _coefficient(tokens, figure) or counted(tokens, figure)


def _coefficient(tokens: Tokens, figure: Figure) -> Figure | None:
    """A range of coefficients ("hệ số từ 1,5 đến 2 lần") is a rate in times; a single one is a measure, no claim."""
    if figure.bound != "range":
        return None
    words = lexicon()
    said = any(words.coefficients.ends(tokens.keys, at) for at in range(max(0, figure.start - 3), figure.start + 1))
    size = words.times.begins(tokens.keys, figure.end)
    return replace(figure, kind="rate", end=figure.end + size, numerator=None) if said and size else None


def _claim(text: str, tokens: Tokens, figures: list[Figure], at: int, rate_at: int | None) -> Claim:
    figure = figures[at]
    rate = figure if figure.kind == "rate" else figures[rate_at] if rate_at is not None else None
    last = phrase_end(tokens, figure.end)
    final = last
    if rate_at is not None and _is_beside(tokens, figure, figures[rate_at], adjacent=rate_at == at + 1):
        final = max(last, figures[rate_at].end)
        is_open = any(tokens.key(each) == "(" for each in range(last, figures[rate_at].start))
        final += int(is_open and tokens.key(final) == ")")
    start, end = tokens.shadow.origin(tokens.tokens[figure.start].start, tokens.tokens[final - 1].end)
    kind: Kind = (
        "rate" if figure.kind == "rate" else "ratio" if figure.kind == "ratio" else "count_rate" if rate else "count"
    )
    population, noun, topic, label = _words(tokens, figure, last)
    return Claim(
        kind,
        start,
        end,
        text[start:end],
        figure.numerator,
        figure.denominator,
        _as_written(text, tokens, rate) if rate else None,
        rate.rate if rate else None,
        None if figure.kind == "rate" else figure.bound,
        rate.bound if rate else None,
        population,
        noun,
        topic,
        label,
        " ".join(filter(None, (topic, label, _clause(tokens, figures, at)))),
        figure.start,
        last,
        (figure.start, figure.end),
        tokens.sentence[figure.start],
        tokens.paragraph[figure.start],
        is_share=kind == "count_rate" and rate is not None and not _attains(tokens, rate),
        rate_at=rate.end if rate else None,
    )


def _clause(tokens: Tokens, figures: list[Figure], at: int) -> str:
    """From a figure to the next that is no rate, or to the end of its clause (a semicolon, the sentence)."""
    start = figures[at].end
    others = (figure.start for figure in figures[at + 1 : at + 8] if figure.kind != "rate")
    limit = min(next(others, len(tokens)), start + _CLAUSE)
    limit = bisect_right(tokens.sentence, tokens.sentence[figures[at].start], start, max(start, limit))
    end = next((each for each in range(start, limit) if tokens.keys[each] == ";"), limit)
    return tokens.words(start, end)


def _attains(tokens: Tokens, rate: Figure) -> bool:
    words = lexicon()
    said = any(words.attainments.begins(tokens.keys, at) for at in range(max(0, rate.start - 4), rate.start))
    return said or words.plan_after.begins(tokens.keys, rate.end) > 0


def _is_beside(tokens: Tokens, figure: Figure, rate: Figure, *, adjacent: bool) -> bool:
    distance = tokens.tokens[rate.start].start - tokens.tokens[figure.end - 1].end
    return adjacent and 0 <= distance <= _REACH and tokens.same_sentence(figure.start, rate.start)


def _as_written(text: str, tokens: Tokens, rate: Figure) -> str:
    start, end = tokens.shadow.origin(tokens.tokens[rate.start].start, tokens.tokens[rate.end - 1].end)
    return " ".join(text[start:end].split())


def _words(tokens: Tokens, figure: Figure, last: int) -> tuple[str, str, str, str]:
    """Population, noun, topic and label of a figure. A phrase that only says "đồng chí" leaves it to the others."""
    topic = tokens.words(*topic_before(tokens, figure))
    label = tokens.words(*label_before(tokens, figure.start))
    own = tokens.words(figure.end, last)
    if figure.kind == "ratio" and not own:
        inner = [at for at in range(*figure_words(tokens, figure)) if tokens.kind(at) != NUMBER]
        own = tokens.words(inner[0], inner[-1] + 1) if inner else ""
    if own and not is_generic(tokens, figure.end, last):
        return own, own, topic, label
    meant = tokens.words(*meant_before(tokens, figure.start)) if figure.kind != "rate" else ""
    if meant:
        return meant, own, topic, label
    names = not own or lexicon().counted.within(tokens.keys, *label_before(tokens, figure.start))
    named = label if figure.kind != "rate" and names else ""
    if own and not names_people(tokens, figure.end, last):
        return topic or own, own, topic, label
    is_level = topic != "" and lexicon().levels_bare.begins(_keys(topic), 0) == len(topic.split())
    return named or ("" if own and is_level else topic) or own, own, topic, label


def figure_words(tokens: Tokens, figure: Figure) -> tuple[int, int]:
    """The part's own words of "38 đồng chí trong tổng số 178"; nothing of "38/178"."""
    words = lexicon()
    end = figure.start + 1
    joins = (words.out_of, words.out_of_bare, words.of_bare)
    while end < figure.end and tokens.key(end) != "/" and not any(each.begins(tokens.keys, end) for each in joins):
        end += 1
    return figure.start + 1, end


def _inherited(claims: list[Claim]) -> list[Claim]:
    """A ratio of a bare "cơ quan, đơn vị" whose denominator was just counted is of the population counted there."""
    made = list(claims)
    for at, claim in enumerate(claims):
        if (
            claim.kind != "ratio"
            or claim.topic
            or _is_named(claim.label)
            or claim.population != claim.noun
            or not claim.noun
        ):
            continue
        for where in range(at - 1, max(-1, at - 1 - _INHERIT), -1):
            source = claims[where]
            is_source = source.kind == "count" and source.numerator == claim.denominator and source.noun == claim.noun
            named = source.topic or source.label
            if (
                is_source
                and source.paragraph == claim.paragraph
                and lexicon().levels_named.within(_keys(named), 0, len(named))
            ):
                made[at] = replace(claim, population=named, topic=named)
                made[where] = replace(source, population=named, topic=named)
                break
    return made


def _is_named(label: str) -> bool:
    keys = _keys(label)
    return lexicon().counted.within(keys, 0, len(keys))


def _keys(text: str) -> list[str]:
    return [key_of(word) for word in text.lower().replace(",", " ").split()]


def _linked(claims: list[Claim]) -> list[Claim]:
    """Rates apart from their ratio take the numbers of the one ratio nearby, without a rate, that gives them."""
    linked = list(claims)
    for at, claim in enumerate(claims):
        if claim.kind != "rate" or claim.rate is None or claim.rate.exact in (0, 100) or claim.rate_bound is not None:
            continue
        near = [
            index
            for index in range(max(0, at - 12), at)
            if claims[index].kind == "ratio"
            and claims[index].rate is None
            and claims[index].paragraph == claim.paragraph
            and claim.sentence - claims[index].sentence <= _SENTENCES_BACK
            and (quotient := claims[index].quotient) is not None
            and claim.rate.rounds(quotient)
        ]
        if near and (claim.rate.decimals or len(near) == 1):
            source = claims[near[-1]]
            linked[at] = replace(claim, numerator=source.numerator, denominator=source.denominator, taken_from=near[-1])
    return linked
