"""Every quarter of an hour: one mapped task for each sender that has put new files into its folder."""

# mypy: disallow-untyped-decorators=False
from airflow.sdk import Asset, CronTriggerTimetable, dag, task

from tonghop.orchestration import steps


@dag(
    schedule=CronTriggerTimetable("*/15 * * * *", timezone=steps.TIMEZONE),
    start_date=steps.start_date(),
    catchup=False,
    max_active_runs=1,  # two at once would find the same files
    tags=["submissions"],
    doc_md=__doc__,
)
def ingest_submissions() -> None:
    @task(retries=1)
    def find_senders() -> list[str]:
        return steps.senders_with_news()

    @task(retries=1, outlets=[Asset("raw")], map_index_template="{{ sender }}")
    def ingest(sender: str) -> dict[str, object]:
        from airflow.sdk import get_current_context

        get_current_context()["sender"] = sender
        return steps.ingest_sender(sender)

    ingest.expand(sender=find_senders())


ingest_submissions()
