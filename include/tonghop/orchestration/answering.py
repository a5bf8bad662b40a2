"""Telling a DAG that waits for a person that the person has answered elsewhere."""

from __future__ import annotations

from tonghop.errors import TonghopError
from tonghop.settings import Settings

DAG = "nightly_rollup"
SIGN, REJECT, WAIT = "Ký / Sign", "Từ chối / Reject", "Để chờ / Wait"


def answer_waiting(settings: Settings, run_id: str) -> bool:
    """Resume the task that waits for an answer about a night; it reads what was answered in ``ops.sign_off``.

    Where no stack of this machine runs, or none waits, nothing is done: the task ends at its deadline at the latest.

    Returns:
        Whether a task was resumed.
    """
    from tonghop.orchestration import processes  # a DAG file reads the words above every minute

    if processes.read(settings) is None:
        return False
    try:
        api = processes.client(settings)
        asked = api.call("GET", f"/dags/{DAG}/dagRuns/~/hitlDetails", params={"state": "awaiting_input", "limit": 20})
        for detail in asked["hitl_details"]:
            task = detail["task_instance"]
            if run_id in detail["subject"] and not detail["response_received"]:
                api.call("PATCH", f"/dags/{DAG}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
                                  f"/{task['map_index']}/hitlDetails",
                         json={"chosen_options": [WAIT], "params_input": {"name": "", "reason": ""}})
                return True
    except TonghopError:
        return False  # Airflow is away: what was decided stands in the warehouse
    return False
