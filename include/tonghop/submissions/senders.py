"""Who may send: a province or a department that stands in the register at some time."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from difflib import get_close_matches

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.submissions.reading import PERIOD
from tonghop.text.clean import clean
from tonghop.warehouse.connection import rows

_SENDERS = """
select distinct code, unit_id, name from reference.org_unit
 where level in ('province', 'department') order by code, unit_id
"""


def known_sender(connection: Connection, sender: str) -> str:
    """The sender as given, when a province or a department is called so (by code or unit id).

    Raises:
        TonghopError: nobody is; says who may be meant.
    """
    wanted = clean(sender)
    known = rows(connection, _SENDERS)
    if not known:
        raise TonghopError("The register is empty, so no sender is known.", "Run 'tonghop reference load' first.")
    if any(wanted in (code, unit_id) for code, unit_id, _ in known):
        return wanted
    raise TonghopError(f"No province or department is called '{wanted}'.", _hint(wanted, known))


def sender_name(connection: Connection, unit_id: str, period: str | None) -> str:
    """Name and code of a province or department, as at the end of a period; its latest where it had none then."""
    last_day = period_end(period) if period else None
    found = rows(connection, "select name, code from reference.org_unit where unit_id = %(unit)s"
                             " order by valid @> %(day)s::date desc nulls last, lower(valid) desc nulls last limit 1",
                 {"unit": unit_id, "day": last_day})
    return f"{found[0][0]} ({found[0][1]})" if found else unit_id


def _hint(wanted: str, known: list[tuple[str, str, str]]) -> str:
    """Whom a name may mean; another code that only looks alike would be no help."""
    names: dict[str, tuple[str, str]] = {}
    for code, unit_id, name in known:
        for text in (code, unit_id, name, name.removeprefix("Tỉnh ").removeprefix("Thành phố ")):
            names[text.lower()] = (code, name)
    close = [] if wanted.isdigit() else get_close_matches(wanted.lower(), names, 1, 0.5)
    if not close:
        return "Name a province or a department by its code, as 60 or V-2."
    code, name = names[close[0]]
    return f"Did you mean {code} ({name})?"


def period_end(period: str) -> date:
    """The last day of a period ``YYYY-MM``.

    Raises:
        TonghopError: the text is no period.
    """
    if not PERIOD.fullmatch(period):
        raise TonghopError(f"'{period}' is no period.", "Write YYYY-MM, as in 2012-05.")
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, monthrange(year, month)[1])
