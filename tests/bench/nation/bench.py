"""The whole bench in one run: a nation, the floor and DuckDB, nights, a correction, readers, queries, sizes."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.bench.nation import country as naming
from tests.bench.nation import floor, phases, queries, sizes, sums, warehouse
from tests.bench.nation.catalogue import FIGURES
from tests.bench.nation.country import Country
from tests.bench.nation.generate import Nation
from tests.bench.nation.memory import Peak
from tests.bench.nation.phases import Night, Tell
from tests.bench.nation.readers import Readers
from tests.bench.nation.warehouse import BenchSettings
from tonghop.reference import load as reference
from tonghop.warehouse import embedded

ROOT = Path(__file__).resolve().parents[3]
_ROUNDS = 3
_WARM_SCALE = 0.001
_WATCHED = "bench_member_01"
_READERS_FROM = 3
"""With so many periods readers also watch the second night; it is neither the first nor the last of those compared."""


@dataclass(frozen=True)
class Options:
    """What to bench."""

    periods: int = 1
    scale: float = 1.0
    seed: int = 1
    errors: float = 0.001


@dataclass
class Bench:
    """A run: what was measured so far."""

    options: Options
    folder: Path
    tell: Tell
    peak: Peak = field(default_factory=Peak)
    readers: list[tuple[Readers, Night]] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        """Measure everything.

        Returns:
            The figures of the report (see docs/bench.md).

        Raises:
            TonghopError: something failed, or the three did not come to the same sums.
        """
        given = self.options
        nation = generated(self.folder / "nation", given, given.scale, given.periods)
        small = generated(self.folder / "warm", given, _WARM_SCALE, 1)
        self.tell(f"generated {nation.facts_a_period:,} facts a period")
        settings = warehouse.settings_in(self.folder, nation.folder)
        apart = {"imports": phases.warm_up()}
        with embedded.running(settings):
            least = phases.run(warehouse.beside(settings, "warm", small.folder), small.files(0), _quiet)
            warehouse.prepare(settings)
            sizes.checkpoint(settings)
            beside = self._beside(settings, nation)
            sizes.checkpoint(settings)
            nights = self._nights(settings, nation)
            cells = self._hold_equal(settings, nation)
            correction = self._corrections(settings, nation)
            self.tell("asking as analysts")
            asked = queries.run(settings, nation, given.seed)
            apart |= {"reading_child": nights[0].starting, "dbt_parsing": nights[0].parsing, "report": nights[0].report}
            return {
                "scale": given.scale, "periods": given.periods, "seed": given.seed, "errors": given.errors,
                "facts": nation.facts_a_period * given.periods, "facts_a_period": nation.facts_a_period,
                "cells_held_equal": cells, "night_of_63_units_s": round(least.work, 3),
                **_ratios(beside, nights, correction), "apart_s": _rounded(apart),
                **self._read(), **_asked(asked), "peak_rss_mib": round(self.peak.bytes / 2**20, 1),
                **_kept(settings, nights[0], nation.facts_a_period), "machine": _machine(settings),
            }

    def _beside(self, settings: BenchSettings, nation: Nation) -> dict[str, Any]:
        """The floor and DuckDB over the files of the last period: the median of three rounds each."""
        files = nation.files(nation.periods - 1)
        floors, ducks = [], []
        for _ in range(_ROUNDS):
            floors.append(floor.run(settings, files, nation.units, self.folder / "floor.csv"))
            ducks.append(_duck(files, nation.units, self.folder / "duck.csv"))
            self.tell(f"floor {_floor_seconds(floors[-1]):.2f} s, DuckDB {ducks[-1]['read'] + ducks[-1]['rollup']:.2f} s")
        middle = sorted(floors, key=_floor_seconds)[_ROUNDS // 2]
        return {"floor": middle, "floors": [_floor_seconds(each) for each in floors],
                "ducks": [each["read"] + each["rollup"] for each in ducks], "duckdb_version": ducks[0]["version"]}

    def _nights(self, settings: BenchSettings, nation: Nation) -> list[Night]:
        nights = []
        for period in range(nation.periods):
            files, name = nation.files(period), naming.period_name(period)
            nation.expect(period)
            reference.load(settings)
            if nights:
                sizes.a_day_later(settings)
            self.tell(f"night of {name}")
            if period == 1 and nation.periods >= _READERS_FROM:
                nights.append(self._read_throughout(settings, files, naming.period_name(0)))
            else:
                nights.append(self._night(settings, files))
            self.tell(f"night of {name}: {nights[-1].work:.1f} s of data work")
        return nights

    def _night(self, settings: BenchSettings, files: Mapping[str, Path]) -> Night:
        with self.peak.watching():
            return phases.run(settings, files, lambda line: self.tell(f"  {line}"))

    def _read_throughout(self, settings: BenchSettings, files: Mapping[str, Path], period: str) -> Night:
        """A night with readers; their processor time is in it, so it is compared with nothing."""
        readers = Readers.start(settings, period, _WATCHED)
        self.peak.apart.add(readers.process.pid)
        try:
            night = self._night(settings, files)
        finally:
            readers.stop()
        self.readers.append((readers, night))
        return night

    def _corrections(self, settings: BenchSettings, nation: Nation) -> Night:
        """One province sends the last period again; then another does, with readers. Returns the first."""
        one, other, *_ = nation.corrections().items()
        sizes.a_day_later(settings)
        self.tell("one province corrects its figures")
        correction = self._night(settings, dict([one]))
        sums.hold_declared(settings, naming.period_name(nation.periods - 1), *one)
        self.tell(f"correction: {correction.work:.1f} s of data work; another one, with readers")
        self._read_throughout(settings, dict([other]), naming.period_name(nation.periods - 1))
        return correction

    def _hold_equal(self, settings: BenchSettings, nation: Nation) -> int:
        """Hold the last period's marts, the floor and DuckDB equal at every level above the units."""
        last = nation.periods - 1
        summed = sums.plain(self.folder / "floor.csv")
        sums.hold_equal("DuckDB beside the floor", sums.plain(self.folder / "duck.csv"), summed)
        expected = sums.true(summed, nation, nation.mistakes(last))
        return sums.hold_equal("the marts beside the floor", sums.published(settings, naming.period_name(last)), expected)

    def _read(self) -> dict[str, Any]:
        errors = [error for readers, _ in self.readers for error in readers.errors()]
        waits = [readers.longest(*night.windows["publish"]) for readers, night in self.readers]
        return {
            "reader_errors": len(errors), "reader_error_examples": sorted(set(errors))[:5],
            "reader_statements": sum(readers.statements() for readers, _ in self.readers),
            "reader_max_wait_ms": round(1000 * max(waits), 1),
            "reader_max_wait_by_night_ms": [round(1000 * wait, 1) for wait in waits],
            "reader_longest_before_ms": [round(1000 * readers.longest(0, night.windows["publish"][0]), 1)
                                         for readers, night in self.readers],
        }


