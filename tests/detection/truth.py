"""What was planted, where, and what should come of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Planted:
    """One planted error.

    Attributes:
        error_id: the kind and its number in the corpus.
        unit: where it was planted; ``indicator``, ``period`` and ``scope`` say which figure.
        was: what the clean nation has there; ``now`` is what was written.
        why: what happened, in one sentence.
        rules: ids of which at least one must be found on a subject.
        also: ids that may be found there besides, in the same group.
        causes: the words of which one should be the first explanation; none where nothing can be said.
        units, indicators, populations: the subjects on which it may be found (a child's error shows in sums above).
        senders: where the row names no unit that is known, who sent it.
        is_of_whole_form: the finding is of a form of the unit, so it names no indicator.
    """

    error_id: str
    kind: str
    unit: str
    indicator: str
    period: str
    scope: str
    was: str
    now: str
    why: str
    rules: list[str]
    also: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    populations: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    is_of_whole_form: bool = False
