"""``tonghop export``: published figures as files that can be cited."""

from __future__ import annotations

from pathlib import Path

import click

from tonghop.errors import TonghopError
from tonghop.settings import settings
from tonghop.warehouse.server import opened

_FORMATS = ("parquet", "csv", "xlsx", "sdmx-csv")
_LEVELS = ("nation", "department", "province", "district", "grassroots", "grouping")


@click.command(name="export")
@click.option("--mart", "-m", "marts", multiple=True, help="A mart, for example rpt_province; may be repeated.")
@click.option("--query", help="One SELECT over the marts, instead of --mart.")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Taken from the ending of --out where left out.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file, or a folder that exists.")
@click.option("--release", type=int, help="An earlier release (default: the current one).")
@click.option("--period", help="Only this period, YYYY-MM.")
@click.option("--level", type=click.Choice(_LEVELS), help="Only units of this level.")
@click.option("--bom", is_flag=True, help="Begin the CSV with a byte-order mark, so that Excel reads its Vietnamese.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
def export_command(  # noqa: PLR0913, PLR0917 - click hands over one argument an option
    marts: tuple[str, ...], query: str | None, form: str | None, out: Path, release: int | None, period: str | None,
    level: str | None, bom: bool, force: bool,
) -> None:
    """Write published rows to a file, as the analyst, all of one release.

    Beside the file FILE.meta.json says what it is: release, time, query, columns and what the warnings mean. An xlsx
    says it on its own sheets too, a Parquet file in its metadata. A file is in place only when it is whole.
    """
    if bool(marts) == (query is not None):
        raise TonghopError("Name what to export: --mart NAME or --query SQL, one of the two.",
                           "For example: tonghop export --mart rpt_province --period 2012-05 --out province.xlsx")
    if query is not None and any(value is not None for value in (release, period, level)):
        raise TonghopError("--release, --period and --level narrow a mart, not a query.",
                           "Say it in the query: where period = '…', from marts_as_of.<mart>(release).")
    chosen = form or _format_of(out)
    if bom and chosen != "csv":
        raise TonghopError(f"--bom is for CSV, not for {chosen}.", "Leave it out.")
    from tonghop.exports.export import Order, export  # pyarrow: only where files are written

    order = Order(out, chosen, marts, query, release, period, level, bom, force)  # type: ignore[arg-type]
    with opened(settings()):
        written = export(settings(), order, lambda line: click.echo(line, err=True))
    for file in written:
        click.echo(f"{file.path}: {file.rows:,} rows. Cite: {file.cite}")


def _format_of(out: Path) -> str:
    form = out.suffix.lower().removeprefix(".")
    if form not in _FORMATS:
        raise TonghopError(f"The ending of {out} names no format.", f"Add --format {'|'.join(_FORMATS)}.")
    return form
