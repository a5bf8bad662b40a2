"""Causes that fit a finding's arithmetic, ranked. Each is a hypothesis and says so; no figure is ever changed."""

from __future__ import annotations

from psycopg2.extensions import connection as Connection

from tonghop.settings import Settings
from tonghop.warehouse.connection import load_sql, rows


def explain(connection: Connection, settings: Settings) -> None:
    """Add explanations to the running night's findings, for the whole night at once.

    - D03, D04: the wrong denominator is the count of populations together (88 = 73 agencies + 15 committees);
    - R01: the stated rate fits another ratio of the same unit and period (99,55% fits 221/222).
    """
    rows(connection, load_sql(settings, "explain_denominators"))
    rows(connection, load_sql(settings, "explain_rates"))
