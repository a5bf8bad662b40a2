"""``tonghop trace``: how a published figure came about, down to file and cell."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import click
from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.reference.finding import Ambiguous, Candidate, Found, finder_on
from tonghop.reports import trace as text
from tonghop.settings import Settings, settings
from tonghop.submissions.senders import period_end
from tonghop.suggestions import did_you_mean
from tonghop.warehouse.connection import connect, rows
from tonghop.warehouse.restore import require_release
from tonghop.warehouse.server import opened

_CATALOGUE = """
select indicator, name_vi, name_en from {dim_indicator}
union select population, name_vi, name_en from {dim_population}
"""
_UNIT = """
select unit_id from {dim_org_unit} as unit
where %(unit)s in (unit_id, unit_code)
    and coalesce(valid_from <= %(day)s, true) and coalesce(valid_to > %(day)s, true)
order by unit_id = %(unit)s desc
limit 1
"""
_DEPTHS = {"nation": 2, "department": 1}  # down to the provinces


@click.command(name="trace")
@click.argument("unit")
@click.argument("indicator")
@click.argument("period")
@click.option("--depth", type=click.IntRange(0), help="Levels of units to show below UNIT.")
@click.option("--all", "everything", is_flag=True, help="Show every level of the nation or a department too.")
@click.option("--release", "release_id", metavar="N", type=click.IntRange(min=1),
              help="As it was in this release (default: the current one).")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object with every row and field.")
def trace_command(  # noqa: PLR0913, PLR0917 - click hands over one argument an option
    unit: str, indicator: str, period: str, depth: int | None, everything: bool, release_id: int | None, as_json: bool
) -> int:
    """Show what the figure of UNIT for INDICATOR in PERIOD is made of, down to file and cell.

    UNIT is a unit id, the code it had in the period, or its name; INDICATOR an indicator or a population. Rows with +
    add up to the one they stand under. What was passed over is told with its reason: superseded, withdrawn, kept
    aside, withheld, set aside, covered by a declaration.

    With --release a figure quoted from that release is followed through what its night knew. What came later is not
    told, but a submission taken back since says so. How prose compared, and why a night kept rows aside, is kept of the
    latest judgement alone.

    Exit code 1: there is no such figure; the rows say why.
    """
    if depth is not None and everything:
        raise TonghopError("--depth and --all say different things.", "Give one of them.")
    period_end(period)
    with opened(settings()):
        found = trace(settings(), unit, indicator, period, release_id)
    if as_json:
        click.echo(json.dumps(_as_json(found, indicator, period), ensure_ascii=False, indent=1, default=_plain))
    else:
        limit = None if everything else depth if depth is not None else _DEPTHS.get(found[0]["level"])
        again = period if release_id is None else f"{period} --release {release_id}"
        _tell(found, text.cut(found, limit), (indicator, period), f"{indicator} {again}")
    return 0 if found[0]["role"] == "figure" else 1


def trace(
    settings: Settings, unit: str, indicator: str, period: str, release_id: int | None = None
) -> list[dict[str, Any]]:
    """The rows of ``marts.trace``, as an analyst reads them.

    Args:
        release_id: as of this release; by default the current one.

    Raises:
        TonghopError: there is no such release, it has nothing of the period, or no unit or indicator has that name;
            says what is like it.
    """
    with connect(settings, "analyst") as connection:
        if release_id is not None:
            require_release(connection, release_id)
        _require_period(connection, period, release_id)
        _require_indicator(connection, indicator, release_id)
        unit_id = _unit_of(connection, unit, period, release_id) or _unit_named(settings, unit, period)
        asked = [unit_id, indicator, period, *([] if release_id is None else [release_id])]
        with connection.cursor() as cursor:
            cursor.execute(f"select * from marts.trace({', '.join(['%s'] * len(asked))})", asked)  # noqa: S608 - placeholders
            columns = [column.name for column in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor]


def _of(query: str, release_id: int | None) -> str:
    """A query with its marts put in: ``{dim_period}`` is the current one, or that of a release."""
    named = ("dim_period", "dim_indicator", "dim_population", "dim_org_unit")
    return query.format_map({
        mart: f"marts.{mart}" if release_id is None else f"marts_as_of.{mart}({release_id:d})" for mart in named})


def _require_period(connection: Connection, period: str, release_id: int | None) -> None:
    known = [name for (name,) in rows(connection, _of("select period from {dim_period} order by period", release_id))]
    if not known:
        raise TonghopError("Nothing has been published yet.", "Run 'tonghop rollup'.")
    if period not in known:
        asked = period if release_id is None else f"{period} in release {release_id}"
        raise TonghopError(f"Nothing was published of {asked}.", f"Published periods: {', '.join(known[-12:])}.")


def _require_indicator(connection: Connection, indicator: str, release_id: int | None) -> None:
    """Accept an indicator's or a population's code; else say whose code or name is like it."""
    names: dict[str, str] = {}
    for code, name_vi, name_en in rows(connection, _of(_CATALOGUE, release_id)):
        names |= {name_vi.lower(): code, name_en.lower(): code, code: code}
    if indicator in names.values():
        return
    if indicator.lower() in names:
        raise TonghopError(f"'{indicator}' is a name.", f"Its code is {names[indicator.lower()]}.")
    raise TonghopError(f"No indicator and no population is called '{indicator}'.",
                       did_you_mean(indicator.lower(), names.values(), "marts.dim_indicator lists them."))


def _unit_of(connection: Connection, unit: str, period: str, release_id: int | None) -> str | None:
    """The unit with that id, or with that code at the period's end."""
    found = rows(connection, _of(_UNIT, release_id), {"unit": unit, "day": period_end(period)})
    return str(found[0][0]) if found else None


