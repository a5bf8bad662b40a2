"""The night: stage and judge the figures; roll up, build and judge; have it signed where need be; publish; report.

A task holds the steps that share their imports (dbt two seconds, Great Expectations six): ``ops.step_run`` shows each.

A night that fails, is killed or is held leaves ``marts`` exactly as it was. Running it again is always safe. Where
coverage is below its threshold, ``sign_off`` asks for a person's answer (Required Actions); without a worker, until its
deadline. ``tonghop sign-off`` answers as well.
"""

# mypy: disallow-untyped-decorators=False
from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task

from tonghop.orchestration import steps
from tonghop.orchestration.signing import SignOff
from tonghop.orchestration.telling import watchers

BUILD = ("stage_and_judge", "build_and_judge")
RELEASE = ("publish", "report")


@dag(
    schedule=CronTriggerTimetable("0 1 * * *", timezone=steps.TIMEZONE),
    start_date=steps.start_date(),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 1, "retry_delay": timedelta(seconds=30), "on_success_callback": watchers(failed=False),
        "on_failure_callback": [steps.night_failed, *watchers(failed=True)],
    },
    tags=["night"],
    doc_md=__doc__,
)
def nightly_rollup() -> None:
    @task.short_circuit(retries=0)
    def open_night() -> str | None:
        return steps.open_night(owner=get_current_context()["dag_run"].run_id)

    @task(trigger_rule="none_failed")  # a release that needs no signature skips the task that asks for it
    def step(name: str, night: str) -> dict[str, object]:  # 'run_id' is a word of Airflow's
        return steps.night_step(name, night)

    night = before = open_night()
    for name in (*BUILD, "sign_off", *RELEASE):
        done = SignOff(task_id=name, night=night) if name == "sign_off" else step.override(task_id=name)(name, night)
        before >> done
        before = done


nightly_rollup()
