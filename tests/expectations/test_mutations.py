"""Every rule finds its bad cases and leaves its good ones alone; turned around, it would not, and a test would say so.

Real Great Expectations on a real PostgreSQL, one pass a relation: each rule, and beside it the same rule with its
predicate turned around, over all cases of its relation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml

from expectations.gates import GATES, Sitting
from expectations.rule import Rule
from tests.conftest import fresh_warehouse
from tonghop.quality.bench import Bench
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

RULES = [rule for sittings in GATES.values() for sitting in sittings for rule in sitting.rules]
RELATIONS = sorted({rule.relation for rule in RULES})
_SCRATCH = "cases"
_SLIPS = [(" > ", " >= "), (" < ", " <= "), (" <= ", " < "), (" <> ", " = "), (" and ", " or "), (" or ", " and "), ("not ", ""),
          (" is null", " is not null"), (" is not null", " is null"), ("0.5", "0.4")]
_SAME = [
    (">→>= at ", "denominator > 0 and numera"),  # over 0 there is no exact rate, and null is no verdict
    ("<=→< at ", "/ 100) + 1) <= denominator "),  # all of a denominator is 100%, which the whole below it gives
]


@lru_cache(maxsize=1)
def cases() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("rule_cases.yml").read_text(encoding="utf-8"))
    return loaded


def expected_of(rule: type[Rule]) -> set[str]:
    """The cases that the rule is to find. Those of the restated tree are the same as those of the period's."""
    called = {rule.__name__, *(base.__name__ for base in rule.__mro__ if base.__name__ == "ExpectBoundsToHoldTheRate")}
    return {name for name, case in cases()[rule.relation]["cases"].items() if called & set(case.get("breaks", ()))}


def turned_around(rule: type[Rule]) -> type[Rule]:
    return type(rule)(f"{rule.__name__}TurnedAround", (rule,), {
        "__module__": __name__, "__doc__": rule.__doc__, "predicate": f"not coalesce(({rule.predicate}), false)"})


def lay_out(settings: Settings, relation: str) -> str:
    """Write the cases of a relation into a table of the scratch schema; returns its name."""
    told = cases()[relation]
    table = f"{_SCRATCH}.{relation.replace('.', '_')}"
    columns = ", ".join(f"{name} {kind}" for name, kind in told["columns"].items())
    with connect(settings, "builder") as connection:
        rows(connection, f"create table {table} ({columns})")
        first = next(rule.key[0] for rule in RULES if rule.relation == relation)
        for name, case in told["cases"].items():
            values = {**told["sound"], **{column: value for column, value in case.items() if column != "breaks"}, first: name}
            assert set(values) <= set(told["columns"]), (relation, name)
            rows(connection, f"insert into {table} ({', '.join(values)}) values ({', '.join(['%s'] * len(values))})",
                 tuple(values.values()))
    return table


@pytest.fixture(scope="module")
def scratch(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, dict[str, str]]]:
    """A database with the cases of every relation in a table."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("cases")) as settings:
        with connect(settings) as connection:
            rows(connection, f"create schema {_SCRATCH}")
            rows(connection, f"grant all on schema {_SCRATCH} to tonghop_builder")
        yield settings, {relation: lay_out(settings, relation) for relation in RELATIONS}


@pytest.fixture(scope="module")
def found(scratch: tuple[Settings, dict[str, str]]) -> dict[str, set[str]]:
    """Of every rule, and of every rule turned around, the names of the cases it finds."""
    settings, tables = scratch
    bench = Bench(settings, _SCRATCH, None)
    found: dict[str, set[str]] = {}
    for relation, table in tables.items():
        rules = [rule for rule in RULES if rule.relation == relation]
        rules += [turned_around(rule) for rule in rules]
        sitting = Sitting(name=relation, relation=table, rules=tuple(rules), due="select 0")
        with connect(settings, "builder") as connection:
            for judged in bench.judge(sitting):
                assert judged.problem is None, (type(judged.rule), judged.problem)
                assert judged.seen == len(cases()[relation]["cases"])
                listed = rows(connection, judged.rule.sample_of(table, judged.rule.broken_where, 1000))
                assert judged.observed == len(listed)
                found[type(judged.rule).__name__] = {row[0] for row in listed}
    return found


def slips(text: str) -> Iterator[tuple[str, str]]:
    """A predicate with one operator taken for its neighbour, for each place where it could be."""
    for right, wrong in _SLIPS:
        for place in re.finditer(re.escape(right), text):
            yield f"{right.strip()}→{wrong.strip()} at {text[max(0, place.start() - 12):place.end() + 12]}", (
                text[:place.start()] + wrong + text[place.end():])


def test_all_gates_are_seen() -> None:
    assert len(RULES) > 30
    assert set(cases()) == set(RELATIONS), "a relation without cases, or cases of a relation that no rule judges"
    named = {name for told in cases().values() for case in told["cases"].values() for name in case.get("breaks", ())}
    assert named <= {rule.__name__ for rule in RULES}, "a case names a class that there is not"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_finds_its_bad_cases_and_leaves_the_good_ones_alone(rule: type[Rule], found: dict[str, set[str]]) -> None:
    """Otherwise a wrong figure is published, or a right one withheld."""
    assert expected_of(rule), "no bad case in rule_cases.yml"
    assert set(cases()[rule.relation]["cases"]) - expected_of(rule), "no good case in rule_cases.yml"
    assert found[rule.__name__] == expected_of(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_turned_around_is_noticed(rule: type[Rule], found: dict[str, set[str]]) -> None:
    """The test above must be able to fail, for every rule."""
    turned = found[f"{rule.__name__}TurnedAround"]
    assert turned != expected_of(rule)
    assert turned == set(cases()[rule.relation]["cases"]) - expected_of(rule), "a null is neither found nor left alone"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_slip_in_an_operator_is_noticed(rule: type[Rule], scratch: tuple[Settings, dict[str, str]]) -> None:
    """At the edges, where one is equal or null, a rule is most easily wrong."""
    settings, tables = scratch
    unnoticed = []
    with connect(settings, "builder", autocommit=True) as connection:
        for slip, condition in slips(rule().broken_where):
            try:
                named = {row[0] for row in rows(connection, rule.sample_of(tables[rule.relation], f"({condition})", 1000))}
            except psycopg2.Error:
                continue  # the gate would stop the night
            if named == expected_of(rule) and (rule.rule not in ("R01", "R02") or not is_same(slip)):
                unnoticed.append(slip)
    assert not unnoticed


def is_same(slip: str) -> bool:
    return any(slip.startswith(start) and part in slip for start, part in _SAME)
