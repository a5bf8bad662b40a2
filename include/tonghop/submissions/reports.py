"""Read a report in prose as a submission: what it claims, where, and what in it does not agree. Never summed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from tonghop.submissions.dispatch import Task
from tonghop.submissions.reading import Head, ReportClaim, ReportFinding, Sink, Unreadable

if TYPE_CHECKING:
    from tonghop.narrative.check import Report
    from tonghop.narrative.claims import Claim
    from tonghop.narrative.link import Link

READER, VERSION = "report", "1"
_HEAD_LINES = 12
"""Lines that are not blank in which a report says its period: its head and its title."""
_LARGEST = 2**63 - 1
_MONTH = re.compile(r"\d{4}-\d{2}")


def read_report(file: IO[bytes], task: Task, sink: Sink) -> Head:
    """Read a report: .txt, .docx, .html, or .pdf with a text layer.

    Args:
        task: its context names the catalogue, and the period where the sender says it.

    Raises:
        Unreadable: S01, no text can be read.
    """
    from tonghop.narrative.check import check_text
    from tonghop.narrative.documents import MAX_BYTES, UnreadableReport
    from tonghop.narrative.documents import read_report as text_of

    try:
        text = text_of(file.read(MAX_BYTES + 1), task.file_name).replace("\x00", "\ufffd")
    except UnreadableReport as refused:
        remedy = f" {refused.remedy}" if refused.remedy else ""
        raise Unreadable("S01", "file", refused.vi, f"{refused.en}.{remedy}") from None
    report = check_text(text)
    links = _links(report, task.context)
    claims = [_row(at + 1, claim, links[at]) for at, claim in enumerate(report.claims)]
    beyond = {each.claim for each in links if each.indicator in task.context.get("may_exceed_one", ())}
    period = task.context.get("period") or period_of(text)
    sink.keep_report(text, period, claims, _findings(report, beyond))
    return Head("report", f"report:{task.file_name}", READER, VERSION, None, None if period else _NO_PERIOD)


_NO_PERIOD = (
    "báo cáo không ghi kỳ (tháng, quý) ở đầu, nên chưa đối chiếu với biểu số liệu; hãy nói kỳ khi gửi"
    " / the report does not say its period (month or quarter) at its head, so it is not held against the tables; say"
    " the period when sending"
)


def period_of(text: str) -> str | None:
    """The one month that the head of a report names as its period; None where it names none, or several."""
    from tonghop.submissions.handmade.periods import periods_in

    lines = islice((line for line in text.splitlines() if line.strip()), _HEAD_LINES)
    told = {each.period for line in lines for each in periods_in(line, "") if _MONTH.fullmatch(each.period)}
    return told.pop() if len(told) == 1 else None


def _links(report: Report, context: Mapping[str, Any]) -> list[Link]:
    from tonghop.narrative.link import link
    from tonghop.reference.models import Indicator, Population

    indicators = [
        Indicator.model_construct(indicator=code, name_vi=name, kind=kind, population=population)
        for code, name, kind, population in context.get("linked", ())
    ]
    populations = [
        Population.model_construct(population=code, name_vi=name)
        for code, name in context.get("populations", {}).items()
    ]
    return link(report.claims, indicators, populations)


def _row(number: int, claim: Claim, link: Link) -> ReportClaim:
    return ReportClaim(
        number,
        claim.start,
        claim.end,
        claim.quote,
        claim.kind,
        claim.bound,
        claim.rate_bound,
        _whole(claim.numerator),
        _whole(claim.denominator),
        claim.stated_rate,
        claim.rate.value.scaleb(-2) if claim.rate else None,
        claim.rate.decimals if claim.rate else None,
        claim.topic or None,
        claim.label or None,
        claim.population or None,
        link.indicator,
        Decimal(str(link.score)),
        claim.consistent,
    )


def _whole(number: int | None) -> int | None:
    return number if number is None or number <= _LARGEST else None


def _findings(report: Report, beyond: Collection[int]) -> list[ReportFinding]:
    """What a report contradicts in itself.

    Args:
        beyond: the claims that the catalogue lets exceed one: of them D02 says nothing.
    """
    standing = [each for each in report.findings if each.rule != "D02" or each.claims[0] not in beyond]
    return [
        ReportFinding(
            number,
            finding.rule,
            finding.severity,
            [at + 1 for at in finding.claims],
            report.claims[finding.claims[0]].quote,
            finding.vi,
            finding.en,
            [{"cause": each.cause, "text_vi": each.vi, "text_en": each.en} for each in finding.explanations],
        )
        for number, finding in enumerate(standing, start=1)
    ]
