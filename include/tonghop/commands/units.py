"""``tonghop find``: which unit a code or a name means, under whom, on a day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click

from tonghop import clock
from tonghop.errors import TonghopError
from tonghop.reference.finding import Ambiguous, Candidate, Finder, Found, finder_on
from tonghop.settings import Settings, settings
from tonghop.submissions.senders import period_end
from tonghop.warehouse.connection import connect
from tonghop.warehouse.server import opened

_NATION = "VN"


@dataclass(frozen=True)
class Answer:
    """What the register says of a text: the one unit, or those that may be meant, or those spelled alike."""

    day: date
    unit: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    suggestions: tuple[Candidate, ...] = ()


@click.command(name="find")
@click.argument("text")
@click.option("--in", "within", default=_NATION, metavar="UNIT", show_default="the nation",
              help="Who says it, by code or unit id: a name means this unit or one directly under it.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Default: today.")
@click.option("--period", metavar="YYYY-MM", help="On the last day of this period, as a night looks it up.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object: unit, candidates, suggestions.")
def find_command(text: str, within: str, day: datetime | None, period: str | None, as_json: bool) -> int:
    """Say which unit TEXT means: a code, a unit id, or a name ("Xã Hòa Bình, huyện Tương Dương").

    Exit code 1: several units may be meant, they are printed. Exit code 2: none; what is spelled alike is suggested.
    """
    if day is not None and period is not None:
        raise TonghopError("Both --on and --period name a day.", "Give one of them.")
    on = period_end(period) if period is not None else day.date() if day is not None else clock.today()
    with opened(settings()):
        answer = find(settings(), text, within, on)
    if as_json:
        click.echo(json.dumps(_as_json(answer), ensure_ascii=False, indent=1))
    elif answer.unit:
        click.echo(_line(answer.unit))
    else:
        for candidate in answer.candidates:
            click.echo(_line(candidate))
    if answer.unit:
        return 0
    if not answer.candidates:
        raise TonghopError(f"No unit is called '{text}' in {within} on {on}.", _remedy(answer.suggestions))
    click.echo(f"({len(answer.candidates)} units may be meant: name the parent too, or the code)", err=True)
    return 1


def find(settings: Settings, text: str, within: str, day: date) -> Answer:
    """Look ``text`` up on a day, as said by the unit ``within`` (a code of the day or a unit id).

    Raises:
        TonghopError: no unit of the day has that code or id.
    """
    with connect(settings, "steward") as connection:
        finder = finder_on(connection, day)
    sayer = finder.by_code(within)
    if sayer is None:
        raise TonghopError(f"--in: no unit has the code or the id '{within}' on {day}.", _whom(finder, within))
    found = finder.find(text, sayer)
    if isinstance(found, Found):
        return Answer(day, unit=finder.candidate(found.unit_id))
    if isinstance(found, Ambiguous):
        return Answer(day, candidates=found.candidates)
    return Answer(day, suggestions=found.suggestions)


def _whom(finder: Finder, within: str) -> str:
    """Who may be meant by a name that stands where a code should."""
    nation = finder.by_code(_NATION)
    if nation is None:
        return "The register has no units on that day: 'tonghop reference load' loads it."
    found = finder.find(within, nation)
    if isinstance(found, Found):
        return _remedy((finder.candidate(found.unit_id),))
    return _remedy(found.candidates if isinstance(found, Ambiguous) else found.suggestions)


def _remedy(suggestions: tuple[Candidate, ...]) -> str:
    if not suggestions:
        return "Write a code of that day, as 60, or a name with its parent, as 'Phường 1, Quận 3'."
    return f"Did you mean {' or '.join(each.written for each in suggestions[:3])}?"


def _line(unit: Candidate) -> str:
    return f"{unit.unit_id}  {unit.code}  {unit.name}" + (f", {unit.parent_name}" if unit.parent_name else "")


def _as_json(answer: Answer) -> dict[str, Any]:
    return {
        "day": answer.day.isoformat(),
        "unit": answer.unit._asdict() if answer.unit else None,
        "candidates": [each._asdict() for each in answer.candidates],
        "suggestions": [each._asdict() for each in answer.suggestions],
    }
