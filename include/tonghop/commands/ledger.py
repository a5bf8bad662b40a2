"""``tonghop submissions``: the ledger of what was received, and the originals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from tonghop.errors import TonghopError
from tonghop.quality import claims
from tonghop.reports.reading import read
from tonghop.settings import settings
from tonghop.submissions import folders, inbox
from tonghop.submissions.effects import effects
from tonghop.submissions.senders import known_sender, period_end
from tonghop.warehouse.connection import connect
from tonghop.warehouse.server import opened

STATES = {
    "received": "đang đọc / being read",
    "waiting": "chờ xác nhận cột / waits for its mapping",
    "loaded": "đã nhận / loaded",
    "superseded": "đã có số mới hơn / superseded",
    "rejected": "bị từ chối / rejected",
    "withdrawn": "đã rút / withdrawn",
}
_EFFECTS = {"adds": "mới", "changes": "đổi", "repeats": "nhắc lại", "drops": "bỏ sót", "withdraws": "rút"}


@click.group(name="submissions")
def submissions_group() -> None:
    """What was received, from whom, when, and what became of it."""


@submissions_group.command(name="list")
@click.option("--sender", help="Of this sender only: code (as 60) or unit id.")
@click.option("--period", help="That speak of this period, as 2012-05.")
@click.option("--state", type=click.Choice(list(STATES)), help="In this state only.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array with every field of the ledger.")
def list_command(sender: str | None, period: str | None, state: str | None, as_json: bool) -> None:
    """List the ledger, the newest first."""
    if period is not None:
        period_end(period)
    with opened(settings()), connect(settings(), "steward") as connection:
        wanted = known_sender(connection, sender) if sender is not None else None
        found = read(connection, settings(), "ledger", submission_id=None, sender=wanted, period=period, state=state)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))
        return
    for each in found:
        click.echo(f"{each['received_at']:%Y-%m-%d %H:%M}  {each['submission_id']:22}  {each['kind']:10}"
                   f"  {each['state']:10}  {each['rows_kept']:7} / {each['rows_read']}  {', '.join(each['periods'])}"
                   f"  {each['file_name']}")
    click.echo(f"({len(found)} lần gửi / submissions)", err=True)


@submissions_group.command(name="show")
@click.argument("submission_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_command(submission_id: str, as_json: bool) -> None:
    """Show one submission: who sent it, when, its fingerprint and reader, and what it did to the figures before it."""
    with opened(settings()), connect(settings(), "steward") as connection:
        nothing = {"sender": None, "period": None, "state": None}
        found = read(connection, settings(), "ledger", submission_id=submission_id, **nothing)
        if not found:
            raise TonghopError(f"There is no submission '{submission_id}'.", "'tonghop submissions list' shows them.")
        told = {**found[0], "effects": effects(connection, settings(), submission_id)}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
        return
    for name, value in found[0].items():
        if value not in (None, "", []):
            shown = STATES[value] if name == "state" else ", ".join(value) if isinstance(value, list) else value
            click.echo(f"{name:15} {shown}")
    _tell_effects(told["effects"])


def _tell_effects(told: dict[str, Any]) -> None:
    click.echo("effects         " + ", ".join(f"{vi} / {name} {told[name]}" for name, vi in _EFFECTS.items()))
    for name, facts in told["facts"].items():
        for fact in facts:
            click.echo(f"  {name}: {fact['unit_code']} {fact['indicator']} {fact['period']} {fact['scope']}:"
                       f" {fact['was'] or '∅'} → {fact['becomes'] or '∅'}")


@submissions_group.command(name="claims")
@click.option("--sender", help="Of this sender only: code (as 60) or unit id.")
@click.option("--period", help="Of this period only, as 2012-05.")
@click.option("--verdict", type=click.Choice(["agrees", "disagrees", "only_in_prose"]), help="With this verdict only.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array with every field.")
def claims_command(sender: str | None, period: str | None, verdict: str | None, as_json: bool) -> None:
    """List what reports in prose claim, beside the tables, as the last night found it."""
    if period is not None:
        period_end(period)
    with opened(settings()), connect(settings(), "steward") as connection:
        wanted = known_sender(connection, sender) if sender is not None else None
        found = claims.listed(connection, wanted, period, verdict)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))
        return
    for each in found:
        upper, lower = each["table_numerator"], each["table_denominator"]
        beside = "∅" if upper is None else str(upper) if lower is None else f"{upper}/{lower}"
        click.echo(f"{each['period']}  {each['submission_id']}  {each['char_start']}–{each['char_end']}"
                   f"  {each['verdict'] or '·'}  {each['indicator'] or '·'}  “{each['quote']}”  ({beside})")
    click.echo(f"({len(found)} số liệu / claims)", err=True)


@submissions_group.command(name="original")
@click.argument("submission_id", metavar="ID")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write, or its folder.")
def original_command(submission_id: str, out: Path) -> None:
    """Give the original of submission ID back, byte for byte; its fingerprint is checked."""
    with opened(settings()):
        file_name, content = inbox.original(settings(), submission_id)
    target = out / folders.safe_name(file_name) if out.is_dir() else out
    target.write_bytes(content)
    click.echo(f"{target}: đúng từng byte / byte for byte as received.")
