"""``tonghop bench``, at half a per cent of the nation: everything but how long it takes."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tests.bench.nation import country as naming
from tests.bench.nation.country import Country
from tests.bench.nation.returns import MOST_MISTAKES, Returns
from tests.bench.nation.sums import hold_equal
from tonghop import cli
from tonghop.commands import bench
from tonghop.errors import TonghopError

_CONTRACT = {
    "floor_s", "duckdb_s", "night_s", "phases_s", "night_over_floor", "night_over_duckdb", "correction_share",
    "history_ratio", "reader_errors", "reader_max_wait_ms", "query_p95_ms", "peak_rss_mib", "bytes_per_fact",
}


@pytest.mark.timeout(1800)
def test_a_small_nation_is_measured_end_to_end(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # Without this: the bench breaks unseen, or the night is compared with something that does other work.
    with pytest.raises(SystemExit) as ended:
        cli.main(["bench", "--json", "--scale", "0.005", "--periods", "2", "--errors", "0.004", "--keep", str(tmp_path / "kept")])
    told = capsys.readouterr()
    assert ended.value.code == 0, told.err
    found = json.loads(told.out)
    assert not _CONTRACT - set(found)
    assert found["machine"]["postgresql"]["fsync"] == "on"
    assert list(found["phases_s"]) == ["ingest", "open", "stage", "judge_figures", "roll_up", "judge_totals", "build_marts",
                                       "judge_release", "publish"]
    assert all(found[name] > 0 for name in _CONTRACT - {"phases_s", "reader_errors"})
    assert found["facts"] == 2 * 275 * 40
    assert len(found["nights_s"]) == 2
    # Every level above the units: equal to the floor's and DuckDB's sums, or the run would have failed.
    assert found["cells_held_equal"] == (1 + 3 + 63 + 63) * 40
    assert (found["reader_errors"], found["reader_error_examples"]) == (0, [])
    assert found["reader_statements"] > 10
    mistakes = [pl.read_parquet(path) for path in sorted((tmp_path / "kept" / "nation" / "mistakes").iterdir())]
    assert all(len(each) > 5 for each in mistakes)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    # Without this: two runs of the bench measure different nations.
    written = {}
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        path = tmp_path / name
        made = Returns(Country(0.02), seed, MOST_MISTAKES / 2).write(path, 3, 7)
        written[name] = (path.read_bytes(), made.rows())
    assert written["one"] == written["again"]
    assert written["one"][0] != written["other"][0]
    assert written["one"][1]


def test_cumulative_counts_never_fall_and_totals_are_declared(tmp_path: Path) -> None:
    # Without this: the night of the second period spends its time on warnings that no real country would cause.
    returns, frames = Returns(Country(0.02)), []
    for period in (0, 1):
        returns.write(tmp_path / f"{period}.csv", period, 0)
        frames.append(pl.read_csv(tmp_path / f"{period}.csv", schema_overrides={"unit_code": pl.String}))
    both = frames[0].join(frames[1], on=["unit_code", "indicator", "scope"], validate="1:1")
    assert len(both) == len(frames[0])
    for indicator in ("bench_count_02", "bench_member_02"):
        assert both.filter(indicator=indicator).select((pl.col("numerator_right") >= pl.col("numerator")).all()).item()
    totals = frames[0].filter(scope="own").group_by("indicator").agg(pl.col("numerator").sum())
    declared = frames[0].filter(scope="total", unit_code=naming.province_code(0))
    assert len(declared) == 40
    assert declared.join(totals, on="indicator").select((pl.col("numerator") == pl.col("numerator_right")).all()).item()


def test_a_difference_of_one_is_seen() -> None:
    # Without this: the equality of the sums is a check that cannot fail.
    one = pl.DataFrame({"unit_id": ["VN"], "indicator": ["a"], "numerator": [7], "denominator": [9], "rate": [7 / 9],
                        "reporting_units": [1], "expected_units": [1]})
    assert hold_equal("the same", one, one) == 1
    for other in (one.with_columns(numerator=8), one.with_columns(rate=0.7), one.clear(),
                  one.with_columns(denominator=pl.lit(None, pl.Int64))):
        with pytest.raises(TonghopError, match="1 of 1 cells differ"):
            hold_equal("another", one, other)
    with pytest.raises(TonghopError):
        hold_equal("nothing", one.clear(), one.clear())


def test_without_the_checkout_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    # Without this: who has only the package installed meets a traceback.
    monkeypatch.setattr(bench, "PROJECT_DIR", tmp_path)
    with pytest.raises(SystemExit) as ended:
        cli.main(["bench"])
    assert ended.value.code == 2
    assert "from a checkout" in capsys.readouterr().err
