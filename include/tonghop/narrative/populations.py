"""Whether two claims speak of one population, and of one place and time. By their words alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from tonghop.narrative.claims import Claim
from tonghop.narrative.lexicon import Phrases, key_of
from tonghop.narrative.tokens import SIGN, WORD, Tokens

FILE = Path(__file__).with_name("populations.yml")
ALIKE = 0.7
"""Share of the words of either that two names of one population have in common (Jaccard)."""

_WORD = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)?")
_YEAR = re.compile(r"(?<![0-9.,])(?:19|20)[0-9]{2}(?![0-9])")
_BACK = 60  # tokens of a sentence in which the place of a figure is looked for

Class = Literal["people", "units", "things"]


@lru_cache(maxsize=1)
def _words() -> tuple[Mapping[str, Phrases], list[tuple[str, Phrases]]]:
    lists: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    concepts = [(key_of(name), Phrases(phrases)) for name, phrases in lists.pop("concepts").items()]
    return {name: Phrases(phrases) for name, phrases in lists.items()}, concepts


@lru_cache(maxsize=4096)
def profile(population: str) -> frozenset[str]:
    """The words of a population that tell it from others, its synonyms made one; empty where it says nothing."""
    lists, concepts = _words()
    keys = [key_of(word) for word in _WORD.findall(population.lower())]
    found: set[str] = set()
    at = 0
    while at < len(keys):
        size, name = max(((phrases.begins(keys, at), name) for name, phrases in concepts), default=(0, ""))
        skipped = max(lists["empty"].begins(keys, at), lists["one_for_each"].begins(keys, at))
        if size and size >= skipped:
            found |= {"agency", key_of("tỉnh")} if name == key_of("agency_province") else {name}
        elif not skipped:
            found.add(keys[at])
        at += max(size, skipped, 1)
    if "committee" in found:  # "huyện, thị, thành ủy": the first two are halves of words
        found -= {key_of("huyện"), key_of("thị"), key_of("quận")}
    return frozenset(found)


@lru_cache(maxsize=4096)
def class_of(population: str) -> Class | None:
    """What kind of things a population counts; None where its words do not tell."""
    keys = [key_of(word) for word in _WORD.findall(population.lower())]
    return next((found for at in range(len(keys)) if (found := _class_at(keys, at)) is not None), None)


def head_class(noun: str) -> Class | None:
    """What kind of things a noun counts by its first word: of "mô hình cấp xã" no units."""
    return _class_at([key_of(word) for word in _WORD.findall(noun.lower())], 0)


def _class_at(keys: list[str], at: int) -> Class | None:
    lists, _ = _words()
    sizes: dict[Class, int] = {
        "people": lists["people"].begins(keys, at),
        "units": lists["units"].begins(keys, at),
        "things": lists["things"].begins(keys, at),
    }
    best = max(sizes, key=lambda name: sizes[name])
    return best if sizes[best] else None


def place_type(tokens: Tokens, at: int) -> int:
    """How many tokens the kind of a place ("huyện", "thị trấn") has that begins at a token; 0 where none does."""
    return _words()[0]["place_types"].begins(tokens.keys, at)


def is_quality(noun: str) -> bool:
    """Whether a noun only says what some members of a whole are: "29 khiển trách", "72 loại khá"."""
    return _words()[0]["qualities"].begins([key_of(word) for word in _WORD.findall(noun.lower())], 0) > 0


def alike(one: Claim, other: Claim) -> bool:
    """Whether two claims name one population: their words nearly all the same, and enough of them to tell."""
    first, second = profile(one.population), profile(other.population)
    if not first or not second or len(first & second) < ALIKE * len(first | second):
        return False
    if class_of(one.population) == "people":
        return first == second and len(first) > 1
    return first | second != {"agency"} or (one.topic != "" and profile(one.topic) == profile(other.topic))


@dataclass(frozen=True)
class Scope:
    """Of which places, years and levels ("cấp huyện") a claim speaks."""

    places: frozenset[str]
    years: frozenset[str]
    levels: frozenset[str] = frozenset()

    def agrees(self, other: Scope) -> bool:
        """Whether nothing says that two claims speak of different places or years."""
        apart = self.years and other.years and self.years.isdisjoint(other.years)
        levels = self.levels and other.levels and self.levels.isdisjoint(other.levels)
        return self.places == other.places and not apart and not levels


def scope_of(tokens: Tokens, claim: Claim) -> Scope:
    """The places that its sentence names before a claim (its type and a capital, or two capitals), and its years."""
    start = claim.first
    while (
        start > 0
        and claim.first - start < _BACK
        and tokens.same_sentence(start - 1, claim.first)
        and tokens.keys[start - 1] != ";"
    ):
        start -= 1
    begin = start
    while begin > 0 and claim.first - begin < _BACK and tokens.same_sentence(begin - 1, claim.first):
        begin -= 1
    text = tokens.words(begin, claim.last)
    words = _words()[0]["levels"]
    sizes = {at: words.begins(tokens.keys, at) for at in range(start, claim.last)}
    levels = frozenset(" ".join(tokens.keys[at : at + size]) for at, size in sizes.items() if size)
    return Scope(frozenset(_places(tokens, start, claim.last)), frozenset(_YEAR.findall(text)), levels)


def _places(tokens: Tokens, start: int, end: int) -> set[str]:
    lists, _ = _words()
    found: set[str] = set()
    at = start
    while at < end:
        typed = lists["place_types"].begins(tokens.keys, at)
        name = at + typed
        stop = name
        while (
            stop < end
            and tokens.kind(stop) == WORD
            and tokens.tokens[stop].is_capital
            and (not lists["not_places"].begins(tokens.keys, stop) or stop > name)
        ):
            stop += 1
        is_office = any(lists["not_places"].begins(tokens.keys, each) for each in range(name, stop)) and not typed
        if stop - name >= (1 if typed else 2) and not is_office and not tokens.excluded[name]:
            found.add(" ".join(tokens.keys[name:stop]))
        at = max(stop, at + 1)
    return found


def between(tokens: Tokens, one: Claim, other: Claim) -> list[str]:
    """The keys of the words between two claims that follow each other."""
    return [tokens.keys[at] for at in range(one.place[1], other.place[0]) if tokens.kind(at) in (WORD, SIGN)]
