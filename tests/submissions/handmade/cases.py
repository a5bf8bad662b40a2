"""The corpus: each trap of hand-made forms in several workbooks, mixed, in three formats. Seeded."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tests.submissions.handmade.drawing import PLAN, SHAPES, Drawing, Options, header
from tests.submissions.handmade.make_corpus import (
    SENDER,
    SUFFIXES,
    TITLES,
    WHENS,
    Case,
    Fact,
    begin,
    foot,
    head,
    place,
    spelled,
)  # fmt: skip
from tests.submissions.handmade.name_cases import names_confirmed, two_unit_columns
from tests.submissions.handmade.writers import Error, Formula, SheetModel

_SIMPLE = (
    Options(), Options(numbers="int"), Options(numbers="formula"), Options(numbers="text", total="Tổng cộng"),
    Options(total="Cộng"), Options(total="^Toàn tỉnh", numbers="formula"), Options(total="^TỔNG SỐ"),
    Options(total="Tổng cộng (I+II)", sections="figures"), Options(sections="bare", total="Toàn tỉnh"),
    Options(sections="figures", numbers="int"), Options(repeats=True), Options(repeats=True, total="Tổng số", numbers="formula"),
    Options(hidden_row=True, total="Cộng"), Options(hidden_row=True, sections="bare"), Options(hidden_column=True),
    Options(hidden_column=True, numbers="formula"), Options(abc=True), Options(abc=True, total="Tổng cộng toàn tỉnh"),
    Options(total="Cộng chung", of_which=True), Options(total="^Tổng số", of_which=True, left=2), Options(left=3, numbers="int"),
    Options(merged_header=False), Options(merged_header=False, numbers="formula", total="Cộng:"),
)  # fmt: skip


def corpus() -> list[Case]:
    """All cases; the same every time."""
    makers = (_simple, _arithmetic, _merged_values, _several_forms, _hidden_sheets, _strays, _items, _units_and_items, _periods,
              _single_cells, _refused_books, two_unit_columns, names_confirmed)  # fmt: skip
    cases = []
    suffixes = itertools.cycle(SUFFIXES)
    for number, maker in enumerate(makers):
        for case in maker(random.Random(2012 + number)):
            case.suffix = next(suffixes)
            case.name = f"{len(cases):03d}-{case.name}"
            _fit(case)
            cases.append(case)
    return cases


def _fit(case: Case) -> None:
    """What a format cannot hold: xlwt stores no value beside a formula."""
    for sheet in case.sheets:
        for at, (value, number_format, font) in sheet.cells.items():
            if isinstance(value, Formula) and value.cached is not None and case.suffix == ".xls":
                sheet.cells[at] = (value.cached, number_format, font)


def _simple(rng: random.Random) -> Iterator[Case]:
    for number, options in enumerate(_SIMPLE * 2):
        case, sheet, row = begin(rng, "form")
        shape = SHAPES[number % len(SHAPES)]
        if not options.merged_header and len(shape.columns[0][0]) > 2:
            shape = SHAPES[0]
        row = Drawing(rng, case, sheet, shape, options).write(row)
        if rng.random() < 0.8:
            foot(rng, sheet, row)
        yield case


def _arithmetic(rng: random.Random) -> Iterator[Case]:
    for shape, options in (
        (SHAPES[0], Options(wrong_total=True, total="Tổng cộng", traps=False)),
        (SHAPES[2], Options(wrong_total=True, total="^Toàn tỉnh", traps=False)),
        (SHAPES[5], Options(wrong_rate=True, numbers="formula", traps=False)),
        (SHAPES[0], Options(wrong_rate=True, numbers="formula", sections="bare")),
        (SHAPES[6], Options(wrong_rate=True, numbers="formula")),
    ):
        case, sheet, row = begin(rng, "arithmetic")
        foot(rng, sheet, Drawing(rng, case, sheet, shape, options).write(row))
        yield case


def _merged_values(rng: random.Random) -> Iterator[Case]:
    for shape in (SHAPES[0], SHAPES[5], SHAPES[6]):
        case, sheet, row = begin(rng, "one-figure-for-two-units")
        foot(rng, sheet, Drawing(rng, case, sheet, shape, Options(merged_value=True)).write(row))
        yield case


def _several_forms(rng: random.Random) -> Iterator[Case]:
    for number in range(6):
        case, sheet, row = begin(rng, "several-forms")
        when = next(when for when, period in WHENS if period == case.period)
        one, other = rng.sample(SHAPES, 2)
        first = Drawing(rng, case, sheet, one, Options(total=rng.choice(["", "Cộng"])))
        row = first.write(row)
        if number % 3 == 0:  # one below the other, each signed
            row = foot(rng, sheet, row)
            sheet.put(row, 2, "II. " + TITLES[2])
            Drawing(rng, case, sheet, other, Options(total="Tổng cộng")).write(row + 2)
        elif number % 3 == 1:  # on a sheet of its own
            second = SheetModel("Bieu 2")
            case.sheets.append(second)
            Drawing(rng, case, second, other, Options()).write(head(rng, second, TITLES[1], when))
        else:  # side by side
            width = len(one.names) + len(one.columns)
            Drawing(rng, case, sheet, other, Options(left=width + 2)).write(first.top)
        _refuse_rivals(case)
        yield case


def _refuse_rivals(case: Case) -> None:
    """Two tables with a total of one indicator: neither is the whole."""
    totals = Counter(fact.indicator for fact in case.facts if fact.unit == SENDER)
    rivals = [fact for fact in case.facts if fact.unit == SENDER and totals[fact.indicator] > 1]
    case.refused |= {fact.place for fact in rivals}
    case.facts = [fact for fact in case.facts if fact not in rivals]


def _hidden_sheets(rng: random.Random) -> Iterator[Case]:
    for _ in range(2):
        case, sheet, row = begin(rng, "hidden-sheet")
        Drawing(rng, case, sheet, SHAPES[0], Options()).write(row)
        hidden = SheetModel("Nhap", is_hidden=True)
        aside = Case("", "", [hidden])
        Drawing(rng, aside, hidden, SHAPES[0], Options(traps=False)).write(1)
        case.refused.add("Nhap!A1")
        case.sheets.append(hidden)
        yield case


def _strays(rng: random.Random) -> Iterator[Case]:
    for _ in range(3):
        case, sheet, row = begin(rng, "figures-outside")
        row = foot(rng, sheet, Drawing(rng, case, sheet, SHAPES[0], Options(total="Cộng")).write(row))
        sheet.put(row, 2, "Huyện Hàm Tân")
        sheet.put(row, 4, 17)
        case.refused.add(place(sheet, row, 4))
        yield case


_ITEMS = (
    ("cấp ủy trực thuộc ban hành kế hoạch thực hiện", "plan_issued_committee"),
    ("Lớp học tập quán triệt đã mở", "study_class"),
    ("Tổng số đảng viên", "member_total"),
    ("Phiếu góp ý của tập thể", "feedback_collective"),
)


def _items(rng: random.Random) -> Iterator[Case]:
    """Rows are indicators, columns their figures; the unit is the sender."""
    for number in range(5):
        case, sheet, row = begin(rng, "rows-are-indicators")
        paths = [("TT",), ("Chỉ tiêu",), ("Thực hiện",), ("Tổng số",), ("Tỷ lệ (%)",)]
        top = row
        row = header(rng, sheet, row, paths, 1)
        for at, name in enumerate(("numerator", "denominator", "stated_rate"), start=3):
            case.mapping[place(sheet, top, at)] = ("figure", (("", name),))
        for at, (label, indicator) in enumerate(_ITEMS, start=1):
            is_strange = number % 2 == 1 and at == 4
            sheet.put(row, 1, rng.choice([at, f"{at}."]))
            sheet.put(row, 2, "Việc khác theo chỉ đạo" if is_strange else spelled(rng, label))
            case.mapping[place(sheet, row, 2)] = ("figure", ((indicator, "numerator"),))
            case.knows_all = case.knows_all and not is_strange
            sheet.put(row, 3, 13 + at)
            whole = 15 if at == 1 else None
            sheet.put(row, 4, whole)
            sheet.put(row, 5, "93,33%" if whole else None)
            rate = Decimal("0.9333") if whole else None
            case.facts.append(Fact(place(sheet, row, 3), SENDER, indicator, "total", "reported", 13 + at, whole, rate))
            row += 1
        foot(rng, sheet, row)
        yield case


def _units_and_items(rng: random.Random) -> Iterator[Case]:
    """The unit merged down over its rows, a row an indicator."""
    for number in range(4):
        case, sheet, row = begin(rng, "units-merged-down")
        paths = [("STT",), ("Đơn vị",), ("Nội dung",), ("Số lượng",), ("Trên tổng số",)]
        top = row
        row = header(rng, sheet, row, paths, 1)
        for at, name in ((4, "numerator"), (5, "denominator")):
            case.mapping[place(sheet, top, at)] = ("figure", (("", name),))
        for stt, unit in enumerate(("Huyện Bắc Bình", "Huyện Tuy Phong", "Đảng ủy Công an tỉnh"), start=1):
            sheet.put(row, 1, stt)
            sheet.put(row, 2, unit)
            if number % 2 == 0:
                sheet.merges += [(row, 1, row + 1, 1), (row, 2, row + 1, 2)]
            for label, indicator in (_ITEMS[0], ("Thành lập Tổ giúp việc", "support_team_committee")):
                sheet.put(row, 3, label)
                case.mapping[place(sheet, row, 3)] = ("figure", ((indicator, "numerator"),))
                sheet.put(row, 4, 1)
                sheet.put(row, 5, 1)
                case.facts.append(Fact(place(sheet, row, 4), unit, indicator, "own", "reported", 1, 1, None))
                row += 1
        yield case


def _periods(rng: random.Random) -> Iterator[Case]:
    for when, asked, period in (
        ("Năm 2012", "2012-11", "2012-11"),
        ("NĂM 2012", "2012-05", "2012-05"),
        ("", "2012-05", "2012-05"),
        ("Tháng 5 năm 2012", "2012-05", "2012-05"),
        ("Nhiệm kỳ 2010-2015, theo Kế hoạch 28-KH/TU ngày 12/4/2012, tháng 9 năm 2012", None, "2012-09"),
        ("Từ tháng 1 đến tháng 9 năm 2012", None, "2012-09"),
    ):
        case, sheet, _ = begin(rng, "period")
        sheet.cells.clear()
        case.asked, case.period = asked, period
        Drawing(rng, case, sheet, SHAPES[0], Options()).write(head(rng, sheet, TITLES[0], when))
        yield case


def _single_cells(rng: random.Random) -> Iterator[Case]:
    """One cell after the other, each in all three formats: stored formulas, 0 of 0, rates that cannot be told."""
    for _ in range(3):
        case, sheet, row = begin(rng, "cells")
        drawing = Drawing(rng, case, sheet, SHAPES[5], replace(Options(), traps=False))
        row = drawing.write(row)
        for name, cells, outcome in (
            ("593", (Formula("70+3", 73), Formula("60+7", 67), Formula("D9/C9", 0.5)), "warn"),
            ("594", (0, 0, Error("#DIV/0!")), (0, 0, None, "nil")),
            ("595", (None, None, Error("#DIV/0!")), None),
            ("596", (73, "67 (91,78%)", None), (67, 73, Decimal("0.9178"), "reported")),
            ("597", (None, "67/73 đạt 91,78%", None), (67, 73, Decimal("0.9178"), "reported")),
            ("598", (73, "67/73", None), "refuse"),
            ("599", (None, "3.484 (đạt 96%)", None), (3484, None, Decimal("0.96"), "reported")),
        ):
            sheet.put(row, 2, name)
            sheet.put(row, 3, "Huyện số " + name)
            for at, value in enumerate(cells, start=4):
                sheet.put(row, at, value)
            where = place(sheet, row, 5)
            if outcome == "refuse":
                case.refused.add(where)
            elif outcome == "warn":  # 67/73 is not 0.5, neither as a fraction nor per cent
                case.refused.add(place(sheet, row, 6))
            elif outcome is not None:
                number, whole, rate, mark = outcome
                case.facts.append(Fact(where, name, PLAN, "own", mark, number, whole, rate))
            row += 1
        yield case


def _refused_books(rng: random.Random) -> Iterator[Case]:
    for titles, asked, problem in (
        (("Năm 2012",), None, "chỉ ghi năm"),
        (("",), None, "không ghi kỳ"),
        (("tháng 5 năm 2012",), "2012-06", "2012-06"),
        (("tháng 5 năm 2012", "tháng 5 năm 2011"), None, "2011-05"),
        (("quý II/2012", "Năm 2011"), None, "2011"),
    ):
        case, sheet, _ = begin(rng, "refused")
        sheet.cells.clear()
        case.sheets = []
        for number, when in enumerate(titles):
            each = SheetModel(f"Bieu {number + 1}")
            case.sheets.append(each)
            Drawing(rng, case, each, SHAPES[0], Options()).write(head(rng, each, TITLES[0], when))
        case.asked, case.problem = asked, problem
        yield case
    case, sheet, _ = begin(rng, "no-table")
    sheet.cells.clear()
    sheet.put(1, 1, "Kính gửi: Ban Tổ chức Trung ương")
    sheet.put(3, 1, "Tỉnh ủy có 15 cấp ủy trực thuộc, 73 cơ quan")
    case.problem = "không thấy bảng"
    yield case
