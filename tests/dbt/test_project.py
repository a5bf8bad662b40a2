"""The dbt project: its unit tests on a real warehouse, and the grammar of its models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from tonghop.settings import Settings
from tonghop.warehouse import dbt
from tonghop.warehouse.connection import connect, rows

_GRAMMAR = {
    "staging": re.compile(r"stg_(?P<source>[a-z]+)__[a-z]+(_[a-z]+)*"),
    "intermediate": re.compile(r"int_[a-z]+(_[a-z]+)*_[a-z]+ed|int_observation_standing"),
    "marts": re.compile(r"(dim|fct|rpt)_[a-z]+(_[a-z]+)*"),
}
# What a gate or a steward decided tonight is read where it takes effect, after the staging models were built; the
# running night's id is read by the macro running_run_id. Neither is data that anyone sent.
_DECIDED = {"run_unit_name", "run_kept_aside", "run_withheld", "closed_period", "finding", "run"}


@pytest.fixture
def built(warehouse: Settings) -> Settings:
    """A warehouse where every model exists, without a row: unit tests take their column types from there."""
    with connect(warehouse, "builder") as connection:
        rows(connection, "insert into ops.run (run_id, kind, owner, status)"
                         " values ('tonight', 'hand', 'test', 'running')")
    outcome = dbt.invoke(warehouse, ["run"])
    assert outcome.success, [result.message for result in outcome.result or () if str(result.status) == "error"]
    return warehouse


@pytest.mark.timeout(300)
def test_unit_tests_of_the_models_pass(built: Settings) -> None:
    """The arithmetic of semantics.md, case by case, on the models' own SQL."""
    outcome = dbt.invoke(built, ["test", "--resource-type", "unit_test"])
    results = list(outcome.result or ())
    assert len(results) >= 15, "the unit tests were not found"
    failed = {result.node.name: result.message for result in results if str(result.status) != "pass"}
    assert not failed, "\n".join(f"{name}: {message}" for name, message in failed.items())
    assert outcome.success


@pytest.fixture(scope="module")
def manifest(server: Settings) -> Manifest:
    """The project as dbt parses it."""
    outcome = dbt.invoke(server, ["parse"])
    assert outcome.success, outcome.exception
    return outcome.result


@pytest.fixture(scope="module")
def models(manifest: Manifest) -> list[Any]:
    """All models; a grammar that reads none would hold for ever."""
    found = [node for node in manifest.nodes.values() if node.resource_type == "model"]
    assert len(found) > 30
    assert {node.fqn[1] for node in found} == set(_GRAMMAR)
    return found


def test_names_say_layer_and_what_was_done(models: list[Any]) -> None:
    """A reader who knows the grammar finds a model without searching."""
    assert [node.name for node in models if not _GRAMMAR[node.fqn[1]].fullmatch(node.name)] == []
    assert [node.name for node in models
            if node.fqn[1] == "staging" and not node.name.startswith(("stg_ops__", f"stg_{node.fqn[2]}__"))] == []


def test_every_model_says_its_grain_and_has_a_key_test(models: list[Any], manifest: Manifest) -> None:
    """Without a grain that is tested, a join that doubles rows goes unseen until a figure is wrong."""
    assert [node.name for node in models if not node.description.startswith("One row per ")] == []
    keyed = {test.attached_node for test in manifest.nodes.values()
             if test.resource_type == "test" and test.test_metadata and test.test_metadata.name == "unique_key"}
    assert [node.name for node in models if node.unique_id not in keyed] == []


def test_a_key_that_no_night_tests_is_held_by_an_index(models: list[Any], manifest: Manifest) -> None:
    """Nights leave the tests tagged "indexed" out: without the index nobody would see a key that broke."""
    held = {node.unique_id: [set(index["columns"]) for index in node.config.get("indexes") or () if index.get("unique")]
            for node in models}
    tagged = [test for test in manifest.nodes.values() if test.resource_type == "test" and "indexed" in test.tags]
    assert len(tagged) > 20
    assert [test.name for test in tagged
            if set(test.test_metadata.kwargs["columns"]) not in held[test.attached_node]] == []


def test_nothing_below_staging_reads_what_was_sent(models: list[Any]) -> None:
    """Raw and reference data come in by one door, where they are frozen for the night."""
    reading = {node.name: {source.split(".")[-1] for source in node.depends_on.nodes if source.startswith("source.")}
               for node in models if node.fqn[1] != "staging"}
    assert any(reading.values()), "no model was seen to read a source"
    assert {name: sources - _DECIDED for name, sources in reading.items() if sources - _DECIDED} == {}


def test_every_column_of_a_mart_is_described_and_under_contract(models: list[Any]) -> None:
    """Analysts read descriptions as comments in PostgreSQL; the contract keeps a column from changing its type."""
    marts = [node for node in models if node.fqn[1] == "marts"]
    assert len(marts) >= 8
    assert [node.name for node in marts if not node.config.contract.enforced] == []
    assert [f"{node.name}.{column.name}" for node in marts for column in node.columns.values()
            if not column.description.strip() or not column.data_type] == []


def test_no_unit_of_the_register_is_deeper_than_the_cascade() -> None:
    """A unit below ``max_depth`` would drop out of every sum without a word."""
    settings = Settings()
    deepest = int(re.search(r"return\((\d+)\)", (settings.dbt_dir / "macros" / "max_depth.sql").read_text())[1])  # type: ignore[index]
    depths = set(_depths(settings.reference_dir / "org_units.csv"))
    assert len(depths) >= 4
    assert max(depths) + 1 < deepest, "registered units hang one deeper still"


def _depths(register: Path) -> Iterator[int]:
    import csv

    with register.open(encoding="utf-8", newline="") as file:
        versions = list(csv.DictReader(file))
    parents: dict[str, set[str]] = {}
    for version in versions:
        parents.setdefault(version["unit_id"], set()).add(version["parent_unit_id"])

    def depth(unit: str) -> int:
        return max((1 + depth(parent) for parent in parents[unit] if parent), default=0)

    yield from (depth(unit) for unit in parents)
