"""Findings: written by a rule's own predicate, merged into the lasting table, corrected by themselves.

The SQL is composed from the rule classes of ``expectations`` (our own texts, never data) and from identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from psycopg2.extensions import connection as Connection

from tonghop.settings import Settings
from tonghop.warehouse.connection import load_sql, rows

if TYPE_CHECKING:
    from expectations.rule import Rule

_COLUMN = re.compile(r"\{(\w+)\}")
_OBSERVATION = ("unit_id", "indicator", "period", "scope")
_SUBJECT = ("sender_unit_id", "province_unit_id", "unit_id", "indicator", "population", "period", "scope",
            "submission_id", "locator")


def count(connection: Connection, relation: str, rules: Sequence[Rule]) -> tuple[int, ...]:
    """The rows of a relation, and how many of them break each rule: one pass over it, whatever the number of rules."""
    broken = "".join(f", count(*) filter (where {_where(rule)})" for rule in rules)
    (counted,) = rows(connection, f"select count(*){broken} from {relation} as judged")
    return counted


def record(connection: Connection, gate: str, rule: Rule) -> int:
    """Write every row that breaks ``rule`` as a finding of the running night; returns how many there are.

    The run is read from the setting ``tonghop.run_id`` of the session.

    Raises:
        psycopg2.errors.UniqueViolation: two subjects share a key, so the relation's grain is broken.
    """
    with connection.cursor() as cursor:
        cursor.execute(_record_sql(gate, rule))
        return int(cursor.rowcount)


def _record_sql(gate: str, rule: Rule) -> str:
    subject = ",\n            ".join(f"{rule.columns.get(name, name)} as {name}" for name in _SUBJECT)
    group = rule.group or ()
    return f"""
        insert into quality.run_finding (
            run_id, gate, rule, severity, finding_id, group_id, {", ".join(_SUBJECT)},
            expected, actual, imbalance, message_vi, message_en, values_key)
        select
            current_setting('tonghop.run_id'), '{gate}', '{rule.rule}', '{rule.level}',
            {_id(rule.rule, rule.key)},
            {_id(group[0], group[1:]) if group else _id(rule.rule, rule.key)},
            {subject},
            {rule.expected}, {rule.actual}, ({rule.imbalance})::numeric,
            {_sentence(rule.message_vi)},
            {_sentence(rule.message_en)},
            md5(coalesce({rule.values}, ''))
        from {rule.relation} as judged
        where {_where(rule)}
    """


def withhold(connection: Connection, rule: Rule) -> None:
    """Withhold what the unwaived findings of ``rule`` withhold, for the running night."""
    if not rule.withholds:
        return
    found = (f"quality.run_finding as finding where finding.run_id = current_setting('tonghop.run_id')"
             f" and finding.rule = '{rule.rule}' and finding.severity = '{rule.level}' and not finding.is_waived")
    # What a report in prose contradicts in itself has the same rule, and no observation to withhold.
    broken = f"(select unit_id, indicator, period, scope from {found} and finding.scope is not null)"
    if rule.key != _OBSERVATION:
        same = " and ".join(f"finding.{name} = judged.{name}" for name in rule.key)
        broken = f"(select judged.* from {rule.relation} as judged where exists (select 1 from {found} and {same}))"
    # Findings of this very transaction have no statistics: a nested loop would go through every observation for each.
    rows(connection, "set local enable_nestloop = off")
    rows(connection, f"""
        insert into quality.run_withheld (run_id, unit_id, indicator, period, scope, rules, is_province_held)
        select distinct current_setting('tonghop.run_id'), withheld.*, array['{rule.rule}'], false
        from ({rule.withholds.replace("{broken}", broken)}) as withheld
        on conflict (run_id, unit_id, indicator, period, scope) do update set
            rules = (select array_agg(distinct rule order by rule)
                     from unnest(run_withheld.rules || excluded.rules) as each (rule))
    """)
    rows(connection, "set local enable_nestloop = on")


def keep_aside(connection: Connection, settings: Settings, rule: Rule) -> None:
    """Keep aside every raw row (older wordings too) that breaks a statement rule, unless its finding is waived."""
    reason = f"{_sentence(rule.message_vi)} || ' / ' || {_sentence(rule.message_en)}"
    rows(connection, load_sql(settings, "keep_aside").format(
        rule=rule.rule, broken=_where(rule), finding_id=_id(rule.rule, rule.key), reason=reason))


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
    rows(connection, load_sql(settings, "merge_findings"), {"gates": list(gates)})


def _where(rule: Rule) -> str:
    return rule.broken_where(rule.dict())


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
