"""``tonghop init``, ``url`` and ``sql``."""

from __future__ import annotations

import csv
import json
import sys
from typing import Any

import click
import psycopg2

from tonghop.errors import TonghopError
from tonghop.settings import settings
from tonghop.warehouse import embedded, migrate
from tonghop.warehouse.connection import Role, connect, role_url
from tonghop.warehouse.server import opened

_ROLES = ("analyst", "steward", "builder", "loader", "admin")


@click.command(name="init")
def init_command() -> None:
    """Create or update the warehouse: roles, schemas, tables, grants. Safe to repeat."""
    with embedded.running(settings()):
        applied = migrate.init(settings())
    click.echo(f"Applied {', '.join(applied)}." if applied else "The warehouse is up to date.")


@click.command(name="url")
@click.option("--role", type=click.Choice(_ROLES), default="analyst", show_default=True)
def url_command(role: Role) -> None:
    """Print the connection URL of a role (with its password). The server must be up ('tonghop up')."""
    click.echo(role_url(settings(), role).render_as_string(hide_password=False))


@click.command(name="sql")
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV (header included) instead of a table.")
def sql_command(query: str, as_csv: bool) -> None:
    """Run one QUERY as the analyst (marts only, read only) and print its rows."""
    with opened(settings()), connect(settings(), "analyst") as connection:
        connection.set_session(readonly=True)
        with connection.cursor() as cursor:
            try:
                cursor.execute(query)
            except psycopg2.Error as error:
                raise TonghopError(f"PostgreSQL refused the query: {str(error).strip().splitlines()[0]}.",
                                   "Analysts read the schema marts: \\d marts.* shows it.") from error
            if cursor.description is None:
                return
            header = [column.name for column in cursor.description]
            found = cursor.fetchall()
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_in_csv(value) for value in row] for row in found)
    else:
        print_table(header, [["" if value is None else str(value) for value in row] for row in found])


def _in_csv(value: Any) -> Any:
    """JSON stays JSON, and a list of words is written as ``export`` writes it."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def print_table(header: list[str], body: list[list[str]]) -> None:
    """Print rows under their headings, aligned; the number of rows goes to stderr."""
    widths = [max(len(row[i]) for row in [header, *body]) for i in range(len(header))]
    for row in [header, ["-" * width for width in widths], *body]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"({len(body)} rows)", err=True)
