"""A sink that writes PostgreSQL's COPY format, so that a reader's rows never wait in memory.

Statements go to a file or the writing end of a pipe as they are found; asides, claims and the text of a report go to
files of their own, which are small.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import fields
from typing import IO, TYPE_CHECKING, Any

from tonghop.submissions.reading import Aside, ReportClaim, ReportFinding, Sink, Statement

if TYPE_CHECKING:
    import polars as pl

STATEMENTS = f"copy raw.statement (submission_seq, {', '.join(each.name for each in fields(Statement))})"
STATEMENTS += " from stdin with (format csv)"
ASIDES = """copy quality.rejected_row (
    submission_id, submission_seq, row_number, locator, rule, reason, raw, judged) from stdin with (format csv)"""
CLAIMS = f"copy raw.claim (submission_seq, {', '.join(each.name for each in fields(ReportClaim))})"
CLAIMS += " from stdin with (format csv)"
FINDINGS = f"copy raw.report_finding (submission_seq, {', '.join(each.name for each in fields(ReportFinding))})"
FINDINGS += " from stdin with (format csv)"
REPORT = "copy raw.report_text (submission_seq, period, text) from stdin with (format csv)"
_AT_ONCE = 2000
_STATEMENT, _CLAIM, _FINDING = (
    [each.name for each in fields(of)] for of in (Statement, ReportClaim, ReportFinding)
)


class Spool(Sink):
    """Writes what it takes as lines of ``STATEMENTS``, ``ASIDES``, ``CLAIMS``, ``FINDINGS`` and ``REPORT``.

    Args:
        submission_seq, submission_id: of the submission whose rows they become.
        statements, asides, claims, findings, report: binary files open for writing.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one file a table
        self,
        submission_seq: int,
        submission_id: str,
        statements: IO[bytes],
        asides: IO[bytes],
        claims: IO[bytes],
        findings: IO[bytes],
        report: IO[bytes],
    ) -> None:
        super().__init__()
        self._seq, self._id = submission_seq, submission_id
        self._statements, self._asides = statements, asides
        self._claims, self._findings, self._report = claims, findings, report
        self._waiting: list[tuple[object, ...]] = []

    def flush(self) -> None:
        """Write what is still held back."""
        _write(self._statements, self._waiting)
        self._waiting = []
        for file in (self._statements, self._asides, self._claims, self._findings, self._report):
            file.flush()

    def _keep(self, statement: Statement) -> None:
        self._waiting.append((self._seq, *(getattr(statement, name) for name in _STATEMENT)))
        if len(self._waiting) >= _AT_ONCE:
            _write(self._statements, self._waiting)
            self._waiting = []

    def _keep_block(self, block: pl.DataFrame) -> None:
        import polars as pl

        _write(self._statements, self._waiting)
        self._waiting = []
        lines = io.BytesIO()
        # No text of a statement is empty (it is null then), so an unquoted empty cell is NULL.
        block.select(pl.lit(self._seq).alias("submission_seq"), pl.all()).write_csv(
            lines, include_header=False, quote_style="necessary", null_value=""
        )
        self._statements.write(lines.getbuffer())

    def _set_aside(self, aside: Aside) -> None:
        raw = json.dumps(aside.raw, ensure_ascii=False).replace("\\u0000", "")
        place = (aside.row_number, aside.locator, aside.rule, aside.reason)
        _write(self._asides, [(self._id, self._seq, *place, raw, "reading")])

    def _keep_report(
        self, text: str, period: str | None, claims: list[ReportClaim], findings: list[ReportFinding]
    ) -> None:
        _write(self._report, [(self._seq, period, text)])
        _write(self._claims, ((self._seq, *(getattr(claim, name) for name in _CLAIM)) for claim in claims))
        _write(self._findings, ((self._seq, *(getattr(each, name) for name in _FINDING)) for each in findings))


def _write(file: IO[bytes], lines: Iterable[tuple[object, ...]]) -> None:
    file.write("".join(",".join(map(_cell, line)) + "\n" for line in lines).encode())


def _cell(value: Any) -> str:
    """None is NULL; anything else is quoted: a list of numbers as an array, another list as JSON."""
    if value is None:
        return ""
    if isinstance(value, list):
        is_array = value and isinstance(value[0], int)
        value = f"{{{','.join(map(str, value))}}}" if is_array else json.dumps(value, ensure_ascii=False)
    return '"' + str(value).replace("\x00", "").replace('"', '""') + '"'
