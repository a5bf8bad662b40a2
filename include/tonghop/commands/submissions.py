"""``tonghop template``, ``submit``, ``withdraw`` and ``ingest``."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any

import click

from tonghop.errors import TonghopError
from tonghop.settings import settings
from tonghop.submissions import inbox
from tonghop.submissions import template as templates
from tonghop.submissions import withdraw as withdrawals
from tonghop.submissions.effects import effects
from tonghop.submissions.senders import period_end
from tonghop.warehouse.connection import connect
from tonghop.warehouse.server import opened

_MOST_COMPARED = 100_000
"""Rows of a file up to which submit says at once what it changes; 'tonghop submissions show' always does."""


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
@click.option("--period", help="What they are for, as 2012-05: for tables and reports that do not say it themselves.")
@click.option("--no-ingest", is_flag=True, help="Only put the files into the inbox.")
def submit_command(files: tuple[Path, ...], sender: str, period: str | None, no_ingest: bool) -> int:
    """Put FILES into the inbox of their sender and read them; say what was kept, what was kept aside, where and why."""
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise TonghopError(f"'{missing[0]}' is not a file; nothing was sent.", "Name .csv, .xlsx or report files.")
    if period is not None:
        period_end(period)
        if no_ingest:
            raise TonghopError("A period is said while reading, so it does not go with --no-ingest.", "Leave one out.")
    with opened(settings()):
        sent = [inbox.submit(settings(), file, sender) for file in files]
        if no_ingest:
            for path in sent:
                click.echo(f"{path.name}: in the inbox of {path.parent.name}.")
            return 0
        told = inbox.ingest_sender(
            settings(), sent[0].parent.name, sent, shown=None, sent_by=getpass.getuser(), period=period
        )
        return say(told["files"], with_effects=True)


@click.command(name="ingest")
def ingest_command() -> int:
    """Read every new file of the inbox."""
    with opened(settings()):
        files = inbox.ingest_all(settings(), shown=None)["files"]
    if not files:
        click.echo("Nothing new in the inbox.")
    return say(files)


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


def say(files: list[dict[str, Any]], *, with_effects: bool = False) -> int:
    """Tell what became of each file, and each row kept aside; 1 when anything was not taken.

    Args:
        files: summaries as of ``inbox.ingest_sender``.
        with_effects: whether to say what each file does to the figures that stand (it has not counted yet).
    """
    for file in files:
        click.echo(_line(file))
        if file.get("warning"):
            click.echo(f"  ! {file['warning']}")
        if with_effects and file["status"] == "loaded" and 0 < file["rows_kept"] <= _MOST_COMPARED:
            _tell_effects(file["submission_id"])
        for aside in file["asides"]:
            click.echo(f"  {aside['rule']} {aside['reason']}")
    return int(any(file["status"] in ("rejected", "waiting") or file["rows_aside"] for file in files))


def _line(file: dict[str, Any]) -> str:
    """What became of one file, in one line; a change file or a waiting one says what to do next."""
    name, submission_id, problem = file["file"], file["submission_id"], file["problem"]
    match file["status"]:
        case "known":
            told = f"already received as {submission_id}, nothing new."
        case "rejected":
            told = f"rejected ({submission_id})." if submission_id else f"rejected. {problem}"
        case "proposed":
            told = (f"thay đổi danh mục, chờ duyệt / a change of the register, proposed as change {file['change_id']};"
                    f" a steward applies it ('tonghop reference apply {file['change_id']} …').")
        case "waiting" if file.get("mappings"):
            asked = ", ".join(f"'tonghop mapping show {number}'" for number in file["mappings"])
            told = f"chờ xác nhận cột / waits ({submission_id}). {problem}. Xem / see {asked}."
        case "waiting":
            told = f"stays in the inbox. {problem}"
        case _ if file.get("claims"):
            told = f"báo cáo bằng lời / a report in prose, {file['claims']} số liệu / claim(s) ({submission_id})."
        case _:
            told = (f"{file['rows_read']} row(s) read, {file['rows_kept']} kept,"
                    f" {file['rows_aside']} kept aside ({submission_id}).")
    return f"{name}: {told}"


def _tell_effects(submission_id: str) -> None:
    with connect(settings(), "loader") as connection:
        told = effects(connection, settings(), submission_id, shown=5)
    click.echo(f"  mới / adds {told['adds']}, đổi / changes {told['changes']}, nhắc lại / repeats {told['repeats']},"
               f" bỏ sót / leaves out {told['drops']}")
    for fact in told["facts"]["changes"]:
        click.echo(f"    đổi / changes: {_called(fact)}: {fact['was'] or '∅'} → {fact['becomes'] or '∅'}")
    for fact in told["facts"]["drops"]:
        click.echo(f"    bỏ sót / leaves out: {_called(fact)}: {fact['was'] or '∅'} vẫn hiệu lực / goes on standing")


def _called(fact: dict[str, Any]) -> str:
    return " ".join(fact[name] for name in ("unit_code", "indicator", "period", "scope"))
