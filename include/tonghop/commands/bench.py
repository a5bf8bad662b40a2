"""``tonghop bench``: a seeded nation, the pipeline timed beside plain SQL and DuckDB. Its code is in tests/bench."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from tonghop.errors import TonghopError
from tonghop.settings import PROJECT_DIR


@click.command(name="bench")
@click.option("--periods", default=1, show_default=True, type=click.IntRange(1, 120), help="Months, one night each.")
@click.option("--scale", default=1.0, show_default=True, type=click.FloatRange(0.001, 10),
              help="Of the nation's 55,000 grassroots units.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="The same seed, the same files.")
@click.option("--errors", default=0.001, show_default=True, type=click.FloatRange(0, 0.03),
              help="Share of the units' ratios that are in error.")
@click.option("--keep", type=click.Path(path_type=Path), help="Leave files and warehouse in this new folder.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON; progress goes to stderr.")
def bench_command(  # noqa: PLR0913, PLR0917 - click hands over one argument an option
    periods: int, scale: float, seed: int, errors: float, keep: Path | None, as_json: bool
) -> None:
    """Measure the pipeline at the size of a nation, on a server of its own: your warehouse is not touched."""
    bench, report = _module("bench"), _module("report")
    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise TonghopError(f"'{keep}' exists and is not an empty folder.", "Name a folder that does not exist yet.")
    with nullcontext(str(keep)) if keep is not None else tempfile.TemporaryDirectory() as folder:
        options = bench.Options(periods, scale, seed, errors)
        result: dict[str, Any] = bench.Bench(options, Path(folder), _progress).run()
    if as_json:
        click.echo(json.dumps(result, indent=1))
    else:
        for line in report.lines(result):
            click.echo(line)


def _progress(line: str) -> None:
    click.echo(line, err=True)


def _module(name: str) -> ModuleType:
    """A module of the bench, which is in the checkout and not in the package.

    Raises:
        TonghopError: there is no checkout around the package, or a package that only the bench needs is missing.
    """
    if not (PROJECT_DIR / "tests" / "bench" / "nation").is_dir():
        raise TonghopError("The bench is not installed: it is in the folder tests/bench of the checkout.",
                           "Run 'tonghop bench' from a checkout.")
    missing = [package for package in ("duckdb", "psutil", "polars") if importlib.util.find_spec(package) is None]
    if missing:
        raise TonghopError(f"The bench needs the package {missing[0]}, which is not installed.",
                           "Install the packages for development.")
    if str(PROJECT_DIR) not in sys.path:
        sys.path.insert(0, str(PROJECT_DIR))
    return importlib.import_module(f"tests.bench.nation.{name}")
