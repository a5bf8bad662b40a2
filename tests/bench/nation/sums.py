"""The check that all three did the same work: the published marts against the floor's and DuckDB's sums."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tests.bench.nation.generate import Nation
from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

_KEY = ["unit_id", "indicator"]
_WHAT = ["numerator", "denominator", "reporting_units", "expected_units"]
_PUBLISHED = """
select unit_id, indicator, numerator, denominator, rate::float8, reporting_units, expected_units
from marts.fct_rollup
where period = %s and level <> 'grassroots'
"""
_TYPES: dict[str, Any] = dict.fromkeys(_KEY, pl.String) | {
    "numerator": pl.Int64, "denominator": pl.Int64, "rate": pl.Float64, "reporting_units": pl.Int64,
    "expected_units": pl.Int64}
_RATE_TOLERANCE = 1e-9


def published(settings: Settings, period: str) -> pl.DataFrame:
    """The roll-up of every level above the grassroots units, as an analyst sees it."""
    with connect(settings, "analyst") as connection:
        return pl.DataFrame(rows(connection, _PUBLISHED, (period,)), _TYPES, orient="row")


def plain(path: Path) -> pl.DataFrame:
    """What the floor or DuckDB wrote."""
    return pl.read_csv(path, schema_overrides={"rate": pl.Float64}).select(
        pl.col(name).cast(kind) for name, kind in _TYPES.items())


def true(summed: pl.DataFrame, nation: Nation, mistakes: pl.DataFrame) -> pl.DataFrame:
    """What must be published: a plain sum of the rows, set right where mistakes were seeded.

    Districts and provinces declare the true totals, so a withheld unit (or one under an unknown code) is covered by
    the declaration above it: nothing is missing at any level above the units.
    """
    units = pl.read_csv(nation.units, infer_schema=False)
    placed = mistakes.join(units, on="unit_code", how="left", validate="m:1")
    lost = pl.concat([
        placed.group_by(unit_id=above, indicator="indicator").agg(
            pl.col("numerator_lost").sum(), pl.col("denominator_lost").sum(),
            (pl.col("mistake") == "unknown_unit").sum().cast(pl.Int64).alias("units_lost"))
        for above in ("district_id", "province_id", "department_id", pl.lit("VN"))
    ])
    joined = summed.join(lost, on=_KEY, how="full", coalesce=True)
    totals = joined.select(
        *_KEY,
        pl.sum_horizontal("numerator", "numerator_lost").alias("numerator"),
        pl.when(pl.col("denominator").is_not_null() | pl.col("denominator_lost").is_not_null())
        .then(pl.sum_horizontal("denominator", "denominator_lost")).alias("denominator"),
        pl.sum_horizontal("reporting_units", "units_lost").alias("reporting_units"),
        pl.col("expected_units").fill_null(pl.col("units_lost")),
    )
    return totals.with_columns(rate=pl.col("numerator") / pl.col("denominator"))


def hold_declared(settings: Settings, period: str, province: str, file: Path) -> int:
    """Hold what is published of a province equal to the totals it declared in a file.

    Raises:
        TonghopError: an indicator is missing or differs.
    """
    declared = pl.read_csv(file, infer_schema=False).filter(scope="total", unit_code=province).select(
        pl.lit(f"P-{province}").alias("unit_id"), "indicator", pl.col("numerator", "denominator").cast(pl.Int64))
    seen = published(settings, period).filter(unit_id=f"P-{province}")
    expected = declared.with_columns(rate=pl.col("numerator") / pl.col("denominator")).join(
        seen.select(*_KEY, "reporting_units", "expected_units"), on=_KEY, how="left")
    return hold_equal("the marts beside what a province declared", seen, expected)


def hold_equal(what: str, seen: pl.DataFrame, expected: pl.DataFrame) -> int:
    """Hold two roll-ups equal, cell by cell.

    Returns:
        How many cells were compared.

    Raises:
        TonghopError: a cell is missing or differs; names one.
    """
    both = seen.join(expected, on=_KEY, how="full", coalesce=True, suffix="_expected")
    same = pl.all_horizontal(
        *(pl.col(name).eq_missing(pl.col(f"{name}_expected")) for name in _WHAT),
        (pl.col("rate") - pl.col("rate_expected")).abs().fill_null(0) < _RATE_TOLERANCE,
        pl.col("rate").is_null() == pl.col("rate_expected").is_null(),
    )
    wrong = both.filter(~same)
    if len(wrong) or not len(both):
        first = wrong.row(0, named=True) if len(wrong) else "nothing was published"
        raise TonghopError(f"{what}: {len(wrong)} of {len(both)} cells differ, the first is {first}.",
                           "The bench compares different work: its figures mean nothing until this is mended.")
    return len(both)
