"""A gate: Great Expectations judges a relation, our SQL records what it found, and the two must agree.

A gate fails (the night stops, nothing is published) when it judged fewer rows than there were to judge, when Great
Expectations met an exception, or when it observed another number of broken rows than our SQL recorded.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from expectations.gates import COMPLEMENTS, FALLS, FIGURES, FORMS, RELATIONS, RELEASE, ROWS, TOTALS, Sitting
from expectations.own import OwnRuleError, OwnRules, found
from expectations.rule import Rule
from expectations.thresholds import thresholds
from tonghop.errors import TonghopError
from tonghop.quality import diagnosis, findings, trials
from tonghop.quality.bench import SHOWN_ROWS, Bench, Judged
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, load_sql, rows


class GateFailed(TonghopError):
    """The gate itself broke: its verdict cannot be trusted."""


def judge_statements(settings: Settings, run_id: str, *, with_docs: bool = True) -> dict[str, Any]:
    """First sitting of the figures gate: raw rows. Those that break a rule are kept aside, with a finding."""
    with _sitting(settings, run_id, "figures", "statements" if with_docs else None) as (bench, connection):
        rows(connection, "delete from quality.run_finding where run_id = %s", (run_id,))
        rows(connection, "delete from quality.run_withheld where run_id = %s", (run_id,))
        rows(connection, "delete from quality.run_kept_aside where run_id = %s", (run_id,))
        rows(connection, "delete from ops.gate_run where run_id = %s", (run_id,))
        rows(connection, load_sql(settings, "clear_night_rejections"))
        (sitting,) = own_rules(settings).beside([ROWS])
        _judge(bench, connection, run_id, "figures", [sitting])
        rows(connection, load_sql(settings, "record_reading_faults"))
        rows(connection, load_sql(settings, "record_report_findings"))
        findings.mark_waived(connection)
        # Every wording, older ones and withdrawals too: more than the rules judged.
        rules = sitting.expectations()
        broken = findings.gather(connection, "intermediate.int_statement_worded", rules)
        for number, rule in enumerate(rules):
            if broken[number]:
                findings.keep_aside(connection, settings, rule, number)
        return _summary(connection, run_id, "figures")


def judge_figures(settings: Settings, run_id: str, *, with_docs: bool = True) -> dict[str, Any]:
    """Second sitting of the figures gate: what stands, beside what it must agree with. Errors are withheld."""
    with _sitting(settings, run_id, "figures", "observations" if with_docs else None) as (bench, connection):
        own = own_rules(settings)
        findings.settle(connection, _judge(bench, connection, run_id, "figures", own.beside((FORMS, *FIGURES))))
        connection.commit()  # complements are laid beside figures that are not withheld: they must see these
        findings.settle(connection, _judge(bench, connection, run_id, "figures", own.beside([COMPLEMENTS])))
        return _summary(connection, run_id, "figures")


def judge_relations(settings: Settings, run_id: str, *, with_docs: bool = True) -> dict[str, Any]:
    """Third sitting of the figures gate: figures beside one another, without those that are withheld.

    Then provinces are held whole, causes sought, and what belongs together grouped.
    """
    with _sitting(settings, run_id, "figures", "relations" if with_docs else None) as (bench, connection):
        own = own_rules(settings)
        judged = _judge(bench, connection, run_id, "figures", (*own.beside(RELATIONS), *own.apart("figures")))
        findings.settle(connection, judged)  # of ours here none withholds; one of a user's own may
        share = thresholds()["province_held"]["share"]["value"]
        rows(connection, load_sql(settings, "hold_provinces"), {"share": share})
        diagnosis.explain_figures(connection, settings)
        findings.merge(connection, settings, ("figures",))
        return _summary(connection, run_id, "figures")


def judge_totals(settings: Settings, run_id: str, *, with_docs: bool = True) -> dict[str, Any]:
    """First sitting of the totals gate: declarations against sums that are whole. A wrong one is set aside."""
    with _sitting(settings, run_id, "totals", "totals" if with_docs else None) as (bench, connection):
        _forget(connection, run_id, "totals")
        own = own_rules(settings)
        sittings = (*own.beside([TOTALS]), *own.apart("totals"))
        findings.settle(connection, _judge(bench, connection, run_id, "totals", sittings))
        return _summary(connection, run_id, "totals")


def judge_falls(settings: Settings, run_id: str, *, with_docs: bool = True) -> dict[str, Any]:
    """Second sitting of the totals gate: cumulative counts beside earlier ones, without what was set aside of those.

    Then causes are sought, and what belongs together grouped.
    """
    with _sitting(settings, run_id, "totals", "falls" if with_docs else None) as (bench, connection):
        own = own_rules(settings)
        findings.settle(connection, _judge(bench, connection, run_id, "totals", own.beside([FALLS])))
        diagnosis.explain_totals(connection, settings)
        findings.merge(connection, settings, ("totals",))
        return _summary(connection, run_id, "totals")


def judge_release(settings: Settings, run_id: str) -> dict[str, Any]:
    """The release gate: the candidate as a whole. ``held_by`` says how many errors of which rules hold it."""
    with _sitting(settings, run_id, "release", "release") as (bench, connection):
        _forget(connection, run_id, "release")
        own = own_rules(settings)
        _judge(bench, connection, run_id, "release", (*own.beside(RELEASE), *own.apart("release")))
        findings.mark_waived(connection)
        findings.merge(connection, settings, ("release",))
        findings.escalate(connection, settings, run_id)  # the last gate: what is mended tonight is corrected by now
        return {**_summary(connection, run_id, "release"), "held_by": _holding(connection, run_id)}


def own_rules(settings: Settings) -> OwnRules:
    """The rules of a user's own, from ``settings.rules_dir``.

    Raises:
        GateFailed: a class or a module of the folder cannot be used.
    """
    try:
        return found(settings.rules_dir)
    except OwnRuleError as error:
        raise GateFailed(f"A rule of your own cannot be used: {error.what}", error.remedy) from error


class _sitting:  # noqa: N801 - used as a function
    """A bench and a connection that knows the run; commits on success, and writes Data Docs whatever happened."""

    def __init__(self, settings: Settings, run_id: str, gate: str, docs: str | None) -> None:
        self._bench = Bench(settings, gate, docs_dir(settings, run_id) / docs if docs else None)
        self._connecting = connect(settings, "builder")
        self._run_id = run_id

    def __enter__(self) -> tuple[Bench, Connection]:
        connection = self._connecting.__enter__()
        rows(connection, "select set_config('tonghop.run_id', %s, false)", (self._run_id,))
        # What a gate writes and reads again has no statistics yet: hashing is never far off, a loop may never end.
        rows(connection, "set enable_nestloop = off")
        # Views on views: more relations than the planner would put in order by itself.
        rows(connection, "set join_collapse_limit = 12; set from_collapse_limit = 12")
        connection.commit()
        return self._bench, connection

    def __exit__(self, *error: Any) -> None:
        try:
            self._bench.publish_docs()
        finally:
            self._connecting.__exit__(*error)


def docs_dir(settings: Settings, run_id: str) -> Path:
    """Where the Data Docs of a night are."""
    return settings.reports_dir / "data_docs" / run_id


def _judge(
    bench: Bench, connection: Connection, run_id: str, gate: str, sittings: Sequence[Sitting]
) -> list[Rule]:
    """Let a bench judge sittings one after the other, and record what is found; returns the rules that judged."""
    judged: list[Rule] = []
    problems: list[str] = []
    for sitting in sittings:
        problems += trials.unfit(connection, gate, sitting)
        if problems:
            break
        connection.commit()  # Great Expectations has a connection of its own
        due = rows(connection, sitting.due)[0][0]
        verdicts = _timed(bench, sitting)
        if any(entry.problem for entry, _ in verdicts):
            problems += trials.to_blame(connection, sitting.relation, [entry.rule for entry, _ in verdicts])
            broken: tuple[int, ...] = (0,) * len(verdicts)
        else:
            broken = findings.gather(connection, sitting.relation, [entry.rule for entry, _ in verdicts])
        if not problems and verdicts[0][0].seen < due:
            problems.append(f"{sitting.relation} shows {verdicts[0][0].seen} rows where {due} are due")
        for number, (entry, seconds) in enumerate(verdicts):
            recorded = _record(connection, bench, gate, (sitting, entry, number)) if broken[number] else 0
            problem = entry.problem or _mismatch(entry, recorded)
            _note(connection, (run_id, gate, sitting.relation), (entry, seconds), (recorded, problem))
            judged.append(entry.rule)
            if problem:
                problems.append(f"{entry.rule.rule}: {problem}")
    if problems:
        connection.commit()  # the record of why stays
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise GateFailed(f"The gate '{gate}' failed: {problems[0]}{more}.",
                         "Nothing was published. The record is in ops.gate_run.")
    return judged


def _record(connection: Connection, bench: Bench, gate: str, judged: tuple[Sitting, Judged, int]) -> int:
    """Write one rule's findings, and show the first of them in its Data Docs."""
    sitting, entry, number = judged
    try:
        recorded = findings.record(connection, gate, entry.rule, number)
    except psycopg2.Error as error:
        raise GateFailed(f"The gate '{gate}' failed: {trials.called(entry.rule)} finds rows that cannot be written:"
                         f" {trials.said(error)}.",
                         "Nothing was published. Every broken row needs a key of its own.") from error
    if bench.has_docs:
        bench.show(sitting, number, trials.sample(connection, entry.rule, number, SHOWN_ROWS))
    return recorded


