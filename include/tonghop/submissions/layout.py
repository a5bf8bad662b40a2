"""What the template's writer and its reader agree on: the hidden sheet, and the hidden first row of every other."""

from __future__ import annotations

from dataclasses import dataclass, field

META_SHEET = "_tonghop"
META_MARK = "tonghop-template"
VERSION = "1"
MATRIX, RETURNS = "tonghop-matrix", "tonghop-returns"
"""Cell A1 of a data sheet; B1 holds the number of its first data row; row 1 from C on holds the column keys."""


@dataclass(frozen=True)
class Meta:
    """What the hidden sheet says: whom and which period the workbook was made for."""

    sender: str
    unit_code: str
    period: str
    form: str
    version: str

    def rows(self) -> list[tuple[str, str]]:
        return [
            (META_MARK, self.version),
            ("sender", self.sender),
            ("unit_code", self.unit_code),
            ("period", self.period),
            ("form", self.form),
        ]


@dataclass(frozen=True)
class Column:
    """The key of a column: ``indicator|field|scope`` (the scope in which the sender's own row speaks)."""

    indicator: str
    field: str
    sender_scope: str

    @property
    def key(self) -> str:
        return f"{self.indicator}|{self.field}|{self.sender_scope}"

    @classmethod
    def parse(cls, key: str) -> Column | None:
        parts = key.split("|")
        return cls(*parts) if len(parts) == 3 else None


@dataclass(frozen=True)
class Unit:
    """A unit as it stands at the period's end."""

    unit_id: str
    code: str
    name: str
    type: str
    level: str
    parent_level: str | None


@dataclass(frozen=True)
class AskedIndicator:
    """An indicator and who is asked: ``reporters`` are unit codes, ``counts_one`` those whose denominator is one."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    columns: tuple[Column, ...]
    reporters: frozenset[str]
    counts_one: frozenset[str]


@dataclass(frozen=True)
class Sheet:
    """One group of indicators: the sender's row first, then its reporters."""

    group: str
    units: tuple[Unit, ...]
    indicators: tuple[AskedIndicator, ...]


@dataclass(frozen=True)
class Form:
    """Everything the workbook shows."""

    meta: Meta
    sender: Unit
    sheets: tuple[Sheet, ...]
    returns: tuple[tuple[str, str, str], ...] = field(default=())
    """Populations to state: code, Vietnamese and English name."""
