"""The metric behind every rule: how many rows of a batch a condition holds for.

Great Expectations bundles aggregate metrics of one batch into one statement, so any number of rules over a relation
read it once (``UnexpectedRowsExpectation`` reads it twice a rule).
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.compatibility.sqlalchemy import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

BROKEN_ROWS = "table.broken_rows"
ROW_COUNT = "table.row_count"


class BrokenRows(TableMetricProvider):
    """``count(*) filter (where …)`` over the batch; ``broken_where`` is SQL over its columns."""

    metric_name = BROKEN_ROWS
    value_keys: ClassVar[tuple[str, ...]] = ("broken_where",)

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _count(
        cls,  # noqa: N805 - Great Expectations calls it on the class
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> tuple[Any, dict[str, Any], dict[str, Any]]:
        condition = metric_value_kwargs["broken_where"]
        return sa.literal_column(f"count(*) filter (where {condition})"), metric_domain_kwargs, {}
