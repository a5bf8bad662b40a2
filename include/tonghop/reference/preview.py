"""What a change of the register would move: units, published figures as reported, and the restated view. Reads only.

The published observations are summed on the present tree and on the proposed one, by the rules of the cascade; what
differs would move. They are not judged again: what the gates would decide is not known here (``NOT_EVALUATED``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.reference.bulk import copy_rows
from tonghop.reference.changes import ATTRIBUTES
from tonghop.reference.differences import UnitDifference, unit_differences
from tonghop.reference.files import Reference
from tonghop.reference.models import OrgUnit, Succession
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, load_sql, rows

NOT_EVALUATED = (
    "các cổng kiểm tra sẽ xét lại mọi số liệu trong đêm / the gates judge every figure again in the night",
    "dòng đã để riêng có thể được nhận, nếu đơn vị nay có trong danh mục / rows kept aside may be taken, where the new"
    " register knows their unit",
    "cận của tỷ lệ, và các cây khác ngoài cây địa bàn / bounds of a rate, and trees other than the territorial one",
)
STALE = (
    "số đã công bố theo danh mục cũ hơn / the published figures were made with an older register: run the night first"
    " ('tonghop rollup')"
)
_OLDER_REGISTER = """
select 1
from ops.run
where
    release_id = (select max(release_id) from store.release)
    and reference_load_id < (select max(load_id) from reference.load)
limit 1
"""
_FIGURE = (
    "period", "indicator", "unit_id", "unit_name", "level", "basis_before", "basis_after", "numerator_before",
    "numerator_after", "denominator_before", "denominator_after", "rate_before", "rate_after", "reporting_before",
    "reporting_after", "expected_before", "expected_after",
)
_COPY = "copy preview_unit (side, unit_id, name, type, level, parent_unit_id, valid) from stdin with (format csv)"


def preview(settings: Settings, before: Reference, after: Reference) -> dict[str, Any]:
    """What would move.

    Args:
        before: the register as it is.
        after: the register as it would be.

    Returns:
        ``units`` (one entry a unit and day), ``counts`` (of units by kind), ``figures`` (one entry a published cell
        that moves, the biggest first), ``restated`` (periods, and units of today's tree that receive from others than
        before), ``today`` and ``not_evaluated``.
    """
    differences = unit_differences(before, after)
    figures: list[dict[str, Any]] = []
    with connect(settings, "steward") as connection:
        today = rows(connection, "select ops.today()")[0][0]
        periods: list[tuple[Any, ...]] = rows(connection, "select period, last_day from marts.dim_period order by 1")
        if any(_reaches(differences, last_day) for _, last_day in periods):
            figures = _figures(connection, settings, before, after)
        is_stale = bool(rows(connection, _OLDER_REGISTER))
    return {
        "units": [_entry(each) for each in differences],
        "counts": dict(Counter(each.kind for each in differences)),
        "figures": figures,
        "restated": _restated(before, after, differences, periods, today),
        "today": today,
        "not_evaluated": [*([STALE] if is_stale else []), *NOT_EVALUATED],
    }


def units_only(before: Reference, after: Reference) -> dict[str, Any]:
    """``units`` and ``counts`` of a preview, without the warehouse."""
    differences = unit_differences(before, after)
    return {
        "units": [_entry(each) for each in differences],
        "counts": dict(Counter(each.kind for each in differences)),
    }


def _entry(each: UnitDifference) -> dict[str, Any]:
    return {
        "unit_id": each.unit_id,
        "kind": each.kind,
        "from": each.day,
        "fields": each.fields,
        "before": _attributes(each.before),
        "after": _attributes(each.after),
        "became": each.became,
    }


def _attributes(unit: OrgUnit | None) -> dict[str, Any] | None:
    return None if unit is None else {name: getattr(unit, name) for name in ATTRIBUTES}


def _reaches(differences: Iterable[UnitDifference], last_day: date) -> bool:
    return any((each.day or date.min) <= last_day for each in differences)


def _figures(connection: Connection, settings: Settings, before: Reference, after: Reference) -> list[dict[str, Any]]:
    rows(connection, load_sql(settings, "preview_register"))
    copy_rows(connection, _COPY, (*_lines("before", before), *_lines("after", after)))
    rows(connection, load_sql(settings, "preview_trees"))
    rows(connection, load_sql(settings, "preview_cascade"))
    deepest = rows(connection, "select coalesce(max(depth), 0) from preview_cell")[0][0]
    for depth in range(deepest, 0, -1):
        rows(connection, load_sql(settings, "preview_level"), {"depth": depth})
    found = rows(connection, load_sql(settings, "preview_figures"))
    return [dict(zip(_FIGURE, each, strict=True)) for each in found]


def _lines(side: str, reference: Reference) -> Iterator[tuple[str | None, ...]]:
    for each in reference.of(OrgUnit):
        row = each.row
        yield side, row.unit_id, row.name, row.type, row.level, row.parent_unit_id, row.daterange


def _restated(
    before: Reference,
    after: Reference,
    differences: list[UnitDifference],
    periods: list[tuple[Any, ...]],
    today: date,
) -> dict[str, Any]:
    """Published periods older than a change, and units of today's tree that receive from others than before."""
    names = {each.row.unit_id: each.row.name for each in after.of(OrgUnit) if each.row.opens <= today < each.row.closes}
    known = {each.row for each in before.of(Succession)}
    was, now = (_parents(reference, today) for reference in (before, after))
    receives: dict[str, str] = {}
    went = {each.unit_id: each.unit_id for each in differences if each.unit_id in was and each.unit_id in now}
    for each in after.of(Succession):
        if each.row not in known and each.row.effective_on <= today and each.row.new_unit_id in names:
            receives[each.row.new_unit_id] = "heir"
            went[each.row.old_unit_id] = each.row.new_unit_id
    for old, new in went.items():
        for unit_id in set(_above(new, now)) - set(_above(old, was)):
            receives.setdefault(unit_id, "parent")
    days = [each.day or date.min for each in differences if (each.day or date.min) <= today]
    concerned = [period for period, last_day in periods if days and last_day < max(days)]
    return {
        "periods": concerned if receives else [],
        "units": [
            {"unit_id": unit_id, "name": names[unit_id], "as": role} for unit_id, role in sorted(receives.items())
        ],
    }


def _parents(reference: Reference, day: date) -> dict[str, str | None]:
    return {
        each.row.unit_id: each.row.parent_unit_id
        for each in reference.of(OrgUnit)
        if each.row.opens <= day < each.row.closes
    }


def _above(unit_id: str, parent_of: dict[str, str | None]) -> Iterator[str]:
    at = parent_of.get(unit_id)
    while at is not None:
        yield at
        at = parent_of.get(at)
