"""``tonghop check-report``: the figures of a report in prose, and whether they agree. Needs no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from tonghop.errors import TonghopError
from tonghop.narrative.check import Report, check_text
from tonghop.narrative.claims import Claim
from tonghop.narrative.documents import MAX_BYTES, read_report
from tonghop.narrative.findings import Finding
from tonghop.narrative.numbers import shown_count, shown_rate

_KINDS = {
    "ratio": "tỷ số / ratio",
    "count": "số đếm / count",
    "rate": "tỷ lệ / rate",
    "count_rate": "số đếm, tỷ lệ / count, rate",
}
_SEVERITIES = {"error": "LỖI / ERROR", "warning": "CẢNH BÁO / WARNING", "info": "GHI CHÚ / INFO"}
_VERDICTS = {True: "khớp / fits", False: "KHÔNG KHỚP / DOES NOT FIT", None: ""}
_WIDTH = 60


@click.command(name="check-report")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print the claims and findings as one JSON object.")
def check_report_command(file: str, as_json: bool) -> int:
    """Check the figures of a report: FILE is .txt, .docx, .html or .pdf with a text layer; - reads standard input.

    Exit code 0: nothing disagrees. 1: something does. 2: the file cannot be read.
    """
    content, name = _read(file)
    report = check_text(read_report(content, name))
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
    else:
        _say(report, name)
    return 0 if report.is_consistent else 1


def _read(file: str) -> tuple[bytes, str]:
    """The bytes of a file, and what to call it; one byte more than is allowed at most, so that nothing fills memory."""
    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"
    path = Path(file)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is not a regular file" if path.exists() else "does not exist"
        raise TonghopError(f"'{file}' {what}.", "Name a .txt, .docx, .html or .pdf file, or - for standard input.")
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1), path.name
    except OSError as error:
        raise TonghopError(f"'{file}' cannot be read ({error.strerror}).", "Check who may read it.") from None


def _say(report: Report, name: str) -> None:
    click.echo(f"{name}: {len(report.claims)} số liệu / claims, {len(report.findings)} phát hiện / findings\n")
    for at, claim in enumerate(report.claims, 1):
        click.echo(_line(at, claim))
    for finding in report.findings:
        click.echo("\n" + "\n".join(_told(finding, report.claims)))
    if not report.findings:
        click.echo("\nKhông thấy số liệu nào mâu thuẫn. / No figures disagree.")


def _line(at: int, claim: Claim) -> str:
    """ "12. 67/73 cơ quan … · tỷ số / ratio · 91,78% · khớp / fits"."""
    quote = " ".join(claim.quote.split())
    quote = quote if len(quote) <= _WIDTH else quote[: _WIDTH - 1] + "…"
    computed = claim.quotient
    parts = [quote, _KINDS[claim.kind]]
    if claim.kind == "rate" and claim.numerator is not None and claim.denominator is not None:
        parts.append(f"= {shown_count(claim.numerator)}/{shown_count(claim.denominator)}")
    if computed is not None:
        parts.append(shown_rate(computed))
    parts.append(_VERDICTS[claim.consistent])
    return f"{at:>4}. {' · '.join(part for part in parts if part)}"


def _told(finding: Finding, claims: list[Claim]) -> list[str]:
    """A finding: rule and severity, message in both languages, where, and what may explain it."""
    places = ", ".join(f"{at + 1}" for at in finding.claims)
    lines = [
        f"{finding.rule} {_SEVERITIES[finding.severity]} (số liệu / claims {places}; từ ký tự / from character"
        f" {claims[finding.claims[0]].start})",
        f"  {finding.vi}",
        f"  {finding.en}",
    ]
    for cause in finding.explanations:
        lines += [f"  → {cause.vi}", f"    {cause.en}"]
    return lines
