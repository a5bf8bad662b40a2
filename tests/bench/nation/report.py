"""The bench's figures as a person reads them: each beside its target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TARGETS = (
    ("night_over_floor", "the night over plain COPY and SQL", 3.0, ""),
    ("correction_share", "one province's correction over its night", 0.08, ""),
    ("history_ratio", "the last night over the first", 1.15, ""),
    ("reader_errors", "errors that readers met while it published", 0, ""),
    ("reader_max_wait_ms", "longest wait of a reader at the switch", 100, "ms"),
    ("query_p95_ms", "analysts' queries, 95th percentile", 200, "ms"),
    ("query_max_ms", "analysts' queries, slowest", 1000, "ms"),
    ("reconciliation_over_roll_up", "reconciliation over the roll-up itself", 2.0, ""),
    ("rules_s_per_million", "every rule of figures and totals, a million facts", 5.0, "s"),
    ("peak_rss_mib", "peak memory of our own processes", 1536, "MiB"),
    ("bytes_per_fact", "store.* with its keys, a published fact", 160, "B"),
)
"""Key, what it is, the most it may be, and its unit."""


def lines(result: dict[str, Any]) -> Iterator[str]:
    """The report, line by line."""
    machine = result["machine"]
    postgresql = machine["postgresql"]
    yield (f"{result['facts_a_period']:,} facts a period, {result['periods']} period(s), {result['errors']:.2%} of ratios"
           f" in error; {machine['cpus']} cores, {machine['memory_gib']} GiB, PostgreSQL"
           f" {postgresql['server_version']}, fsync {postgresql['fsync']}, DuckDB {result['duckdb_version']}")
    yield f"{result['cells_held_equal']:,} published cells equal the floor's and DuckDB's, set right by the seeded mistakes"
    yield ""
    yield f"floor {result['floor_s']:8.2f} s   {_parts(result['floor_parts_s'])}"
    yield f"DuckDB{result['duckdb_s']:8.2f} s"
    yield f"night {result['night_s']:8.2f} s   {_parts(result['phases_s'])}"
    yield f"      {result['night_over_duckdb']:8.2f} × DuckDB; apart from it: {_parts(result['apart_s'])}"
    yield f"correction{result['correction_s']:4.2f} s   {_parts(result['correction_phases_s'])}"
    yield ""
    yield f"{'':<44}{'measured':>12}{'at most':>12}"
    for key, words, most, unit in TARGETS:
        yield f"{words:<44}{_figure(result[key]):>12}{_figure(most):>12} {unit:<4} {_verdict(result[key], most)}"
    yield f"raw.* beside it: {result['raw_bytes_per_fact']:.0f} B a published fact"


def _parts(seconds: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in seconds.items())


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:,.4g}"


def _verdict(value: float | None, most: float) -> str:
    return "not measured" if value is None else "met" if value <= most else "NOT MET"
