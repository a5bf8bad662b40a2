"""A gate: Great Expectations judges a relation, our SQL records what it found, and the two must agree.

A gate fails (the night stops, nothing is published) when it judged fewer rows than there were to judge, when Great
Expectations met an exception, or when it observed another number of broken rows than our SQL recorded.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from psycopg2.extensions import connection as Connection

from expectations.gates import COMPLEMENTS, FIGURES, FORMS, RELATIONS, RELEASE, ROWS, TOTALS, Sitting, thresholds
from expectations.rule import Rule
from tonghop.errors import TonghopError
from tonghop.quality import diagnosis, findings
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, load_sql, role_url, rows


class GateFailed(TonghopError):
    """The gate itself broke: its verdict cannot be trusted."""


@dataclass(frozen=True)
class Judged:
    """What Great Expectations said of one rule."""

    rule: Rule
    seen: int
    observed: int
    problem: str | None


class Bench:
    """Great Expectations for one gate of one night: an ephemeral context on the warehouse, as the builder.

    Args:
        docs: folder for the Data Docs of the gate; None: nobody will look at them.
    """

    def __init__(self, settings: Settings, gate: str, docs: Path | None) -> None:
        self._gate = gate
        self._context = gx.get_context(mode="ephemeral", project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ))
        self._url = role_url(settings, "builder").set(drivername="postgresql+psycopg2")
        self._has_docs = docs is not None
        if self._has_docs:
            self._context.add_data_docs_site(gate, {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            })

    def judge(self, sitting: Sitting) -> list[Judged]:
        """Run one checkpoint: every rule of the sitting over its relation."""
        schema, table = sitting.relation.split(".")
        # A gate reads whole relations; its probe for one row of a view would else be planned as a loop that never ends.
        url = self._url.update_query_dict({"options": f"-csearch_path={schema} -cenable_nestloop=off"})
        source = self._context.data_sources.add_or_update_postgres(
            schema, connection_string=url.render_as_string(hide_password=False), create_temp_table=False
        )
        asset = source.add_table_asset(sitting.name, table_name=table)
        definition = self._context.validation_definitions.add(gx.ValidationDefinition(
            name=sitting.name,
            data=asset.add_batch_definition_whole_table("whole"),
            suite=self._context.suites.add(gx.ExpectationSuite(name=sitting.name, expectations=sitting.expectations())),
        ))
        checkpoint = self._context.checkpoints.add(gx.Checkpoint(
            name=f"{self._gate}.{sitting.name}", validation_definitions=[definition], result_format="SUMMARY",
        ))
        outcome = checkpoint.run()
        (validation,) = outcome.run_results.values()
        return [_judged(rule, result) for rule, result in zip(sitting.expectations(), validation.results, strict=True)]

    def publish_docs(self) -> None:
        """Write the Data Docs of the gate, where there are any."""
        if self._has_docs:
            self._context.build_data_docs()


def _judged(rule: Rule, result: Any) -> Judged:
    if result.expectation_config.type != type(rule).expectation_type:
        return Judged(rule, 0, 0, f"results came in another order: {result.expectation_config.type}")
    raised = [entry.get("exception_message") for entry in _exceptions(result.exception_info)]
    observed = result.result.get("observed_value")
    if raised or observed is None:
        return Judged(rule, 0, 0, (raised or ["Great Expectations observed nothing"])[0])
    return Judged(rule, int(result.result["element_count"]), int(observed), None)


def _exceptions(info: Any) -> list[dict[str, Any]]:
    """Great Expectations gives one record, or one a metric; only those that were raised."""
    if not isinstance(info, dict):
        return []
    records = [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, dict)]
    return [entry for entry in records if entry.get("raised_exception")]


def judge_statements(settings: Settings, run_id: str, *, with_docs: bool = True) -> dict[str, Any]:
    """First sitting of the figures gate: raw rows. Those that break a rule are kept aside, with a finding."""
    with _sitting(settings, run_id, "figures", "statements" if with_docs else None) as (bench, connection):
        rows(connection, "delete from quality.run_finding where run_id = %s", (run_id,))
        rows(connection, "delete from quality.run_withheld where run_id = %s", (run_id,))
        rows(connection, "delete from quality.run_kept_aside where run_id = %s", (run_id,))
        rows(connection, "delete from ops.gate_run where run_id = %s", (run_id,))
        rows(connection, load_sql(settings, "clear_night_rejections"))
        _judge(bench, connection, run_id, "figures", [ROWS])
        rows(connection, load_sql(settings, "record_reading_faults"))
        rows(connection, load_sql(settings, "record_report_findings"))
        findings.mark_waived(connection)
        # Every wording, older ones and withdrawals too: more than the rules judged.
        rules = ROWS.expectations()
        broken = findings.gather(connection, "intermediate.int_statement_worded", rules)
        for number, rule in enumerate(rules):
            if broken[number]:
                findings.keep_aside(connection, settings, rule, number)
        return _summary(connection, run_id, "figures")


def judge_figures(settings: Settings, run_id: str, *, with_docs: bool = True) -> dict[str, Any]:
    """Second sitting of the figures gate: what stands, beside what it must agree with. Errors are withheld."""
    with _sitting(settings, run_id, "figures", "observations" if with_docs else None) as (bench, connection):
        judged = _judge(bench, connection, run_id, "figures", (FORMS, *FIGURES))
        findings.mark_waived(connection)
        findings.gather_nearby(connection)
        for entry in judged:
            findings.withhold(connection, entry.rule)
        connection.commit()  # complements are laid beside figures that are not withheld: they must see these
        for entry in _judge(bench, connection, run_id, "figures", [COMPLEMENTS]):
            findings.mark_waived(connection)
            findings.withhold(connection, entry.rule)
        return _summary(connection, run_id, "figures")


def judge_relations(settings: Settings, run_id: str, *, with_docs: bool = True) -> dict[str, Any]:
    """Third sitting of the figures gate: figures beside one another, without those that are withheld.

    Then provinces are held whole, causes sought, and what belongs together grouped.
    """
    with _sitting(settings, run_id, "figures", "relations" if with_docs else None) as (bench, connection):
        _judge(bench, connection, run_id, "figures", RELATIONS)
        findings.mark_waived(connection)
        share = thresholds()["province_held"]["share"]["value"]
        rows(connection, load_sql(settings, "hold_provinces"), {"share": share})
        findings.gather_nearby(connection)
        diagnosis.explain_figures(connection, settings)
        findings.merge(connection, settings, ("figures",))
        return _summary(connection, run_id, "figures")


def judge_totals(settings: Settings, run_id: str, *, with_docs: bool = True) -> dict[str, Any]:
    """The totals gate: declarations against sums that are whole. A wrong one is set aside; the sum stands."""
    with _sitting(settings, run_id, "totals", "totals" if with_docs else None) as (bench, connection):
        _forget(connection, run_id, "totals")
        for entry in _judge(bench, connection, run_id, "totals", [TOTALS]):
            findings.mark_waived(connection)
            findings.withhold(connection, entry.rule)
        diagnosis.explain_totals(connection, settings)
        findings.merge(connection, settings, ("totals",))
        return _summary(connection, run_id, "totals")


def judge_release(settings: Settings, run_id: str) -> dict[str, Any]:
    """The release gate: the candidate as a whole. Any error found means that it must be held."""
    with _sitting(settings, run_id, "release", "release") as (bench, connection):
        _forget(connection, run_id, "release")
        _judge(bench, connection, run_id, "release", RELEASE)
        findings.mark_waived(connection)
        findings.merge(connection, settings, ("release",))
        return _summary(connection, run_id, "release")


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


def _judge(bench: Bench, connection: Connection, run_id: str, gate: str, sittings: Sequence[Sitting]) -> list[Judged]:
    judged: list[Judged] = []
    problems: list[str] = []
    for sitting in sittings:
        connection.commit()  # Great Expectations has a connection of its own
        due = rows(connection, sitting.due)[0][0]
        verdicts = _timed(bench, sitting)
        broken = findings.gather(connection, sitting.relation, [entry.rule for entry, _ in verdicts])
        if verdicts[0][0].seen < due:
            problems.append(f"{sitting.relation} shows {verdicts[0][0].seen} rows where {due} are due")
        for number, (entry, seconds) in enumerate(verdicts):
            recorded = findings.record(connection, gate, entry.rule, number) if broken[number] else 0
            problem = entry.problem or _mismatch(entry, recorded)
            _note(connection, (run_id, gate, sitting.relation), (entry, seconds), (recorded, problem))
            judged.append(entry)
            if problem:
                problems.append(f"{entry.rule.rule}: {problem}")
    if problems:
        connection.commit()  # the record of why stays
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise GateFailed(f"The gate '{gate}' failed: {problems[0]}{more}.",
                         "Nothing was published. The record is in ops.gate_run.")
    return judged


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


def _summary(connection: Connection, run_id: str, gate: str) -> dict[str, Any]:
    """Findings of the gate by severity, and how many observations are withheld so far."""
    counted = rows(connection, "select severity, count(*) from quality.run_finding"
                               " where run_id = %s and gate = %s group by 1", (run_id, gate))
    withheld = rows(connection, "select count(*) from quality.run_withheld where run_id = %s", (run_id,))[0][0]
    return {"gate": gate, "withheld": withheld, **dict(counted)}
