"""The metrics behind every rule: how many rows of a batch a condition holds for, and which rows these are.

Great Expectations bundles aggregate metrics of one batch into one statement, so any number of rules over a relation
read it once (``UnexpectedRowsExpectation`` reads it twice a rule). Conditions are SQL; a frame of pandas is judged by
the same SQL, in a SQLite database in memory.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any, ClassVar

from great_expectations.compatibility.sqlalchemy import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import PandasExecutionEngine, SqlAlchemyExecutionEngine
from great_expectations.expectations.metrics.metric_provider import metric_partial, metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

BROKEN_ROWS = "table.broken_rows"
BROKEN_AMONG = "table.broken_among"
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

    @metric_value(engine=PandasExecutionEngine)
    def _count_in_frame(
        cls,  # noqa: N805
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> int:
        condition = metric_value_kwargs["broken_where"]
        asked = f"select count(*) filter (where {condition}) as broken from batch"  # noqa: S608 - a rule's own text
        return int(ask(execution_engine, metric_domain_kwargs, asked)[0]["broken"])


class BrokenAmong(TableMetricProvider):
    """How many rows of a query over the batch break a condition, and of how many.

    ``among`` is a query over a table ``batch``, such as one row a population; ``broken_where`` is SQL over its columns.
    """

    metric_name = BROKEN_AMONG
    value_keys: ClassVar[tuple[str, ...]] = ("broken_where", "among")

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _count(
        cls,  # noqa: N805
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> dict[str, int]:
        return _count_among(execution_engine, metric_domain_kwargs, metric_value_kwargs)

    @metric_value(engine=PandasExecutionEngine)
    def _count_in_frame(
        cls,  # noqa: N805
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> dict[str, int]:
        return _count_among(execution_engine, metric_domain_kwargs, metric_value_kwargs)


def ask(execution_engine: Any, domain_kwargs: dict[str, Any], query: str) -> list[dict[str, Any]]:
    """The rows that a query over the batch, named ``batch`` in it, gives.

    Raises:
        TypeError: the batch is neither in a database nor a pandas frame (Spark is not supported).
    """
    records = execution_engine.get_domain_records(domain_kwargs)
    if isinstance(execution_engine, PandasExecutionEngine):
        return _ask_frame(records, query)
    if not isinstance(execution_engine, SqlAlchemyExecutionEngine):
        raise TypeError(f"These expectations judge SQL tables and pandas frames, not {type(execution_engine).__name__}."
                        " Write the batch to a table, or collect it into a frame.")
    source = records.subquery() if isinstance(records, sa.Select) else records
    batch = sa.select(sa.literal_column("*")).select_from(source).cte("batch")
    answer = sa.text(f"({query}) as answer".replace(":", "\\:"))  # a colon is no parameter here
    asked = sa.select(sa.literal_column("*")).select_from(answer).add_cte(batch)
    return [dict(row._mapping) for row in execution_engine.execute_query(asked)]


def _ask_frame(frame: Any, query: str) -> list[dict[str, Any]]:
    named = [name for name in frame.columns if str(name) in query]
    with closing(sqlite3.connect(":memory:")) as connection:
        frame[named].to_sql("batch", connection, index=not named)  # a query may ask for no column at all
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _count_among(execution_engine: Any, domain_kwargs: dict[str, Any], values: dict[str, Any]) -> dict[str, int]:
    asked = (f"select count(*) filter (where {values['broken_where']}) as broken, count(*) as judged"  # noqa: S608
             f" from ({values['among']}) as judged")
    (counted,) = ask(execution_engine, domain_kwargs, asked)
    return {"broken": int(counted["broken"]), "judged": int(counted["judged"])}
