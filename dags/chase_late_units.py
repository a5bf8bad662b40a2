"""Every morning: who is late, by the calendar of their level."""

# mypy: disallow-untyped-decorators=False
from airflow.sdk import CronTriggerTimetable, dag, task

from tonghop.orchestration import steps


@dag(
    schedule=CronTriggerTimetable("0 7 * * *", timezone=steps.TIMEZONE),
    start_date=steps.start_date(),
    catchup=False,
    max_active_runs=1,
    tags=["stewardship"],
    doc_md=__doc__,
)
def chase_late_units() -> None:
    @task(retries=1)
    def write_late_list() -> dict[str, object]:
        return steps.write_late_list()

    write_late_list()


chase_late_units()
