"""``tonghop rollup``: a whole night by hand, with the steps that the DAG runs."""

from __future__ import annotations

import time
from typing import Any

import click

from tonghop.errors import NightAwaiting, NightBusy, NightHeld
from tonghop.night import steps
from tonghop.settings import Settings, settings
from tonghop.warehouse.connection import connect, rows
from tonghop.warehouse.server import opened

_PATIENCE_SECONDS = 90


@click.command(name="rollup")
@click.option("--period", "periods", multiple=True, metavar="YYYY-MM", help="Rebuild this period only (repeatable).")
@click.option("--full", is_flag=True, help="Rebuild everything, whatever changed.")
def rollup_command(periods: tuple[str, ...], full: bool) -> int:
    """Run a night now: stage, judge, roll up, judge, publish. Exit code 1: something is withheld or held."""
    with opened(settings()):
        run_id = _open_night(list(periods) or None, full)
        if run_id is None:
            click.echo("Nothing changed since the last release.")
        else:
            click.echo(f"Night {run_id}")
            _tell_superseded(settings(), run_id)
            published = run_steps(settings(), run_id)
            is_new = published.get("is_new")
            click.echo(f"Release {published['release_id']}"
                       + (" published." if is_new else " stands: nothing new to publish."))
        withheld, errors = _open_matters(settings())
    if withheld or errors:
        click.echo(f"{withheld} observation(s) withheld, {errors} open error(s):"
                   " see 'tonghop findings' and 'tonghop report'.")
        return 1
    return 0


def _open_night(periods: list[str] | None, full: bool) -> str | None:
    """Open a night; wait a little for the lease of one whose process seems to be gone."""
    patience = time.monotonic() + _PATIENCE_SECONDS
    told = False
    while True:
        try:
            return steps.open_night(settings(), owner="hand", kind="hand", periods=periods, full=full)
        except NightBusy as busy:
            if not busy.seems_dead or time.monotonic() > patience:
                raise
            if not told:
                click.echo("Waiting to see whether another night, whose process is gone, goes on …", err=True)
                told = True
            time.sleep(2)


def _tell_superseded(settings: Settings, run_id: str) -> None:
    """Say which night will not be signed any more, because this one builds another candidate."""
    with connect(settings, "steward") as connection:
        waited = rows(connection, "select run_id from ops.run where status = 'superseded' and problem = %s",
                      (f"night {run_id} began before this one was signed",))
    for (before,) in waited:
        click.echo(f"  Night {before}, which waited for a sign-off, is superseded.")


def run_steps(settings: Settings, run_id: str) -> dict[str, Any]:
    """Every step in order, showing each; a step that fails gives the lease back. Returns what publication said."""
    published: dict[str, Any] = {}
    for name, step in steps.STEPS:
        began = time.monotonic()
        click.echo(f"  {name} …", nl=False)
        try:
            summary = step(settings, run_id)
        except NightHeld as held:
            click.echo(" waits for a sign-off" if isinstance(held, NightAwaiting) else " held")
            raise
        except BaseException as error:
            click.echo(" failed")
            steps.fail(settings, run_id, f"{name}: {type(error).__name__} {error}"[:2000])
            raise
        click.echo(f" {time.monotonic() - began:.1f} s")
        if name == "publish":
            published = summary
    return published


def _open_matters(settings: Settings) -> tuple[int, int]:
    with connect(settings, "steward") as connection:
        withheld = rows(connection, "select count(*) from marts.fct_observation where is_withheld")[0][0]
        errors = rows(connection, "select count(*) from quality.finding"
                                  " where severity = 'error' and state in ('open', 'returned')")[0][0]
    return withheld, errors
