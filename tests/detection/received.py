"""What a corpus says, read back from its files as a stranger would: by the semantics alone, sharing nothing with the generator."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = dict[str, str]
_NIL = {"-", "không", "không có"}


class Refused(ValueError):
    """A cell that is no number (S07), or no non-negative whole count (S08)."""


@dataclass(frozen=True)
class Said:
    """One row of one file, as it reads."""

    unit: str
    indicator: str
    period: str
    scope: str
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    decimals: int
    is_applicable: bool
    file: str
    sender: str

    @property
    def value(self) -> tuple[Any, ...]:
        return self.numerator, self.denominator, self.rate, self.is_applicable


@dataclass
class Register:
    """The reference files, as rows."""

    units: list[Row]
    indicators: dict[str, Row]
    populations: dict[str, Row]
    reporters: dict[str, Row]
    calendar: list[Row]
    trees: dict[str, Tree] = field(default_factory=dict)

    def tree(self, period: str) -> Tree:
        if period not in self.trees:
            day = f"{period}-31"  # text compares as days do; no period has a later day
            self.trees[period] = Tree({row["unit_id"]: row for row in self.units
                                       if row["valid_from"] <= day and (row["valid_to"] or "9999") >= f"{period}-28"})
        return self.trees[period]


@dataclass
class Tree:
    """The units open at a period's end."""

    units: dict[str, Row]
    below: dict[str, list[str]] = field(default_factory=dict)
    by_code: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for unit_id, row in self.units.items():
            self.below.setdefault(row["parent_unit_id"], []).append(unit_id)
            self.by_code[row["code"]] = unit_id

    def province(self, unit: str) -> str | None:
        while unit and self.units[unit]["level"] != "province":
            unit = self.units[unit]["parent_unit_id"]
        return unit or None

    def under(self, unit: str) -> list[str]:
        """The unit and all below it."""
        return [unit, *(low for child in self.below.get(unit, []) for low in self.under(child))]


def read_register(folder: Path) -> Register:
    def read(name: str) -> list[Row]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return Register(
        read("org_units"), {row["indicator"]: row for row in read("indicators")},
        {row["population"]: row for row in read("populations")}, {row["reporter"]: row for row in read("reporters")},
        read("calendar"))


def count(text: str) -> tuple[int | None, bool]:
    """A count and whether it applies.

    Raises:
        Refused: with the rule's id.
    """
    if text == "X":
        return None, False
    if text in ("", "…"):
        return None, True
    if text in _NIL or not text.strip("0"):
        return 0, True
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+|\d+", text):
        return int(text.replace(".", "")), True
    raise Refused("S08" if re.fullmatch(r"-\d+|\d+[.,]\d+", text) else "S07")


def said(row: Row, unit: str, file: str, sender: str) -> Said:
    """A row as it reads.

    Raises:
        Refused: a count is none.
    """
    numerator, is_applicable = count(row["numerator"])
    denominator, _ = count(row["denominator"])
    written = row["stated_rate"].rstrip("%").replace(",", ".")
    return Said(unit, row["indicator"], row["period"], row["scope"], numerator, denominator,
                Decimal(written) if written else None, len(written.partition(".")[2]), is_applicable, file, sender)
