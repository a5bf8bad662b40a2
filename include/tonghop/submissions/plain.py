"""Judge the plain rows of a delimited file by the column: ASCII figures, canonical period, scope own or total.

A row that is plain here reads exactly as ``rows.read_row`` reads it (a test holds the two together); every other row is
left to it. The patterns are subsets of those in ``numbers.py``.
"""

from __future__ import annotations

import polars as pl

from tonghop.submissions.reading import COLUMNS, SCOPES

SCHEMA: dict[str, type[pl.DataType]] = {
    "row_number": pl.Int32,
    "locator": pl.String,
    "unit_code": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "scope": pl.String,
    "numerator": pl.String,
    "denominator": pl.String,
    "stated_rate": pl.String,
    "note": pl.String,
    "mark": pl.String,
    "numerator_value": pl.Int64,
    "denominator_value": pl.Int64,
    "rate_value": pl.String,
    "rate_decimals": pl.Int16,
    "action": pl.String,
}
"""A column a field of ``Statement``, in its order; a rate as the text of its decimal."""

_CODE = r"^[!-~](?:[ -~]*[!-~])?$"
_PERIOD = r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])$"
_COUNT = r"^(?:[0-9]{1,12}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3})$"
_RATE = r"^([0-9]{1,6})(?:[.,]([0-9]{1,9}))?%?$"
_DIGITS = r"^[0-9]+$"
_VISIBLE = r"[!-~\p{L}]"

PLAIN, NOTHING, HARD = 0, 1, 2


def classes(cells: pl.DataFrame, header: list[str], separator: str) -> pl.Series:
    """Which rows are plain, which say nothing, and which must be judged one by one.

    Args:
        cells: the texts of each row, all columns of the file in their order; none is null. Columns beyond the header
            are called otherwise than any of its columns.
        header: the columns of the form, in the order of the file.
        separator: between cells: a comma may have cut a rate in two.

    Returns:
        ``PLAIN``, ``NOTHING`` or ``HARD`` a row.
    """
    rate, numerator = pl.col("stated_rate"), pl.col("numerator")
    shaped = pl.all_horizontal([pl.lit(True), *(pl.col(name) == "" for name in cells.columns if name not in COLUMNS)])
    after = header.index("stated_rate") + 1
    if separator == "," and after < len(header):
        shaped &= ~(pl.col(header[after]).str.contains("%", literal=True) & rate.str.contains(_DIGITS))
    nothing = shaped & (numerator == "") & (rate == "")
    note = pl.col("note")
    plain = (
        shaped
        & pl.col("scope").is_in(SCOPES)
        & pl.col("period").str.contains(_PERIOD)
        & pl.col("unit_code").str.contains(_CODE)
        & pl.col("indicator").str.contains(_CODE)
        & _is_plain_count(numerator)
        & _is_plain_count(pl.col("denominator"))
        & ((rate == "") | rate.str.contains(_RATE))
        & ((note == "") | note.str.contains(_VISIBLE))
    )
    found = pl.when(nothing).then(pl.lit(NOTHING)).when(plain).then(pl.lit(PLAIN)).otherwise(pl.lit(HARD))
    return cells.select(found.cast(pl.Int8).alias("class")).to_series()


def statements(cells: pl.DataFrame, row_number: pl.Series, line: pl.Series) -> pl.DataFrame:
    """Plain rows as statements.

    Args:
        cells: the texts of plain rows.
        row_number, line: of each row.

    Returns:
        A block with the columns of ``SCHEMA``.
    """
    numerator, rate = pl.col("numerator"), pl.col("stated_rate")
    value = _value(numerator)
    mark = (
        pl.when(numerator == "").then(pl.lit("missing"))
        .when(numerator.is_in(("X", "x"))).then(pl.lit("not_applicable"))
        .when(value == 0).then(pl.lit("nil"))
        .otherwise(pl.lit("reported"))
    )
    whole, part = rate.str.extract(_RATE, 1), rate.str.extract(_RATE, 2)
    digits = whole.str.zfill(3)
    decimal = pl.concat_str(
        [digits.str.slice(0, digits.str.len_bytes() - 2), pl.lit("."), digits.str.tail(2), part.fill_null("0")]
    )
    columns: dict[str, pl.Expr] = {
        "row_number": pl.lit(row_number),
        "locator": pl.concat_str([pl.lit("line "), pl.lit(line)]),
        **{name: pl.col(name) for name in ("unit_code", "indicator", "period", "scope")},
        **{name: _written(name) for name in ("numerator", "denominator", "stated_rate", "note")},
        "mark": mark,
        "numerator_value": value,
        "denominator_value": _value(pl.col("denominator")),
        "rate_value": decimal,
        "rate_decimals": pl.when(whole.is_not_null()).then(part.str.len_bytes().fill_null(0)),
        "action": pl.lit("state"),
    }
    return cells.select(made.cast(SCHEMA[name]).alias(name) for name, made in columns.items())


def _is_plain_count(cell: pl.Expr) -> pl.Expr:
    return cell.is_in(("", "-", "X", "x")) | cell.str.contains(_COUNT)


def _value(cell: pl.Expr) -> pl.Expr:
    """The count of a plain cell: a dash is nil; blank and X have none."""
    digits = cell.str.replace_all(".", "", literal=True)
    return pl.when(cell == "-").then(0).otherwise(digits.cast(pl.Int64, strict=False))


def _written(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != "").then(pl.col(name))
