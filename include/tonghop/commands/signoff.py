"""``tonghop sign-off`` and ``reject``: a person answers for the release that waits."""

from __future__ import annotations

import getpass
from typing import Any

import click

from tonghop import clock
from tonghop.night import steps
from tonghop.quality import signoff
from tonghop.quality.signoff import Waiting
from tonghop.settings import Settings, settings
from tonghop.warehouse.connection import connect, load_sql, rows
from tonghop.warehouse.differences import records
from tonghop.warehouse.server import opened

_SHOWN = 12


@click.command(name="sign-off")
@click.argument("named", metavar="RELEASE")
@click.option("--by", default=getpass.getuser, show_default="who runs the command", help="Who signs.")
@click.option("--reason", default="", help="Why it may be published as it is; kept.")
def sign_off_command(named: str, by: str, reason: str) -> int:
    """Sign the RELEASE that waits, and publish it once every signature is there.

    RELEASE is 'candidate' (the night that waits), the id of that night, or the number its release would get. What is
    signed is shown first. Exit code 1: another person's signature is still missing.
    """
    with opened(settings()):
        night = signoff.find(settings(), named)
        _show(settings(), night)
        night = signoff.sign(settings(), night.run_id, by=by, reason=reason, through="command")
        click.echo(f"Signed by {', '.join(night.signed_by)}.")
        if night.missing:
            click.echo(f"{night.missing} more signature(s), of other persons, publish it:"
                       f" 'tonghop sign-off {night.run_id} --by NAME'.")
            return 1
        _publish(settings(), night.run_id)
        _tell_airflow(settings(), night.run_id)
    return 0


@click.command(name="reject")
@click.argument("named", metavar="RELEASE")
@click.option("--reason", required=True, help="Why; it is kept.")
@click.option("--by", default=getpass.getuser, show_default="who runs the command", help="Who rejects.")
def reject_command(named: str, reason: str, by: str) -> None:
    """Reject the RELEASE that waits: nothing is published, and the next night builds another candidate."""
    with opened(settings()):
        night = signoff.find(settings(), named)
        _show(settings(), night)
        signoff.reject(settings(), night.run_id, by=by, reason=reason, through="command")
        _tell_airflow(settings(), night.run_id)
    click.echo(f"Rejected by {by}: what analysts see is unchanged. 'tonghop rollup' builds a new candidate.")


def _publish(settings: Settings, run_id: str) -> None:
    """Publish what was signed, and write the pages; a publication that breaks off can be repeated by signing again."""
    try:
        published = steps.publish(settings, run_id)
    except BaseException:
        signoff.put_back(settings, run_id)
        raise
    click.echo(f"Release {published['release_id']} published.")
    steps.report(settings, run_id)


def _tell_airflow(settings: Settings, run_id: str) -> None:
    """Let a DAG that waits for this answer go on; it finds the night published, or rejected, and ends calmly."""
    from tonghop.orchestration.answering import answer_waiting

    if answer_waiting(settings, run_id):
        click.echo("The night in Airflow, which waited for it, goes on.")


def _show(settings: Settings, night: Waiting) -> None:
    """What the answer is about: coverage, what would move, what was found."""
    with connect(settings, "steward") as connection:
        levels = records(connection, load_sql(settings, "blast_summary"), {"run_id": night.run_id})
        found = rows(connection, "select severity, count(*), count(*) filter (where is_waived)"
                                 " from quality.run_finding where run_id = %s group by severity"
                                 " order by array_position(array['error', 'warning', 'info'], severity)",
                     (night.run_id,))
    click.echo(f"Night {night.run_id} of {night.started_at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}, {night.status}"
               + (f": {night.problem}" if night.problem else ""))
    for line in coverage_lines(night.coverage):
        click.echo(f"  {line}")
    click.echo("  would move: " + ("; ".join(f"{row['level']} {_amounts(row)}" for row in levels) or "nothing that"
               " provinces, departments or the nation show") + ("  ('tonghop diff --candidate')" if levels else ""))
    click.echo("  found: " + (", ".join(f"{count} {severity}(s)" + (f" ({waived} waived)" if waived else "")
                                        for severity, count, waived in found) or "nothing"))


def coverage_lines(coverage: list[dict[str, Any]]) -> list[str]:
    """Coverage of each period and tree, those below their threshold first."""
    listed = sorted(coverage, key=lambda each: (not each["is_below"], each["period"], each["hierarchy"]))
    lines = [f"coverage of {each['period']} ({each['campaign']}, {each['hierarchy']}): "
             + (f"{100 * each['coverage']:.1f}% ({each['reporting_units']}/{each['expected_units']}"
                if each["coverage"] is not None else "nobody is expected (")
             + (f", at least {100 * each['threshold']:.0f}% is asked)" if each["threshold"] is not None else ")")
             for each in listed[:_SHOWN]]
    return [*lines, f"… and {len(listed) - _SHOWN} more"] if len(listed) > _SHOWN else lines


def _amounts(row: dict[str, Any]) -> str:
    return ", ".join(f"{row[kind]} {kind}" for kind in ("change", "appear", "vanish") if row[kind])
