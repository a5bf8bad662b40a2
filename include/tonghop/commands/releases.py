"""``tonghop releases``, ``diff`` and ``restore``: what was published, what moved, and the way back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click

from tonghop.commands.warehouse import print_table
from tonghop.errors import TonghopError
from tonghop.settings import settings
from tonghop.warehouse import blast, restore
from tonghop.warehouse.connection import connect, rows
from tonghop.warehouse.differences import LEVELS, Comparison, Record, compare
from tonghop.warehouse.server import opened

_SHOWN = 20
_NAMES = 5


@click.command(name="releases")
def releases_command() -> None:
    """List the releases, newest first."""
    with opened(settings()), connect(settings(), "steward") as connection:
        found = rows(connection, "select release_id, published_at, run_id, rows_added, rows_closed, note"
                                 " from marts.dim_release order by release_id desc")
    print_table(["release", "published_at", "run", "rows added", "rows closed", "note"],
                [["" if value is None else str(value) for value in row] for row in found])


@click.command(name="restore")
@click.argument("release_id", metavar="RELEASE", type=click.IntRange(min=1))
@click.option("--note", default="", help="Why; kept with the new release.")
def restore_command(release_id: int, note: str) -> None:
    """Publish a new release whose figures are those of RELEASE, and write the pages anew.

    Nothing is deleted. It holds until a night publishes again: withdraw or correct what was wrong before.
    """
    from tonghop.reports import site

    with opened(settings()):
        done = restore.restore(settings(), release_id, note)
        if done["is_new"]:
            site.write(settings(), None)
    now = done["release_id"]
    if release_id == now:
        click.echo(f"Release {now} is the current one: there is nothing to restore.")
        return
    if not done["is_new"]:
        click.echo(f"Nothing differs: release {now}, the current one, is equal to release {release_id}.")
        return
    click.echo(f"Release {now} is current and equal to release {release_id}"
               f" ({done['rows_added']} rows added, {done['rows_closed']} closed).")
    periods = ", ".join(period for period in done["periods"] if period != "-")
    click.echo(f"The next night builds {periods or 'what differs'} again from the returns and the register as they are"
               f" then: withdraw or correct what was wrong before. 'tonghop diff {now - 1} {now}' shows what moved.")


@click.command(name="diff")
@click.argument("before", metavar="[A", type=click.IntRange(min=1), required=False)
@click.argument("after", metavar="B]", type=click.IntRange(min=1), required=False)
@click.option("--candidate", is_flag=True, help="What the latest night would move (held or not), instead of A and B.")
@click.option("--level", type=click.Choice(LEVELS), help="Figures and counts of this level only.")
@click.option("--indicator", help="Of this indicator only.")
@click.option("--all", "whole", is_flag=True, help=f"List everything (default: the {_SHOWN} largest of each list).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, numbers as numbers.")
def diff_command(  # noqa: PLR0913, PLR0917 (the command line's own shape)
        before: int | None, after: int | None, candidate: bool, level: str | None, indicator: str | None, whole: bool,
        as_json: bool) -> None:
    """What moved from release A to release B: figures, why they moved, ranks of provinces, denominators."""
    if candidate == (before is not None) or (before is None) != (after is None):
        raise TonghopError("Say what to compare: two releases, or the candidate.",
                           "As 'tonghop diff 3 4', or 'tonghop diff --candidate'.")
    shown = None if whole else _SHOWN
    with opened(settings()):
        if before is None or after is None:
            found = blast.latest(settings(), indicator=indicator, level=level, shown=shown)
            click.echo(_as_json(found)) if as_json else _tell_candidate(found)
            return
        with compare(settings(), before, after, indicator=indicator, level=level) as compared:
            (_print_json if as_json else _tell)(compared, before, after, shown)


def _print_json(compared: Comparison, before: int, after: int, shown: int | None) -> None:
    """One object; its figures are written as they are read, however many they are."""
    levels = compared.summary()
    head = {
        "before": before, "after": after, "releases": compared.releases, "levels": levels,
        "causes": [{name: value for name, value in cause.items() if value is not None} for cause in compared.causes()],
        "register": compared.register, "ranks": compared.ranks(),
        "populations": compared.populations(shown), "figures_moved": _moved(levels),
    }
    click.echo(_as_json(head)[:-2] + ',\n "figures": [', nl=False)
    for number, row in enumerate(compared.figures(shown)):
        click.echo(("," if number else "") + "\n  " + json.dumps(row, ensure_ascii=False, default=_plain), nl=False)
    click.echo("\n ]\n}")


def _tell(compared: Comparison, before: int, after: int, shown: int | None) -> None:
    levels = compared.summary()
    moved = _moved(levels)
    said = {each["release_id"]: f"release {each['release_id']} ({_moment(each['published_at'])}"
            + (f", {each['note']}" if each["note"] else "") + ")" for each in compared.releases}
    click.echo(f"From {said[before]} to {said[after]}: {_figures(moved)} moved.")
    causes = compared.causes()
    if moved:
        _tell_levels(levels, ("changed", "appeared", "vanished"))
        click.echo("\nWhy")
        for cause in causes[:shown]:
            click.echo(f"  {_cause(cause, compared)}: {_figures(cause['figures'])}")
        _tell_rest(len(causes), shown)
        _tell_ranks(compared.ranks(), shown)
    _tell_populations(compared.populations(shown), shown)
    if moved:
        names = {f"{cause['kind']}:{cause['reference']}": _short(cause) for cause in causes}
        _tell_figures(compared.figures(shown), names)
        _tell_rest(moved, shown)


def _tell_candidate(found: Record) -> None:
    run = found["run"]
    state = f"published as release {run['release_id']}" if run["status"] == "published" else run["status"]
    problem = f": {run['problem']}" if run["problem"] else ""
    moved = _moved(found["levels"])
    click.echo(f"Night {run['run_id']} of {_moment(run['started_at'])} ({state}{problem}): beside what was published"
               f" before, {_figures(moved)} of provinces, departments and the nation move.")
    if moved:
        _tell_levels(found["levels"], ("change", "appear", "vanish"))
        _tell_figures(found["figures"], {})
        if len(found["figures"]) < moved:
            click.echo(f"  {moved - len(found['figures'])} more are not listed: --all lists them.")


def _tell_levels(levels: list[Record], kinds: tuple[str, ...]) -> None:
    for row in levels:
        click.echo(f"  {row['level']:<11}" + ", ".join(f"{row[kind]} {kind}" for kind in kinds if row[kind]))


def _tell_ranks(ranks: list[Record], shown: int | None) -> None:
    """The provinces whose own rate moved; who only stands elsewhere because of them is counted."""
    if not ranks:
        return
    click.echo("\nRanks among provinces, by rate")
    moved = [row for row in ranks if row["before_rate"] != row["after_rate"]]
    for row in moved[:shown]:
        crossed = [f"{words} {_names(row[key])}" for key, words in (("passed", "passes"), ("passed_by", "passed by"))
                   if row[key]]
        click.echo(f"  {row['period']} {row['indicator']}: {row['unit_name']} {row['before_rank'] or '-'}"
                   f" → {row['after_rank'] or '-'}" + (f", {'; '.join(crossed)}" if crossed else ""))
    _tell_rest(len(moved), shown)
    if len(ranks) > len(moved):
        click.echo(f"  {len(ranks) - len(moved)} more ranks moved because of these alone: --json lists them.")


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more


def _tell_populations(populations: list[Record], shown: int | None) -> None:
    if populations:
        click.echo("\nDenominators that count")
        for row in populations:
            click.echo(f"  {row['period']} {row['unit_name'] or row['unit_id']}, {row['population']}:"
                       f" {_amount(row, 'before')} → {_amount(row, 'after')}")
        _tell_rest(populations[0]["total"], shown)


def _tell_figures(figures: Iterator[Record] | list[Record], causes: dict[str, str]) -> None:
    click.echo("\nFigures, the largest first")
    for row in figures:
        click.echo(f"  {row['period']} {row['unit_name'] or row['unit_id']}, {row['indicator']}:"
                   f" {_cell(row['before'])} → {_cell(row['after'])}{_change(row['difference'])}")
        because = [causes[cause] for cause in row.get("causes") or () if cause in causes]
        if because:
            more = f" and {len(because) - 3} more" if len(because) > 3 else ""
            click.echo(f"      {'; '.join(because[:3])}{more}")


def _tell_rest(total: int, shown: int | None) -> None:
    if shown is not None and total > shown:
        click.echo(f"  {total - shown} more are not listed: --all lists them.")


def _cause(cause: Record, compared: Comparison) -> str:
    """A cause in words, with who answers for it."""
    match cause["kind"]:
        case "register":
            files = "; ".join(load["change_files"] for load in compared.register if load["change_files"])
            loaded = ", ".join(f"{load['load_id']} of {_moment(load['loaded_at'])}" for load in compared.register)
            return f"the register or the catalogue changed (load {loaded}{'; ' + files if files else ''})"
        case "submission":
            return f"{_short(cause)} ({cause['file_name']}, of sender {cause['sender']}, received" \
                   f" {_moment(cause['received_at'])})"
        case "withdrawal":
            why = cause["withdrawn_why"] or cause["fact_withdrawn_why"] or "no reason kept"
            return f"{_short(cause)} (sender {cause['sender']}: {why})"
        case "waiver":
            return f"{_short(cause)} ({cause['author']}, until {cause['valid_until']}: {cause['reason']})"
        case "closing":
            return f"{_short(cause)} ({cause['author']}: {cause['reason']})"
        case _:
            return _short(cause)


def _short(cause: Record) -> str:
    return {
        "submission": f"submission {cause['submission_id']}",
        "withdrawal": f"withdrawal of {cause['submission_id']}" if cause["withdrawn_why"]
        else f"withdrawal {cause['submission_id']}",
        "register": "the register or the catalogue changed",
        "waiver": f"waiver of finding {cause['finding_id']}",
        "closing": f"closing of {cause['reference']}",
        "finding": f"judged otherwise by {cause['reference']}" if cause["reference"] else "judged otherwise",
        "restore": f"an earlier release was restored as {cause['reference']}",
        "code": "the rules changed: nothing was said, registered or decided otherwise",
    }[cause["kind"]]


def _cell(side: Record | None) -> str:
    if side is None:
        return "nothing"
    count = "-" if side["numerator"] is None else str(side["numerator"])
    ratio = f"{count}/{side['denominator']}" if side["denominator"] is not None else count
    rate = f" = {side['rate']:.2%}" if side["rate"] is not None else ""
    return f"{ratio}{rate} ({side['basis']}, {side['reporting_units']} of {side['expected_units']})"


def _change(difference: Record | None) -> str:
    if difference is None:
        return ""
    parts = [f"{difference['numerator']:+d}" if difference["numerator"] else "",
             f"{difference['rate'] * 100:+.2f} points" if difference["rate"] else ""]
    told = ", ".join(part for part in parts if part)
    return f"  {told}" if told else ""


def _amount(row: Record, side: str) -> str:
    amount, source = row[f"{side}_amount"], row[f"{side}_source"]
    return f"{amount} ({source})" if source else "unknown"


def _figures(count: int) -> str:
    return f"{count} figure" if count == 1 else f"{count} figures"


def _moved(levels: list[Record]) -> int:
    return sum(value for row in levels for name, value in row.items() if name != "level")


def _moment(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> Any:
    """Moments as ISO texts, numbers as numbers."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
