"""What a steward does: ``tonghop findings``, ``waive``, ``return``, ``assign``, ``close``, ``reopen``, ``report``."""

from __future__ import annotations

import getpass
import json
import re
import sys
import webbrowser
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from psycopg2.extensions import connection as Connection

from tonghop.clock import ZONE
from tonghop.errors import TonghopError
from tonghop.quality import returning, waivers
from tonghop.reports.reading import read
from tonghop.settings import Settings, has_display, settings
from tonghop.submissions.senders import known_sender, period_end, sender_name
from tonghop.warehouse.connection import connect
from tonghop.warehouse.server import opened

_STATES = ("open", "returned", "waived", "corrected")
_UNSETTLED = ("open", "returned")
_RULE = re.compile(r"[A-Z]\d{2,3}")
_NAMED = 5


@click.command(name="findings")
@click.argument("finding_ids", metavar="[ID]...", nargs=-1)
@click.option("--sender", help="Of this sender only: code (as 60) or unit id.")
@click.option("--rule", help="Of this rule only, as D03.")
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True,
              help="In this state only (repeatable). Default: open, returned, waived; any, of findings named by ID.")
@click.option("--owner", help="Looked after by this one only: a department (as V-2), or whom it was assigned to.")
@click.option("--overdue", "is_overdue", is_flag=True, help="Only what is open or returned past its due day.")
@click.option("--json", "as_json", is_flag=True,
              help="Print a JSON array with every field of quality.finding, and the history of what is named by ID.")
def findings_command(as_json: bool, **wanted: Any) -> int:
    """List what is wrong: what escalated, then the severe. Exit code 1 when an error among them is not settled.

    Findings named by ID are shown with their whole history.
    """
    asked = Wanted(**{**wanted, "rule": _rule(wanted["rule"])})
    with opened(settings()):
        found = list_findings(settings(), asked)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=_plain))
    else:
        groups: dict[str, list[str]] = defaultdict(list)
        for row in found:
            groups[row["group_id"]].append(row["finding_id"])
        for row in found:
            _tell(row, [each for each in groups[row["group_id"]] if each != row["finding_id"]])
        causes = f", {len(groups)} causes" if len(groups) < len(found) else ""
        click.echo(f"({len(found)} findings{causes})", err=True)
    return int(any(row["severity"] == "error" and row["state"] in _UNSETTLED for row in found))


@dataclass(frozen=True)
class Wanted:
    """Which findings are listed: None, or False, leaves a question open."""

    sender: str | None
    rule: str | None
    states: tuple[str, ...]
    owner: str | None
    is_overdue: bool
    finding_ids: tuple[str, ...] = ()


def list_findings(settings: Settings, wanted: Wanted) -> list[dict[str, Any]]:
    """Findings as the steward sees them, each with the fields of the public contract.

    Where ``wanted`` names findings, each has its ``history`` too, the oldest turn first.

    Raises:
        TonghopError: nobody is called ``wanted.sender``; there is no finding of a name.
    """
    named = list(dict.fromkeys(wanted.finding_ids))
    states = wanted.states or (_STATES if named else _STATES[:3])
    with connect(settings, "steward") as connection:
        returning.must_exist(connection, named)
        sender = known_sender(connection, wanted.sender) if wanted.sender is not None else None
        found = read(connection, settings, "report_finding_list", sender=sender, rule=wanted.rule, states=list(states),
                     owner=wanted.owner, overdue=wanted.is_overdue, finding_ids=named or None)
        turns = read(connection, settings, "report_finding_history", finding_ids=named) if named else []
    for row in found if named else ():
        row["history"] = [{name: value for name, value in turn.items() if name != "finding_id"}
                          for turn in turns if turn["finding_id"] == row["finding_id"]]
    return found


def _rule(text: str | None) -> str | None:
    if text is not None and not _RULE.fullmatch(text.upper()):
        raise TonghopError(f"'{text}' is no rule.", "Rules are written as D03.")
    return text.upper() if text else None


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


@click.command(name="return")
@click.argument("sender")
@click.option("--period", help="Of this period only, as 2012-05.")
@click.option("--rule", help="Of this rule only, as D03.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
              help="The last day to answer. Default: the due day each finding has.")
