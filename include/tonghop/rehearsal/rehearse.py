"""Judge files as the night would, in the scratch warehouse: same readers, models and expectations, no publication."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.night import lease, naming, steps
from tonghop.rehearsal import frame
from tonghop.rehearsal.judges import Judges
from tonghop.rehearsal.scratch import bring_standing, renew, scratch
from tonghop.reports.reading import read as read_rows
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.submissions.effects import effects
from tonghop.submissions.senders import known_sender
from tonghop.warehouse import dbt
from tonghop.warehouse.connection import connect, load_sql, rows

Tell = Callable[[str], None]


@dataclass
class Rehearsed:
    """What a rehearsal found; ``as_json`` is what ``tonghop check --json`` prints.

    ``findings`` are rows with the fields of the public contract, and ``is_new``: whether the warehouse does not know
    the finding with the same values already (from what the sender sent before). ``corrected`` are the ids of findings
    that the warehouse has now and that sending the files would correct.
    """

    sender: str
    sender_unit_id: str | None
    periods: list[str]
    files: list[dict[str, Any]]
    findings: list[dict[str, Any]] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    observations: int = 0
    withheld: int = 0
    is_province_held: bool = False

    @property
    def verdict(self) -> str:
        """``unreadable``, ``waiting`` (for a mapping), ``withheld`` (an error), ``warned`` or ``clean``."""
        new = [each["severity"] for each in self.findings if each["is_new"]]
        if any(file["status"] == "rejected" for file in self.files):
            return "unreadable"
        if any(file["status"] == "waiting" for file in self.files):
            return "waiting"
        if "error" in new or any(file["rows_aside"] for file in self.files):
            return "withheld"
        return "warned" if new else "clean"

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values, moments and numbers apart (the caller's encoder knows them)."""
        return {
            "verdict": self.verdict, "sender": self.sender, "sender_unit_id": self.sender_unit_id,
            "periods": self.periods, "files": self.files, "observations": self.observations,
            "withheld": self.withheld, "is_province_held": self.is_province_held, "findings": self.findings,
            "corrected": self.corrected,
        }


def rehearse(
    settings: Settings, files: Sequence[Path], sender: str | None, tell: Tell, period: str | None = None
) -> Rehearsed:
    """Read files, lay them beside what their sender already sent, and judge them as tonight's run would.

    Args:
        files: in the order in which they would be sent.
        sender: code or unit id; None: whoever speaks for the units they name.
        tell: called with a line as each stage begins.
        period: what they are for, where their sender says so.

    Raises:
        TonghopError: no such file or sender, or the files do not say whose they are.
    """
    missing = [path for path in files if not path.is_file()]
    if missing:
        raise TonghopError(f"'{missing[0]}' is not a file; nothing was checked.", "Name .csv, .xlsx or report files.")
    threading.Thread(target=dbt.warm_up, daemon=True).start()
    with Judges() as judges, scratch(settings) as there:
        tell("đọc / reading")
        sender = _known(there, sender) if sender else _speaker(settings, there, files, period)
        found = Rehearsed(sender, None, [], _ingest(there, files, sender, period))
        with connect(there) as connection:
            found.periods = [period for (period,) in rows(
                connection, "select distinct period from raw.submission_period order by 1")]
            found.sender_unit_id, names = _names(connection, sender, found.periods)
        bring_standing(settings, there, names, found.periods)
        with connect(there, "loader") as connection:
            for file in found.files:
                file["effects"] = effects(connection, there, file["submission_id"])
        scope = found.periods + _undated(there)
        if scope:
            _judge(there, judges, scope, tell)
            _collect(settings, there, found)
        return found


def _undated(there: Settings) -> list[str]:
    """The scope of reports that do not say their period: they are held against themselves all the same."""
    with connect(there) as connection:
        return ["-"] if rows(connection, "select 1 from raw.report_text where period is null limit 1") else []


def _known(there: Settings, sender: str) -> str:
    with connect(there, "loader") as connection:
        return known_sender(connection, sender)


