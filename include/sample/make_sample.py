"""Make the sample: ``python include/sample/make_sample.py`` writes reference/ and inbox/ beside this file.

The figures are those of the source reports (see README.md); what the reports do not say is filled in, and says so in
its note or name. Running it again gives the same files.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from tonghop.reference.files import folder, read
from tonghop.reference.load import add_overlay, load
from tonghop.reference.models import OrgUnit
from tonghop.settings import PROJECT_DIR, Settings
from tonghop.submissions.layout import MATRIX, META_SHEET, Column
from tonghop.submissions.reading import COLUMNS
from tonghop.submissions.sheets import FIRST_ROW, packed
from tonghop.submissions.template import make_template
from tonghop.warehouse.server import opened

HERE = Path(__file__).resolve().parent
FILLED = "số điền thêm / filled in"
FILLED_SHARE = (
    "số điền thêm, chỉ tổng của 13 tỉnh là của nguồn / filled in, only the sum of the 13 provinces is the source's"
)
OF_SOURCE = "theo nguồn / as the source states"
DISTRICT_TYPES = {"rural_district", "urban_district", "town", "city"}
# The register projects about 2021 back: in 2012 Ba Đồn (2013) and Ia H'Drai (2015) did not exist; Tây Trà did.
IN_2012 = {"44": -1, "62": -1, "51": +1}
NO_COMMITTEE = "A-498"  # the islands of Hoàng Sa
Fact = Sequence[Any]

# Bình Thuận ---------------------------------------------------------------------------------------------------------
COMMITTEES = [str(code) for code in range(593, 603)] + [f"60-DC{number}" for number in range(1, 6)]
AGENCIES = [f"60-A{number:02}" for number in range(1, 74)]
WITHOUT_PLAN, REGISTERED = AGENCIES[67:], AGENCIES[:38]
WITHOUT_TEAM, WITH_REGULATION = COMMITTEES[13:], COMMITTEES[:7]

# The thirteen provinces of Vụ Địa phương II: other committees (79), standing members (188), agency reviews (709/724).
THIRTEEN = ["44", "45", "46", "48", "49", "51", "52", "54", "56", "62", "64", "66", "67"]
OTHERS = dict(zip(THIRTEEN, [6, 6, 6, 7, 6, 6, 6, 6, 6, 6, 6, 6, 6], strict=True))
STANDING = dict(zip(THIRTEEN, [14, 14, 15, 15, 15, 14, 15, 14, 14, 14, 15, 15, 14], strict=True))
AGENCY_ALL = dict(zip(THIRTEEN, [54, 52, 57, 60, 61, 55, 57, 53, 55, 50, 57, 61, 52], strict=True))
AGENCY_LEFT = dict(zip(THIRTEEN, [1, 0, 2, 1, 2, 1, 1, 0, 2, 1, 1, 2, 1], strict=True))
PLANNED = {"46", "48", "49", "52", "56", "62", "64", "66"}
ONE_LEFT = "66"  # whose one committee is missing in 221 of 222


def make(settings: Settings, out: Path) -> list[Path]:
    """Write the sample's files below ``out``.

    Args:
        settings: a running warehouse of its own, whose reference data is loaded with the sample's on top.

    Returns:
        Every file that was written.
    """
    written = make_reference(out / "reference")
    add_overlay(settings, out / "reference")
    load(settings)
    inbox = out / "inbox"
    written.append(_binh_thuan_units(settings, inbox / "60" / "don_vi_2012-05.xlsx"))
    written.append(_write(inbox / "60" / "tinh_2012-05.csv", COLUMNS, _binh_thuan_province()))
    districts = _district_counts(settings)
    for code in THIRTEEN:
        written.append(_write(inbox / code / "kiem_diem_quy_hoach_2012.csv", COLUMNS, _province(code, districts[code])))
    written.append(_write(inbox / "V-2" / "tong_hop_vu_2012.csv", COLUMNS, _department()))
    written.append(_write(inbox / "24" / "goi_y_kiem_diem_2016-12.csv", COLUMNS, _bac_giang()))
    written.append(_bad(inbox / "24" / "to_khai_loi_2016-12.csv"))
    return written


_UNIT_COLUMNS = (
    "unit_id", "code", "name", "ascii_name", "type", "level", "parent_unit_id", "valid_from", "valid_to")


def make_reference(out: Path) -> list[Path]:
    """The units that Bình Thuận registers, and the sample's own calendar."""
    return [
        _write(out / "org_units.csv", _UNIT_COLUMNS, _registered()),
        _write(
            out / "calendar.csv",
            ("campaign", "form", "group", "sender_level", "senders", "period", "due_on", "source_report"),
            _calendar(),
        ),
    ]


