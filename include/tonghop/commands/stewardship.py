"""``tonghop findings``, ``waive``, ``close``, ``reopen`` and ``report``: what a data steward does."""

from __future__ import annotations

import getpass
import json
import re
import sys
import webbrowser
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click

from tonghop.errors import TonghopError
from tonghop.quality import waivers
from tonghop.reports.reading import read
from tonghop.settings import Settings, has_display, settings
from tonghop.submissions.senders import known_sender, period_end
from tonghop.warehouse.connection import connect
from tonghop.warehouse.server import opened

_STATES = ("open", "returned", "waived", "corrected")
_UNSETTLED = ("open", "returned")
_RULE = re.compile(r"[A-Z]\d{2}")


@click.command(name="findings")
@click.option("--sender", help="Of this sender only: code (as 60) or unit id.")
@click.option("--rule", help="Of this rule only, as D03.")
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True,
              help="In this state only (repeatable). Default: open, returned, waived.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array with every field of quality.finding.")
def findings_command(sender: str | None, rule: str | None, states: tuple[str, ...], as_json: bool) -> int:
    """List what is wrong, the severe first. Exit code 1 when an error is among them that is not settled."""
    if rule is not None and not _RULE.fullmatch(rule.upper()):
        raise TonghopError(f"'{rule}' is no rule.", "Rules are written as D03.")
    with opened(settings()):
        found = list_findings(settings(), sender, rule.upper() if rule else None, states or _STATES[:3])
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=_plain))
    else:
        for row in found:
            _tell(row)
        click.echo(f"({len(found)} findings)", err=True)
    return int(any(row["severity"] == "error" and row["state"] in _UNSETTLED for row in found))


def list_findings(settings: Settings, sender: str | None, rule: str | None,
                  states: tuple[str, ...]) -> list[dict[str, Any]]:
    """Findings as the steward sees them, each with the fields of the public contract.

    Raises:
        TonghopError: nobody is called ``sender``.
    """
    with connect(settings, "steward") as connection:
        wanted = known_sender(connection, sender) if sender is not None else None
        return read(connection, settings, "report_finding_list", sender=wanted, rule=rule, states=list(states))


@click.command(name="waive")
@click.argument("finding_id", metavar="ID")
@click.option("--reason", required=True, help="Why it is accepted; published as a footnote.")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
              help="The last day it is accepted.")
@click.option("--author", default=getpass.getuser, show_default="who runs the command", help="Who decides.")
def waive_command(finding_id: str, reason: str, until: datetime, author: str) -> None:
    """Accept the finding ID with its present values until a day; the next night publishes it, with a footnote."""
    with opened(settings()):
        waivers.waive(settings(), finding_id, reason=reason, until=until.date(), author=author)
    click.echo(f"{finding_id} is waived until {until.date()}, as long as its values stay: from the next night on"
               " ('tonghop rollup').")


@click.command(name="close")
@click.argument("period")
@click.option("--reason", required=True, help="Why; it is kept.")
@click.option("--author", default=getpass.getuser, show_default="who runs the command", help="Who decides.")
def close_command(period: str, reason: str, author: str) -> None:
    """Close PERIOD (as 2012-05): figures received from now on are kept aside (S09)."""
    period_end(period)
    with opened(settings()):
        waivers.close_period(settings(), period, reason=reason, author=author)
    click.echo(f"{period} is closed: figures received from now on are kept aside. 'tonghop reopen {period}' undoes it.")


@click.command(name="reopen")
@click.argument("period")
def reopen_command(period: str) -> None:
    """Open a closed PERIOD again: what was kept aside meanwhile is judged the next night."""
    period_end(period)
    with opened(settings()):
        waivers.reopen_period(settings(), period)
    click.echo(f"{period} is open: what was kept aside is judged again the next night ('tonghop rollup').")


@click.command(name="report")
@click.argument("province", required=False)
@click.option("--open/--no-open", "show", default=None,
              help="Open it in the browser (default: at a terminal with a display).")
def report_command(province: str | None, show: bool | None) -> None:
    """Write the pages anew from the current release and print where they are.

    The page is the nation's, or that of PROVINCE (or of a department), by code or unit id.
    """
    from tonghop.reports import site

    with opened(settings()):
        pages = site.pages_of(settings(), province) if province else []
        site.write(settings(), None)
    paths = pages or [settings().reports_dir / "index.html"]
    for path in paths:
        click.echo(str(path))
    if show or (show is None and _has_display()):
        webbrowser.open(paths[0].absolute().as_uri())


def _has_display() -> bool:
    """Whether somebody sits there who could see a browser."""
    return sys.stdout.isatty() and (sys.platform == "darwin" or has_display())


def _tell(row: dict[str, Any]) -> None:
    subject = " ".join(str(row[name]) for name in ("period", "unit_id", "indicator", "population") if row[name])
    click.echo(f"{row['finding_id']}  {row['severity']}, {row['state']}  {subject}")
    click.echo(f"    {row['message_vi']}")
    click.echo(f"    {row['message_en']}")
    if row["explanation"]:
        click.echo(f"    {row['explanation']}")
    click.echo(f"    {row['submission_id'] or '-'}: {row['locator'] or '-'}")


def _plain(value: Any) -> Any:
    """Moments as ISO texts, numbers as numbers."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
