"""The DAG files as Airflow reads them: four of them, wiring only."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tonghop.orchestration.components import child_environment
from tonghop.orchestration.network import Network
from tonghop.settings import PROJECT_DIR, Settings

DAGS = Path(__file__).resolve().parents[2] / "dags"
FILES = sorted(DAGS.glob("*.py"))
FOUR = ["chase_late_units", "ingest_submissions", "nightly_rollup", "refresh_reference"]
HEAVY = {"pandas", "polars", "sqlalchemy", "psycopg2", "dbt", "great_expectations", "os", "expectations"}
# Airflow reads its configuration once, at its import: so the DAGs are read in a process of their own.
READ = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(dag_folder=sys.argv[1])
print(json.dumps({
    "errors": bag.import_errors,
    "dags": {dag.dag_id: {
        "schedule": getattr(dag.timetable, "expression", None), "catchup": dag.catchup, "runs": dag.max_active_runs,
        "zone": str(getattr(dag.timetable, "timezone", "")), "start": str(dag.start_date),
        "params": dag.params.dump(),
        "tasks": {task.task_id: {"retries": task.retries, "operator": task.task_type, "rule": str(task.trigger_rule.value), "down": sorted(task.downstream_task_ids),
                  "outlets": [str(asset.name) for asset in task.outlets]} for task in dag.tasks},
    } for dag in bag.dags.values()},
    "heavy": sorted({name.split(".")[0] for name in sys.modules} & {"pandas", "polars", "dbt", "great_expectations"}),
}))
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What Airflow reads in the folder, as an absolute path."""
    import json

    state = tmp_path_factory.mktemp("state")
    settings = Settings(state_dir=state, database_url="postgresql://nobody:none@127.0.0.1:1/none")
    (state / "schedule_opened").write_text("2026-03-01T05:00:00+00:00")
    environment = child_environment(settings, Network(1)) | {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{state}/airflow.db",  # a DAG file reads no database
    }
    done = subprocess.run([sys.executable, "-c", READ, str(DAGS)], env=environment, capture_output=True, text=True,
                          check=False, cwd=state)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, dict[str, object]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def test_airflow_sees_the_four(read: dict) -> None:  # type: ignore[type-arg]
    # Without this, every other test of this file could pass by seeing nothing.
    assert DAGS == PROJECT_DIR / "dags"
    assert read["errors"] == {}
    assert sorted(read["dags"]) == FOUR
    assert [path.stem for path in FILES] == FOUR, "a DAG is named like its file"


def test_schedules(read: dict) -> None:  # type: ignore[type-arg]
    # Without this: 01:00 in London, or a week of nights at once after a week's holiday.
    dags = read["dags"]
    assert {name: dag["schedule"] for name, dag in dags.items()} == {
        "chase_late_units": "0 7 * * *", "ingest_submissions": "*/15 * * * *", "nightly_rollup": "0 1 * * *",
        "refresh_reference": None,
    }
    for name in set(FOUR) - {"refresh_reference"}:
        assert dags[name]["zone"] == "Asia/Ho_Chi_Minh"
        assert dags[name]["start"].startswith("2026-03-01"), "the schedule counts from the start of the stack"
    assert not any(dag["catchup"] for dag in dags.values())
    assert {dag["runs"] for dag in dags.values()} == {1}


def test_the_night_is_one_sequence_and_publishes_only_after_its_gates(read: dict) -> None:  # type: ignore[type-arg]
    # Without this: publish beside the release gate instead of after it.
    tasks = read["dags"]["nightly_rollup"]["tasks"]
    order = ["open_night", "stage_and_judge", "build_and_judge", "sign_off", "publish", "report"]
    assert sorted(tasks) == sorted(order)
    for before, after in zip(order, [*order[1:], None], strict=True):
        assert after is None or after in tasks[before]["down"]
        assert all(order.index(later) > order.index(before) for later in tasks[before]["down"])
    # With retries a question that failed after its answer hangs; publication reads the answers from the warehouse.
    assert {name: task["retries"] for name, task in tasks.items()} == {
        name: 0 if name in ("open_night", "sign_off") else 1 for name in order}
    assert tasks["sign_off"]["operator"] == "SignOff"
    assert tasks["publish"]["rule"] == "none_failed", "a release that needs no signature skips the question"


def test_ingestion_emits_its_asset(read: dict) -> None:  # type: ignore[type-arg]
    tasks = read["dags"]["ingest_submissions"]["tasks"]
    assert tasks["find_senders"]["down"] == ["ingest"]
    assert tasks["ingest"]["outlets"] == ["raw"]


def test_a_change_is_previewed_before_it_is_applied(read: dict) -> None:  # type: ignore[type-arg]
    # Without this: a change of the register that nobody saw coming; or a run that asks for one where none is meant.
    refresh = read["dags"]["refresh_reference"]
    assert {name: task["down"] for name, task in refresh["tasks"].items()} == {"preview": ["load"], "load": []}
    assert refresh["params"] == {"change": None, "sender": None, "by": None, "reason": None}


def test_reading_the_folder_is_light(read: dict) -> None:  # type: ignore[type-arg]
    # Airflow reads each file every minute: what takes seconds to import belongs into a task.
    assert read["heavy"] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_is_wiring(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    tree = ast.parse(text)
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    imported = {name.split(".")[0] for name in plain}
    imported |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported, "the check looks at something"
    assert not imported & HEAVY
    strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    verbs = ("select ", "insert into", "update ", "delete from", "create table")
    assert not [said for said in strings if said.lower().strip().startswith(verbs)]
    assert "environ" not in text
    assert os.path.basename(path).startswith("dbt_") is False