def _unit_named(settings: Settings, unit: str, period: str) -> str:
    """The one unit that a name means at the period's end, wherever it stands.

    Raises:
        TonghopError: none, or several.
    """
    with connect(settings, "steward") as connection:
        finder = finder_on(connection, period_end(period))
    found = finder.find(unit, finder.by_code("VN"))
    if isinstance(found, Found):
        return found.unit_id
    likely = found.candidates if isinstance(found, Ambiguous) else found.suggestions
    # To read a figure is no statement about it: a name that is spelled just so, once, is enough.
    exact = [each for each in likely if unit.casefold() in _spellings(each)]
    if len(exact) == 1:
        return exact[0].unit_id
    raise TonghopError(
        f"No unit has the id or the code '{unit}' at the end of {period}.",
        f"Did you mean {' or '.join(each.written for each in likely[:3])}?" if likely
        else f"'tonghop find {unit!r} --period {period} --in PROVINCE' looks for a name.")


def _spellings(unit: Candidate) -> tuple[str, str]:
    return unit.name.casefold(), f"{unit.name}, {unit.parent_name}".casefold()


def _tell(found: list[dict[str, Any]], shown: list[dict[str, Any]], asked: tuple[str, str], again: str) -> None:
    """The rows as text; ``again`` is what to type behind a unit to go on from there."""
    click.echo(f"{' · '.join(asked)} · bản công bố / release {found[0]['release_id']}")
    for line in text.lines(found, shown):
        click.echo(line)
    if len(shown) < len(found):
        cut_at = {row["line"] for row in shown} & {row["parent_line"] for row in found if row not in shown}
        deeper = next((row["unit_code"] for row in shown if row["line"] in cut_at and row["role"] != "missing"), None)
        go_on = f"'tonghop trace {deeper} {again}' goes on, or --all" if deeper else "--all shows them"
        click.echo(f"({len(found) - len(shown)} rows below are not shown: {go_on})", err=True)


def _as_json(found: list[dict[str, Any]], indicator: str, period: str) -> dict[str, Any]:
    return {"indicator": indicator, "period": period, "unit_id": found[0]["unit_id"],
            "release_id": found[0]["release_id"], "rows": found}


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value.isoformat()
