"""dbt in this process: one invocation a phase, results kept a row a node in ``ops.dbt_node``."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import yaml

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse import dbt_standing
from tonghop.warehouse.connection import connect, role_url

_LAST = "marts"
"""The phase that leaves dbt's manifest behind, for the docs, where there is none of the project as it is."""


def build(settings: Settings, run_id: str, phase: str, *, with_tests: bool = True) -> dict[str, Any]:
    """Build the models of one phase (a selector of ``selectors.yml``) and run their data tests.

    Args:
        with_tests: whether the models' data tests run too (a rehearsal, which publishes nothing, does without).

    Returns:
        How many nodes ran and how long they took.

    Raises:
        TonghopError: a node failed; names it, with dbt's message.
    """
    leaves_manifest = with_tests and phase == _LAST and not is_compiled(settings)
    outcome = invoke(settings, ["build", "--selector", phase, "--exclude-resource-type", "unit_test",
                                "--no-populate-cache",
                                *([] if with_tests else ["--exclude-resource-type", "test"]),
                                *([] if leaves_manifest else ["--no-write-json"])],
                     manifest=parsed(settings))
    nodes = [_node(result) for result in getattr(outcome.result, "results", None) or []]
    _keep(settings, run_id, phase, nodes)
    failed = [node for node in nodes if node["status"] in ("error", "fail", "runtime error")]
    if failed or not outcome.success:
        first = failed[0] if failed else {"node": phase, "message": str(outcome.exception)}
        raise TonghopError(f"dbt failed at {first['node']}: {first['message']}.",
                           f"The log is {log_dir(settings) / 'dbt.log'}.")
    return {"nodes": len(nodes), "seconds": round(sum(node["seconds"] for node in nodes), 3)}


def invoke(settings: Settings, arguments: list[str], *, manifest: Any = None) -> Any:
    """Run one dbt command quietly, with the project's profile and folders; returns dbt's own result.

    Args:
        manifest: the parsed project (``parsed``); None: dbt reads it.
    """
    from dbt.cli.main import dbtRunner

    dbt_standing.settle()
    return dbtRunner(manifest=manifest).invoke([
        *arguments,
        "--project-dir", str(settings.dbt_dir),
        "--profiles-dir", str(write_profile(settings)),
        "--target-path", str(target_dir(settings)),
        "--log-path", str(log_dir(settings)),
        "--log-level", "none",
        "--log-level-file", "info",
        "--no-use-colors", "--no-version-check",
    ])


def parsed(settings: Settings) -> Any:
    """The project as dbt reads it, once a process; None where it cannot be read (the next command says why)."""
    database = str(role_url(settings, "builder").database)
    return dbt_standing.manifest(
        settings.dbt_dir, database, lambda: invoke(settings, ["parse", "--no-write-json"]).result)


def is_compiled(settings: Settings) -> bool:
    """Whether a manifest was written since the last change to a file of the project."""
    manifest = target_dir(settings) / "manifest.json"
    if not manifest.exists():
        return False
    compiled_at = manifest.stat().st_mtime
    return all(path.stat().st_mtime < compiled_at for path in authored(settings.dbt_dir))


def authored(project: Path) -> list[Path]:
    """Every file of the dbt project that is written by hand."""
    return sorted(path for path in project.rglob("*")
                  if path.is_file() and path.relative_to(project).parts[0] not in ("target", "logs", "dbt_packages"))


def warm_up() -> None:
    """Import dbt (two seconds), for a caller who has something else to wait for meanwhile."""
    importlib.import_module("dbt.cli.main")


def target_dir(settings: Settings) -> Path:
    """Where dbt compiles to, and where its docs are built."""
    return settings.state_dir / "dbt" / "target"


def log_dir(settings: Settings) -> Path:
    """Where dbt logs."""
    return settings.state_dir / "log"


def write_profile(settings: Settings) -> Path:
    """Write the builder's profile (mode 0600: it holds a password) and return its folder."""
    url = role_url(settings, "builder")
    folder = settings.state_dir / "dbt"
    folder.mkdir(parents=True, exist_ok=True)
    profile = {"tonghop": {"target": "warehouse", "outputs": {"warehouse": {
        "type": "postgres", "host": url.host, "port": url.port or 5432, "user": url.username,
        "password": url.password, "dbname": url.database, "schema": "staging", "threads": 2,
        "application_name": "tonghop dbt", **{key: value for key, value in url.query.items() if key == "sslmode"},
    }}}}
    part = folder / f".profiles.{os.getpid()}"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        yaml.safe_dump(profile, file)
    part.replace(folder / "profiles.yml")
    return folder


def _node(result: Any) -> dict[str, Any]:
    response = getattr(result, "adapter_response", None) or {}
    return {
        "node": result.node.name,
        "resource_type": str(result.node.resource_type),
        "status": str(result.status),
        "seconds": result.execution_time,
        "rows_affected": response.get("rows_affected"),
        "message": (result.message or "").strip()[:2000],
    }


def _keep(settings: Settings, run_id: str, phase: str, nodes: list[dict[str, Any]]) -> None:
    with connect(settings, "builder") as connection, connection.cursor() as cursor:
        cursor.execute("delete from ops.dbt_node where run_id = %s and phase = %s", (run_id, phase))
        cursor.executemany(
            "insert into ops.dbt_node (run_id, phase, node, resource_type, status, seconds, rows_affected, message)"
            " values (%(run_id)s, %(phase)s, %(node)s, %(resource_type)s, %(status)s, %(seconds)s, %(rows_affected)s,"
            " %(message)s)", [{"run_id": run_id, "phase": phase, **node} for node in nodes])
