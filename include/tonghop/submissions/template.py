"""Make the workbook that a sender fills in: what is expected of it in a period, in the tree of that period."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions.layout import VERSION, AskedIndicator, Column, Form, Meta, Sheet, Unit
from tonghop.submissions.senders import known_sender, period_end
from tonghop.submissions.sheets import write_workbook
from tonghop.warehouse.connection import connect, load_sql, rows

ALL_GROUPS = "all"
_LEVELS = ("nation", "department", "province", "district", "grassroots")


def make_template(settings: Settings, sender: str, period: str, out: Path) -> Path:
    """Write the workbook of one sender and period.

    Args:
        sender: code or unit id of a province or department.
        period: ``YYYY-MM``.
        out: the xlsx file to write, or a folder to write ``<sender>_<period>.xlsx`` into.

    Returns:
        The file that was written. The same reference data gives the same bytes.

    Raises:
        TonghopError: no such sender or period, or the sender is not open in it.
    """
    with connect(settings, "loader") as connection:
        form = asked(connection, settings, known_sender(connection, sender), period)
    target = out / f"{form.meta.sender}_{period}.xlsx" if out.is_dir() else out
    if target.suffix.lower() != ".xlsx":
        raise TonghopError(f"'{target.name}' is no .xlsx file.", "Give --out a name that ends in .xlsx, or a folder.")
    return write_workbook(form, target)


def asked(connection: Connection, settings: Settings, sender: str, period: str) -> Form:
    """What is asked of a sender in a period, by the calendar (everything, when the calendar expects nothing)."""
    day = period_end(period)
    tree = [
        Unit(*row) for row in rows(connection, load_sql(settings, "template_units"), {"sender": sender, "day": day})
    ]
    if not tree:
        raise TonghopError(f"'{sender}' is not open in {period}.", "Check the period: codes change meaning with time.")
    top = tree[0]
    if top.level == "department":  # it speaks for itself alone
        tree = [top]
    form, groups = _expected(connection, settings, tree, period)
    catalogue = _catalogue(connection, groups)
    if not catalogue:
        raise TonghopError("The catalogue holds no indicator to ask for.", "Run 'tonghop reference load' first.")
    populations = {
        row[0]: row
        for row in rows(
            connection,
            "select population, name_vi, name_en, counts, counted_from, unit_types, composed_of"
            " from reference.population where valid @> %s::date",
            (day,),
        )
    }
    sheets = []
    for group in dict.fromkeys(entry["group"] for entry in catalogue):
        indicators = tuple(_indicator(entry, tree, populations) for entry in catalogue if entry["group"] == group)
        reporters = frozenset[str]().union(*(each.reporters for each in indicators))
        units = (top, *(unit for unit in tree[1:] if unit.code in reporters))
        sheets.append(Sheet(group, units, indicators))
    meta = Meta(sender, top.code, period, form, VERSION)
    return Form(meta, top, tuple(sheets), _returns(catalogue, populations))


def _expected(
    connection: Connection, settings: Settings, tree: list[Unit], period: str
) -> tuple[str, list[str] | None]:
    """The form's id and its groups; None for all groups."""
    top = tree[0]
    levels = list(_LEVELS[_LEVELS.index(top.level) :]) if top.level != "department" else [top.level]
    codes = [text for unit in tree for text in (unit.code, unit.unit_id)]
    lines = rows(connection, load_sql(settings, "template_forms"), {"period": period, "levels": levels, "codes": codes})
    if not lines:
        return ALL_GROUPS, None
    groups = [group for _, named, _, _ in lines for group in named]
    return " + ".join(dict.fromkeys(form for form, _, _, _ in lines)), list(dict.fromkeys(groups))


def _catalogue(connection: Connection, groups: list[str] | None) -> list[dict[str, Any]]:
    """The indicators asked, group by group in the calendar's order."""
    names = (
        "indicator",
        "group",
        "name_vi",
        "name_en",
        "kind",
        "population",
        "nested_in",
        "unit_types",
        "parent_level",
    )
    found = rows(
        connection,
        """
        select i.indicator, i.indicator_group, i.name_vi, i.name_en, i.kind, i.population, i.nested_in,
               r.unit_types, r.parent_level
          from reference.indicator i
          join reference.reporter r on r.reporter = i.reported_by
         where %(groups)s::text[] is null or i.indicator_group = any (%(groups)s)
         order by array_position(%(groups)s::text[], i.indicator_group), i.indicator_group, i.indicator""",
        {"groups": groups},
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def _indicator(entry: dict[str, Any], tree: list[Unit], populations: dict[str, Any]) -> AskedIndicator:
    reporters = frozenset(
        unit.code
        for unit in tree
        if unit.type in entry["unit_types"] and entry["parent_level"] in (None, unit.parent_level)
    )
    scope = "own" if tree[0].code in reporters else "total"
    fields = ("numerator", "denominator", "stated_rate", "note") if entry["kind"] == "ratio" else ("numerator", "note")
    counts_one: frozenset[str] = frozenset()
    if entry["kind"] == "ratio" and entry["nested_in"] is None:
        types = _types(entry["population"], populations)
        counts_one = frozenset(unit.code for unit in tree if unit.code in reporters and unit.type in types)
    return AskedIndicator(
        entry["indicator"],
        entry["name_vi"],
        entry["name_en"],
        entry["kind"],
        tuple(Column(entry["indicator"], name, scope) for name in fields),
        reporters,
        counts_one,
    )


def _types(population: str, populations: dict[str, Any]) -> set[str]:
    """The unit types a population counts, through its composition."""
    _, _, _, _, _, unit_types, composed_of = populations[population]
    return set(unit_types).union(*(_types(part, populations) for part in composed_of))


def _returns(catalogue: list[dict[str, Any]], populations: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """The populations that senders count themselves and that the asked ratios stand on, with their parts."""
    wanted: dict[str, None] = {}
    stated = {entry["population"] for entry in catalogue if entry["kind"] == "stock"}

    def want(population: str) -> None:
        row = populations[population]
        if "return" in row[4] and population not in stated:
            wanted[population] = None
        for part in row[6]:
            want(part)

    for entry in catalogue:
        if entry["population"]:
            want(entry["population"])
    return tuple((code, populations[code][1], populations[code][2]) for code in wanted)