def _registered() -> Iterable[Fact]:
    for number in range(1, 6):
        yield (
            f"A-60-DC{number}",
            f"60-DC{number}",
            f"Đảng ủy trực thuộc số {number:02} (tên điền thêm)",
            f"Dang uy truc thuoc so {number:02} (ten dien them)",
            "direct_committee",
            "district",
            "A-60",
            "",
            "2025-06-30",
        )
    for number in range(1, 74):
        yield (
            f"A-60-A{number:02}",
            f"60-A{number:02}",
            f"Cơ quan cấp tỉnh số {number:02} (tên điền thêm)",
            f"Co quan cap tinh so {number:02} (ten dien them)",
            "provincial_agency",
            "district",
            "A-60",
            "",
            "2025-06-30",
        )


def _calendar() -> Iterable[Fact]:
    thirteen = "|".join(THIRTEEN)
    plans = "study|plan|steering|urgent|feedback"
    yield "tw4-xi", "study and plans", plans, "province", "60", "2012-05", "2012-06-20", "000"
    for period, due in (("2012-09", "2012-10-20"), ("2012-11", "2012-12-20")):
        yield "tw4-xi", "review results", "review", "province", thirteen, period, due, "002"
        yield "tw4-xi", "review results: department", "review", "department", "V-2", period, due, "002"
    yield "tw4-xi", "cadre planning", "cadre_plan", "province", thirteen, "2012-12", "2013-01-20", "002"
    yield "tw4-xi", "cadre planning: department", "cadre_plan", "department", "V-2", "2012-12", "2013-01-20", "002"
    yield "tw4-xii", "in-depth review suggested", "deep_review", "province", "24", "2016-12", "2017-01-20", "003"


def _unit_figures() -> dict[tuple[str, str], tuple[int, int | None]]:
    """(unit, indicator) → numerator and denominator of every row that Bình Thuận's units state."""
    found: dict[tuple[str, str], tuple[int, int | None]] = {}
    for unit in COMMITTEES:
        for indicator in (
            "plan_issued_committee",
            "standing_body_committee",
            "urgent_registered_committee",
            "urgent_plan_committee",
        ):
            found[unit, indicator] = (1, 1)
        found[unit, "support_team_committee"] = (int(unit not in WITHOUT_TEAM), 1)
        found[unit, "support_team_regulation"] = (int(unit in WITH_REGULATION), 1)
    for unit in AGENCIES:
        found[unit, "plan_issued_agency"] = (int(unit not in WITHOUT_PLAN), 1)
        found[unit, "plan_not_issued_agency"] = (int(unit in WITHOUT_PLAN), None)
        found[unit, "urgent_registered_agency"] = (int(unit in REGISTERED), 1)
    return found


def _binh_thuan_units(settings: Settings, target: Path) -> Path:
    """The workbook of Bình Thuận, made by ``tonghop template`` and filled in row by row."""
    figures = _unit_figures()
    book = openpyxl.load_workbook(make_template(settings, "60", "2012-05", target))
    for sheet in book.worksheets:
        if sheet["A1"].value != MATRIX or sheet.title == META_SHEET:
            continue
        for at in range(3, sheet.max_column + 1):
            column = Column.parse(str(sheet.cell(1, at).value))
            for row in range(FIRST_ROW, sheet.max_row + 1):
                figure = figures.get((str(sheet.cell(row, 1).value), column.indicator if column else ""))
                if figure is not None and column is not None:
                    values = {"numerator": figure[0], "denominator": figure[1], "note": FILLED, "stated_rate": None}
                    sheet.cell(row, at).value = values[column.field]
    target.write_bytes(packed(book))
    return target


def _binh_thuan_province() -> Iterable[Fact]:
    def state(indicator: str, scope: str, *figures: str, note: str = OF_SOURCE) -> Fact:
        numerator, denominator, rate = (*figures, "", "")[:3]
        return "60", indicator, "2012-05", scope, numerator, denominator, rate, note

    yield state("study_class", "own", "470")
    yield state("study_attendance_leader", "own", "452", "507", "89%")
    yield state("study_attendance_former_leader", "own", "115", "161", "71%")
    yield state("study_attendance_front", "own", "515", "603", "85%")
    yield state("study_participant", "total", "43.240")
    yield state("study_participant_key_cadre", "total", "3.484", "", "96%")
    yield state("study_participant_member", "total", "18.634", "", "92%")
    yield state("study_participant_non_member", "total", "23.540")
    yield state("plan_issued_committee", "total", "15", "15")
    yield state("plan_issued_agency", "total", "67", "73", "91,78%")
    yield state("plan_not_issued_agency", "total", "06")
    yield state("standing_body_committee", "total", "15", "15")
    yield state("support_team_committee", "total", "13", "15")
    yield state("support_team_regulation", "total", "7", "15")
    yield state("urgent_registered_committee", "total", "15", "15")
    yield state("urgent_registered_agency", "total", "38", "73", "52,07%")
    yield state("urgent_plan_committee", "total", "15", "15")
    yield state("urgent_plan_agency", "total", "41", "88")
    yield state("feedback_former_leader", "own", "64")
    yield state("feedback_mass", "own", "22", "422")
    yield state("feedback_collective", "own", "28")
    yield state("comment_given_agency", "own", "17", "88")
    yield state("comment_received_agency", "own", "63", "88")
    yield state("direct_committee", "total", "15")
    yield state(
        "district_committee", "total", "10", note="10 huyện, thị xã, thành phố trong sổ đơn vị / as the register counts"
    )
    yield state("other_direct_committee", "total", "5", note="15 − 10")


