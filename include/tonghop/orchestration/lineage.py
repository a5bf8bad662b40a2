"""The night as OpenLineage events, where Airflow's provider for it is installed and configured; else nothing happens.

Airflow's provider tells of tasks by itself. Beside that each dbt model becomes a job under the DAG run, with the
relations it read and wrote, when and how many rows; and the task ``publish`` reads ``candidate`` and writes ``store``.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tonghop.orchestration.watching import Moment, NightWatcher
from tonghop.reports.night_summary import plain, read_night, read_nodes
from tonghop.reports.reading import Row, read
from tonghop.settings import Settings, settings
from tonghop.warehouse import dbt
from tonghop.warehouse.connection import admin_url, connect

_PROVIDER = "airflow.providers.openlineage"
_PATIENCE_SECONDS = 30.0
_PRODUCER = "urn:tonghop:nightly_rollup"
_DONE = ("success", "pass", "warn")
_KINDS = ("model", "seed", "snapshot")


@dataclass(frozen=True)
class Node:
    """A dbt model that a night ran.

    Attributes:
        inputs: the relations it read, as ``schema.table``.
        output: the relation it wrote.
        problem: why it failed; None where it did not.
    """

    name: str
    started_at: datetime
    finished_at: datetime
    inputs: list[str]
    output: str | None
    rows: int | None
    problem: str | None


class NightLineage(NightWatcher):
    """Tell a lineage service what the night read and wrote."""

    def is_wanted(self) -> bool:
        """Whether the provider is installed, and told where events go."""
        if importlib.util.find_spec(_PROVIDER) is None:
            return False
        return bool(importlib.import_module(f"{_PROVIDER}.api").is_openlineage_active())

    def moment(self, context: Any) -> Moment | None:
        """After the last dbt model of the night, or the failure of one; and after publication."""
        task = context["ti"]
        wanted = ("stage_and_judge", "build_and_judge") if self.failed else ("build_and_judge", "publish")
        if task.task_id not in wanted:
            return None
        return Moment(read_night(settings(), begun_by=task.run_id), task.run_id, task.task_id, None, "")

    def tell(self, moment: Moment, context: Any) -> None:
        """Send the events; a service that is slow gets those of half a minute, and the night goes on."""
        if moment.night is None:
            return
        if moment.task_id == "publish":
            _tell_publication(context["ti"])
            return
        nodes = nodes_of(read_nodes(settings(), moment.night.run["run_id"], None), _manifest(settings()))
        begun, sent = time.monotonic(), 0
        for node in nodes:
            if time.monotonic() - begun > _PATIENCE_SECONDS:
                break
            _emit_node(node, moment.night.run["run_id"], context["ti"])
            sent += 1
        self.log.info("Told of %d of %d dbt models.", sent, len(nodes))


def nodes_of(rows: list[Row], manifest: dict[str, Any]) -> list[Node]:
    """The models among the nodes of ``ops.dbt_node``, with what dbt's manifest says they read. A pure function.

    Args:
        manifest: ``{}`` where dbt has written none yet: the models then read and write nothing that is known.
    """
    known = {**manifest.get("nodes", {}), **manifest.get("sources", {})}
    by_name = {node["name"]: node for node in known.values() if node["resource_type"] in _KINDS}
    found = []
    for row in sorted(rows, key=lambda row: (row["recorded_at"], row["node"])):
        if row["resource_type"] not in _KINDS:
            continue
        node = by_name.get(row["node"], {})
        read_from: list[str] = sorted({name for parent in node.get("depends_on", {}).get("nodes", [])
                                       for name in _relations(parent, known)})
        found.append(Node(
            name=row["node"], finished_at=row["recorded_at"],
            started_at=row["recorded_at"] - timedelta(seconds=row["seconds"]),
            inputs=read_from, output=_relation(node) if node else None, rows=row["rows_affected"],
            problem=None if row["status"] in _DONE else plain(row["message"] or row["status"])))
    return found


def _relations(unique_id: str, known: dict[str, Any]) -> list[str]:
    """The relation of a node; of one that is only text in others (ephemeral), those that it reads."""
    node = known.get(unique_id)
    if node is None:
        return []
    if node.get("config", {}).get("materialized") == "ephemeral":
        return [name for parent in node["depends_on"]["nodes"] for name in _relations(parent, known)]
    return [_relation(node)]


def _relation(node: dict[str, Any]) -> str:
    return f"{node['schema']}.{node.get('identifier') or node.get('alias') or node['name']}"


def _manifest(settings: Settings) -> dict[str, Any]:
    path = dbt.target_dir(settings) / "manifest.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return loaded


def _dataset(kind: Any, name: str, **facets: Any) -> Any:
    """A relation as OpenLineage names those of PostgreSQL."""
    url = admin_url(settings())
    return kind(namespace=f"postgres://{url.host}:{url.port or 5432}", name=f"{url.database}.{name}", **facets)


def _emit_node(node: Node, run_id: str, task: Any) -> None:
    """Two events: when the model began, and when it was done."""
    events = importlib.import_module("openlineage.client.event_v2")
    facets = importlib.import_module("openlineage.client.facet_v2")
    macros = importlib.import_module(f"{_PROVIDER}.plugins.macros")
    night = (macros.lineage_root_job_namespace(task), macros.lineage_root_job_name(task),
             macros.lineage_root_run_id(task))
    parent = facets.parent_run.ParentRunFacet(
        run=facets.parent_run.Run(runId=night[2]), job=facets.parent_run.Job(namespace=night[0], name=night[1]))
    job = events.Job(namespace=night[0], name=f"{night[1]}.dbt.{node.name}", facets={
        "jobType": facets.job_type_job.JobTypeJobFacet(processingType="BATCH", integration="DBT", jobType="MODEL")})
    said = {"parent": parent}
    ended = events.RunState.COMPLETE
    if node.problem is not None:
        ended = events.RunState.FAIL
        said["errorMessage"] = facets.error_message_run.ErrorMessageRunFacet(
            message=node.problem, programmingLanguage="sql")
    counted = {} if node.rows is None or node.rows < 0 else {
        "outputStatistics": facets.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
            rowCount=node.rows)}
    inputs = [_dataset(events.InputDataset, name) for name in node.inputs]
    outputs = [_dataset(events.OutputDataset, node.output, outputFacets=counted)] if node.output else []
    its_id = str(uuid.uuid5(uuid.UUID(night[2]), f"{run_id} {node.name}"))
    for state, moment, run_facets in ((events.RunState.START, node.started_at, {"parent": parent}),
                                      (ended, node.finished_at, said)):
        importlib.import_module(f"{_PROVIDER}.api").emit(events.RunEvent(
            eventType=state, eventTime=moment.isoformat(), run=events.Run(runId=its_id, facets=run_facets), job=job,
            inputs=inputs, outputs=outputs if state is not events.RunState.START else [], producer=_PRODUCER))


def _tell_publication(task: Any) -> None:
    """The task ``publish`` reads the candidate and writes the store."""
    events = importlib.import_module("openlineage.client.event_v2")
    with connect(settings(), "builder") as connection:
        tables = read(connection, settings(), "lineage_tables")
    named = {schema: [f"{schema}.{row['table_name']}" for row in tables if row["schema_name"] == schema]
             for schema in ("candidate", "store")}
    importlib.import_module(f"{_PROVIDER}.api").emit_dataset_lineage(
        inputs=[_dataset(events.InputDataset, name) for name in named["candidate"]],
        outputs=[_dataset(events.OutputDataset, name) for name in named["store"]], task_instance=task)
