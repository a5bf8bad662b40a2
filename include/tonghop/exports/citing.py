"""What a file is, so that a figure taken from it can be cited and asked for again."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.clock import ZONE
from tonghop.errors import TonghopError
from tonghop.exports.asking import Asked
from tonghop.warehouse.connection import rows

_VOCABULARY = ("warning", "name_vi", "name_en", "meaning_vi", "meaning_en")


def about(connection: Connection, asked: Asked) -> dict[str, Any]:
    """What the rows are: release, time, statement, columns, and the vocabulary of their warnings.

    Raises:
        TonghopError: nothing is published yet.
    """
    release = asked.filters.get("release")
    found = rows(connection, "select release_id, published_at from marts.dim_release"
                             " where release_id = coalesce(%s, (select max(release_id) from marts.dim_release))",
                 (release,))
    if not found:
        raise TonghopError("Nothing is published yet.", "'tonghop rollup' makes the first release.")
    release_id, published_at = found[0][0], found[0][1].astimezone(ZONE)
    source = f"marts.{asked.name}" if asked.name != "query" else "query"
    narrowed = "".join(f", {name} {value}" for name, value in asked.filters.items() if name != "release")
    return {
        "source": source,
        "release_id": release_id,
        "published_at": published_at.isoformat(),
        "exported_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "program": f"tonghop {version('tonghop')}",
        "query": asked.statement,
        "cite_vi": f"Tổng hợp, lần công bố {release_id} ngày {published_at:%d/%m/%Y}, {source}{narrowed}",
        "cite_en": f"Tổng hợp, release {release_id} of {published_at:%Y-%m-%d}, {source}{narrowed}",
        "columns": [{"name": column.name, "type": column.sql_type, "meaning": column.meaning}
                    for column in asked.columns],
        "warnings": [dict(zip(_VOCABULARY, row, strict=True)) for row in rows(
            connection, "select warning, name_vi, name_en, meaning_vi, meaning_en from marts.dim_warning")],
    }


def sidecar_path(path: Path) -> Path:
    """Where what is said of a file stands: beside it."""
    return path.with_name(f"{path.name}.meta.json")


def write_sidecar(path: Path, told: dict[str, Any], data: Path, name: str, row_count: int) -> None:
    """Write what a file is, with its size and its hash.

    Args:
        path: where to write.
        data: the finished file (under its name of the moment), ``name`` the one it will have.
    """
    digest = hashlib.sha256()
    with data.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    whole = {"file": name, "rows": row_count, "bytes": data.stat().st_size, "sha256": digest.hexdigest(), **told}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
