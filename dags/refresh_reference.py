"""The register and the catalogue, from the authored files to the schema ``reference``. Run by hand after an edit."""

# mypy: disallow-untyped-decorators=False
from airflow.sdk import dag, task

from tonghop.orchestration import steps


@dag(schedule=None, catchup=False, max_active_runs=1, tags=["reference"], doc_md=__doc__)
def refresh_reference() -> None:
    @task(retries=1)
    def load() -> object:
        return steps.load_reference()

    load()


refresh_reference()
