"""What the tasks of ``refresh_reference`` do: load; or preview a change and apply it, safe to repeat."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.reference.country import HEADER, row
from tonghop.orchestration.components import child_environment
from tonghop.orchestration.network import Network
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

# A process of its own, as a task is one: Airflow reads its configuration at its import.
TASKS = """
import json, sys
from airflow.sdk.exceptions import AirflowFailException
from tonghop.orchestration import steps
params = json.loads(sys.argv[1])
told = []
for step in (steps.preview_change, steps.load_reference):
    try:
        told.append(step(params))
    except AirflowFailException as error:
        told.append(f"failed: {error}")
        break
print(json.dumps(told))
"""


def _run(settings: Settings, **params: str) -> list[Any]:
    assert settings.database_url is not None
    environment = child_environment(settings, Network(1)) | {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{settings.state_dir}/airflow.db",
        "TONGHOP_STATE_DIR": str(settings.state_dir),
        "TONGHOP_DATABASE_URL": settings.database_url.get_secret_value(),
        "TONGHOP_REFERENCE_DIRS": "",
    }
    done = subprocess.run([sys.executable, "-c", TASKS, json.dumps(params)], env=environment, capture_output=True,
                          text=True, check=False, cwd=settings.state_dir)
    assert done.returncode == 0, done.stderr[-2000:]
    told: list[Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def test_without_a_change_it_loads_and_with_one_it_previews_and_applies(warehouse: Settings, tmp_path: Path) -> None:
    previewed, loaded = _run(warehouse)
    assert previewed is None
    assert loaded["changed"]
    path = tmp_path / "đổi tên.csv"
    path.write_text(f"{HEADER}\n{row('2026-02-01', 'rename', 'B-01', name='Thủ đô Hà Nội')}\n", encoding="utf-8")
    refused = _run(warehouse, change=str(path))
    assert refused[1].startswith("failed: A change of the register needs --by")
    said = {"change": str(path), "by": "Lan", "reason": "Nghị quyết 1"}
    previewed, applied = _run(warehouse, **said)
    assert previewed["counts"] == {"changed": 1}
    assert applied == {"change_id": 1, "name": "đổi tên.csv", "is_new": True, "counts": {"changed": 1}}
    previewed, applied = _run(warehouse, **said)  # a run that is done again
    assert (previewed["applied_as"], applied["is_new"]) == (1, False)
    with connect(warehouse, "loader") as connection:
        assert rows(connection, "select decided_by, reason from reference.change_file") == [("Lan", "Nghị quyết 1")]
    path.write_text(f"{HEADER}\n{row('2026-03-01', 'close', 'B-01')}\n", encoding="utf-8")
    (failed,) = _run(warehouse, **said)
    assert failed.startswith("failed: 1 problem(s) in ")
    assert "'B-01' would end and leave" in failed
