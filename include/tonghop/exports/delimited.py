"""CSV: UTF-8, a header, every number in full."""

from __future__ import annotations

import csv
from pathlib import Path

from tonghop.exports.asking import Asked
from tonghop.exports.flow import Batches, as_text, plain


def write(path: Path, asked: Asked, rows: Batches, *, bom: bool = False) -> int:
    """Write the rows; returns how many.

    Args:
        bom: begin with a byte-order mark, without which Excel takes Vietnamese for another encoding.
    """
    written = 0
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in asked.columns)
        for batch in rows:
            writer.writerows(
                [as_text(plain(column, value)) for column, value in zip(asked.columns, row, strict=True)]
                for row in batch
            )
            written += len(batch)
    return written
