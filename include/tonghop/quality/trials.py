"""Which rule is to blame where a gate cannot judge, and whether a rule of a user's own could be judged at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from expectations.gates import Sitting
from expectations.own import is_own
from expectations.rule import Rule
from expectations.thresholds import ThresholdError
from tonghop.quality import findings
from tonghop.warehouse.connection import rows


def called(rule: Rule) -> str:
    """A rule as its author knows it."""
    return f"{rule.rule} ({type(rule).__name__})"


def said(error: psycopg2.Error) -> str:
    """What PostgreSQL said, without the statement it said it of."""
    return str(error.diag.message_primary or error).strip()


def unfit(connection: Connection, gate: str, sitting: Sitting) -> list[str]:
    """What is wrong with the thresholds, and with the SQL of a user's own rules: all of it is tried, on no row."""
    try:
        rules = sitting.expectations()
    except ThresholdError as error:
        return [f"thresholds.yml cannot be used: {error}"]
    found = []
    for rule in rules:
        if is_own(type(rule)):
            problem = _fails(connection, lambda rule=rule: _try(connection, gate, rule))  # type: ignore[misc]
            found += [f"{called(rule)} cannot be judged over {sitting.relation}: {problem}"] if problem else []
    return found


def to_blame(connection: Connection, relation: str, rules: Sequence[Rule]) -> list[str]:
    """The rules that fail when each is judged alone; Great Expectations asks for all of a relation in one statement."""
    found = []
    for rule in rules:
        problem = _fails(connection, lambda rule=rule: findings.gather(connection, relation, [rule]))  # type: ignore[misc]
        found += [f"{called(rule)} cannot be judged over {relation}: {problem}"] if problem else []
    return found


def sample(connection: Connection, rule: Rule, number: int, limit: int) -> list[dict[str, Any]]:
    """The first rows that ``findings.gather`` set apart for the ``number``-th rule, as it shows them."""
    names = rule.shown({})
    found = rows(connection, rule.sample_of("pg_temp.broken", f"breaks_{number}", limit))
    return [dict(zip(names, row, strict=True)) for row in found]


def _try(connection: Connection, gate: str, rule: Rule) -> None:
    findings.gather(connection, f"(select * from {rule.relation} limit 0)", [rule])  # noqa: S608 - a rule's own text
    findings.record(connection, gate, rule, 0)
    findings.settle(connection, [rule])


def _fails(connection: Connection, tried: Callable[[], object]) -> str | None:
    rows(connection, "savepoint trial")
    try:
        tried()
    except psycopg2.Error as error:
        rows(connection, "rollback to savepoint trial")
        return said(error)
    rows(connection, "rollback to savepoint trial")
    return None
