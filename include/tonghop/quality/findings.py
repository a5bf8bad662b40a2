"""Findings: written by a rule's own predicate, merged into the lasting table, corrected by themselves.

The SQL is composed from the rule classes of ``expectations`` (our own texts, never data) and from identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from psycopg2.extensions import connection as Connection

from tonghop.quality import coverage
from tonghop.settings import Settings
from tonghop.warehouse.connection import load_sql, rows

if TYPE_CHECKING:
    from expectations.rule import Rule

_COLUMN = re.compile(r"\{(\w+)\}")
_OBSERVATION = ("unit_id", "indicator", "period", "scope")
_SUBJECT = ("sender_unit_id", "province_unit_id", "unit_id", "indicator", "population", "period", "scope",
            "submission_id", "locator")


def gather(connection: Connection, relation: str, rules: Sequence[Rule]) -> tuple[int, ...]:
    """Set the rows of a relation that break any rule apart, in one pass over it; returns how many break each rule.

    They stay in the session's table ``pg_temp.broken``, one column ``breaks_N`` a rule, until the next call.
    """
    breaks = ", ".join(f"({_where(rule)}) is true as breaks_{number}" for number, rule in enumerate(rules))
    broken = " or ".join(f"({_where(rule)})" for rule in rules)
    counted = ", ".join(f"count(*) filter (where breaks_{number})" for number in range(len(rules)))
    rows(connection, "drop table if exists pg_temp.broken")
    rows(connection, f"create temporary table broken as select judged.*, {breaks} from {relation} as judged"
                     f" where {broken}")
    columns = ", ".join(f"breaks_{number}" for number in range(len(rules)))
    rows(connection, f"analyze pg_temp.broken ({columns})")
    (found,) = rows(connection, f"select {counted} from pg_temp.broken")
    return found


def record(connection: Connection, gate: str, rule: Rule, number: int) -> int:
    """Write every gathered row that breaks ``rule`` (the ``number``-th of its relation) as a finding of the night.

    The run is read from the setting ``tonghop.run_id`` of the session.

    Returns:
        How many findings there are.

    Raises:
        psycopg2.errors.UniqueViolation: two subjects share a key, so the relation's grain is broken.
    """
    with connection.cursor() as cursor:
        cursor.execute(_record_sql(gate, rule, number))
        return int(cursor.rowcount)


def _record_sql(gate: str, rule: Rule, number: int) -> str:
    subject = ",\n            ".join(f"{rule.columns.get(name, name)} as {name}" for name in _SUBJECT)
    group = rule.group or ()
    severity, graded = _severity(rule)
    return f"""
        insert into quality.run_finding (
            run_id, gate, rule, severity, finding_id, group_id, {", ".join(_SUBJECT)},
            expected, actual, imbalance, message_vi, message_en, values_key)
        select
            current_setting('tonghop.run_id'), '{gate}', '{rule.rule}', {severity},
            {_id(rule.rule, rule.key)},
            {_id(group[0], group[1:]) if group else _id(rule.rule, rule.key)},
            {subject},
            {rule.expected}, {rule.actual}, ({rule.imbalance})::numeric,
            {_sentence(rule.message_vi)},
            {_sentence(rule.message_en)},
            md5(coalesce({rule.values}, ''))
        from pg_temp.broken as judged {graded}
        where breaks_{number}
    """


def _severity(rule: Rule) -> tuple[str, str]:
    """SQL for the severity of a broken row, and for what must stand beside the row: its department, if that matters."""
    if not rule.graded.get("exceptions"):
        return rule.severity_sql(), ""
    unit, indicator, period = (rule.columns.get(name, name) for name in ("unit_id", "indicator", "period"))
    return rule.severity_sql("graded.of_indicator", "graded.of_department"), f"""
        cross join lateral (
            select subject.of_indicator, placed.department_unit_id as of_department
            from (select {unit} as of_unit, {indicator} as of_indicator, {period} as of_period) as subject
            left join intermediate.int_unit_hierarchized as placed
                on placed.unit_id = subject.of_unit and placed.period = subject.of_period
        ) as graded"""


def settle(connection: Connection, rules: Sequence[Rule]) -> None:
    """Mark the findings that are waived, and withhold what the other errors of these rules withhold, for the night."""
    mark_waived(connection)
    # Written by this very transaction: without statistics a nested loop would go through every observation for each.
    rows(connection, "select ops.measure('quality.run_finding') where exists (select from quality.run_finding"
                     " where run_id = current_setting('tonghop.run_id') and rule = any(%s))",
         ([rule.rule for rule in rules],))
    _withhold(connection, [rule for rule in rules if rule.withholds])


def _withhold(connection: Connection, rules: Sequence[Rule]) -> None:
    """Withhold what the unwaived errors of rules withhold: of all rules at once."""
    if not rules:
        return
    withheld = " union all ".join(
        f"select unit_id::text, indicator::text, period::text, scope::text, '{rule.rule}'::text"
        f" from ({_withheld_by(rule)}) as withheld (unit_id, indicator, period, scope)" for rule in rules)
    looking = [rule.rule for rule in rules if "{nearby}" in rule.withholds]
    rows(connection, f"""
        insert into quality.run_withheld (run_id, unit_id, indicator, period, scope, rules, is_province_held)
        {_nearby(looking) if looking else ""}
        select current_setting('tonghop.run_id'), unit_id, indicator, period, scope,
            array_agg(distinct rule order by rule), false
        from ({withheld}) as withheld (unit_id, indicator, period, scope, rule)
        group by unit_id, indicator, period, scope
        on conflict (run_id, unit_id, indicator, period, scope) do update set
            rules = (select array_agg(distinct rule order by rule)
                     from unnest(run_withheld.rules || excluded.rules) as each (rule))
    """)


def _nearby(looking: Sequence[str]) -> str:
    """All observations of the units with errors of some rules, by name: only such columns are read as are asked for."""
    names = ", ".join(f"'{rule}'" for rule in looking)
    wanted = ("select period, unit_id from quality.run_finding"
              f" where run_id = current_setting('tonghop.run_id') and rule in ({names})"
              " and severity = 'error' and not is_waived")
    return ("with nearby as (select compared.* from intermediate.int_observation_compared as compared"
            f" where exists ({wanted}) and (compared.period, compared.unit_id) in ({wanted}))")


def _withheld_by(rule: Rule) -> str:
    found = (f"quality.run_finding as finding where finding.run_id = current_setting('tonghop.run_id')"
             f" and finding.rule = '{rule.rule}' and finding.severity = 'error' and not finding.is_waived")
    # What a report in prose contradicts in itself has the same rule, and no observation to withhold.
    broken = f"(select unit_id, indicator, period, scope from {found} and finding.scope is not null)"
    if rule.key != _OBSERVATION:
        same = " and ".join(f"finding.{name} = judged.{name}" for name in rule.key)
        broken = f"(select judged.* from {rule.relation} as judged where exists (select 1 from {found} and {same}))"
    return rule.withholds.replace("{broken}", broken).replace("{nearby}", "nearby")


def keep_aside(connection: Connection, settings: Settings, rule: Rule, number: int) -> None:
    """Keep aside every gathered raw row that breaks a statement rule, unless its finding is waived."""
    reason = f"{_sentence(rule.message_vi)} || ' / ' || {_sentence(rule.message_en)}"
    rows(connection, load_sql(settings, "keep_aside").format(
        rule=rule.rule, number=number, finding_id=_id(rule.rule, rule.key), reason=reason))


def mark_waived(connection: Connection) -> None:
    """Mark the night's findings whose values a steward has waived, as long as the waiver runs."""
    rows(connection, """
        update quality.run_finding as finding
        set is_waived = true
        from quality.waiver as waiver
        where finding.run_id = current_setting('tonghop.run_id')
          and waiver.finding_id = finding.finding_id
          and waiver.values_key = finding.values_key
          and waiver.valid_until >= ops.today()
          and not finding.is_waived
    """)


