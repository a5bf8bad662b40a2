"""What is published: the tables of ``candidate``, and those of ``store`` that keep them by release."""

from __future__ import annotations

from dataclasses import dataclass, field

# A key column of the store: the public column it stands for, the table that maps it, and that table's columns.
KEYS = {
    "period_key": ("period", "store.period_key", "period_key", "period"),
    "unit_key": ("unit_id", "store.unit_key", "unit_key", "unit_id"),
    "sender_key": ("sender_unit_id", "store.unit_key", "unit_key", "unit_id"),
    "department_key": ("department_unit_id", "store.unit_key", "unit_key", "unit_id"),
    "province_key": ("province_unit_id", "store.unit_key", "unit_key", "unit_id"),
    "restated_at_key": ("restated_at", "store.unit_key", "unit_key", "unit_id"),
    "indicator_key": ("indicator", "store.indicator_key", "indicator_key", "indicator"),
}


@dataclass(frozen=True)
class Mart:
    """One published table.

    Attributes:
        candidate: table of the schema candidate.
        store: table of the schema store with the same columns, keys for texts, and the two releases.
        key: columns that tell its rows apart and are never null.
        scope: what of the store the candidate replaces: ``partition`` (those of the night), ``source`` (likewise, by
            the province of its source), ``sender`` (likewise, by who sent it), ``finding`` (likewise, and those of no
            period), ``period`` (those of the night), or ``all``.
        ignored: columns whose change alone is not worth a release.
        shown: view of the schema store that shows the table with the candidate's columns, where it keeps others.
        packed: statements (``include/sql/<packed>.sql``) that leave the candidate's rows in ``pg_temp.packed``, with
            the store's columns.
        order: what rows are added in the order of, as one number (``""``: as they come).
    """

    candidate: str
    store: str
    scope: str
    key: tuple[str, ...]
    ignored: tuple[str, ...] = field(default=())
    shown: str = ""
    packed: str = ""
    order: str = ""


_CELL = ("period_key", "unit_key", "indicator_key")
# Months, indicator and unit side by side: sorting by one number takes a third of the time of sorting by three.
_MONTH = "(period_key / 100 * 12 + period_key % 100)"
_BY_INDICATOR = f"({_MONTH}::bigint << 48) | (indicator_key::bigint << 32) | unit_key"

MARTS = (
    Mart("dim_org_unit", "org_unit", "all", ("unit_key",)),
    Mart("dim_indicator", "indicator", "all", ("indicator",)),
    Mart("dim_population", "population", "all", ("population",)),
    Mart("dim_period", "period", "period", ("period",)),
    Mart("fct_observation", "observed", "source", _CELL, shown="observation", packed="pack_observations",
         order=_BY_INDICATOR),
    Mart("fct_rollup", "rollup", "partition", _CELL, order=_BY_INDICATOR),
    Mart("fct_rollup_restated", "rollup_restated", "period", _CELL),
    Mart("fct_reconciliation", "reconciliation", "partition", (*_CELL, "measure")),
    Mart("fct_population", "population_statement", "partition", ("period_key", "unit_key", "population", "source")),
    Mart("fct_province_cell", "province_cell", "partition", ("period_key", "province_key", "indicator_key")),
    Mart("fct_province_population", "province_population", "partition",
         ("period_key", "province_key", "population", "reporter_class")),
    Mart("fct_submission", "submission", "sender", ("period_key", "sender_key")),
    Mart("fct_finding", "finding", "finding", ("finding_id",), ignored=("last_seen_at",)),
)
