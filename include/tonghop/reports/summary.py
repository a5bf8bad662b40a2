"""What a night ends with at a terminal: the release, its marts, its periods, what was found, and the page to open."""

from __future__ import annotations

from tonghop.reports.pages import rule
from tonghop.reports.reading import Row, read
from tonghop.reports.vietnamese import NOTHING, moment, number, span
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect

PERIODS_SHOWN = 8
RULES_SHOWN = 14


def night_summary(settings: Settings) -> str:
    """The state of the warehouse in at most 40 lines of plain text."""
    with connect(settings, "steward") as connection:
        marts = read(connection, settings, "summary_release")
        periods = read(connection, settings, "summary_periods", periods=PERIODS_SHOWN + 1)
        found = read(connection, settings, "summary_findings")
    lines = [*_release(marts), "", *_periods(periods), "", *_findings(found), ""]
    return "\n".join([*lines, f"Open the pages:  {settings.reports_dir / 'index.html'}"])


def _release(marts: list[Row]) -> list[str]:
    first = marts[0]
    if first["release_id"] is None:
        return ["Nothing has been published yet."]
    rows = "  ".join(f"{row['mart']} {number(row['amount'])}" for row in marts)
    return [f"Release {first['release_id']}, {moment(first['published_at'])}", f"  {rows}"]


def _periods(periods: list[Row]) -> list[str]:
    header = ["period", "nation", "departments", "provinces", "whole", "withheld", "coverage of the nation"]
    body = [[row["period"], number(row["nation"]), number(row["department"]), number(row["province"]),
             number(row["whole"]), number(row["withheld"]), span(row["coverage_low"], row["coverage_high"], 1)]
            for row in periods[:PERIODS_SHOWN]]
    lines = ["Figures rolled up, by period", *_table(header, body)]
    return [*lines, "  (older periods: marts.dim_period)"] if len(periods) > PERIODS_SHOWN else lines


def _findings(found: list[Row]) -> list[str]:
    if not found:
        return ["Nothing is left to mend."]
    body = [[row["rule"], row["severity"], number(row["findings"]), number(row["causes"]),
             number(row["waived"]) if row["waived"] else NOTHING, rule(row["rule"])["title"][1]]
            for row in found[:RULES_SHOWN]]
    lines = ["Found, by rule", *_table(["rule", "severity", "findings", "causes", "waived", "what"], body)]
    return [*lines, f"  ({len(found) - RULES_SHOWN} more: 'tonghop findings')"] if len(found) > RULES_SHOWN else lines


def _table(header: list[str], body: list[list[str]]) -> list[str]:
    """Aligned columns: numbers to the right, the first and the last column to the left."""
    rows = [header, *body]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    is_text = [i in (0, len(header) - 1) or header[i] == "severity" for i in range(len(header))]
    return [
        ("  " + "  ".join(cell.ljust(width) if text else cell.rjust(width)
                          for cell, width, text in zip(row, widths, is_text, strict=True))).rstrip()
        for row in rows
    ]
