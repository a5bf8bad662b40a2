"""The register and the catalogue, from the authored files and the applied changes to the schema ``reference``.

Run by hand after an edit; or with a change (a file, or the number of a proposed one), by whom and why: it is previewed,
then applied.
"""

# mypy: disallow-untyped-decorators=False
from typing import Any

from airflow.sdk import Param, dag, task

from tonghop.orchestration import steps

PARAMS = {
    "change": Param(None, type=["null", "string"], description="A change file, or a number; blank: only load."),
    "sender": Param(None, type=["null", "string"], description="The province whose own change it is."),
    "by": Param(None, type=["null", "string"], description="Who decides."),
    "reason": Param(None, type=["null", "string"], description="Why."),
}


@dag(schedule=None, catchup=False, max_active_runs=1, tags=["reference"], doc_md=__doc__, params=PARAMS)
def refresh_reference() -> None:
    @task
    def preview(params: dict[str, Any] | None = None) -> object:
        return steps.preview_change(params or {})

    @task(retries=1)
    def load(params: dict[str, Any] | None = None) -> object:
        return steps.load_reference(params or {})

    preview() >> load()


refresh_reference()
