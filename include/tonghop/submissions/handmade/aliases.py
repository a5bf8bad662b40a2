"""The catalogue as headings name it: authored aliases, generic words, names of indicators and populations. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from tonghop.errors import TonghopError
from tonghop.submissions.handmade.words import key

Role = Literal["unit_name", "unit_code", "stt", "item", "figure", "ignored", "note"]
FIELDS = ("numerator", "denominator", "ratio", "stated_rate", "note")
ANCHORS = ("stt", "unit_name", "unit_code", "item")
"""Roles of columns that say what a row is of."""
GENERIC = (*FIELDS, *ANCHORS, "whole", "complement", "neutral", "ignored")
"""What a heading without an indicator may mean. ``whole``: all of those counted, so the denominator beside a numerator;
``complement``: those that have not; ``neutral``: a heading that adds nothing ("Kết quả")."""


@dataclass(frozen=True)
class Alias:
    """A heading (levels joined by " > "), and what it stands for."""

    heading: str
    indicator: str
    field: str


@dataclass(frozen=True)
class Indicator:
    """As much of an indicator as a heading needs."""

    code: str
    name_vi: str
    kind: str
    reported_by: str
    complement_of: str | None = None


@dataclass(frozen=True)
class Target:
    """Where the figures of a column go: an indicator or population, which of its fields, and in what scope.

    ``scope`` is own, total, or auto (by who the row's unit is and who reports the indicator).
    """

    indicator: str
    field: str
    scope: str = "auto"


@dataclass(frozen=True)
class Catalogue:
    """What headings may be mapped to: indicators, populations (code to Vietnamese name), aliases."""

    indicators: Mapping[str, Indicator]
    populations: Mapping[str, str]
    aliases: tuple[Alias, ...] = field(default=())

    @cached_property
    def named(self) -> dict[str, Target]:
        """Exact names: of the catalogue, then the authored aliases (which win)."""
        found = {key(name): Target(code, "numerator") for code, name in self.populations.items()}
        found |= {key(each.name_vi): Target(each.code, "numerator") for each in self.indicators.values()}
        for alias in self.aliases:
            if alias.indicator:
                found[path_key(alias.heading)] = Target(alias.indicator, alias.field)
        return found

    @cached_property
    def authored(self) -> frozenset[str]:
        """Keys that stand in the aliases."""
        return frozenset(path_key(alias.heading) for alias in self.aliases if alias.indicator)

    @cached_property
    def generic(self) -> dict[str, str]:
        """Words without an indicator: key to field or role."""
        return {key(alias.heading): alias.field for alias in self.aliases if not alias.indicator}

    @cached_property
    def complements(self) -> dict[str, str]:
        """The indicator of those that have not, by the indicator of those that have."""
        return {each.complement_of: each.code for each in self.indicators.values() if each.complement_of}


def path_key(heading: str) -> str:
    """The key of a heading written with its levels: "Ban hành kế hoạch > Đã ban hành"."""
    return " > ".join(key(level) for level in heading.split(" > "))


def settled(lines: Iterable[Sequence[str]]) -> tuple[Alias, ...]:
    """The authored aliases (``heading_aliases.csv``, by way of the register), held to what a heading may mean.

    Args:
        lines: heading, indicator ("" for a word without one) and field of each.

    Raises:
        TonghopError: an alias that cannot be understood, or two that contradict each other; with the remedy.
    """
    found: dict[str, Alias] = {}
    for heading, indicator, field_ in lines:
        alias = Alias(heading, indicator, field_)
        allowed = FIELDS if alias.indicator else GENERIC
        if not path_key(alias.heading) or alias.field not in allowed:
            raise TonghopError(
                f"heading_aliases.csv: “{alias.heading}” has the field “{alias.field}”.",
                f"Give a heading, and one of {', '.join(allowed)}.",
            )
        known = found.setdefault(path_key(alias.heading), alias)
        if (known.indicator, known.field) != (alias.indicator, alias.field):
            raise TonghopError(
                f"heading_aliases.csv: “{alias.heading}” already means {known.indicator or known.field}"
                f" (“{known.heading}”).",
                "Keep one of the two lines.",
            )
    return tuple(found.values())