@click.option("--note", default="", help="What the sender is told with it.")
@click.option("--author", default=getpass.getuser, show_default="who runs the command", help="Who sends it back.")
def return_command(due: datetime | None, **wanted: Any) -> None:
    """Send back to SENDER (code or unit id) what is open of it, with a workbook of what to mend."""
    if wanted["period"] is not None:
        period_end(wanted["period"])
    asked = returning.Asked(**{**wanted, "rule": _rule(wanted["rule"])}, due_on=due.date() if due else None)
    with opened(settings()), connect(settings(), "steward") as connection:
        asked = replace(asked, sender=known_sender(connection, asked.sender))
        returned = returning.send_back(connection, settings(), asked)
        books = _write_workbooks(connection, returned, asked)
    if not returned:
        click.echo(f"Nothing of {asked.sender} is open{f' in {asked.period}' if asked.period else ''}: nothing was sent"
                   " back.")
        return
    for name, count in sorted(Counter(each.rule for each in returned).items()):
        click.echo(f"{name}  {count}")
    days = [each.due_on for each in returned if each.due_on]
    click.echo(f"{len(returned)} sent back{f', due from {min(days)}' if days else ''}. What to mend:")
    for book in books:
        click.echo(str(book))


def _write_workbooks(connection: Connection, returned: list[returning.Returned], asked: returning.Asked) -> list[Path]:
    """One workbook a sender (a code that was used again means two), before the change is committed."""
    from tonghop.reports import return_workbook

    books = []
    for unit_id, members in groupby(returned, key=lambda each: each.sender_unit_id):
        found = read(connection, settings(), "return_workbook", finding_ids=[each.finding_id for each in members])
        name = sender_name(connection, unit_id, asked.period)
        letter = return_workbook.Letter(unit_id, name, asked.note, asked.author)
        books.append(return_workbook.write(settings().reports_dir, letter, found, at=datetime.now(UTC)))
    return books


@click.command(name="assign")
@click.argument("finding_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--to", "owner", required=True, help="Who looks after them from now on: a person, or a department.")
@click.option("--author", default=getpass.getuser, show_default="who runs the command", help="Who decides.")
def assign_command(finding_ids: tuple[str, ...], owner: str, author: str) -> None:
    """Give the findings ID... to another owner."""
    with opened(settings()):
        changed = returning.assign(settings(), finding_ids, owner=owner, author=author)
    click.echo(f"{changed} of {len(set(finding_ids))} assigned to {owner.strip()}"
               f"{'' if changed else ': they had them already'}.")


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


def _tell(row: dict[str, Any], beside: list[str]) -> None:
    """One finding; ``beside`` are the others in the list that have the same cause."""
    subject = " ".join(str(row[name]) for name in ("period", "unit_id", "indicator", "population") if row[name])
    click.echo(f"{row['finding_id']}  {row['severity']}, {row['state']}  {subject}")
    click.echo(f"    {row['message_vi']}")
    click.echo(f"    {row['message_en']}")
    if row["explanation"]:
        click.echo(f"    {row['explanation']}")
    click.echo(f"    {row['submission_id'] or '-'}: {row['locator'] or '-'}")
    days = f"due {row['due_on']}" if row["due_on"] else ""
    escalated = "escalated: no answer by its due day" if row["is_escalated"] else ""
    owner = f"owner {row['owner']}" if row["owner"] else ""
    if told := ", ".join(text for text in (days, escalated, owner) if text):
        click.echo(f"    {told}")
    if beside:
        more = f" … (+{len(beside) - _NAMED})" if len(beside) > _NAMED else ""
        click.echo(f"    cùng nguyên nhân / same cause: {', '.join(beside[:_NAMED])}{more}")
    for turn in row.get("history", ()):
        click.echo(f"      {turn['happened_at'].astimezone(ZONE):%Y-%m-%d %H:%M}  {_turned(turn)}")


def _turned(turn: dict[str, Any]) -> str:
    """One turn in the life of a finding: what became of it, by whom, and what they said."""
    by = turn["author"] or (f"night {turn['run_id']}" if turn["run_id"] else "a night that had nothing to build")
    before, after = turn["state_before"], turn["state_after"]
    moved = f" ({after})" if before is None else f" ({before} → {after})" if before != after else ""
    due = f", due {turn['due_on']}" if turn["due_on"] else ""
    return f"{turn['event']}{moved} by {by}{due}{': ' + turn['note'] if turn['note'] else ''}"


def _plain(value: Any) -> Any:
    """Moments as ISO texts, numbers as numbers."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
