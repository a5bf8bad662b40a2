"""``tonghop reference load`` and ``tonghop reference check``."""

from __future__ import annotations

from pathlib import Path

import click

from tonghop.errors import TonghopError
from tonghop.reference import load as loading
from tonghop.settings import settings
from tonghop.warehouse.server import opened


@click.group(name="reference")
def reference_group() -> None:
    """Units, populations, indicators, reporters and the calendar."""


@reference_group.command(name="check")
def check_command() -> None:
    """Check every reference file and registration; print each problem with file, line and remedy."""
    problems = loading.check(settings())
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise TonghopError(f"{len(problems)} problem(s) in the reference data.", "Correct the lines listed above.")
    click.echo("The reference data is sound.")


@reference_group.command(name="load")
@click.option(
    "--add",
    "added",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="A folder of registrations (org_units.csv, calendar.csv …) to keep beside the authored files.",
)
def load_command(added: tuple[Path, ...]) -> None:
    """Load the reference data into the warehouse, if it changed."""
    for directory in added:
        kept = loading.add_overlay(settings(), directory)
        click.echo(f"Added '{kept['name']}': {', '.join(kept['files'])}.")
    with opened(settings()):
        outcome = loading.load(settings())
    if outcome["changed"]:
        counts = ", ".join(f"{count} {table}" for table, count in outcome["rows"].items())
        click.echo(f"Loaded the reference data (load {outcome['load_id']}): {counts}.")
    else:
        click.echo(f"The reference data is unchanged (load {outcome['load_id']}).")
