"""Draw tables of units as provinces draw them: headings, sections, totals, and the traps between them."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tests.submissions.handmade.make_corpus import (
    BLANK,
    SENDER,
    Case,
    Figure,
    Layout,
    abc,
    broken,
    count,
    mark,
    place,
    rate,
    spelled,
    units,
)  # fmt: skip
from tests.submissions.handmade.writers import SheetModel

Path = tuple[str, ...]
PLAN, URGENT, COMMITTEE = "plan_issued_agency", "urgent_registered_agency", "plan_issued_committee"


@dataclass(frozen=True)
class Shape:
    """A form: the path of headings over each figure column, and the field that it holds."""

    columns: tuple[tuple[Path, str, str], ...]
    is_known: bool = True
    names: tuple[str, ...] = ("STT", "Tên đơn vị")


def _group(top: Path, indicator: str, leaves: tuple[tuple[str, str], ...]) -> tuple[tuple[Path, str, str], ...]:
    return tuple(((*top, leaf), indicator, name) for leaf, name in leaves)


_LEAVES = (("Tổng số", "denominator"), ("Đã ban hành", "numerator"), ("Tỷ lệ %", "stated_rate"))
_DONE = (("Tổng số", "denominator"), ("Đã đăng ký", "numerator"), ("Tỷ lệ (%)", "stated_rate"))
SHAPES = (
    Shape(_group(("Cơ quan ban hành kế hoạch",), PLAN, _LEAVES) + _group(("Cơ quan đăng ký việc cần làm ngay",), URGENT, _DONE)),
    Shape(((("Số cấp ủy đã ban hành kế hoạch",), COMMITTEE, "numerator"), (("Tỷ lệ cấp ủy ban hành kế hoạch",), COMMITTEE, "stated_rate"),
           (("Số cấp ủy thành lập Tổ giúp việc",), "support_team_committee", "numerator")), names=("TT", "Đơn vị, địa phương")),
    Shape(_group(("Kết quả thực hiện", "Cấp ủy trực thuộc ban hành kế hoạch"), COMMITTEE, _LEAVES)
          + _group(("Kết quả thực hiện", "Thành lập Tổ giúp việc"), "support_team_committee",
                   (("Trên tổng số", "denominator"), ("Đã thành lập", "numerator"))), names=("Số TT", "Địa phương")),
    Shape(((("T/số đơn vị trực thuộc",), PLAN, "denominator"), (("Đã xong KH (*)",), PLAN, "numerator"), (("Đạt bao nhiêu %",), PLAN, "stated_rate"),
           (("Số đơn vị đã nộp bản đăng ký",), URGENT, "numerator")), is_known=False, names=("TT", "Tên cơ quan, đơn vị")),
    Shape(((("Số CQ đã ban hành KH/tổng số",), PLAN, "ratio"), (("Số TCCSĐ đã kiểm điểm/tổng số",), "review_grassroots", "ratio")),
          names=("STT", "Huyện, thị, thành")),
    Shape(_group(("Cơ quan ban hành kế hoạch",), PLAN, _LEAVES), names=("STT", "Mã ĐV", "Tên đơn vị")),
    Shape(_group(("Việc ra kế hoạch",), PLAN, (("Cần ra", "denominator"), ("Ra rồi", "numerator"), ("Tỷ lệ %", "stated_rate")))
          + _group(("Việc đăng ký",), URGENT, (("Cần ra", "denominator"), ("Ra rồi", "numerator"), ("Tỷ lệ %", "stated_rate"))),
          is_known=False, names=("STT", "Đơn vị")),
)  # fmt: skip


def header(rng: random.Random, sheet: SheetModel, row: int, paths: list[Path], left: int, merged: bool = True) -> int:
    """Write the rows of headings, groups merged over their columns and short paths merged down; the next free row."""
    depth = max(len(path) for path in paths)
    for at, path in enumerate(paths):
        for level, text in enumerate(path):
            begins = at == 0 or paths[at - 1][: level + 1] != path[: level + 1]
            if not begins:
                continue
            sheet.put(row + level, left + at, spelled(rng, text, plain=True).replace(" kế hoạch", "\nkế hoạch"))
            width = sum(1 for other in paths[at:] if other[: level + 1] == path[: level + 1] and level < len(path) - 1)
            if level == len(path) - 1 and depth > len(path) and merged:
                sheet.merges.append((row + level, left + at, row + depth - 1, left + at))
            elif width > 1 and merged:
                sheet.merges.append((row + level, left + at, row + level, left + at + width - 1))
    return row + depth


def figures(rng: random.Random, shape: Shape, traps: bool) -> list[Figure]:
    """The figures of a unit's row: whole, marked, blank or broken, indicator by indicator."""
    found: dict[int, Figure] = {}
    for indicator in dict.fromkeys(code for _, code, _ in shape.columns):
        at = {name: position for position, (_, code, name) in enumerate(shape.columns) if code == indicator}
        lower = rng.choice([1, 7, 15, 73, 341, 1871, 43240, 517903])
        upper = rng.choice([0, lower, rng.randint(0, lower), rng.randint(0, lower)])
        kind = rng.random() if traps else 1.0
        if "ratio" in at:
            found[at["ratio"]] = mark(rng) if kind < 0.15 else _ratio(rng, upper, lower, kind)
            continue
        whole = {"numerator": count(rng, upper), "denominator": count(rng, lower), "stated_rate": rate(rng, upper, lower)}
        if "denominator" not in at:
            whole["stated_rate"] = certain(whole["stated_rate"])
        if kind < 0.15:
            whole = {"numerator": mark(rng)}
        elif kind < 0.3:
            whole[rng.choice([name for name in at if name != "stated_rate"])] = broken(rng)
            whole["stated_rate"] = certain(whole["stated_rate"])
        elif kind < 0.4:
            whole["stated_rate"] = BLANK
        elif kind < 0.45:
            del whole["denominator"]
            whole["stated_rate"] = rng.choice([BLANK, Figure("chín mươi", is_refused=True), Figure(0.25, is_refused=True)])
        for name, position in at.items():
            found[position] = whole.get(name, BLANK)
    return [found[position] for position in range(len(shape.columns))]


