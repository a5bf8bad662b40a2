"""Workbooks as provinces make them, with known truth: seeded, in three formats. Shares no code with the reader.

Every case says what must be read (``facts``), which cells must be refused (``refused``), what a steward would confirm
(``mapping``: role and targets by the cell of a heading), or that the whole book must be refused (``problem``).
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from tests.submissions.handmade.writers import Error, Formula, SheetModel, write

SENDER = "60"
SUFFIXES = (".xlsx", ".xls", ".ods")
_ABC = {  # typed in the old font .VnTime, as its bytes look in Windows-1252
    "Huyện Bắc Bình": "HuyÖn B¾c B×nh",
    "Huyện Tuy Phong": "HuyÖn Tuy Phong",
    "Thị xã La Gi": "ThÞ x· La Gi",
}
_UNITS = (
    ("593", "Huyện Bắc Bình"), ("594", "Huyện Tuy Phong"), ("595", "Huyện Hàm Thuận Bắc"), ("596", "Thị xã La Gi"),
    ("597", "Huyện Đức Linh"), ("598", "Huyện Tánh Linh"), ("599", "Thành phố Phan Thiết"), ("600", "Huyện Phú Quý"),
    ("60-K01", "Đảng ủy Khối các cơ quan"), ("60-K02", "Đảng ủy Công an tỉnh"), ("60-K03", "Đảng ủy Quân sự tỉnh"),
    ("60-A01", "Sở Nội vụ"), ("60-A02", "Tổng công ty Xây dựng tỉnh"), ("60-A03", "Ban Dân vận Tỉnh ủy"),
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """What must be read: where the figure that speaks stands, and what it says."""

    place: str
    unit: str
    indicator: str
    scope: str
    mark: str
    numerator: int | None
    denominator: int | None
    rate: Decimal | None


@dataclass
class Case:
    """A workbook and its truth."""

    name: str
    suffix: str
    sheets: list[SheetModel]
    period: str = "2012-05"
    asked: str | None = None
    facts: list[Fact] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    warned: set[str] = field(default_factory=set)
    mapping: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=dict)
    knows_all: bool = True
    problem: str = ""

    @property
    def file_name(self) -> str:
        return f"{self.name}{self.suffix}"

    def content(self) -> bytes:
        return write(self.sheets, self.suffix)


@dataclass(frozen=True)
class Figure:
    """A cell and what it means: a value, or nothing (None), or refused."""

    value: Any
    means: Any = None
    mark: str = "reported"
    number_format: str = "General"
    is_refused: bool = False

    @property
    def is_said(self) -> bool:
        return self.value not in ("", "…", "....")


BLANK = Figure("", None, "missing")


def place(sheet: SheetModel, row: int, column: int) -> str:
    return f"{sheet.name}!{get_column_letter(column)}{row}"


def count(rng: random.Random, value: int) -> Figure:
    """A count in one of the ways it is typed."""
    grouped = f"{value:,}".replace(",", ".")
    ways: list[Any] = [value, value, value, float(value), str(value), f" {value}\u00a0", f"{value:02d}", grouped]
    if value >= 1000:
        ways += [grouped.replace(".", " "), grouped.replace(".", "\u00a0")]
    written = rng.choice(ways)
    if value == 0:
        written = rng.choice([0, "0", "00", "-", "–", "không", "Không có", "kho\u0302ng"])
        return Figure(written, 0, "nil")
    number_format = rng.choice(["General", "0", "#,##0", "00"]) if isinstance(written, int | float) else "@"
    return Figure(written, value, number_format=number_format)


def mark(rng: random.Random) -> Figure:
    """No figure: blank, dots, or "not applicable"."""
    return rng.choice([BLANK, Figure("…", None, "missing"), Figure("....", None, "missing"),
                       Figure("X", None, "not_applicable"), Figure("x", None, "not_applicable")])  # fmt: skip


def broken(rng: random.Random) -> Figure:
    """What must be refused wherever a count belongs."""
    values: list[tuple[Any, str]] = [
        (date(2012, 12, 7), "d-mmm"), (date(2012, 7, 1), "mmm-yy"), (Formula("1+1"), "General"),
        (Error("#DIV/0!"), "General"), ("bảy", "@"), (-3, "0"), (4.5, "0"), ("12 người", "@"), ("chưa có", "@"),
        (0.9178, "0.00%"), (1, "0%"), ("43,240", "@"), ("#REF!", "General"),
    ]  # fmt: skip
    value, number_format = rng.choice(values)
    return Figure(value, None, "missing", number_format, is_refused=True)


def rate(rng: random.Random, upper: int, lower: int) -> Figure:
    """A rate as text, as a formatted fraction, as a plain number of per cent, as a bare fraction beside its counts."""
    exact = Decimal(upper) * 100 / Decimal(lower)
    decimals = rng.choice([0, 1, 2, 2])
    per_cent = exact.quantize(Decimal(1).scaleb(-decimals))
    text = f"{per_cent}".replace(".", rng.choice([",", "."]))
    way = rng.randrange(4)
    if way == 0:
        return Figure(text + rng.choice(["%", " %", "\u00a0%"]), per_cent / 100, number_format="@")
    if way == 1:
        zeros = "0" * decimals
        value = float(per_cent / 100)
        return Figure(value, per_cent / 100, number_format=f"0.{zeros}%" if decimals else "0%")
    if way == 2 and per_cent > 1:
        return Figure(float(per_cent), per_cent / 100)
    if way == 3 and 0.02 < exact / 100 < 1:
        return Figure(float(per_cent / 100), per_cent / 100)
    return Figure(f"{text}%", per_cent / 100, number_format="@")


def spelled(rng: random.Random, text: str, plain: bool = False) -> str:
    """A text as it comes from different hands: composed or not, tone here or there, spaces, line ends."""
    ways = [text, text, unicodedata.normalize("NFD", text), text.replace("òa", "oà").replace("ủy", "uỷ")]
    written = rng.choice(ways)
    if plain:
        return written
    return rng.choice([written, written, written.replace(" ", "\u00a0", 1), f" {written} ", written.replace(" ", "  ", 1)])


class Layout:
    """A table that is being written: rows of units, with what each of their facts must come to."""

    def __init__(self, case: Case, sheet: SheetModel, row: int, columns: list[tuple[str, str]], first: int) -> None:
        self.case, self.sheet, self.row, self.columns, self.first = case, sheet, row, columns, first

    def line(self, figures: list[Figure], unit: str, scope: str, is_hidden: bool = False) -> None:
        """Write the figures of one row; a row of nobody's (a section's) has no unit and no facts."""
        for offset, figure in enumerate(figures):
            self.sheet.put(self.row, self.first + offset, figure.value, figure.number_format)
        for indicator in dict.fromkeys(indicator for indicator, _ in self.columns if unit):
            self._expect(figures, indicator, unit, scope, is_hidden)
        self.row += 1

    def _expect(self, figures: list[Figure], indicator: str, unit: str, scope: str, is_hidden: bool) -> None:
        mine = {name: (figures[at], place(self.sheet, self.row, self.first + at))
                for at, (code, name) in enumerate(self.columns) if code == indicator}  # fmt: skip
        upper = mine.get("numerator") or mine.get("ratio") or (BLANK, "")
        lower, per_cent = mine.get("denominator", (BLANK, "")), mine.get("stated_rate", (BLANK, ""))
        says = [figure.is_refused or figure.mark != "missing" for figure, _ in (upper, per_cent)]
        if not any(says) and not lower[0].is_refused:
            return
        if is_hidden or any(figure.is_refused for figure, _ in mine.values()):
            self.case.refused |= {where for figure, where in mine.values() if figure.is_refused or (is_hidden and figure.is_said)}
            return
        number, whole = upper[0].means, lower[0].means
        if isinstance(number, tuple):
            number, whole = number
        self.case.facts.append(Fact(
            upper[1] or per_cent[1], unit, indicator, "total" if indicator == "review_grassroots" else scope,
            "nil" if number == 0 else upper[0].mark, number, whole, per_cent[0].means,
        ))  # fmt: skip


def head(rng: random.Random, sheet: SheetModel, title: str, when: str) -> int:
    """The letterhead and titles; returns the next free row."""
    row = 1
    if rng.random() < 0.7:
        sheet.put(1, 1, "TỈNH ỦY BÌNH THUẬN")
        sheet.put(1, 6, rng.choice(["ĐẢNG CỘNG SẢN VIỆT NAM", "Biểu số 7A - TCTW"]))
        sheet.put(2, 1, "BAN TỔ CHỨC")
        sheet.put(2, 6, "Bình Thuận, ngày 03 tháng 6 năm 2013")
        row = 4
    sheet.put(row, 2, spelled(rng, title))
    sheet.put(row + 1, 2, spelled(rng, when))
    if rng.random() < 0.4:
        sheet.put(row + 2, 6, rng.choice(["Đvt: Người", "Đơn vị tính: cơ quan"]))
        return row + 3
    return row + rng.choice([2, 3])


def foot(rng: random.Random, sheet: SheetModel, row: int) -> int:
    """Notes, who made it, when; returns the next free row."""
    row += rng.choice([0, 1])
    if rng.random() < 0.5:
        sheet.put(row, 2, rng.choice(["(*) Có 3 đơn vị chưa báo cáo", "Ghi chú: số liệu tính đến 30/5/2012", "* Gồm 02 đơn vị mới"]))
        row += 1
    sheet.put(row, 2, "Người lập biểu")
    sheet.put(row, 5, rng.choice(["Bình Thuận, ngày 31 tháng 5 năm 2012", "....., ngày....tháng....năm 20...."]))
    sheet.put(row + 1, 5, "TRƯỞNG BAN")
    sheet.put(row + 4, 2, "Nguyễn Văn An")
    sheet.put(row + 4, 5, "Lê Thị Bình")
    return row + 6


TITLES = ("KẾT QUẢ BAN HÀNH KẾ HOẠCH THỰC HIỆN NGHỊ QUYẾT TRUNG ƯƠNG 4", "Biểu tổng hợp thực hiện Nghị quyết TW4 khóa XI",
          "TỔNG HỢP KẾT QUẢ KIỂM ĐIỂM TỰ PHÊ BÌNH VÀ PHÊ BÌNH")  # fmt: skip
WHENS = (("tháng 5 năm 2012", "2012-05"), ("Tháng 5-2012", "2012-05"), ("quý II/2012", "2012-06"), ("đến 30/5/2012", "2012-05"),
         ("(Số liệu tính đến ngày 30 tháng 5 năm 2012)", "2012-05"), ("6 tháng đầu năm 2012", "2012-06"),
         ("Tháng 05/2012", "2012-05"), ("QUÝ I NĂM 2013", "2013-03"))  # fmt: skip


SHEET_NAMES = ("Bieu 1", "Biểu số 7A-TCTW", "Sheet1 (2)", "TH T5", "Tổng hợp")


def begin(rng: random.Random, name: str) -> tuple[Case, SheetModel, int]:
    """A case with its first sheet, titles written; and the row where its table may begin."""
    sheet = SheetModel(rng.choice(SHEET_NAMES))
    when, period = rng.choice(WHENS)
    case = Case(name, "", [sheet], period)
    return case, sheet, head(rng, sheet, rng.choice(TITLES), when)


def abc(name: str) -> tuple[str, str]:
    """A unit's name in an old font, where we have it: the text as stored, and the font."""
    return (_ABC[name], ".VnTime") if name in _ABC else (name, "")


def units(rng: random.Random, number: int) -> list[tuple[str, str]]:
    return rng.sample(_UNITS, number)


def main(folder: Path) -> None:
    """Write the whole corpus into a folder, to look at."""
    from tests.submissions.handmade.cases import corpus

    folder.mkdir(parents=True, exist_ok=True)
    for case in corpus():
        (folder / case.file_name).write_bytes(case.content())


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]))