def _district_counts(settings: Settings) -> dict[str, int]:
    """District committees of each of the thirteen provinces in 2012-11; together 143."""
    register = read([folder(settings.reference_dir, "")]).of(OrgUnit)
    day, counts = date(2012, 11, 30), dict.fromkeys(THIRTEEN, 0)
    for each in register:
        unit = each.row
        province = (unit.parent_unit_id or "").removeprefix("A-")
        is_open_district = unit.type in DISTRICT_TYPES and unit.opens <= day < unit.closes
        if is_open_district and province in counts and unit.unit_id != NO_COMMITTEE:
            counts[province] += 1
    return {code: count + IN_2012.get(code, 0) for code, count in counts.items()}


def _province(code: str, districts: int) -> Iterable[Fact]:
    committees = districts + OTHERS[code]
    reviewed = committees - int(code == ONE_LEFT)
    agencies = AGENCY_ALL[code]
    for indicator, period, scope, numerator, denominator in (
        ("review_province_collective", "2012-09", "own", 1, 1),
        ("review_standing_member", "2012-09", "own", STANDING[code], STANDING[code]),
        ("review_direct_committee", "2012-11", "total", reviewed, committees),
        ("review_agency", "2012-11", "own", agencies - AGENCY_LEFT[code], agencies),
        ("direct_committee", "2012-11", "total", committees, ""),
        ("district_committee", "2012-11", "total", districts, ""),
        ("other_direct_committee", "2012-11", "total", OTHERS[code], ""),
        ("cadre_plan_completed", "2012-12", "own", int(code in PLANNED), 1),
    ):
        yield code, indicator, period, scope, numerator, denominator, "", FILLED_SHARE


def _department() -> Iterable[Fact]:
    for indicator, period, numerator, denominator, rate in (
        ("review_province_collective", "2012-09", 13, 13, ""),
        ("review_standing_member", "2012-09", 188, 188, ""),
        ("review_direct_committee", "2012-11", 221, 222, ""),
        ("review_agency", "2012-11", 709, 724, "99,55%"),
        ("direct_committee", "2012-11", 222, "", ""),
        ("district_committee", "2012-11", 143, "", ""),
        ("other_direct_committee", "2012-11", 79, "", ""),
        ("cadre_plan_completed", "2012-12", 8, 13, ""),
    ):
        yield "V-2", indicator, period, "total", numerator, denominator, rate, OF_SOURCE


def _bac_giang() -> Iterable[Fact]:
    for indicator, scope, numerator in (
        ("deep_review_collective_province", "own", 11),
        ("deep_review_individual_province", "own", 12),
        ("deep_review_collective_district", "total", 47),
        ("deep_review_individual_district", "total", 45),
    ):
        yield "24", indicator, "2016-12", scope, numerator, "", "", OF_SOURCE


BAD_LINES = (
    "24,deep_review_collective_province,2016-12,own,11,,,dòng tốt: như tệp kia / a good row: as in the other file",
    "99999,deep_review_collective_district,2016-12,own,3,,,mã đơn vị không có / unknown unit",
    "24,deep_review_colective_district,2016-12,total,47,,,chỉ tiêu viết sai / unknown indicator",
    "593,deep_review_collective_district,2016-12,own,4,,,đơn vị của tỉnh khác / a unit of another province",
    "224,deep_review_collective_district,2016-12,own,1,,,đơn vị chưa lập / a unit not open yet",
    "213,deep_review_collective_district,2016-12,own,khoảng năm,,,chữ thay cho số / text for a number",
    "215,deep_review_collective_district,2016-12,own,-5,,,số âm / a negative number",
    "216,deep_review_collective_district,2016-12,own,47/58,,,phân số trong một ô / a fraction in one cell",
    '217,deep_review_collective_district,2016-12,own,"4,5",,,số lẻ / no whole number',
    "24,programme_task_done,2016-12,own,13,14,92,86%,tỷ lệ không đặt trong ngoặc kép / a rate without quotes",
    "24,deep_review_individual_province,12-2016,own,12,,,kỳ viết ngược / the period the wrong way round",
    "24,deep_review_individual_province,2016-12,own,12,,,dòng tốt: như tệp kia / a good row: as in the other file",
)


def _bad(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join([",".join(COLUMNS), *BAD_LINES]) + "\n", encoding="utf-8", newline="")
    return target


def _write(target: Path, header: Sequence[str], lines: Iterable[Fact]) -> Path:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.getvalue(), encoding="utf-8", newline="")
    return target


def main() -> None:
    """Write the sample where it is kept."""
    with tempfile.TemporaryDirectory() as state:
        settings = Settings(
            state_dir=Path(state), project_dir=PROJECT_DIR, database_url=None, inbox="", reference_dirs=""
        )
        with opened(settings):
            for path in make(settings, HERE):
                sys.stdout.write(f"{path.relative_to(HERE)}\n")


if __name__ == "__main__":
    main()
