"""The words of ``lexicon.yml``, ready to be looked up syllable by syllable. Pure, apart from reading that file once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tonghop.reference.names import spelling_key

FILE = Path(__file__).with_name("lexicon.yml")


@lru_cache(maxsize=1 << 15)
def key_of(word: str) -> str:
    """The key of a word: case, tone placement, i and y make one ("Uỷ", "ủy"; "tỷ", "tỉ")."""
    return spelling_key(word) if word else word


class Phrases:
    """A set of phrases; the longest that begins (or ends) at a place is found in a few steps."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.known = {tuple(key_of(word) for word in phrase.split()) for phrase in phrases}
        # Of each first (last) word, the sizes of its phrases, the longest first: nearly every look-up ends right here.
        self._first: dict[str, list[int]] = {}
        self._last: dict[str, list[int]] = {}
        for phrase in sorted(self.known, key=len, reverse=True):
            for sizes in (self._first.setdefault(phrase[0], []), self._last.setdefault(phrase[-1], [])):
                if len(phrase) not in sizes:
                    sizes.append(len(phrase))

    def begins(self, keys: Sequence[str], at: int) -> int:
        """How many keys the longest phrase that begins at ``at`` has; 0 where none does."""
        if not 0 <= at < len(keys):
            return 0
        for size in self._first.get(keys[at], ()):
            if tuple(keys[at : at + size]) in self.known:
                return size
        return 0

    def ends(self, keys: Sequence[str], before: int) -> int:
        """How many keys the longest phrase that ends just before ``before`` has; 0 where none does."""
        if not 0 < before <= len(keys):
            return 0
        for size in self._last.get(keys[before - 1], ()):
            if size <= before and tuple(keys[before - size : before]) in self.known:
                return size
        return 0

    def within(self, keys: Sequence[str], start: int, end: int) -> bool:
        """Whether any phrase lies between two places."""
        return any(0 < self.begins(keys, at) <= end - at for at in range(start, end))


class Lexicon:
    """Every list of the file as ``Phrases``, by its name; ``bounds.lower`` is ``bounds_lower``."""

    def __init__(self, lists: dict[str, Any]) -> None:
        self.multipliers = {key_of(word): value for word, value in lists.pop("multipliers").items()}
        self.lists: dict[str, Phrases] = {}
        for name, words in lists.items():
            if isinstance(words, dict):
                self.lists |= {f"{name}_{part}": Phrases(some) for part, some in words.items()}
            else:
                self.lists[name] = Phrases(words)

    def __getattr__(self, name: str) -> Phrases:
        try:
            return self.lists[name]
        except KeyError:
            raise AttributeError(f"lexicon.yml has no list '{name}'") from None


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists of ``lexicon.yml``."""
    return Lexicon(yaml.safe_load(FILE.read_text(encoding="utf-8")))
