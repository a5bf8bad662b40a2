"""The page of a sender's own check: what would be kept aside, found and withheld if the files were sent today."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tonghop.reports.groups import as_groups
from tonghop.reports.pages import put, render


def write(found: dict[str, Any], path: Path) -> Path:
    """Write the page; a reader sees the old or the new one.

    Args:
        found: ``Rehearsed.as_json()`` of ``tonghop.rehearsal``.
        path: the file, or a folder for ``check.html``.

    Returns:
        The file.
    """
    target = path / "check.html" if path.is_dir() else path
    put(target, render("check.html", found=found, groups=list(as_groups(found["findings"])),
                       written_at=datetime.now(UTC)))
    return target.resolve()
