"""The fixed cost of a night: every task in a process of its own (as Airflow runs it), over a single statement.

What remains of a night when there is next to no data: interpreters, imports of dbt and Great Expectations, dbt's parse,
connections, Data Docs. Airflow's own start and its overhead a task are not in it. Prints a table; ``--json`` for
machines.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tonghop.night import steps
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.warehouse.connection import connect, rows
from tonghop.warehouse.server import opened

_STEP = "import sys\nfrom tonghop.night import steps\nfrom tonghop.settings import settings\n" \
        "getattr(steps, sys.argv[1])(settings(), sys.argv[2])"


def measure(settings: Settings) -> dict[str, object]:
    """Run two nights over one statement; returns seconds a task (its process) and a step, and of dbt's own nodes."""
    reference.load(settings)
    path = settings.state_dir / "one.csv"
    path.write_text("unit_code,indicator,period,scope,numerator,denominator,stated_rate,note\n60,study_class,2012-05,own,470,,,\n",
                    encoding="utf-8")
    inbox.ingest_sender(settings, "60", whole=[inbox.submit(settings, path, "60")])
    nights = [_night(settings) for _ in range(2)]
    return {"first_night": nights[0], "later_night": nights[1]}


def _night(settings: Settings) -> dict[str, object]:
    run_id = steps.open_night(settings, owner="bench", kind="hand", full=True)
    assert run_id is not None
    processes = {}
    for task in steps.TASKS:
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", _STEP, task.__name__, run_id], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "TONGHOP_STATE_DIR": str(settings.state_dir)})
        processes[task.__name__] = round(time.monotonic() - began, 2)
    with connect(settings) as connection:
        work = dict(rows(connection, "select step, round(seconds, 2)::float from ops.step_run where run_id = %s", (run_id,)))
        nodes = float(rows(connection, "select coalesce(sum(seconds), 0) from ops.dbt_node where run_id = %s", (run_id,))[0][0])
    return {"process_s": processes, "step_s": work, "dbt_nodes_s": round(nodes, 2), "total_s": round(sum(processes.values()), 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(state_dir=Path(folder) / "state", database_url=None, inbox="", reference_dirs="")
        with opened(settings):
            result = measure(settings)
    if arguments.json:
        print(json.dumps(result, indent=1))
        return
    for night, figures in result.items():
        print(f"{night}: {figures['total_s']} s in all, dbt's nodes {figures['dbt_nodes_s']} s")  # type: ignore[index]
        for kind, table in (("task", figures["process_s"]), ("  step", figures["step_s"])):  # type: ignore[index]
            for name, seconds in table.items():
                print(f"  {kind} {name:<16} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
