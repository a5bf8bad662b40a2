"""``tonghop reference``: load and check the register, and keep it up by change files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tonghop.errors import TonghopError
from tonghop.reference import load as loading
from tonghop.reference import upkeep
from tonghop.reports import register as register_text
from tonghop.settings import settings
from tonghop.warehouse.server import opened

_SENDER = click.option("--from", "sender", help="The province whose own change it is: its unit id or code.")
_BY = click.option("--by", required=True, help="Who decides; kept in the journal.")
_REASON = click.option("--reason", required=True, help="Why; kept in the journal.")
_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, nothing left out.")


@click.group(name="reference")
def reference_group() -> None:
    """Units, populations, indicators, reporters and the calendar; and the changes of the register."""


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
    """Load the reference data into the warehouse, if it changed; applied changes are replayed on the files."""
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


@reference_group.command(name="diff")
@click.argument("what", metavar="FILE|ID")
@_SENDER
@_JSON
def diff_command(what: str, sender: str | None, as_json: bool) -> None:
    """Preview a change file (or a proposed change by its number): which units and published figures would move.

    Changes nothing. A file that the register cannot take ends with 2, with every reason.
    """
    with opened(settings()), _every_problem(as_json):
        told = upkeep.diff(settings(), what, sender)
    if as_json:
        click.echo(register_text.as_json(told))
        return
    for line in register_text.preview_lines(told):
        click.echo(line)


@reference_group.command(name="apply")
@click.argument("what", metavar="FILE|ID")
@_BY
@_REASON
@_SENDER
def apply_command(what: str, by: str, reason: str, sender: str | None) -> None:
    """Apply a change file (or a proposed change by its number) and load the register: all of it or nothing."""
    with opened(settings()), _every_problem(False):
        done = upkeep.apply(settings(), what, by=by, reason=reason, sender=sender)
    for line in register_text.applied_lines(done):
        click.echo(line)


@reference_group.command(name="propose")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "sender", required=True, help="The province: its unit id or code.")
def propose_command(file: Path, sender: str) -> None:
    """Propose a province's own change FILE: checked now, applied when a steward says so."""
    with opened(settings()):
        told = upkeep.propose(settings(), file, sender)
    for problem in told["problems"]:
        click.echo(problem)
    if told["problems"]:
        raise TonghopError(f"{told['name']} is refused, and kept as change {told['change_id']}: {len(told['problems'])}"
                           " problem(s).", "Correct the lines listed above and propose it again.")
    if told["is_new"]:
        click.echo(f"{told['name']} is proposed as change {told['change_id']}; a steward applies it:"
                   f" tonghop reference apply {told['change_id']} --by WHO --reason WHY")
    else:
        click.echo(f"{told['name']} is known as change {told['change_id']} ({told['state']}): nothing was done.")


@reference_group.command(name="changes")
@_JSON
def changes_command(as_json: bool) -> None:
    """List the journal: every change file with its state, who decided and why; the newest first."""
    with opened(settings()):
        found = upkeep.listed(settings())
    if as_json:
        click.echo(register_text.as_json(found))
        return
    for each in found:
        for line in register_text.journal_lines(each):
            click.echo(line)
    click.echo(f"({len(found)} changes)", err=True)


@reference_group.command(name="withdraw")
@click.argument("change_id", metavar="ID", type=int)
@_BY
@_REASON
def withdraw_command(change_id: int, by: str, reason: str) -> None:
    """Take back change ID: the register becomes what it would be without it, and is loaded."""
    with opened(settings()):
        done = upkeep.withdraw(settings(), change_id, by=by, reason=reason)
    click.echo(f"Withdrew change {change_id} ({done['name']}), which was {done['was']}.")
    for line in register_text.unit_lines(done["units"]):
        click.echo(line)


@contextmanager
def _every_problem(as_json: bool) -> Iterator[None]:
    """Print every problem of a refused change file before its error ends the command."""
    try:
        yield
    except upkeep.ChangeRefused as refused:
        texts = [str(problem) for problem in refused.problems]
        click.echo(register_text.as_json({"problems": texts}) if as_json else "\n".join(texts))
        raise
