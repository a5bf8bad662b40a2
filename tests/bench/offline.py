"""The gates with a network and without any: ``python tests/bench/offline.py [--rounds N]``.

Nights over one statement, every task a process of its own, in turn as they are and in a network namespace that has a
loopback and nothing else (``unshare``: Linux; as root, or where users may make namespaces). Prints seconds of the gates' steps
and of whole nights, and the ratio of the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

_NIGHT = [sys.executable, str(Path(__file__).parent / "fixed_cost.py"), "--json"]
_GATES = ("judge_figures", "judge_totals", "judge_release")


def measure(rounds: int) -> dict[str, object]:
    """Nights in turn with and without; returns the medians and their ratio."""
    taken: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for _ in range(rounds):
        for is_online in (True, False):
            night = json.loads(subprocess.run(_NIGHT if is_online else [*_without_network(), *_NIGHT], check=True,
                                              stdout=subprocess.PIPE, text=True).stdout)["later_night"]
            taken[is_online].append((sum(night["step_s"][gate] for gate in _GATES), night["total_s"]))
            print(f"{'with' if is_online else 'without'} a network: gates {taken[is_online][-1][0]:.2f} s", file=sys.stderr)
    gates, nights = ({on: statistics.median(each[part] for each in taken[on]) for on in taken} for part in (0, 1))
    return {"gates_s": {"with": round(gates[True], 2), "without": round(gates[False], 2)},
            "night_s": {"with": round(nights[True], 1), "without": round(nights[False], 1)},
            "gates_without_over_with": round(gates[False] / gates[True], 3)}


def _without_network() -> list[str]:
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    return [*alone, "sh", "-c", 'ip link set lo up && exec "$@"', "alone"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    print(json.dumps(measure(parser.parse_args().rounds), indent=1))
