"""The row that every reader hands on, and the rules that are judged while reading: S01, S02, S07, S08."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

PERIOD = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
SCOPES = ("own", "total")
COLUMNS = ("unit_code", "indicator", "period", "scope", "numerator", "denominator", "stated_rate", "note")


class Unreadable(Exception):
    """A file of which nothing can be read: S01 (not readable) or S02 (no known form)."""

    def __init__(self, rule: Literal["S01", "S02"], locator: str, vi: str, en: str) -> None:
        self.rule, self.locator, self.vi, self.en = rule, locator, vi, en
        super().__init__(f"{vi} / {en}")


@dataclass(frozen=True)
class Statement:
    """One fact as a file states it: the texts as written, and beside them how they were read.

    ``rate_value`` is a fraction of one; ``rate_decimals`` the decimals of the percentage as written.
    """

    row_number: int
    locator: str
    unit_code: str
    indicator: str
    period: str
    scope: str
    numerator: str | None
    denominator: str | None
    stated_rate: str | None
    note: str | None
    mark: str
    numerator_value: int | None
    denominator_value: int | None
    rate_value: Decimal | None
    rate_decimals: int | None
    action: Literal["state", "withdraw"] = "state"


@dataclass(frozen=True)
class Aside:
    """A row that is kept aside: which rule, where, why and what to do (Vietnamese, then English)."""

    row_number: int
    locator: str
    rule: str
    reason: str
    raw: Mapping[str, object]


@dataclass
class Reading:
    """What a reader found in one file."""

    kind: Literal["delimited", "workbook"]
    form: str
    reader: str
    version: str
    rows_read: int = 0
    statements: list[Statement] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    @property
    def rows_aside(self) -> int:
        """Rows kept aside (a row may break several rules)."""
        return len({each.row_number for each in self.asides})
