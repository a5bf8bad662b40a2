"""Great Expectations for a gate: a context on the warehouse, a validation a sitting, Data Docs a night."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource, TableAsset

from expectations.gates import Sitting
from expectations.rule import Rule
from expectations.showing import as_shown
from tonghop.quality import docs_views
from tonghop.settings import Settings
from tonghop.warehouse.connection import role_url

SHOWN_ROWS = 20
"""How many broken rows of a rule its Data Docs show: Great Expectations' own number. Findings are complete."""


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

    Attributes:
        has_docs: somebody will.
    """

    def __init__(self, settings: Settings, gate: str, docs: Path | None) -> None:
        self._kept: dict[str, tuple[Any, Any]] = {}
        self._sources: dict[str, Any] = {}
        self._context = gx.get_context(mode="ephemeral", project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ))
        # It would write its whole configuration as YAML whenever it is given a source or an asset, and drop the text.
        self._context._save_project_config = lambda: None
        self._url = role_url(settings, "builder").set(drivername="postgresql+psycopg2")
        self.has_docs = docs is not None
        if self.has_docs:
            self._context.add_data_docs_site(gate, docs_views.site(str(docs)))

    def judge(self, sitting: Sitting) -> list[Judged]:
        """Validate every rule of the sitting over its relation.

        Without a checkpoint, which would compare what it has just been given with what it stored, again and again.
        """
        schema, table = sitting.relation.split(".")
        with _without_probes():
            asset = self._source(schema).add_table_asset(sitting.name, table_name=table)
        definition = self._context.validation_definitions.add(gx.ValidationDefinition(
            name=sitting.name,
            data=asset.add_batch_definition_whole_table("whole"),
            suite=self._context.suites.add(gx.ExpectationSuite(name=sitting.name, expectations=sitting.expectations())),
        ))
        run_id = RunIdentifier(run_time=datetime.now(UTC))
        # The rows are shown from what our SQL sets apart anyway (``show``): to look for them here is another pass.
        validation = definition.run(
            run_id=run_id, result_format={"result_format": "SUMMARY", "partial_unexpected_count": 0})
        key = ValidationResultIdentifier(ExpectationSuiteIdentifier(sitting.name), run_id, validation.batch_id)
        self._kept[sitting.name] = key, validation
        return [_judged(rule, result) for rule, result in zip(sitting.expectations(), validation.results, strict=True)]

    def _source(self, schema: str) -> Any:
        """The warehouse with one schema before all others; its connections serve all sittings of the gate."""
        if schema not in self._sources:
            # A gate reads whole relations: hashing is never far off, a loop may never end.
            url = self._url.update_query_dict({"options": f"-csearch_path={schema} -cenable_nestloop=off"})
            self._sources[schema] = self._context.data_sources.add_postgres(
                schema, connection_string=url.render_as_string(hide_password=False), create_temp_table=False)
        return self._sources[schema]

    def show(self, sitting: Sitting, number: int, rows: list[dict[str, Any]]) -> None:
        """Add rows that break the ``number``-th rule of a sitting to what its Data Docs show."""
        _, validation = self._kept[sitting.name]
        validation.results[number].result["partial_unexpected_list"] = as_shown(rows)

    def publish_docs(self) -> None:
        """Write the Data Docs of the gate, where there are any."""
        for key, validation in self._kept.values():
            if self.has_docs:
                self._context.validation_results_store.set(key, validation)
        if self.has_docs:
            self._context.build_data_docs()


@contextmanager
def _without_probes() -> Iterator[None]:
    """Keep a new source from opening a connection just to see whether it can, and a new asset from asking for one row.

    Of a view on millions that row is a whole pass. Whether the relation is there, the rules find out.
    """
    probed = (SQLDatasource, TableAsset)
    probes = [each.test_connection for each in probed]
    for each in probed:
        each.test_connection = lambda *_, **__: None
    try:
        yield
    finally:
        for each, probe in zip(probed, probes, strict=True):
            each.test_connection = probe


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
