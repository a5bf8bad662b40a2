"""Causes that fit a finding's arithmetic, ranked. Each is a hypothesis and says so; no figure is ever changed.

Each file of SQL puts hypotheses, with a weight, into ``pg_temp.hypothesis`` for all findings of a night at once; the
likeliest are written beside the finding, in Vietnamese and English, with the numbers that they rest on.
"""

from __future__ import annotations

from psycopg2.extensions import connection as Connection

from tonghop.settings import Settings
from tonghop.warehouse.connection import load_sql, rows

BUDGET = 5
"""How many causes a finding shows at most: the semantics ask for the first three, nobody reads the ninth."""

_TOTALS = ("explain_declarations_begin", "explain_declarations", "explain_declared_totals", "explain_falls")
_FIGURES = ("explain_nearby", "explain_earlier", "explain_denominators", "explain_doubted_counts", "explain_numerators",
            "explain_rates", "explain_relations", "explain_parts", "explain_moved_counts")


def explain_figures(connection: Connection, settings: Settings) -> None:
    """Add causes to the findings of the figures gate, and group what was found of one observation, of figures that
    must fit one another, or of one figure added up.

    What is tried: another population's count, or two together (88 = 73 + 15); an earlier period's count; numerator and
    denominator exchanged; a digit swapped, dropped or added, a nought too many; a rate that was cut, has its comma
    elsewhere, or is that of a neighbour; a return that slipped; parts that overlap; nil for missing.
    """
    _explain(connection, settings, _FIGURES)
    rows(connection, load_sql(settings, "group_findings"))
    rows(connection, load_sql(settings, "group_related"))
    _group_upward(connection, settings, "figures", ["N02", "N03", "N05", "D03", "D06"])


def explain_totals(connection: Connection, settings: Settings) -> None:
    """Add causes to what the totals gate set aside and to counts that fell; group both with what else is found of them.

    Of a declaration: which unit below explains the difference, and how (left out, added twice, moved, corrected
    since, silent behind a nil, or with a slip of the pen), or of what else it is the total. Of a count that fell: a
    slip, nil for missing, the count of its period alone, or who moved away.
    """
    _explain(connection, settings, _TOTALS)
    rows(connection, load_sql(settings, "group_totals"))
    rows(connection, load_sql(settings, "group_below"))
    rows(connection, load_sql(settings, "group_moved"))
    _group_upward(connection, settings, "totals", ["D05", "N01", "N04"])


def _group_upward(connection: Connection, settings: Settings, gate: str, rules: list[str]) -> None:
    """Group a gate's findings of what is off by as much at a unit and at the unit above it, rule by rule."""
    rows(connection, load_sql(settings, "group_upward"), {"gate": gate, "rules": rules})


def _explain(connection: Connection, settings: Settings, causes: tuple[str, ...]) -> None:
    rows(connection, load_sql(settings, "explain_begin"))
    for name in causes:
        rows(connection, load_sql(settings, name))
    rows(connection, load_sql(settings, "explain_write"), {"budget": BUDGET})
