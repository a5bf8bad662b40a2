"""``tonghop template``, ``submit``, ``withdraw`` and ``ingest``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tonghop.errors import TonghopError
from tonghop.settings import settings
from tonghop.submissions import inbox
from tonghop.submissions import template as templates
from tonghop.submissions import withdraw as withdrawals
from tonghop.warehouse.server import opened


@click.command(name="template")
@click.argument("sender")
@click.argument("period")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="The .xlsx file to write, or its folder.")
def template_command(sender: str, period: str, out: Path) -> None:
    """Write the workbook that SENDER (a code, as 60) fills in for PERIOD (as 2012-05)."""
    with opened(settings()):
        written = templates.make_template(settings(), sender, period, out)
    click.echo(str(written))


@click.command(name="submit")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--from", "sender", required=True, help="Who sends: code or unit id of a province or a department.")
@click.option("--no-ingest", is_flag=True, help="Only put the files into the inbox.")
def submit_command(files: tuple[Path, ...], sender: str, no_ingest: bool) -> int:
    """Put FILES into the inbox of their sender and read them; say what was kept, what was kept aside, where and why."""
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise TonghopError(f"'{missing[0]}' is not a file; nothing was sent.", "Name .csv or .xlsx files.")
    with opened(settings()):
        sent = [inbox.submit(settings(), file, sender) for file in files]
        if no_ingest:
            for path in sent:
                click.echo(f"{path.name}: in the inbox of {path.parent.name}.")
            return 0
        return _say(inbox.ingest_sender(settings(), sent[0].parent.name, sent, shown=None)["files"])


@click.command(name="ingest")
def ingest_command() -> int:
    """Read every new file of the inbox."""
    with opened(settings()):
        files = inbox.ingest_all(settings(), shown=None)["files"]
    if not files:
        click.echo("Nothing new in the inbox.")
    return _say(files)


@click.command(name="withdraw")
@click.option("--submission", help="A whole submission, by its id.")
@click.option("--from", "sender", help="Whose fact: code or unit id of the sender.")
@click.option("--unit", help="The unit's code.")
@click.option("--indicator", help="The indicator's code.")
@click.option("--period", help="As 2012-05.")
@click.option("--scope", type=click.Choice(["own", "total"]), help="own or total.")
@click.option("--reason", required=True, help="Why; it is kept in the ledger.")
def withdraw_command(  # noqa: PLR0913, PLR0917 (one parameter an option)
    submission: str | None,
    sender: str | None,
    unit: str | None,
    indicator: str | None,
    period: str | None,
    scope: str | None,
    reason: str,
) -> None:
    """Take back one fact (--from --unit --indicator --period --scope) or a whole --submission."""
    with opened(settings()):
        if submission is not None:
            if sender or unit or indicator or period or scope:
                raise TonghopError("Both a submission and a fact were named.", "Name one of them.")
            gone = withdrawals.withdraw_submission(settings(), submission, reason)
            click.echo(f"Withdrew {submission} ({gone['file_name']}, {gone['rows_kept']} rows).")
            return
        if not (sender and unit and indicator and period and scope):
            raise TonghopError(
                "It is not said what to withdraw.",
                "Give --submission ID, or all of --from, --unit, --indicator, --period and --scope.",
            )
        made = withdrawals.withdraw_fact(settings(), sender, unit, indicator, period, scope, reason)
    click.echo(f"Withdrew {indicator} of {unit} in {period}: {made['submission_id']}.")


def _say(files: list[dict[str, Any]]) -> int:
    """One line a file, one line a row kept aside; 1 when anything was not taken."""
    for file in files:
        if file["status"] == "known":
            click.echo(f"{file['file']}: already received as {file['submission_id']}, nothing new.")
        elif file["status"] == "rejected":
            click.echo(f"{file['file']}: rejected ({file['submission_id']}).")
        elif file["status"] == "proposed":
            click.echo(
                f"{file['file']}: thay đổi danh mục, chờ duyệt / a change of the register, proposed as change"
                f" {file['change_id']}; a steward applies it ('tonghop reference apply {file['change_id']} …')."
            )
        elif file["status"] == "waiting":
            click.echo(f"{file['file']}: stays in the inbox. {file['problem']}")
        else:
            click.echo(
                f"{file['file']}: {file['rows_read']} row(s) read, {file['rows_kept']} kept,"
                f" {file['rows_aside']} kept aside ({file['submission_id']})."
            )
        for aside in file["asides"]:
            click.echo(f"  {aside['rule']} {aside['reason']}")
    return int(any(file["status"] in ("rejected", "waiting") or file["rows_aside"] for file in files))
