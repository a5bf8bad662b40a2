"""The return workbook: what a sender is to mend, one finding a row, in Vietnamese with English below it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from tonghop.clock import ZONE
from tonghop.reports.pages import rule, word
from tonghop.reports.reading import Row
from tonghop.reports.vietnamese import both, day, moment, month, place
from tonghop.reports.vietnamese import row as raw_pairs

# Vietnamese, English, width in characters.
_COLUMNS = (
    ("STT", "No.", 5), ("Mã phát hiện", "Finding", 19), ("Quy tắc", "Rule", 26), ("Mức", "Severity", 11),
    ("Kỳ", "Period", 10), ("Đơn vị", "Unit", 24), ("Chỉ tiêu", "Indicator", 34), ("Ở đâu trong tệp", "Where", 28),
    ("Đang ghi", "As written", 24), ("Phải là", "Should be", 24), ("Vướng mắc", "What is wrong", 46),
    ("Có thể vì sao (giả thuyết)", "A possible cause (a hypothesis)", 46), ("Việc cần làm", "What to do", 50),
    ("Hạn trả lời", "Due", 12), ("Trả lời của nơi gửi", "Your answer", 36),
)
_SAFE = re.compile(r"[^A-Za-z0-9._-]")
_MAX_LETTERS = 32_767  # of a cell


@dataclass(frozen=True)
class Letter:
    """What stands above the table.

    Attributes:
        sender: unit id of whom it is for.
        sender_name: its code and name.
        note: what the steward adds; may be empty.
        author: who sends it back.
    """

    sender: str
    sender_name: str
    note: str
    author: str


def write(folder: Path, letter: Letter, findings: list[Row], *, at: datetime) -> Path:
    """Write ``<folder>/returned/<sender>/<moment>.xlsx``; a reader sees the whole file or none.

    Args:
        findings: rows of ``include/sql/return_workbook.sql``, in the order they are shown in.
        at: the moment it is sent back.

    Returns:
        The file.
    """
    path = folder / "returned" / _safe(letter.sender) / f"{at.astimezone(ZONE):%Y%m%dT%H%M%S.%f}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Cần sửa")
    try:
        _fill(sheet, _above(letter, len(findings), at), findings)
    except BaseException:
        sheet.close()  # openpyxl's own file of an unfinished sheet; left open, it complains when it is collected
        raise
    part = path.with_name(f".{path.name}.part")
    book.save(part)
    part.replace(path)
    return path


def _fill(sheet: Any, above: list[str], findings: list[Row]) -> None:
    for number, (_, _, width) in enumerate(_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"C{len(above) + 2}"
    for number, line in enumerate(above):
        sheet.append([_cell(sheet, line, is_bold=number == 0, is_wrapped=False)])
    sheet.append([_head(sheet, f"{vi}\n{en}") for vi, en, _ in _COLUMNS])
    for number, row in enumerate(findings, start=1):
        sheet.append([number, *(_cell(sheet, text) for text in _texts(row)), None])


def _above(letter: Letter, count: int, at: datetime) -> list[str]:
    lines = [
        f"{letter.sender_name}: {count} phát hiện cần sửa / findings to mend",
        f"Trả lại lúc {moment(at)}, người trả: {letter.author} / sent back, by whom",
        "Sửa ở tệp gốc rồi gửi lại; phát hiện tự đóng khi lần chạy sau không còn thấy. Số đúng thì trả lời ở cột cuối."
        " / Mend it where it was written and send that again; a finding closes by itself once the next night no longer"
        " sees it. Where the figure is right, answer in the last column.",
    ]
    return [*lines, letter.note] if letter.note else lines


def _texts(row: Row) -> Iterable[str]:
    """The cells of a finding after its number, up to its due day."""
    about = rule(row["rule"])
    yield row["finding_id"]
    yield f"{row['rule']} {_pair(*about['title'])}"
    yield _pair(*word(row["severity"], "severity"))
    yield f"{row['period']}\n{month(row['period'])}" if row["period"] else ""
    yield "\n".join(text for text in (row["unit_name"], row["unit_code"]) if text)
    yield _subject(row)
    yield "\n".join(text for text in (row["file_name"], place(row["locator"], row["file_name"])) if text)
    yield _value(row["actual"])
    yield _value(row["expected"])
    yield _pair(row["message_vi"], row["message_en"])
    yield _causes(row)
    yield _pair(*about["remedy"])
    yield day(row["due_on"])


def _subject(row: Row) -> str:
    """The indicator (or the population that is counted), with its code and the scope it was stated in."""
    is_counted = not row["indicator"] and row["population"]
    vi, en = (row["population_vi"], row["population_en"]) if is_counted else (row["indicator_vi"], row["indicator_en"])
    code = row["indicator"] or row["population"]
    scope = f" ({word(row['scope'], 'scope')[0]})" if row["scope"] else ""
    return "\n".join(text for text in (vi, en, f"{code}{scope}" if code else "") if text)


def _causes(row: Row) -> str:
    """The ranked causes, the likeliest first, each in both languages."""
    told = [_pair(entry["text_vi"], entry.get("text_en", "")) for entry in row["explanations"] or []
            if entry.get("text_vi")]
    return "\n".join(told) or _pair(*both(row["explanation"]))


def _value(text: str | None) -> str:
    """A value as it was written; a raw row as its columns, one a line."""
    pairs = raw_pairs(text)
    if pairs:
        return "\n".join(f"{word(name, 'raw')[0]}: {content}" for name, content in pairs)
    return _pair(*both(text))


def _pair(vi: str | None, en: str | None) -> str:
    return "\n".join(text for text in (vi, en) if text)


def _head(sheet: WriteOnlyWorksheet, text: str) -> Any:
    cell = _cell(sheet, text, is_bold=True)
    cell.fill = PatternFill("solid", start_color="E8ECEF")
    return cell


def _cell(sheet: WriteOnlyWorksheet, text: str, *, is_bold: bool = False, is_wrapped: bool = True) -> Any:
    """Text that stays text: what a sender wrote after "=" is no formula here."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:_MAX_LETTERS])
    cell.data_type = "s"
    cell.alignment = Alignment(vertical="top", wrap_text=is_wrapped)
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _safe(unit_id: str) -> str:
    """A unit id as the name of a folder."""
    return _SAFE.sub("_", unit_id).lstrip(".") or "_"