def certain(figure: Figure) -> Figure:
    """A rate beside which no denominator stands has to say that it is per cent."""
    return Figure(f"{(figure.means * 100).normalize():f}%".replace(".", ","), figure.means, number_format="@")


def _ratio(rng: random.Random, upper: int, lower: int, kind: float) -> Figure:
    if kind < 0.25:
        return Figure(rng.choice(["67/73/80", "67-73", "bảy/tám", 7]), is_refused=True)
    return Figure(f"{upper}{rng.choice(['/', ' / ', '/ '])}{lower}", (upper, lower), number_format="@")


@dataclass(frozen=True)
class Options:
    """Which traps a table has."""

    numbers: str = ""  # int, text, formula
    total: str = ""  # its label; "^" before it: above the units
    sections: str = ""  # bare, figures
    repeats: bool = False
    hidden_row: bool = False
    hidden_column: bool = False
    merged_value: bool = False
    of_which: bool = False
    wrong_total: bool = False
    wrong_rate: bool = False
    abc: bool = False
    traps: bool = True
    left: int = 1
    merged_header: bool = True


class Drawing:
    """One table of units as it is written down."""

    def __init__(self, rng: random.Random, case: Case, sheet: SheetModel, shape: Shape, options: Options) -> None:
        self.rng, self.case, self.sheet, self.shape, self.options = rng, case, sheet, shape, options
        self.paths: list[Path] = [*((name,) for name in shape.names), *(path for path, _, _ in shape.columns)]
        self.first = options.left + len(shape.names)
        self.fields = [name for _, _, name in shape.columns]

    def write(self, row: int) -> int:
        """Write it from a row on; the next free row."""
        rng, case, options, shape = self.rng, self.case, self.options, self.shape
        self.top = row
        for at, (_, indicator, name) in enumerate(shape.columns):
            case.mapping[place(self.sheet, row, self.first + at)] = ("figure", ((indicator, name),))
        case.knows_all = case.knows_all and shape.is_known
        row = header(rng, self.sheet, row, self.paths, options.left, options.merged_header)
        self.layout = Layout(case, self.sheet, row, [(code, name) for _, code, name in shape.columns], self.first)
        self._numbers()
        chosen = units(rng, rng.randint(4, 8))
        lines = [figures(rng, shape, options.traps) for _ in chosen]
        if options.total.startswith("^"):
            self._total(lines)
        half = len(chosen) // 2
        for at, ((code, name), line) in enumerate(zip(chosen, lines, strict=True)):
            if options.sections and at in (0, half):
                self._section("II" if at else "I", lines[half:] if at else lines[:half])
            if options.repeats and at == half:
                self.layout.row = header(
                    rng, self.sheet, self.layout.row + rng.choice([0, 1]), self.paths, options.left, options.merged_header
                )
            self._unit(at + 1, code, name, line)
        if options.total and not options.total.startswith("^"):
            self._total(lines)
        if options.of_which:
            case.refused.add(place(self.sheet, self.layout.row, self.first))
            self.sheet.put(self.layout.row, self.first - 1, rng.choice(["Trong đó: khối cơ quan", "Chia ra: nữ"]))
            self.layout.line([Figure(5)] * len(shape.columns), "", "")
        return self.layout.row

    def _numbers(self) -> None:
        names, kind = len(self.shape.names), self.options.numbers
        if not kind:
            return
        for at in range(len(self.paths)):
            label: Any = at + 1 if kind == "int" else f"({at + 1})"
            offset = at - names
            if kind == "formula":
                label = "ABC"[at] if offset < 0 else str(offset + 1)
                if offset >= 2 and self.fields[offset - 2 : offset + 1] == ["denominator", "numerator", "stated_rate"]:
                    label = self.rng.choice([f"{offset + 1} = {offset}:{offset - 1}", f"{offset + 1}={offset}/{offset - 1}x100%"])
            self.sheet.put(self.layout.row, self.options.left + at, label)
        self.layout.row += 1

    def _unit(self, number: int, code: str, name: str, line: list[Figure]) -> None:
        rng, sheet, row, options = self.rng, self.sheet, self.layout.row, self.options
        written, font = abc(name) if options.abc else (spelled(rng, name), "")
        sheet.put(row, options.left, rng.choice([number, str(number), f"{number}.", f"{number:02d}"]))
        sheet.put(row, self.first - 1, written, font=font)
        unit = name if font else " ".join(unicodedata.normalize("NFC", written).split())
        if "Mã ĐV" in self.shape.names:
            sheet.put(row, options.left + 1, code)
            unit = code
        if options.hidden_row and number == 2:
            sheet.hidden_rows.add(row)
        if options.merged_value and number == 1:
            sheet.merges.append((row, self.first, row + 1, self.first))
            line = [Figure(9, is_refused=True), Figure(4, 4), BLANK, *line[3:]]
        if options.merged_value and number == 2:
            line = [BLANK, Figure(5, 5), BLANK, *line[3:]]
        if options.wrong_rate and number == 3:
            line = [Figure(15, 15), Figure(7, 7), Figure("99,55%", Decimal("0.9955")), *line[3:]]
            self.case.warned.add(place(sheet, row, self.first + 2))
        self._line(line, unit, "own", row in sheet.hidden_rows)

    def _line(self, line: list[Figure], unit: str, scope: str, is_hidden: bool = False) -> None:
        if self.options.hidden_column:
            self.sheet.hidden_columns.add(self.first)
            line = [replace(line[0], is_refused=line[0].is_said), *line[1:]]
            # Without its denominator a bare fraction would be refused too.
            line = [certain(each) if name == "stated_rate" and each.means is not None else each
                    for each, name in zip(line, self.fields, strict=True)]  # fmt: skip
        self.layout.line(line, unit, scope, is_hidden)

    def _sums(self, lines: list[list[Figure]]) -> list[int]:
        return [sum(line[at].means for line in lines if isinstance(line[at].means, int)) for at in range(len(self.fields))]

    def _total(self, lines: list[list[Figure]]) -> None:
        label, row = self.options.total.lstrip("^"), self.layout.row
        if self.rng.random() < 0.4:  # merged over STT and name, as it is mostly done
            self.sheet.put(row, self.options.left, label)
            self.sheet.merges.append((row, self.options.left, row, self.first - 1))
        else:
            self.sheet.put(row, self.first - 1, label)
        sums = self._sums(lines)
        if self.options.wrong_total:
            sums[1] += 1
            self.case.warned.add(place(self.sheet, row, self.first + 1))
        whole = {"ratio": Figure("70/88", (70, 88)), "stated_rate": BLANK}
        self._line([whole.get(name) or count(self.rng, sums[at]) for at, name in enumerate(self.fields)], SENDER, "total")

    def _section(self, roman: str, lines: list[list[Figure]]) -> None:
        self.sheet.put(self.layout.row, self.options.left, roman)
        self.sheet.put(self.layout.row, self.first - 1, "Khối huyện, thị" if roman == "I" else "Khối trực thuộc")
        sums, is_stated = self._sums(lines), self.options.sections == "figures"
        line = [Figure(sums[at]) if is_stated and "rat" not in name else BLANK for at, name in enumerate(self.fields)]
        self.layout.line(line, "", "")
