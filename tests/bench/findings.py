"""A night that finds much beside one that finds little: ``python -m tests.bench.findings [--rounds N] [--scale F]``.

The same nation twice, with next to no mistakes and with one in nearly every unit; nights in turn on one server, each the first of
a database of its own. Prints the data work of each by phase, the ratio of the medians, and in proportion that of 100,000 findings
in 2.2 million facts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.nation import bench, phases, sizes, warehouse
from tests.bench.nation.generate import Nation
from tests.bench.nation.phases import Night
from tests.bench.nation.returns import MOST_MISTAKES
from tests.bench.nation.warehouse import BenchSettings
from tonghop.reference import load as reference
from tonghop.warehouse import embedded

_RATES = {"few": 0.001, "many": MOST_MISTAKES}
_NATION = 2_200_000
_WANTED = 100_000


def measure(folder: Path, rounds: int, scale: float) -> dict[str, Any]:
    """Nights in turn with few and with many findings.

    Returns:
        Seconds of data work (``night_s``: all nights; ``phases_s``: medians), ``findings``, ``many_over_few`` of the medians,
        and ``in_proportion``: that ratio, had the many been 100,000 in 2.2 million facts.
    """
    nations = {name: bench.generated(folder / name, bench.Options(scale=scale, errors=rate), scale, 1)
               for name, rate in _RATES.items()}
    settings = warehouse.settings_in(folder, nations["few"].folder)
    phases.warm_up()
    nights: dict[str, list[Night]] = {name: [] for name in nations}
    findings = {}
    with embedded.running(settings):
        for _ in range(rounds):
            for name, nation in nations.items():
                night, findings[name] = _night(settings, f"{name}_{len(nights[name])}", nation)
                nights[name].append(night)
                print(f"{name}: {night.work:.1f} s, {findings[name]:,} findings", file=sys.stderr, flush=True)
    few, many = (statistics.median(night.work for night in nights[name]) for name in nations)
    facts = nations["few"].facts_a_period
    more = (findings["many"] - findings["few"]) / facts * _NATION
    return {"findings": findings, "facts": facts,
            "night_s": {name: [round(night.work, 2) for night in each] for name, each in nights.items()},
            "phases_s": {name: {phase: round(statistics.median(night.phases[phase] for night in each), 2)
                                for phase in each[0].phases} for name, each in nights.items()},
            "many_over_few": round(many / few, 3), "in_proportion": round(1 + (many / few - 1) * _WANTED / more, 3)}


def _night(settings: BenchSettings, name: str, nation: Nation) -> tuple[Night, int]:
    """The first night of a new database; returns it and how much it found. Nothing of it is left."""
    own = warehouse.beside(settings, name, nation.folder)
    nation.expect(0)
    reference.load(own)
    sizes.checkpoint(settings)
    night = phases.run(own, nation.files(0), lambda _: None)
    found = sizes.rules(own, night.run_id)[1]
    warehouse.drop(settings, name)
    return night, found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(measure(Path(made), given.rounds, given.scale), indent=1))