def _speaker(settings: Settings, there: Settings, files: Sequence[Path], period: str | None) -> str:
    """Who speaks for the units that the files name: read as if anybody had sent them, then forgotten.

    Raises:
        TonghopError: nobody does, or several do.
    """
    with connect(there, "loader") as connection:
        anybody = rows(connection, "select unit_id from reference.org_unit where level = 'province' limit 1")[0][0]
    _ingest(there, files, anybody, period)
    with connect(there, "loader") as connection:
        speakers = rows(connection, load_sql(there, "rehearsal_sender"))
    renew(settings, there)
    if not speakers:
        raise TonghopError("The files do not say whose they are.", "Name the sender: --from CODE, as --from 60.")
    if len(speakers) > 1:
        listed = ", ".join(f"{code} ({facts})" for code, _, facts in speakers[:5])
        raise TonghopError(f"The files name units of several senders: {listed}.",
                           "Name the one that sends them: --from CODE.")
    return str(speakers[0][1])


def _ingest(there: Settings, files: Sequence[Path], sender: str, period: str | None) -> list[dict[str, Any]]:
    """Send the files to the scratch warehouse: the same ingestion, one file after the other."""
    summaries = []
    for path in files:
        sent = inbox.submit(there, path, sender)
        summaries += inbox.ingest_sender(there, sent.parent.name, [sent], shown=None, period=period)["files"]
    return summaries


def _names(connection: Connection, sender: str, periods: list[str]) -> tuple[str | None, list[str]]:
    """The sender's unit in the latest of the periods, and every name it has in any of them."""
    named = rows(connection, """
        select unit.unit_id, unit.code
        from unnest(%(periods)s::text[]) as period
        inner join reference.org_unit as unit
            on unit.valid @> (to_date(period, 'YYYY-MM') + interval '1 month - 1 day')::date
        where %(sender)s in (unit.code, unit.unit_id) and unit.level in ('province', 'department')
        order by period desc
        """, {"periods": periods, "sender": sender})
    return (named[0][0] if named else None), sorted({sender, *(name for row in named for name in row)})


def _judge(there: Settings, judges: Judges, scope: list[str], tell: Tell) -> None:
    """The night's own steps up to the totals gate; those that need Great Expectations run in the judges' process."""
    run_id = steps.open_night(there, owner="check", kind="hand", periods=scope, full=True)
    if run_id is None:
        raise TonghopError("There is nothing to judge.", "Check that the files state figures for a period.")
    tell("đối chiếu với danh mục / laying beside the register")
    with lease.step(there, run_id, "stage"):
        naming.look_up(there, run_id)
        frame.lay(there, run_id, scope)
        dbt.build(there, run_id, "rehearse_stage", with_tests=False)
    tell("thẩm định / judging")
    judges.judge(there, "judge_statements", run_id)
    dbt.build(there, run_id, "observe", with_tests=False)
    judges.judge(there, "judge_figures", run_id)
    dbt.build(there, run_id, "relate", with_tests=False)
    judges.judge(there, "judge_relations", run_id)
    dbt.build(there, run_id, "rehearse_roll_up", with_tests=False)
    judges.judge(there, "judge_totals", run_id)
    dbt.build(there, run_id, "look_back", with_tests=False)
    judges.judge(there, "judge_falls", run_id)


def _collect(settings: Settings, there: Settings, found: Rehearsed) -> None:
    """What the gates recorded: findings of this sender, observations withheld, and what would be corrected."""
    with connect(settings, "steward") as real:
        known = {row[0]: row[1] for row in rows(
            real, "select finding_id, values_key from quality.finding where state <> 'corrected'")}
    with connect(there) as connection:
        listed = read_rows(connection, there, "rehearsal_findings", unit_id=found.sender_unit_id)
        found.findings = [{**each, "is_new": known.get(each["finding_id"]) != each["values_key"]} for each in listed]
        gone = rows(connection, "select finding_id from quality.finding where state = 'corrected' order by 1")
        found.corrected = [finding_id for (finding_id,) in gone if finding_id in known]
        found.observations, found.withheld, found.is_province_held = rows(connection, """
            select
                (select count(*) from intermediate.int_observation_standing where sender_unit_id = %(unit_id)s),
                count(*),
                coalesce(bool_or(withheld.is_province_held), false)
            from quality.run_withheld as withheld
            inner join intermediate.int_observation_standing as standing
                on
                    standing.unit_id = withheld.unit_id
                    and standing.indicator = withheld.indicator
                    and standing.period = withheld.period
                    and standing.fact_scope = withheld.scope
            where standing.sender_unit_id = %(unit_id)s
            """, {"unit_id": found.sender_unit_id})[0]

