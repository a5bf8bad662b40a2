"""The steps of a night, in their order. A DAG runs them as tasks, ``tonghop rollup`` by hand: the same code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tonghop.errors import NightHeld, NightSuperseded
from tonghop.night import lease, naming
from tonghop.quality import claims, coverage, findings, signoff
from tonghop.quality.bench_import import gates
from tonghop.settings import Settings
from tonghop.warehouse import blast, dbt, run
from tonghop.warehouse.connection import connect, rows

Summary = dict[str, Any]

_REFERENCE_LOCK = 7301
_KEPT_RUNS = 30
_FROZEN = ("raw.submission", "raw.submission_period", "raw.statement", "ops.run_submission", "ops.run_partition")
"""What tells a night its inputs: written minutes ago, and so unknown to the planner."""


def open_night(settings: Settings, *, owner: str, kind: str = "night", periods: list[str] | None = None,
               full: bool = False) -> str | None:
    """Take the lease and freeze the raw data; returns the run's id, or None when nothing differs from the release."""
    run_id = lease.acquire(settings, kind=kind, label=owner, periods=periods, full=full)
    if run_id is None:
        _pass_day(settings)
    return run_id


def _pass_day(settings: Settings) -> None:
    """What a night owes the findings though it builds nothing: warnings fall due, and the day counts in their trend."""
    from tonghop.reports import site
    from tonghop.warehouse import release

    with connect(settings, "builder") as connection:
        release.note_day(connection)
        escalated = findings.escalate(connection, settings, None)
    if escalated:
        site.write(settings, None)


def stage(settings: Settings, run_id: str) -> Summary:
    """Lay every frozen statement beside the register of its period (dbt). The register cannot change meanwhile."""
    with lease.step(settings, run_id, "stage") as detail, connect(settings, "builder") as connection:
        for relation in _FROZEN:
            rows(connection, "select ops.measure(%s)", (relation,))
        connection.commit()
        rows(connection, "select pg_advisory_xact_lock(%s)", (_REFERENCE_LOCK,))
        detail["names"] = naming.look_up(settings, run_id)
        detail.update(dbt.build(settings, run_id, "stage"))
    return detail


def judge_figures(settings: Settings, run_id: str) -> Summary:
    """The figures gate: statements, what stands, then figures beside one another. Errors are kept aside or withheld."""
    gate = gates()
    with lease.step(settings, run_id, "judge_figures") as detail:
        gate.judge_statements(settings, run_id)
        detail["dbt"] = dbt.build(settings, run_id, "observe")
        gate.judge_figures(settings, run_id)
        dbt.build(settings, run_id, "relate")
        detail.update(gate.judge_relations(settings, run_id))
    return detail


def roll_up(settings: Settings, run_id: str) -> Summary:
    """The cascade up the tree of the period, and declarations beside what was computed (dbt)."""
    with lease.step(settings, run_id, "roll_up") as detail:
        detail.update(dbt.build(settings, run_id, "roll_up"))
        detail["claims"] = claims.keep(settings, run_id)
    return detail


def judge_totals(settings: Settings, run_id: str) -> Summary:
    """The totals gate: declarations that are not the sum are set aside; then counts are laid beside earlier ones."""
    gate = gates()
    with lease.step(settings, run_id, "judge_totals") as detail:
        gate.judge_totals(settings, run_id)
        detail["dbt"] = dbt.build(settings, run_id, "look_back")
        detail.update(gate.judge_falls(settings, run_id))
    return detail


def build_marts(settings: Settings, run_id: str) -> Summary:
    """The candidate release: dimensions and facts of the periods in scope (dbt)."""
    with lease.step(settings, run_id, "build_marts") as detail:
        coverage.write_thresholds(settings)
        detail.update(dbt.build(settings, run_id, "marts"))
    return detail