def merge(connection: Connection, settings: Settings, gates: tuple[str, ...]) -> None:
    """Bring the lasting table up to the night: new and changed findings in, those no longer found corrected.

    Args:
        gates: the gates whose verdicts are complete; findings of their rules that were not seen again are corrected.
    """
    days = answer_days(settings)
    rows(connection, load_sql(settings, "merge_findings"), {
        "gates": list(gates), "error_days": days["error"], "warning_days": days["warning"]})


def escalate(connection: Connection, settings: Settings, run_id: str | None) -> int:
    """Escalate the warnings that stand past their due day without a waiver; none of their figures is withheld by it.

    Args:
        run_id: the night that notices; None: one that had nothing to build.

    Returns:
        How many there are that were not escalated before.
    """
    return len(rows(connection, load_sql(settings, "escalate_findings"), {"run_id": run_id}))


def answer_days(settings: Settings) -> dict[str, int]:
    """Days within which a finding is to be answered, by severity (``answer_days`` of ``thresholds.yml``)."""
    return {severity: int(entry["value"]) for severity, entry in coverage.numbers(settings)["answer_days"].items()}


def _where(rule: Rule) -> str:
    return rule.broken_where


def _id(word: str, columns: tuple[str, ...]) -> str:
    key = ", ".join(f"coalesce(judged.{name}::text, '')" for name in columns)
    return f"'{word}-' || left(md5(concat_ws('|', '{word}', {key})), 12)"


def _sentence(template: str) -> str:
    """A message as SQL: text in quotes, column values between."""
    parts = []
    for index, part in enumerate(_COLUMN.split(template)):
        if index % 2:
            parts.append(f"coalesce(judged.{part}::text, '∅')")
        elif part:
            escaped = part.replace("'", "''")
            parts.append(f"'{escaped}'")
    return " || ".join(parts)
