"""A preview of a change of the register, and its journal, as text: Vietnamese first, English beside it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from tonghop.reports.vietnamese import number, percent

SHOWN = 40
"""How many units, and how many figures, a person is shown; ``--json`` has them all."""

_KINDS = {
    "opened": "mở / opened",
    "ended": "kết thúc / ended",
    "changed": "thay đổi / changed",
    "divided": "chia / divided",
}
_FIELDS = {
    "code": "mã / code",
    "name": "tên / name",
    "type": "loại / type",
    "level": "cấp / level",
    "parent_unit_id": "cấp trên / parent",
}
_RELATIONS = {"whole": "toàn bộ / whole", "part": "một phần / part"}
_ROLES = {"heir": "nhận / heir", "parent": "cấp trên mới / new parent"}
_STATES = {
    "proposed": "đề nghị / proposed",
    "applied": "đã áp dụng / applied",
    "refused": "bị từ chối / refused",
    "withdrawn": "đã rút / withdrawn",
}


def as_json(told: Any) -> str:
    """Days and moments as ISO texts, rates as numbers."""
    return json.dumps(told, ensure_ascii=False, indent=1, default=_plain)


def preview_lines(told: dict[str, Any]) -> Iterator[str]:
    """A preview, the biggest moves first."""
    who = f", {told['sender']}" if told["sender"] else ""
    yield f"{told['name']}: {told['rows']} dòng / rows{who}"
    if told["applied_as"] is not None:
        yield f"  {_known(told['applied_as'])}"
        return
    yield ""
    yield f"Đơn vị / Units: {counted(told['counts'])}"
    yield from unit_lines(told["units"])
    later = [each["from"] for each in told["units"] if each["from"] is not None and each["from"] > told["today"]]
    if later:
        yield f"  Có hiệu lực từ ngày ghi trên mỗi dòng / Takes effect that day: {min(later)} …"
    yield ""
    yield from _figure_lines(told["figures"])
    yield ""
    yield from _restated_lines(told["restated"])
    yield ""
    yield "Chưa xét ở đây / Not evaluated here:"
    yield from (f"  - {line}" for line in told["not_evaluated"])


def counted(counts: dict[str, int]) -> str:
    """How many units of each kind."""
    return ", ".join(f"{number(counts[kind])} {words}" for kind, words in _KINDS.items() if kind in counts) or "0"


def unit_lines(units: list[dict[str, Any]]) -> Iterator[str]:
    """One line a unit and day."""
    for each in units[:SHOWN]:
        known = each["before"] or each["after"]
        since = each["from"] or "(không rõ / unknown)"
        yield f"  {since}  {each['unit_id']} {known['name']}: {_what(each)}"
    if len(units) > SHOWN:
        yield f"  … và {number(len(units) - SHOWN)} đơn vị nữa / more (--json)"


def applied_lines(done: dict[str, Any]) -> Iterator[str]:
    """What applying a change did."""
    name, change_id = done["name"], done["change_id"]
    if not done["is_new"]:
        yield f"{name}: {_known(change_id)}"
        return
    yield f"{name}: đã áp dụng, thay đổi số {change_id} / applied as change {change_id}: {counted(done['counts'])}"
    yield from unit_lines(done["units"])
    yield "Đêm tới sẽ công bố / The next night publishes what it moves ('tonghop rollup' does so now)."


def journal_lines(each: dict[str, Any]) -> Iterator[str]:
    """One entry of the journal."""
    sender = each["sender"] or "trung ương / centre"
    head = f"{each['change_id']}  {_STATES[each['state']]}  {each['file_name']}  ({sender})"
    yield f"{head}  {each['rows']} dòng / rows, nhận / received {_minute(each['received_at'])}"
    if each["decided_by"]:
        yield f"    {each['decided_by']}, {_minute(each['decided_at'])}: {each['reason']}"
    if each["withdrawn_by"]:
        yield f"    rút / withdrawn: {each['withdrawn_by']}, {_minute(each['withdrawn_at'])}: {each['withdrawn_why']}"
    if each["problem"]:
        lines = each["problem"].splitlines()
        more = f" (+{len(lines) - 1})" if len(lines) > 1 else ""
        yield f"    {lines[0]}{more}"


def _known(change_id: int) -> str:
    return f"đã áp dụng trước đây, thay đổi số {change_id} / applied already, as change {change_id}"


def _what(each: dict[str, Any]) -> str:
    parts = []
    if each["kind"] == "opened":
        after = each["after"]
        parts.append(f"mở / opens, {after['type']}, mã / code {after['code']}, dưới / under {after['parent_unit_id']}")
    elif each["kind"] == "ended":
        parts.append("kết thúc / ends")
    parts += [
        f"{_FIELDS[field]} {each['before'][field]} → {each['after'][field]}"
        for field in each["fields"] if field in _FIELDS
    ]
    parts += [f"→ {unit_id} ({_RELATIONS[relation]})" for unit_id, relation in each["became"].items()]
    return "; ".join(parts)


def _figure_lines(figures: list[dict[str, Any]]) -> Iterator[str]:
    if not figures:
        yield "Số liệu đã công bố / Published figures: không đổi / none would move"
        return
    periods = {each["period"] for each in figures}
    yield (f"Số liệu đã công bố sẽ đổi / Published figures that would move: {number(len(figures))}"
           f" (kỳ / periods: {len(periods)})")
    shown = sorted(figures[:SHOWN], key=lambda each: each["period"])  # stable: the biggest first within a period
    for period, cells in groupby(shown, key=lambda each: each["period"]):
        yield f"  {period}"
        for each in cells:
            yield f"    {each['unit_id']} {each['unit_name']}, {each['indicator']}: {_moved(each)}"
    if len(figures) > SHOWN:
        yield f"  … và {number(len(figures) - SHOWN)} số liệu nữa / more (--json)"


def _moved(each: dict[str, Any]) -> str:
    before, after = _figure(each, "before"), _figure(each, "after")
    parts = [before if before == after else f"{before} → {after}"]
    for name, said in (("expected", "phải báo cáo / expected"), ("reporting", "có báo cáo / reporting")):
        was, becomes = each[f"{name}_before"], each[f"{name}_after"]
        if was != becomes and becomes is not None:
            parts.append(f"{said} {number(was)} → {number(becomes)}")
    return "; ".join(parts)


def _figure(each: dict[str, Any], side: str) -> str:
    numerator, denominator = each[f"numerator_{side}"], each[f"denominator_{side}"]
    if numerator is None and denominator is None:
        return "không có / none"
    if denominator is None:
        return number(numerator)
    rate = each[f"rate_{side}"]
    return f"{number(numerator)}/{number(denominator)}" + (f" ({percent(rate)})" if rate is not None else "")


def _restated_lines(restated: dict[str, Any]) -> Iterator[str]:
    units, periods = restated["units"], restated["periods"]
    if not units or not periods:
        yield "Theo địa giới hôm nay / Restated on today's tree: không đơn vị nào nhận thêm / no unit receives more"
        return
    yield (f"Theo địa giới hôm nay / Restated on today's tree: {len(units)} đơn vị nhận số liệu của kỳ trước / units"
           f" receive earlier figures (kỳ / periods: {len(periods)}, {periods[0]} … {periods[-1]})")
    for each in units[:SHOWN]:
        yield f"  {each['unit_id']} {each['name']}: {_ROLES[each['as']]}"
    if len(units) > SHOWN:
        yield f"  … và {number(len(units) - SHOWN)} đơn vị nữa / more (--json)"


def _minute(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment is not None else "–"


def _plain(value: Iterable[Any] | date | Decimal) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
