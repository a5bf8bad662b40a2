"""``make demo``: everything from an empty folder to published figures, by the same DAGs that run every night."""

from __future__ import annotations

import hashlib

from tonghop.errors import TonghopError
from tonghop.orchestration import processes
from tonghop.orchestration.api import Api, Say
from tonghop.orchestration.stack import stack
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect
from tonghop.warehouse.server import opened


def run_demo(settings: Settings, keep: bool, say: Say = print) -> None:
    """Load the reference, submit the sample, run one night on it, and show what was published.

    Something withheld is no failure: that is what the sample is there to show.

    Args:
        keep: leave everything running afterwards.
        say: where progress goes, a line at a time.

    Raises:
        TonghopError: a DAG run failed, with the last words of the task that did.
    """
    with stack(settings, say, keep=keep):
        api = processes.client(settings)
        _add_sample_reference(settings)
        _run(api, "refresh_reference", say)
        submitted = _submit_sample(settings)
        say(f"Submitted {submitted} files of the sample." if submitted else "The sample was submitted before.")
        _run(api, "ingest_submissions", say)
        _run(api, "nightly_rollup", say)
        with opened(settings):
            say("")
            say(_summary(settings))
        say("Figures:         .venv/bin/tonghop sql \"select * from marts.rpt_nation\"")


def _add_sample_reference(settings: Settings) -> None:
    from tonghop.reference.load import add_overlay

    overlay = settings.sample_dir / "reference"
    if overlay.is_dir():
        add_overlay(settings, overlay)


def _submit_sample(settings: Settings) -> int:
    """Put the files of ``include/sample/inbox/<sender>/`` into the inbox that were not sent before; returns how many.

    Sent again after another file of the same sender they would be new submissions, and a second demo a new release.
    """
    from tonghop.submissions import ledger
    from tonghop.submissions.inbox import submit

    inbox = settings.sample_dir / "inbox"
    files = sorted(path for path in inbox.glob("*/*") if path.is_file() and not path.name.startswith("."))
    if not files:
        raise TonghopError(f"The sample in {inbox} has no files.", "Is the checkout complete?")
    with opened(settings):
        with connect(settings, "loader") as connection:
            new = [path for path in files if not ledger.was_received(
                connection, path.parent.name, hashlib.sha256(path.read_bytes()).hexdigest())]
        for path in new:
            submit(settings, path, path.parent.name)
    return len(new)


def _run(api: Api, dag_id: str, say: Say) -> None:
    say(f"Running {dag_id} …")
    run_id = api.trigger(dag_id)
    if api.wait(dag_id, run_id, say) == "success":
        return
    failed = [task for task in api.tasks(dag_id, run_id) if task["state"] == "failed"]
    words = [f"{task['task_id']}: {_last_words(api.log(task))}" for task in failed]
    raise TonghopError(f"{dag_id} failed. {' | '.join(words) or 'No task says why.'}", f"Run {run_id}.")


def _last_words(log: str) -> str:
    """The part of a task's log that says what went wrong."""
    lines = [line for line in log.splitlines() if not line.startswith(("::group::", "::endgroup::"))]
    return " ".join(lines).rpartition("Task failed with exception")[2].strip()[-600:]


def _summary(settings: Settings) -> str:
    from tonghop.reports.summary import night_summary

    told: str = night_summary(settings)
    return told
