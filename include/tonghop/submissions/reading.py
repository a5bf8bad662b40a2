"""What every reader hands on, and to whom: rows, rows kept aside, and the sink that takes them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from tonghop.text.clean import one_line

if TYPE_CHECKING:  # 0.2 s, and only readers of blocks need it
    import polars as pl

PERIOD = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
SCOPES = ("own", "total")
COLUMNS = ("unit_code", "indicator", "period", "scope", "numerator", "denominator", "stated_rate", "note")


class Unreadable(Exception):
    """A file of which nothing can be read: S01 (not readable) or S02 (no known form)."""

    def __init__(self, rule: Literal["S01", "S02"], locator: str, vi: str, en: str) -> None:
        self.rule, self.locator, self.vi, self.en = rule, locator, one_line(vi), one_line(en)
        super().__init__(f"{self.vi} / {self.en}")


@dataclass(frozen=True)
class ReportFinding:
    """What the claims of a report contradict among themselves: a row of ``raw.report_finding``.

    ``claims`` are claim numbers; ``explanations`` have ``cause``, ``text_vi`` and ``text_en``.
    """

    finding_number: int
    rule: str
    severity: str
    claims: list[int]
    quote: str
    message_vi: str
    message_en: str
    explanations: list[dict[str, str]]


class NeedsConfirming(Exception):
    """A file that is whole but says nothing until a steward has confirmed how its columns are meant.

    Attributes:
        proposal: what is to be confirmed, as JSON.
    """

    def __init__(self, vi: str, en: str, proposal: Mapping[str, object]) -> None:
        self.vi, self.en, self.proposal = vi, en, proposal
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", one_line(self.reason))  # it quotes cells, and cells hold line breaks


@dataclass(frozen=True)
class ReportClaim:
    """One figure that a report in prose claims: a row of ``raw.claim``, which says what each field means."""

    claim_number: int
    char_start: int
    char_end: int
    quote: str
    kind: str
    bound: str | None
    rate_bound: str | None
    numerator: int | None
    denominator: int | None
    stated_rate: str | None
    rate_value: Decimal | None
    rate_decimals: int | None
    topic: str | None
    label: str | None
    population: str | None
    indicator: str | None
    link_score: Decimal | None
    consistent: bool | None


Kind = Literal["delimited", "workbook", "report"]


@dataclass(frozen=True)
class Head:
    """What a file turned out to be, and which reader said so.

    ``warning`` is what the reader was unsure of (Vietnamese / English); the rows count all the same.
    """

    kind: Kind
    form: str
    reader: str
    version: str
    encoding: str | None = None
    warning: str | None = None


class Sink(ABC):
    """Takes what a reader finds, row by row or block by block, and counts it.

    A reader adds to ``rows_read`` itself (a blank row is not read, a row kept aside is), hands rows over in the order
    of the file, and the asides of one row one after another.

    Attributes:
        rows_read: rows that said anything.
        rows_kept: statements taken.
        rows_aside: rows kept aside (a row may break several rules).
        claims: claims of a report taken.
        periods: statements taken, a period.
    """

    def __init__(self) -> None:
        self.rows_read, self.rows_kept, self.rows_aside, self.claims = 0, 0, 0, 0
        self.periods: Counter[str] = Counter()
        self._aside_row: int | None = None

    def keep(self, statement: Statement) -> None:
        """Take one statement."""
        self.rows_kept += 1
        self.periods[statement.period] += 1
        self._keep(statement)

    def keep_block(self, block: pl.DataFrame) -> None:
        """Take statements by the block.

        Args:
            block: a column a field of ``Statement``, in its order, of the types in ``blocks.SCHEMA`` (``rate_value``
                as text); no column but those with a None in ``Statement`` holds nulls.
        """
        self.rows_kept += block.height
        for period, kept in block["period"].value_counts().iter_rows():
            self.periods[period] += kept
        self._keep_block(block)

    def set_aside(self, aside: Aside) -> None:
        """Take one reason for which a row is kept aside."""
        self.rows_aside += aside.row_number != self._aside_row
        self._aside_row = aside.row_number
        self._set_aside(aside)

    def keep_report(
        self, text: str, period: str | None, claims: list[ReportClaim], findings: list[ReportFinding]
    ) -> None:
        """Take a report in prose: its text as read, its period where it says one, what it claims and contradicts."""
        self.claims += len(claims)
        if period is not None:
            self.periods[period] += 0
        self._keep_report(text, period, claims, findings)

    @abstractmethod
    def _keep(self, statement: Statement) -> None: ...

    @abstractmethod
    def _keep_block(self, block: pl.DataFrame) -> None: ...

    @abstractmethod
    def _set_aside(self, aside: Aside) -> None: ...

    @abstractmethod
    def _keep_report(
        self, text: str, period: str | None, claims: list[ReportClaim], findings: list[ReportFinding]
    ) -> None: ...


@dataclass
class Reading:
    """What a reader found in one file, in memory."""

    kind: Kind
    form: str
    reader: str
    version: str
    rows_read: int = 0
    statements: list[Statement] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    encoding: str | None = None
    warning: str | None = None

    @property
    def rows_aside(self) -> int:
        """Rows kept aside (a row may break several rules)."""
        return len({each.row_number for each in self.asides})

    @property
    def head(self) -> Head:
        return Head(self.kind, self.form, self.reader, self.version, self.encoding, self.warning)

    def pour(self, sink: Sink) -> Head:
        """Hand everything on to a sink; the sink ends with the counts of this reading."""
        for statement in self.statements:
            sink.keep(statement)
        for aside in self.asides:
            sink.set_aside(aside)
        sink.rows_read += self.rows_read
        sink.rows_aside = self.rows_aside
        return self.head


class InMemory(Sink):
    """A sink that builds lists: for tests, for the sender's own check, for small files."""

    def __init__(self) -> None:
        super().__init__()
        self.statements: list[Statement] = []
        self.asides: list[Aside] = []
        self.report: tuple[str, str | None, list[ReportClaim], list[ReportFinding]] | None = None

    def reading(self, head: Head) -> Reading:
        """What was taken, as the reading of a file."""
        return Reading(
            head.kind, head.form, head.reader, head.version, self.rows_read, self.statements, self.asides,
            head.encoding, head.warning,
        )

    def _keep(self, statement: Statement) -> None:
        self.statements.append(statement)

    def _keep_block(self, block: pl.DataFrame) -> None:
        for row in block.iter_rows():
            named = dict(zip(block.columns, row, strict=True))
            rate = named.pop("rate_value")
            self.statements.append(Statement(rate_value=None if rate is None else Decimal(rate), **named))

    def _set_aside(self, aside: Aside) -> None:
        self.asides.append(aside)

    def _keep_report(
        self, text: str, period: str | None, claims: list[ReportClaim], findings: list[ReportFinding]
    ) -> None:
        self.report = (text, period, claims, findings)
