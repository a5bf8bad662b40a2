"""Great Expectations asks a relation once for all of a sitting's rules, and does nothing else meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from great_expectations.data_context.types.base import BaseYamlConfig
from sqlalchemy import Engine, event

from expectations.gates import Sitting
from expectations.rules import denominators
from tonghop.quality.bench import Bench
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

RULES = (denominators.ExpectDenominatorAboveZero, denominators.ExpectNumeratorWithinDenominator)


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Every statement that goes through SQLAlchemy."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def test_a_relation_is_asked_once_for_all_rules(
    scratch: Settings, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("Great Expectations wrote its configuration down, for nobody")

    monkeypatch.setattr(BaseYamlConfig, "to_yaml_str", refuse)
    with connect(scratch, "builder") as connection:
        rows(connection, """
            create view scratch.figures as
            select unit_id, numerator, denominator, null::numeric as stated_rate, 'ratio' as kind, 'reported' as mark,
                false as is_nested, false as may_exceed_one
            from (values ('A', 5, 4), ('B', 3, 4), ('C', 1, 0)) as said (unit_id, numerator, denominator)
        """)
    sitting = Sitting(name="figures", relation="scratch.figures", due="select 0", rules=RULES)
    judged = Bench(scratch, "figures", None).judge(sitting)
    assert [(entry.problem, entry.seen, entry.observed) for entry in judged] == [(None, 3, 1), (None, 3, 1)]
    assert len([statement for statement in asked if "figures" in statement]) == 1, asked


def test_the_sittings_of_a_gate_share_a_connection(scratch: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    connect_really = psycopg2.connect

    def counting(*given: Any, **named: Any) -> Any:
        opened.append(named)
        return connect_really(*given, **named)

    with connect(scratch, "builder") as connection:
        rows(connection, "create table scratch.one as select 'A' as unit_id, 1 as numerator, 0 as denominator, null as stated_rate,"
                         " 'ratio' as kind, 'reported' as mark, false as is_nested, false as may_exceed_one")
        rows(connection, "create table scratch.other as select * from scratch.one")
    bench = Bench(scratch, "figures", None)
    monkeypatch.setattr(psycopg2, "connect", counting)
    for name in ("one", "other"):
        judged = bench.judge(Sitting(name=name, relation=f"scratch.{name}", due="select 0", rules=RULES))
        assert [(entry.problem, entry.seen) for entry in judged] == [(None, 1), (None, 1)]
    assert len(opened) == 1


def test_a_relation_that_is_not_there_is_a_problem_of_each_rule(warehouse: Settings) -> None:
    sitting = Sitting(name="figures", relation="quality.nothing", due="select 0", rules=RULES)
    judged = Bench(warehouse, "figures", None).judge(sitting)
    assert all("nothing" in str(entry.problem) for entry in judged), judged
