"""Cases of the corpus about who a row speaks of: two columns of names, names under a heading only a steward knows."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.submissions.handmade.drawing import PLAN, header
from tests.submissions.handmade.make_corpus import SENDER, Case, Fact, begin, place


def two_unit_columns(rng: random.Random) -> Iterator[Case]:
    """Districts merged down over their communes; "Cộng" under a district is that district's alone."""
    for number in range(3):
        case, sheet, row = begin(rng, "district-and-commune")
        paths = [("STT",), ("Huyện, thị",), ("Xã, phường, thị trấn",), ("Số đảng viên mới kết nạp",), ("Số chi bộ trực thuộc",)]
        case.mapping[place(sheet, row, 4)] = ("figure", (("member_admitted", "numerator"),))
        case.mapping[place(sheet, row, 5)] = ("figure", (("branch", "numerator"),))
        row = header(rng, sheet, row, [(path[0].replace("Huyện, thị", "Huyện, thị, thành"),) for path in paths], 1)
        whole = 0
        for district in ("Huyện Bắc Bình", "Thị xã La Gi"):
            top = row
            for stt, commune in enumerate(("Xã Hòa Minh", "Phường 1", "Thị trấn Liên Hương"), start=1):
                sheet.put(row, 1, stt)
                sheet.put(row, 2, district if row == top else None)
                sheet.put(row, 3, commune)
                sheet.put(row, 4, stt)
                sheet.put(row, 5, stt * 2)
                for at, indicator, scope, value in ((4, "member_admitted", "own", stt), (5, "branch", "total", stt * 2)):
                    case.facts.append(Fact(place(sheet, row, at), commune, indicator, scope, "reported", value, None, None))
                row += 1
            sheet.put(row, 3, "Cộng")
            sheet.put(row, 4, 6 if number else 7)
            if not number:
                case.warned.add(place(sheet, row, 4))
            sheet.merges.append((top, 2, row, 2))
            whole += 6
            row += 1
        sheet.put(row, 2, "Toàn tỉnh")
        sheet.merges.append((row, 2, row, 3))
        sheet.put(row, 4, whole)
        case.facts.append(Fact(place(sheet, row, 4), SENDER, "member_admitted", "total", "reported", whole, None, None))
        yield case


def names_confirmed(rng: random.Random) -> Iterator[Case]:
    """A column of names under a heading that only a steward can know, and one of words that nobody asks about."""
    for _ in range(2):
        case, sheet, row = begin(rng, "names-confirmed")
        paths = [("STT",), ("Mã ĐV",), ("Tên gọi",), ("Số CQ đã ban hành KH",), ("Người phụ trách",)]
        case.mapping[place(sheet, row, 3)] = ("unit_name", ())
        case.mapping[place(sheet, row, 4)] = ("figure", ((PLAN, "numerator"),))
        row = header(rng, sheet, row, paths, 1)
        for stt, (code, name) in enumerate((("593", "Huyện Bắc Bình"), ("", "Huyện Tuy Phong"), ("595", "Phường 7")), start=1):
            for at, value in enumerate((stt, code, name, stt, "Ông Nam"), start=1):
                sheet.put(row, at, value)
            case.facts.append(Fact(place(sheet, row, 4), code or name, PLAN, "own", "reported", stt, None, None))
            row += 1
        sheet.put(row, 3, "Tổng cộng")
        sheet.put(row, 4, 6)
        case.facts.append(Fact(place(sheet, row, 4), SENDER, PLAN, "total", "reported", 6, None, None))
        case.knows_all = False
        yield case
