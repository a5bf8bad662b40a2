"""Denominators judged in a table of your own: figures in SQLite, a plain Great Expectations context, no warehouse.

``python examples/denominators.py`` prints what is wrong with the figures and ends with 0. With a folder as argument it
leaves Data Docs there.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import great_expectations as gx

from expectations.anywhere import (
    ExpectDeclaredTotalToEqualItsChildren,
    ExpectDenominatorToEqualPopulation,
    ExpectNumeratorToBeWithinDenominator,
    ExpectPopulationToHaveOneDenominator,
    ExpectStatedRateToFitItsCounts,
)

# What four provinces said in their reports, and what the register counts. Rates stand as they were written.
FIGURES = [
    # figure, unit, above, period, population, numerator, denominator, rate, registered
    ("plans issued", "A", "north", "2012-05", "agencies", 67, 73, "91,78%", 73),
    ("comments given", "A", "north", "2012-05", "agencies", 17, 88, "19,32%", 73),
    ("collectives reviewed", "B", "north", "2012-05", "collectives", 709, 724, "99,55%", 724),
    ("members admitted", "C", "south", "2012-05", "members", 161, 160, "100,6%", None),
    ("ballots returned", "D", "south", "2012-05", "ballots", 38, 73, "52,05%", 73),
    ("ballots sent", "D", "south", "2012-05", "letters", 0, None, None, None),
]

EXPECTED = [
    ExpectNumeratorToBeWithinDenominator(numerator="numerator", denominator="denominator", keys=["figure", "unit"]),
    ExpectDenominatorToEqualPopulation(denominator="denominator", population="registered", keys=["figure", "unit"]),
    ExpectPopulationToHaveOneDenominator(denominator="denominator", population=["unit", "period", "population"]),
    ExpectStatedRateToFitItsCounts(
        numerator="numerator", denominator="denominator", stated_rate="rate", keys=["figure", "unit"]),
]

# What the north declared for all of its units, and these themselves.
TOTALS = [("north", None, "2012-05", 224), ("A", "north", "2012-05", 143), ("B", "north", "2012-05", 79)]

EXPECTED_OF_TOTALS = [
    ExpectDeclaredTotalToEqualItsChildren(total="committees", unit="unit", parent="above", within=["period"]),
]


def write_tables(database: Path) -> None:
    """The two tables, as somebody else's system might have them."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("create table figures (figure text, unit text, above text, period text, population text,"
                           " numerator integer, denominator integer, rate text, registered integer)")
        connection.executemany("insert into figures values (?, ?, ?, ?, ?, ?, ?, ?, ?)", FIGURES)
        connection.execute("create table totals (unit text, above text, period text, committees integer)")
        connection.executemany("insert into totals values (?, ?, ?, ?)", TOTALS)


def judge(context: Any, database: Path) -> list[Any]:
    """Run one checkpoint over both tables; returns the result of every expectation."""
    source = context.data_sources.add_sqlite("reports", connection_string=f"sqlite:///{database}")
    definitions = []
    for table, expected in (("figures", EXPECTED), ("totals", EXPECTED_OF_TOTALS)):
        batch = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("all")
        suite = context.suites.add(gx.ExpectationSuite(name=table, expectations=expected))
        definitions.append(context.validation_definitions.add(
            gx.ValidationDefinition(name=table, data=batch, suite=suite)))
    checkpoint = context.checkpoints.add(gx.Checkpoint(name="denominators", validation_definitions=definitions))
    outcome = checkpoint.run()
    return [result for validation in outcome.run_results.values() for result in validation.results]


def said(result: Any) -> str:
    """One verdict in lines of text: what was expected, and each row that is otherwise."""
    if any(info.get("raised_exception") for info in [result.exception_info] if isinstance(info, dict)):
        return f"!  {result.expectation_config.type}: {result.exception_info['exception_message']}"
    verdict = result.result
    rows = [", ".join(f"{name} {value}" for name, value in row.items())
            for row in verdict.get("partial_unexpected_list", [])]
    mark = "ok" if result.success else f"{verdict['observed_value']} of {verdict['element_count']}"
    return "\n     ".join([f"{result.expectation_config.type}: {mark}", *rows])


def main(docs: Path | None) -> None:
    """Judge, print, and leave Data Docs where they are wanted."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    if docs is not None:
        context.add_data_docs_site("denominators", {
            "class_name": "SiteBuilder", "show_how_to_buttons": False,
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs.resolve())},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        })
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "reports.sqlite"
        write_tables(database)
        for result in judge(context, database):
            sys.stdout.write(said(result) + "\n")
    if docs is not None:
        context.build_data_docs()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
