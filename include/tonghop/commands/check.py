"""``tonghop check``: the sender's own check, before sending."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from tonghop.rehearsal.rehearse import Rehearsed, rehearse
from tonghop.reports import check_page
from tonghop.settings import settings
from tonghop.warehouse.server import opened

_EXIT = {"clean": 0, "warned": 0, "withheld": 1, "waiting": 1, "unreadable": 2}


@click.command(name="check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--from", "sender", help="Who would send them: code or unit id. Default: whoever speaks for their units.")
@click.option("--period", help="What they are for, as 2012-05: for tables and reports that do not say it themselves.")
@click.option("--out", type=click.Path(path_type=Path), help="The page to write (default: .tonghop/check/check.html).")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def check_command(
    files: tuple[Path, ...], sender: str | None, period: str | None, out: Path | None, as_json: bool
) -> int:
    """Judge FILES as the night would, beside what their sender sent before. Nothing is sent, nothing is published.

    Exit code 0: nothing would be withheld; 1: something would; 2: a file cannot be read.
    """
    with opened(settings()):
        found = rehearse(settings(), files, sender, lambda stage: click.echo(f"  {stage} …", err=True), period)
    page = check_page.write(found.as_json(), out or settings().state_dir / "check" / "check.html")
    if as_json:
        click.echo(json.dumps({**found.as_json(), "page": str(page)}, ensure_ascii=False, indent=1, default=str))
    else:
        _tell(found)
        click.echo(f"Trang / page: {page}")
    return _EXIT[found.verdict]


def _tell(found: Rehearsed) -> None:
    for file in found.files:
        _tell_file(file)
    for each in found.findings:
        mark = "" if each["is_new"] else " (đã biết / known before)"
        click.echo(f"{each['severity'].upper():7} {each['rule']} {each['locator'] or each['unit_id'] or ''}{mark}")
        click.echo(f"        {each['message_vi']}\n        {each['message_en']}")
        if each["explanation"]:
            click.echo(f"        → {each['explanation']}")
    click.echo(f"{found.observations} số liệu, {found.withheld} bị giữ lại / {found.observations} figure(s),"
               f" {found.withheld} would be withheld: {_VERDICTS[found.verdict]}")


_VERDICTS = {
    "clean": "sạch / clean", "warned": "có cảnh báo / with warnings", "withheld": "cần sửa / to be mended",
    "unreadable": "không đọc được / not readable", "waiting": "chờ xác nhận cột / its columns wait to be confirmed",
}


def _tell_file(file: dict[str, Any]) -> None:
    if file["problem"]:
        click.echo(f"{file['file']}: {file['problem']}")
        return
    effects = file["effects"]
    click.echo(f"{file['file']}: {file['rows_read']} dòng đọc / row(s) read, {file['rows_kept']} nhận / kept,"
               f" {file['rows_aside']} để riêng / kept aside; mới / adds {effects['adds']},"
               f" đổi / changes {effects['changes']}, nhắc lại / repeats {effects['repeats']},"
               f" bỏ sót / leaves out {effects['drops']}")
    for aside in file["asides"]:
        click.echo(f"  {aside['rule']} {aside['reason']}")