def _forget(connection: Connection, run_id: str, gate: str) -> None:
    """Drop what an earlier attempt of the same step recorded."""
    rows(connection, "delete from quality.run_finding where run_id = %s and gate = %s", (run_id, gate))
    rows(connection, "delete from ops.gate_run where run_id = %s and gate = %s", (run_id, gate))


def _timed(bench: Bench, sitting: Sitting) -> list[tuple[Judged, float]]:
    began = time.monotonic()
    judged = bench.judge(sitting)
    return [(entry, (time.monotonic() - began) / len(judged)) for entry in judged]


def _mismatch(entry: Judged, recorded: int) -> str | None:
    if recorded == entry.observed:
        return None
    return f"Great Expectations observed {entry.observed} rows, our SQL recorded {recorded}"


def _note(connection: Connection, place: tuple[str, str, str], entry: tuple[Judged, float],
          found: tuple[int, str | None]) -> None:
    """Keep one rule's verdict; ``place`` is run, gate and relation, ``found`` is rows recorded, and a problem."""
    run_id, gate, relation = place
    judged, seconds = entry
    recorded, problem = found
    verdict = "failed" if problem else "found" if recorded else "passed"
    rows(connection, """
        insert into ops.gate_run (run_id, gate, rule, severity, relation, judged_rows, observed, recorded, verdict,
                                  problem, seconds)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (run_id, gate, rule, severity, relation) do update set
            judged_rows = excluded.judged_rows, observed = excluded.observed, recorded = excluded.recorded,
            verdict = excluded.verdict, problem = excluded.problem, seconds = excluded.seconds, judged_at = now()
    """, (run_id, gate, judged.rule.rule, judged.rule.level, relation, judged.seen, judged.observed, recorded, verdict,
          problem, seconds))


def _holding(connection: Connection, run_id: str) -> dict[str, int]:
    """How many errors of which rules hold the release."""
    return dict(rows(connection, "select rule, count(*) from quality.run_finding where run_id = %s"
                                 " and gate = 'release' and severity = 'error' and not is_waived"
                                 " group by rule order by rule", (run_id,)))


def _summary(connection: Connection, run_id: str, gate: str) -> dict[str, Any]:
    """Findings of the gate by severity, and how many observations are withheld so far."""
    counted = rows(connection, "select severity, count(*) from quality.run_finding"
                               " where run_id = %s and gate = %s group by 1", (run_id, gate))
    withheld = rows(connection, "select count(*) from quality.run_withheld where run_id = %s", (run_id,))[0][0]
    return {"gate": gate, "withheld": withheld, **dict(counted)}
