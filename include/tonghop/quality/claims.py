"""What reports in prose claim, beside the tables of the same sender and period: kept for stewards, summed by nobody."""

from __future__ import annotations

from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, load_sql, rows


def keep(settings: Settings, run_id: str) -> dict[str, int]:
    """Keep the comparison of the running night in ``quality.report_claim``, for the periods in its scope.

    Returns:
        How many claims there are of each verdict (``unlinked``: their words fit no indicator well enough).
    """
    with connect(settings, "builder") as connection:
        rows(connection, "select set_config('tonghop.run_id', %s, false)", (run_id,))
        rows(connection, load_sql(settings, "keep_claims"))
        counted = rows(connection, "select coalesce(verdict, 'unlinked'), count(*) from intermediate.int_claim_compared"
                                   " group by 1")
    return dict(counted)


def listed(connection: Connection, sender: str | None, period: str | None, verdict: str | None) -> list[dict[str, Any]]:
    """Claims as the last night kept them; of one sender (any of its names), period or verdict where named."""
    names = ("submission_id", "claim_number", "period", "sender_unit_id", "quote", "char_start", "char_end", "kind",
             "population", "indicator", "link_score", "numerator", "denominator", "stated_rate", "table_numerator",
             "table_denominator", "table_basis", "verdict")
    found = rows(connection, f"""
        select {", ".join(f"claim.{name}" for name in names)}
          from quality.report_claim as claim
         where (%(period)s::text is null or claim.period = %(period)s)
           and (%(verdict)s::text is null or claim.verdict = %(verdict)s)
           and (%(sender)s::text is null or exists (
                select 1 from reference.org_unit as unit
                 where unit.unit_id = claim.sender_unit_id and %(sender)s in (unit.code, unit.unit_id)))
         order by claim.period desc, claim.sender_unit_id, claim.submission_id, claim.char_start
        """, {"sender": sender, "period": period, "verdict": verdict})  # noqa: S608 - our own column names
    return [dict(zip(names, row, strict=True)) for row in found]
