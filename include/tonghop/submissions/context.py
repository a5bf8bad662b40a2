"""What readers must know of a sender, as JSON: read from the warehouse here, rebuilt in the child that has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.settings import Settings
from tonghop.submissions import mappings
from tonghop.warehouse.connection import rows


def read_context(connection: Connection, settings: Settings, sender: str, period: str | None = None) -> dict[str, Any]:
    """Everything a reader of hand-made tables and reports needs.

    Args:
        sender: code or unit id.
        period: what the sender says its files are for (``YYYY-MM``), if it does.

    Returns:
        ``sender_code``, ``period``, ``indicators`` (code, name, kind, reporter class, complement), ``populations``
        (code → name), ``linked`` (code, name, kind and population of each indicator), ``may_exceed_one``
        (codes), ``aliases`` (heading, indicator or "", field) and ``confirmed`` (see ``mappings.confirmed``).
    """
    codes = rows(connection, "select code from reference.org_unit where %s in (code, unit_id)"
                             " and level in ('province', 'department')"
                             " order by code = %s desc, upper(valid) desc nulls first limit 1", (sender, sender))
    return {
        "sender_code": codes[0][0] if codes else sender,
        "period": period,
        "indicators": rows(connection, "select indicator, name_vi, kind, reported_by, complement_of"
                                       " from reference.indicator order by indicator"),
        "may_exceed_one": [code for (code,) in rows(connection, "select indicator from reference.indicator"
                                                                " where may_exceed_one order by 1")],
        "linked": rows(connection, "select indicator, name_vi, kind, population from reference.indicator order by 1"),
        "populations": dict(rows(connection, "select distinct on (population) population, name_vi"
                                             " from reference.population"
                                             " order by population, upper(valid) desc nulls first")),
        "aliases": rows(connection, "select heading, coalesce(indicator, ''), field from reference.heading_alias"
                                    " order by heading"),
        "confirmed": mappings.confirmed(connection, sender),
    }


def handmade_arguments(context: Mapping[str, Any]) -> dict[str, Any]:
    """The keyword arguments of ``handmade.reader.read_handmade`` from a context."""
    from tonghop.submissions.handmade.aliases import Catalogue, Indicator, settled
    from tonghop.submissions.handmade.mapping import confirmed_from_dict

    catalogue = Catalogue(
        {row[0]: Indicator(*row) for row in context["indicators"]}, dict(context["populations"]),
        settled(context["aliases"]),
    )
    return {
        "sender_code": context["sender_code"], "period": context["period"], "catalogue": catalogue,
        "confirmed": confirmed_from_dict(context["confirmed"]),
    }
