"""Run by ``conftest``: what Airflow calls when a task ends, each time in a fork of a process that has imported Airflow.

Airflow takes seconds to import and reads variables when it is asked; so a fork with other variables is as good as a
process of its own. A line of JSON in (``environment``, ``task``, ``dag_run``, ``problem``, ``log``), the exit status out.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from types import SimpleNamespace
from typing import Any


def end(said: dict[str, Any]) -> None:
    """Call the callbacks of one task; statistics are begun as Airflow's task runner begins them."""
    from airflow.sdk.configuration import conf
    from airflow.sdk.observability import stats
    from airflow.sdk.observability.metrics import stats_utils

    from tonghop.orchestration.telling import watchers

    os.environ.clear()
    os.environ.update(said["environment"])
    logging.basicConfig(level="INFO", stream=sys.stderr, force=True)
    stats.initialize(factory=stats_utils.get_stats_factory(),
                     export_legacy_names=conf.getboolean("metrics", "legacy_names_on"))
    task = SimpleNamespace(dag_id="nightly_rollup", task_id=said["task"], run_id=said["dag_run"])
    for watcher in watchers(failed=said["problem"] is not None):
        watcher({"ti": task, "exception": said["problem"]})


def main() -> None:
    """Serve one line after the other, until there is none."""
    import tonghop.orchestration.telling  # noqa: F401 - imported once, for every fork

    for line in sys.stdin:
        said = json.loads(line)
        child = os.fork()
        if child == 0:
            log = os.open(said["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            try:
                end(said)
                sys.exit(0)  # with what is to be done at exit: metrics are flushed there
            except Exception:
                traceback.print_exc()
                sys.exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(status, flush=True)


if __name__ == "__main__":
    main()
