"""A trace as lines of text: the figure, what is summed into it down to file and cell, and what was passed over."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from tonghop.reports import vietnamese

Row = dict[str, Any]

ROLES = {
    "figure": "",
    "summed": "",
    "declared": "khai chung / declared",
    "beside": "khai chung để đối chiếu / declared beside",
    "set_aside": "khai chung bị loại / declaration set aside",
    "covered": "đã có số khai chung / covered by a declaration",
    "withheld": "bị giữ lại / withheld",
    "incomplete": "không đủ để cộng / incomplete",
    "missing": "thiếu / missing",
    "not_applicable": "không áp dụng / not applicable",
    "not_expected": "không phải báo cáo / not expected",
    "under_reporter": "không cộng / not summed",
    "superseded": "số cũ / superseded",
    "withdrawn": "đã rút / withdrawn",
    "repeated": "nhắc lại / repeated",
    "pending": "chưa xét / not judged yet",
    "kept_aside": "để riêng / kept aside",
    "prose": "lời văn / prose",
    "ledger": "mẫu số / denominator",
    "outranked": "mẫu số không được tính / denominator outranked",
    "agrees": "mẫu số khớp / denominator agrees",
    "part": "phần / part",
    "unexplained": "KHÔNG KHỚP / UNEXPLAINED",
}
"""Every role of ``marts.trace``, as it is shown."""
UNITS = ("figure", "summed", "covered", "withheld", "incomplete", "missing", "not_applicable", "not_expected",
         "under_reporter")
"""Roles of units; a withheld declaration has one of them too, but a scope of ``total``."""
_SIGNS = {"figure": "=", "summed": "+", "declared": "=", "missing": "?", "unexplained": "!"}
_TOLD_TOGETHER = ("missing", "not_applicable")
_NAMED = 6
_PLAIN = ("The unit's own figure.", "This declaration was taken.")


def cut(found: list[Row], depth: int | None) -> list[Row]:
    """The rows of units down to ``depth`` below the first, with what is told of them; all where it is None."""
    if depth is None:
        return found
    return [row for row in found if row["depth"] <= depth + (0 if _is_unit(row) else 1)]


def lines(found: list[Row], shown: list[Row]) -> Iterator[str]:
    """The text of ``shown``, the first rows of a trace or all.

    Args:
        found: every row of the trace, in its order.
        shown: those to show; where what is under one of them is not, that is said.
    """
    parents = {row["parent_line"] for row in found}
    opened = {row["parent_line"] for row in shown}
    for (together, *_), group in groupby(shown, lambda row: _together(row, parents)):
        rows = list(group)
        if together and len(rows) > 1:
            yield _several(rows)
            continue
        for row in rows:
            yield _head(row, has_more=row["line"] in parents and row["line"] not in opened)
            yield from _why(row)


def _is_unit(row: Row) -> bool:
    return row["role"] in UNITS and row["scope"] != "total"


def _together(row: Row, parents: set[int]) -> tuple[bool, object]:
    """Silent units beside each other are one line; anything else stands alone."""
    if row["role"] in _TOLD_TOGETHER and _is_unit(row) and row["line"] not in parents and row["depth"]:
        return True, (row["parent_line"], row["role"], row["why_en"])
    return False, row["line"]


def _several(rows: list[Row]) -> str:
    named = ", ".join(f"{row['unit_code']} {row['unit_name']}" for row in rows[:_NAMED])
    more = f" … (+{len(rows) - _NAMED})" if len(rows) > _NAMED else ""
    return f"{_indent(rows[0])}{_sign(rows[0])} {len(rows)} × {ROLES[rows[0]['role']]}: {named}{more}"


def _head(row: Row, *, has_more: bool) -> str:
    parts = [
        _value(row),
        f"{row['unit_code']} {row['unit_name']}" if _is_unit(row) or row["depth"] == 0 else "",
        f"[{ROLES[row['role']]}]" if ROLES[row["role"]] else "",
        _source(row),
        "…" if has_more else "",
    ]
    return f"{_indent(row)}{_sign(row)} {'  '.join(part for part in parts if part)}"


def _why(row: Row) -> Iterator[str]:
    """The reason, unless it is the plain one that stands at every leaf, or that the row above has just given."""
    if row["why_vi"] and row["why_en"] not in _PLAIN:
        finding = f"  ({row['finding_id']})" if row["finding_id"] else ""
        yield f"{_indent(row)}    {row['why_vi']} / {row['why_en']}{finding}"


def _value(row: Row) -> str:
    if row["numerator"] is None:
        return ""
    value = vietnamese.number(row["numerator"])
    if row["denominator"] is not None:
        value += f"/{vietnamese.number(row['denominator'])}"
    if row["basis"] is not None and row["rate"] is not None:
        value += f" = {vietnamese.percent(row['rate'])}"
    return value


def _source(row: Row) -> str:
    if not row["submission_id"]:
        return ""
    where = f" · {row['locator']}" if row["locator"] else ""
    return f"← {row['file_name']}{where} ({row['submission_id']}, {row['received_at']:%Y-%m-%d})"


def _indent(row: Row) -> str:
    return "  " * int(row["depth"])


def _sign(row: Row) -> str:
    return _SIGNS.get(row["role"], "·")
