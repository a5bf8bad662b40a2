"""``tonghop mapping``: what the columns of hand-made tables mean, confirmed by a steward once a form."""

from __future__ import annotations

import csv
import getpass
import io
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import click

from tonghop.commands.submissions import say
from tonghop.errors import TonghopError
from tonghop.settings import settings
from tonghop.submissions import inbox, mappings
from tonghop.submissions.handmade.mapping import Choice
from tonghop.warehouse.connection import connect
from tonghop.warehouse.server import opened

HEADER = ("heading", "text", "place", "sample", "role", "indicator", "field", "scope", "score", "found")
_IGNORED = Choice("ignored")
_AUTHOR = click.option("--author", default=getpass.getuser, show_default="who runs the command", help="Who decides.")


@click.group(name="mapping")
def mapping_group() -> None:
    """Say what the columns of a sender's own tables mean. A file whose headings match nothing waits for this."""


@mapping_group.command(name="list")
@click.option("--sender", help="Of this sender only.")
@click.option("--all", "is_all", is_flag=True, help="Also those that were replaced or forgotten.")
def list_command(sender: str | None, is_all: bool) -> None:
    """List the mappings, those that wait first."""
    with opened(settings()), connect(settings(), "loader") as connection:
        found = mappings.listed(connection, sender)
    for each in found:
        if is_all or each["state"] in ("proposed", "confirmed"):
            by = f" · {each['decided_by']}, {each['decided_at']:%Y-%m-%d}" if each["decided_by"] else ""
            click.echo(f"{each['mapping_id']:4}  {each['state']:9}  {each['sender']}  {each['file_name']}"
                       f" · {each['place']} · {each['title'] or each['sheet']}{by}")
    waiting = sum(each["state"] == "proposed" for each in found)
    click.echo(f"({waiting} chờ xác nhận / waiting for 'tonghop mapping show ID' and 'confirm ID')", err=True)


@mapping_group.command(name="show")
@click.argument("mapping_id", metavar="ID", type=int)
@click.option("--out", type=click.Path(path_type=Path), help="Write the CSV to this file, to be edited and confirmed.")
def show_command(mapping_id: int, out: Path | None) -> None:
    """Show the headings of mapping ID as CSV: each with its place, first figures, and what it is proposed to be."""
    with opened(settings()), connect(settings(), "loader") as connection:
        mapping = mappings.get(connection, mapping_id)
    text = _as_csv(mapping)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8-sig")  # spreadsheets take UTF-8 for what it is only with the mark
        click.echo(f"{out}: sửa rồi chạy / edit it, then 'tonghop mapping confirm {mapping_id} --file {out}'.")


@mapping_group.command(name="confirm")
@click.argument("mapping_id", metavar="ID", type=int)
@click.option("--file", "path", type=click.Path(path_type=Path),
              help="The edited CSV of 'show'. Default: as it was proposed.")
@click.option("--reason", help="A remark to keep.")
@_AUTHOR
def confirm_command(mapping_id: int, path: Path | None, reason: str | None, author: str) -> int:
    """Confirm mapping ID, and read the files that waited for it."""
    with opened(settings()):
        with connect(settings(), "loader") as connection:
            mapping = mappings.get(connection, mapping_id)
            choices = _proposed(mapping) if path is None else _edited(path)
            freed = mappings.confirm(connection, mapping_id, choices, author, reason)
        click.echo(f"Mapping {mapping_id} is confirmed: {sum(c.role == 'figure' for c in choices.values())} heading(s)"
                   " hold figures.")
        for heading in mapping["headings"]:
            if heading["has_figures"] and choices.get(heading["key"], _IGNORED).role == "ignored":
                click.echo(f"  bỏ qua / ignored: {heading['text']} ({heading['place']})")
        return say([inbox.reread(settings(), submission_id) for submission_id in freed])


@mapping_group.command(name="forget")
@click.argument("mapping_id", metavar="ID", type=int)
@click.option("--reason", required=True, help="Why; it is kept.")
@_AUTHOR
def forget_command(mapping_id: int, reason: str, author: str) -> None:
    """Use mapping ID no more; what was read with it stays, and the next such table is asked about again."""
    with opened(settings()), connect(settings(), "loader") as connection:
        mappings.forget(connection, mapping_id, author, reason)
    click.echo(f"Mapping {mapping_id} is forgotten.")


def _as_csv(mapping: dict[str, Any]) -> str:
    """One line a heading and target; a heading that goes to two places has two lines."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\n")
    writer.writeheader()
    for heading in mapping["headings"]:
        choice = (mapping["choices"] or {}).get(heading["key"], heading["choice"])
        shown = {"heading": heading["key"], "text": heading["text"], "place": heading["place"],
                 "sample": "; ".join(heading["sample"]), "role": choice["role"],
                 "score": heading["score"], "found": heading["found"]}
        for target in choice["targets"] or [{}]:
            writer.writerow({**shown, **{name: target.get(name, "") for name in ("indicator", "field", "scope")}})
    return text.getvalue()


def _proposed(mapping: dict[str, Any]) -> dict[str, Choice]:
    return {heading["key"]: Choice.from_dict(heading["choice"]) for heading in mapping["headings"]}


def _edited(path: Path) -> dict[str, Choice]:
    """The choices of an edited CSV.

    Raises:
        TonghopError: no such file, another header, or a line that names no role, field or scope; with its line.
    """
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        raise TonghopError(f"'{path}' cannot be read: {error}.",
                           "Name the file that 'tonghop mapping show ID --out FILE' wrote.") from error
    if not {"heading", "role", "indicator", "field"} <= set(reader.fieldnames or ()):
        raise TonghopError(f"{path.name}, line 1: the header is not {','.join(HEADER)}.",
                           "Write the file with 'tonghop mapping show ID --out FILE'.")
    roles: dict[str, str] = {}
    targets: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line, row in enumerate(reader, start=2):
        key, role = (row["heading"] or "").strip(), (row["role"] or "").strip()
        if roles.setdefault(key, role) != role:
            raise TonghopError(f"{path.name}, line {line}: '{row.get('text') or key}' has two roles.", "Keep one.")
        if row["field"]:
            targets[key].append({"indicator": (row["indicator"] or "").strip(), "field": row["field"].strip(),
                                 "scope": (row.get("scope") or "auto").strip()})
        try:
            Choice.from_dict({"role": role, "targets": targets[key]})
        except ValueError as error:
            raise TonghopError(
                f"{path.name}, line {line}: '{row.get('text') or key}' cannot be {role} {row['field']}.",
                "Roles: unit_name, unit_code, stt, item, figure, ignored, note; fields: numerator, denominator, ratio,"
                " stated_rate, note; scopes: auto, own, total.") from error
    return {key: Choice.from_dict({"role": role, "targets": targets[key]}) for key, role in roles.items()}
