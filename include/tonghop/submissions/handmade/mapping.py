"""What a heading was settled to be, and what is proposed where it was not. Everything here goes to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from tonghop.submissions.handmade.aliases import Role, Target

Found = Literal["confirmed", "alias", "catalogue", "word", "suggestion", "none"]
ROLES = ("unit_name", "unit_code", "stt", "item", "figure", "ignored", "note")


@dataclass(frozen=True)
class Choice:
    """What a steward confirmed for one heading: its role and, for figures, where they go."""

    role: Role
    targets: tuple[Target, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {"role": self.role, "targets": [asdict(target) for target in self.targets]}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Choice:
        """Raises ValueError for a role, a field or a scope that does not exist."""
        targets = tuple(
            Target(str(each["indicator"]), str(each["field"]), str(each.get("scope", "auto")))
            for each in told.get("targets", ())
        )
        if told["role"] not in ROLES or any(
            target.field not in ("numerator", "denominator", "ratio", "stated_rate", "note")
            or target.scope not in ("auto", "own", "total")
            for target in targets
        ):
            raise ValueError(f"no such choice: {dict(told)}")
        return cls(cast(Role, told["role"]), targets)


Confirmed = Mapping[str, Mapping[str, Choice]]
"""What the stewards confirmed for a sender: by form key, then by heading key."""


@dataclass(frozen=True)
class Heading:
    """A heading of a table (a column's, or a row's where rows are indicators) and what it is taken or proposed to be.

    Attributes:
        key: names it within its form; ``text`` is its path as written, ``place`` its cell.
        choice: settled where ``is_settled``, else the likeliest.
        score: of 100, how alike the suggestion is.
        found: how the choice was come by.
        has_figures: it holds figures, so nothing is read before it is settled (unless it is hidden).
        sample: its first figures as written.
    """

    key: str
    text: str
    axis: Literal["column", "row"]
    place: str
    choice: Choice
    score: float
    found: Found
    is_settled: bool
    has_figures: bool
    is_hidden: bool
    sample: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it keeps its table from being read."""
        return self.has_figures and not self.is_settled and not self.is_hidden

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "choice": self.choice.to_dict(), "sample": list(self.sample)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Heading:
        return cls(**{**told, "choice": Choice.from_dict(told["choice"]), "sample": tuple(told["sample"])})


@dataclass(frozen=True)
class TableProposal:
    """A table and its headings; ``form_key`` is the same as long as its title and headings are."""

    form_key: str
    sheet: str
    title: str
    place: str
    headings: tuple[Heading, ...]

    @property
    def is_settled(self) -> bool:
        return not any(heading.is_open for heading in self.headings)

    def accepted(self) -> dict[str, Choice]:
        """Its choices as they stand, for a steward who agrees with all of them."""
        return {heading.key: heading.choice for heading in self.headings}

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "headings": [heading.to_dict() for heading in self.headings]}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> TableProposal:
        return cls(**{**told, "headings": tuple(Heading.from_dict(each) for each in told["headings"])})


@dataclass(frozen=True)
class Proposal:
    """All tables of a book."""

    tables: tuple[TableProposal, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"tables": [table.to_dict() for table in self.tables]}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Proposal:
        return cls(tuple(TableProposal.from_dict(each) for each in told["tables"]))


class NeedsMapping(Exception):
    """A book whose headings a steward has to settle first; nothing of it was read."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        waiting = [heading for table in proposal.tables for heading in table.headings if heading.is_open]
        first = waiting[0]
        self.locator = first.place
        self.vi = (
            f"{len(waiting)} tiêu đề chưa khớp danh mục, đầu tiên là “{first.text}” ở {first.place};"
            " chờ cán bộ xác nhận cột nào là chỉ tiêu nào"
        )
        self.en = (
            f"{len(waiting)} headings match nothing in the catalogue, first “{first.text}” at {first.place};"
            " a steward has to confirm which column is which indicator"
        )
        super().__init__(f"{self.vi} / {self.en}")


def confirmed_to_dict(confirmed: Confirmed) -> dict[str, Any]:
    """Confirmed choices as JSON: ``{form_key: {heading_key: {"role": …, "targets": […]}}}``."""
    return {form: {name: choice.to_dict() for name, choice in each.items()} for form, each in confirmed.items()}


def confirmed_from_dict(told: Mapping[str, Any]) -> dict[str, dict[str, Choice]]:
    """The inverse of ``confirmed_to_dict``.

    Raises:
        ValueError: a choice that does not exist.
    """
    return {form: {name: Choice.from_dict(each) for name, each in found.items()} for form, found in told.items()}
