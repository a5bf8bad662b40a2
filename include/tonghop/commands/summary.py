"""``tonghop summary``: one night in one paragraph, as it is sent by e-mail and webhook."""

from __future__ import annotations

import json

import click

from tonghop.reports.night_summary import as_data, looks, paragraph, read_night, read_nodes
from tonghop.settings import settings
from tonghop.warehouse.server import opened


@click.command(name="summary")
@click.argument("run_id", metavar="[RUN]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the same as a JSON object.")
@click.option("--nodes", type=click.IntRange(min=0), default=0, metavar="N", help="And the N slowest dbt nodes.")
def summary_command(run_id: str | None, as_json: bool, nodes: int) -> int:
    """Tell how a night ended (default: the newest). Exit code 1 when it left something to do."""
    with opened(settings()):
        night = read_night(settings(), run_id)
        slowest = read_nodes(settings(), night.run["run_id"], nodes) if nodes else []
    vi, en = paragraph(night, looks(settings(), night))
    if as_json:
        listed = {"nodes": slowest} if nodes else {}
        click.echo(json.dumps({**as_data(night), "vi": vi, "en": en, **listed}, ensure_ascii=False, indent=1,
                              default=str))
    else:
        click.echo(f"{vi}\n\n{en}")
        for node in slowest:
            rows = "" if node["rows_affected"] is None else f"{node['rows_affected']} rows"
            click.echo(f"  {node['seconds']:8.2f} s  {node['phase']:8}  {node['node']}  {rows}".rstrip())
    return 0 if night.is_green else 1
