"""Parquet: typed, compressed, with what the file is in its own metadata."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from tonghop.errors import TonghopError
from tonghop.exports.asking import Asked, Column
from tonghop.exports.flow import Batches, plain

# PostgreSQL's quotients carry 20 decimals from one down to a ten-thousandth. 18 digits are left of the point.
DECIMALS = 20
_SMALLEST = Decimal(1).scaleb(-DECIMALS)
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_ROWS_IN_A_GROUP = 20_000

_TYPES: dict[str, pa.DataType] = {
    "integer": pa.int64(), "decimal": pa.decimal128(38, DECIMALS), "number": pa.float64(), "boolean": pa.bool_(),
    "date": pa.date32(), "moment": pa.timestamp("us", tz="UTC"), "texts": pa.list_(pa.string()), "text": pa.string(),
}


def write(path: Path, asked: Asked, rows: Batches, *, about: dict[str, Any]) -> int:
    """Write the rows; returns how many. A decimal is kept to ``DECIMALS`` places.

    Args:
        about: what the file is; goes into its metadata under the key ``tonghop``.

    Raises:
        TonghopError: a number has more than 18 digits before the point.
    """
    schema = pa.schema(
        [pa.field(column.name, _TYPES[column.kind], metadata={"comment": column.meaning} if column.meaning else None)
         for column in asked.columns],
        metadata={"tonghop": json.dumps(about, ensure_ascii=False)},
    )
    written = 0
    waiting: list[tuple[Any, ...]] = []
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in rows:
            waiting += batch
            if len(waiting) >= _ROWS_IN_A_GROUP:
                writer.write_table(_table(schema, asked.columns, waiting))
                written, waiting = written + len(waiting), []
        if waiting or not written:
            writer.write_table(_table(schema, asked.columns, waiting))
            written += len(waiting)
    return written


def _table(schema: pa.Schema, columns: list[Column], rows: list[tuple[Any, ...]]) -> pa.Table:
    arrays = []
    for place, column in enumerate(columns):
        values = [plain(column, row[place]) for row in rows]
        if column.kind == "decimal":
            values = [_kept(value) for value in values]
        try:
            arrays.append(pa.array(values, type=_TYPES[column.kind]))
        except pa.ArrowInvalid as error:
            raise TonghopError(f"A value of {column.name} does not fit a Parquet {_TYPES[column.kind]}: {error}.",
                               "Cast the column in --query, or export CSV, which writes numbers in full.") from error
    return pa.Table.from_arrays(arrays, schema=schema)


def _kept(value: Decimal | None) -> Decimal | None:
    if value is None or not value.is_finite():
        return None
    return value if int(value.as_tuple().exponent) >= -DECIMALS else value.quantize(_SMALLEST, context=_EXACT)
