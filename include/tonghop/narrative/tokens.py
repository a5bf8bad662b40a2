"""A shadow cut into words, numbers and signs, with the sentences they stand in. Pure, linear."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from tonghop.narrative.lexicon import key_of
from tonghop.narrative.shadow import Shadow, shadow_of

NUMBER, WORD, SIGN, BREAK = range(4)

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:[.,][0-9]+)*)"
    r"|(?P<word>đ/c|t\.ư|t/[ml]|v/v|[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<sign>[^\s\w]|_)"
    r"|(?P<break>\n)"
)
_KINDS = {"number": NUMBER, "word": WORD, "sign": SIGN, "break": BREAK}
_TITLES = frozenset(
    map(key_of, ("tp", "tx", "tt", "ts", "ths", "gs", "pgs", "q", "p", "h", "ng", "th", "tr", "bs", "ks"))
)
_FULL = 50  # characters of a line that was wrapped, not ended
_ENDS = frozenset(".!?…")


class Token(NamedTuple):
    """A word, a number, a sign or the end of a line.

    Attributes:
        kind: NUMBER, WORD, SIGN or BREAK.
        text: as the shadow has it (composed, lower case).
        start, end: in the shadow.
        is_glued: nothing stands between it and the token before.
        is_capital: its first letter is a capital.
    """

    kind: int
    text: str
    start: int
    end: int
    is_glued: bool
    is_capital: bool


@dataclass
class Tokens:
    """A text in tokens.

    Attributes:
        keys: of each token, what phrases are looked up by; a number is "#".
        sentence: of each token, the number of its sentence; paragraphs end sentences too.
        paragraph: of each token, the number of its paragraph.
        excluded: of each token, whether it belongs to a date, a document number or the like.
    """

    shadow: Shadow
    tokens: list[Token]
    keys: list[str]
    sentence: list[int] = field(default_factory=list)
    paragraph: list[int] = field(default_factory=list)
    excluded: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.tokens)

    def key(self, at: int) -> str:
        """The key of a token; "" outside the text."""
        return self.keys[at] if 0 <= at < len(self.keys) else ""

    def kind(self, at: int) -> int:
        """The kind of a token; BREAK outside the text."""
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else BREAK

    def same_sentence(self, one: int, other: int) -> bool:
        return 0 <= one < len(self) and 0 <= other < len(self) and self.sentence[one] == self.sentence[other]

    def words(self, start: int, end: int) -> str:
        """What tokens say, as the letters were written, on one line."""
        if start >= end:
            return ""
        return " ".join(self.shadow.cased[self.tokens[start].start : self.tokens[end - 1].end].split())


def tokenise(text: str) -> Tokens:
    """Tokens, sentences and paragraphs of a text."""
    shadow = shadow_of(text)
    found: list[Token] = []
    keys: list[str] = []
    before = -1
    for match in _TOKEN.finditer(shadow.text):
        kind, written = _KINDS[match.lastgroup or "sign"], match[0]
        start, end = match.span()
        found.append(Token(kind, written, start, end, start == before, kind == WORD and shadow.cased[start].isupper()))
        keys.append("#" if kind == NUMBER else key_of(written) if kind == WORD else written)
        before = end
    made = Tokens(shadow, found, keys)
    _mark_sentences(made)
    return _unwrapped(made)


def _unwrapped(tokens: Tokens) -> Tokens:
    """Without the ends of lines that were only wrapped: a phrase goes on over them."""
    ends = [tokens.paragraph[at] != tokens.paragraph[at + 1] for at in range(len(tokens) - 1)] + [True]
    kept = [at for at, token in enumerate(tokens.tokens) if token.kind != BREAK or ends[at]]
    return Tokens(
        tokens.shadow,
        [tokens.tokens[at] for at in kept],
        [tokens.keys[at] for at in kept],
        [tokens.sentence[at] for at in kept],
        [tokens.paragraph[at] for at in kept],
        [False] * len(kept),
    )


def _mark_sentences(tokens: Tokens) -> None:
    sentence = paragraph = line = 0
    for at, token in enumerate(tokens.tokens):
        tokens.sentence.append(sentence)
        tokens.paragraph.append(paragraph)
        if token.kind == BREAK:
            if _ends_paragraph(tokens, at, is_full=token.start - line >= _FULL):
                sentence, paragraph = sentence + 1, paragraph + 1
            line = token.end
        elif token.kind == SIGN and token.text in _ENDS and _ends_sentence(tokens, at):
            sentence += 1


def _ends_sentence(tokens: Tokens, at: int) -> bool:
    following = at + 1
    while tokens.kind(following) == SIGN and tokens.tokens[following].text in "”\"')»":
        following += 1
    if tokens.kind(following) == BREAK:
        return True
    if tokens.tokens[at].text == "." and tokens.key(at - 1) in _TITLES:
        return False
    after = tokens.tokens[following]
    return not after.is_glued and (after.is_capital or after.kind != WORD)


def _ends_paragraph(tokens: Tokens, at: int, *, is_full: bool) -> bool:
    """A line that goes on in the next (hard-wrapped text, PDF) does not end its paragraph.

    Args:
        is_full: the line is as long as lines are wrapped at, so a capital may follow in its sentence.
    """
    if tokens.kind(at + 1) == BREAK or tokens.kind(at - 1) == BREAK:
        return True
    before, after = tokens.tokens[at - 1], tokens.tokens[at + 1]
    is_word = after.kind == WORD and (is_full or not after.is_capital)
    goes_on = is_word or (is_full and (after.kind == NUMBER or after.text in "(“"))
    return not goes_on or (before.kind == SIGN and before.text in ".!?…;:")