def judge_release(settings: Settings, run_id: str) -> Summary:
    """The release gate, and what the candidate would move (its blast radius), kept whether or not it is held.

    Where its coverage needs a signature, the night gives the lease back and waits (``sign_off`` says until when).

    Raises:
        NightHeld: the candidate breaks a rule; nothing will be published, and the findings say why.
    """
    gate = gates()
    with lease.step(settings, run_id, "judge_release") as detail:
        detail.update(gate.judge_release(settings, run_id))
        detail["would_move"] = blast.keep(settings, run_id)
        if holding := detail["held_by"]:
            problem = f"the release gate found {sum(holding.values())} error(s) of {', '.join(holding)}"
            with connect(settings, "builder") as connection:
                run.finish(connection, run_id, "held", problem)
            commands = " and ".join(f"'tonghop findings --rule {rule}'" for rule in holding)
            raise NightHeld(f"The release is held: {problem}; what analysts see is unchanged.", f"See {commands}.")
        detail["sign_off"] = signoff.ask(settings, run_id)
    return detail


def stage_and_judge(settings: Settings, run_id: str) -> Summary:
    """``stage`` and ``judge_figures`` in one process: dbt and Great Expectations are imported once, not twice."""
    return {"stage": stage(settings, run_id), "judge_figures": judge_figures(settings, run_id)}


def build_and_judge(settings: Settings, run_id: str) -> Summary:
    """``roll_up``, ``judge_totals``, ``build_marts`` and ``judge_release`` in one process, for the same reason.

    Raises:
        NightHeld: the release gate found an error.
    """
    return {step.__name__: step(settings, run_id) for step in (roll_up, judge_totals, build_marts, judge_release)}


def publish(settings: Settings, run_id: str) -> Summary:
    """Publish the candidate in one transaction; where nothing differs, no new release is made.

    Raises:
        NightHeld: it waits for a signature, was rejected, or what was signed is not what would be published.
    """
    from tonghop.warehouse import release

    if done := _published(settings, run_id):
        return done
    signoff.take_up(settings, run_id)
    try:
        with lease.step(settings, run_id, "publish") as detail:
            detail.update(release.publish(settings, run_id))
    except NightSuperseded:
        if done := _published(settings, run_id):  # a person signed and published meanwhile
            return done
        raise
    except NightHeld as held:  # not signed, or what was signed is another candidate
        with connect(settings, "builder") as connection:
            run.finish(connection, run_id, "held", held.what)
        raise
    return detail


def _published(settings: Settings, run_id: str) -> Summary | None:
    """What publication came to, where it is done already."""
    with connect(settings, "builder") as connection:
        done = rows(connection, "select release_id from ops.run"
                                " where run_id = %s and status in ('published', 'unchanged')", (run_id,))
    return {"release_id": done[0][0], "repeated": True} if done else None


def report(settings: Settings, run_id: str) -> Summary:
    """Write the steward pages and the dbt docs, and forget the working rows of old nights."""
    from tonghop.reports import site

    with lease.step(settings, run_id, "report", after_release=True) as detail:
        detail.update(site.write(settings, run_id))
        _forget_old_runs(settings)
    return detail


def fail(settings: Settings, run_id: str, problem: str) -> None:
    """Record that a step failed and give the lease back. Nothing was published; the next night does it again."""
    with connect(settings, "builder") as connection:
        run.finish(connection, run_id, "failed", problem)


STEPS: tuple[tuple[str, Callable[[Settings, str], Summary]], ...] = (
    ("stage", stage),
    ("judge_figures", judge_figures),
    ("roll_up", roll_up),
    ("judge_totals", judge_totals),
    ("build_marts", build_marts),
    ("judge_release", judge_release),
    ("publish", publish),
    ("report", report),
)

# What Airflow runs as tasks, each in a process of its own.
TASKS = (stage_and_judge, build_and_judge, publish, report)


def _forget_old_runs(settings: Settings) -> None:
    with connect(settings, "builder") as connection:
        for table in ("run_finding", "run_withheld", "run_kept_aside", "run_unit_name"):
            rows(connection, f"delete from quality.{table} where run_id not in"  # noqa: S608 - our own table names
                             " (select run_id from ops.run order by started_at desc limit %s)", (_KEPT_RUNS,))
        rows(connection, "delete from ops.run_submission where run_id not in"
                         " (select run_id from ops.run order by started_at desc limit %s)", (_KEPT_RUNS,))