def _quiet(_: str) -> None:
    """Tell nobody."""


def generated(folder: Path, given: Options, scale: float, periods: int) -> Nation:
    """A nation written by a process of its own: the generator's memory is not ours."""
    subprocess.run(
        [sys.executable, "-m", "tests.bench.nation.generate", str(folder.resolve()), "--scale", str(scale),
         "--periods", str(periods), "--seed", str(given.seed), "--errors", str(given.errors)],
        cwd=ROOT, check=True)
    return Nation(folder, Country(scale), periods)


def _duck(files: Mapping[str, Path], units: Path, out: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.nation.duck", str(units.resolve()), str(out.resolve()),
         str(os.cpu_count() or 1), *(str(file.resolve()) for file in files.values())],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _floor_seconds(parts: Mapping[str, float]) -> float:
    return sum(parts[name] for name in floor.PARTS)


def _rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in seconds.items()}


def _ratios(beside: dict[str, Any], nights: list[Night], correction: Night) -> dict[str, Any]:
    """The night against the floor, against DuckDB, against its own correction, and against itself with a history."""
    floor_s, duck_s = statistics.median(beside["floors"]), statistics.median(beside["ducks"])
    first, last = nights[0], nights[-1]
    return {
        "floor_s": round(floor_s, 3), "floor_parts_s": _rounded(beside["floor"]),
        "floor_rounds_s": [round(each, 3) for each in beside["floors"]],
        "duckdb_s": round(duck_s, 3), "duckdb_rounds_s": [round(each, 3) for each in beside["ducks"]],
        "duckdb_version": beside["duckdb_version"],
        "night_s": round(first.work, 3), "phases_s": _rounded(first.phases), "steps_recorded_s": _rounded(first.steps),
        "nights_s": [round(night.work, 3) for night in nights], "last_phases_s": _rounded(last.phases),
        "night_over_floor": round(first.work / floor_s, 3), "night_over_duckdb": round(first.work / duck_s, 3),
        "correction_s": round(correction.work, 3), "correction_phases_s": _rounded(correction.phases),
        "correction_share": round(correction.work / last.work, 4),
        "history_ratio": round(last.work / first.work, 3) if len(nights) > 1 else None,
    }


def _asked(taken: dict[str, list[float]]) -> dict[str, Any]:
    every = [each for times in taken.values() for each in times]
    return {
        "query_p95_ms": round(queries.p95(every), 1), "query_max_ms": round(max(every), 1),
        "queries_ms": {name: {"median": round(statistics.median(times), 1), "p95": round(queries.p95(times), 1)}
                       for name, times in taken.items()},
    }


def _kept(settings: BenchSettings, night: Night, facts_judged: int) -> dict[str, Any]:
    kept, facts = sizes.by_schema(settings), sizes.published(settings)
    compared, rolled = sizes.reconciliation(settings, night.run_id, night.phases["judge_totals"])
    rules_s, findings = sizes.rules(settings, night.run_id)
    return {
        "published_facts": facts, "bytes_per_fact": round(kept["store"] / facts, 1),
        "raw_bytes_per_fact": round(kept["raw"] / facts, 1), "bytes_by_schema": kept,
        "reconciliation_s": round(compared, 3), "roll_up_s": round(rolled, 3),
        "reconciliation_over_roll_up": round(compared / rolled, 3) if rolled else None,
        "rules_s": round(rules_s, 3), "rules_s_per_million": round(rules_s / facts_judged * 1e6, 3), "findings": findings,
        "slowest_models_s": sizes.slowest(settings, night.run_id),
    }


def _machine(settings: BenchSettings) -> dict[str, Any]:
    return {"cpus": os.cpu_count(), "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
            "load_average": [round(each, 2) for each in os.getloadavg()], "python": platform.python_version(),
            "indicators": len(FIGURES), "postgresql": warehouse.machine(settings)}
