"""A table of a province's own making: it waits, a steward says once what its columns mean, and it is read ever after."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

Run = Callable[..., tuple[int, str, str]]
UNITS = ("Thành phố Phan Thiết", "Huyện Tuy Phong", "Huyện Bắc Bình")


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a hand-made workbook: units in rows, one column nobody has heard of, one the catalogue knows."""

    def make(name: str, figures: tuple[int, ...], heading: str = "Số nơi đã xong việc đầu năm") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["BIỂU TỔNG HỢP KẾT QUẢ THÁNG 5 NĂM 2012"])
        sheet.append([])
        sheet.append(["STT", "Tên đơn vị", heading])
        for number, (unit, figure) in enumerate(zip(UNITS, figures, strict=True), start=1):
            sheet.append([number, unit, figure])
        path = tmp_path / name
        book.save(path)
        return path

    return make


def _statements(settings: Settings) -> list[tuple[object, ...]]:
    with connect(settings) as connection:
        return rows(connection, "select unit_code, indicator, period, numerator_value from raw.statement order by 1, 2")


def test_nothing_is_guessed_and_nothing_is_lost(
    run: Run, registered: Settings, table: Callable[..., Path], tmp_path: Path
) -> None:
    path = table("quý tự làm.xlsx", (4, 5, 6))
    code, out, _ = run("submit", path, "--from", "60")
    assert (code, _statements(registered)) == (1, []), "a column that nobody confirmed was read"
    assert "Số nơi đã xong việc đầu năm" in out
    assert "tonghop mapping show 1" in out

    assert "proposed" in run("mapping", "list")[1]
    sheet = tmp_path / "mapping.csv"
    assert run("mapping", "show", "1", "--out", sheet)[0] == 0
    lines = list(csv.DictReader(sheet.open(encoding="utf-8-sig")))
    asked = next(line for line in lines if "xong việc" in line["text"])
    assert (asked["place"].endswith("C3"), asked["sample"]) == (True, "4; 5; 6")

    asked |= {"role": "figure", "indicator": "plan_issued_comittee", "field": "numerator", "scope": "own"}
    _write(sheet, lines)
    code, _, err = run("mapping", "confirm", "1", "--file", sheet, "--author", "N. V. A")
    assert code == 2
    assert "plan_issued_comittee" in err, "a code that is none must be refused, not stored"

    asked |= {"indicator": "", "field": ""}
    _write(sheet, lines)
    code, _, err = run("mapping", "confirm", "1", "--file", sheet, "--author", "N. V. A")
    assert (code, "holds figures, but not of what" in err) == (2, True), "its figures would be lost without a word"

    asked |= {"indicator": "plan_issued_committee", "field": "numerator"}
    _write(sheet, lines)
    code, out, _ = run("mapping", "confirm", "1", "--file", sheet, "--author", "N. V. A")
    assert code == 0
    assert "3 kept" in out, "the file that waited is read as soon as its columns are known"
    assert [(unit, value) for unit, _, _, value in _statements(registered)] == sorted(zip(UNITS, (4, 5, 6), strict=True))

    # The next file of the form is read at once; another sender's is asked about.
    assert "3 kept" in run("submit", table("tháng sau.xlsx", (7, 8, 9)), "--from", "60")[1]
    assert run("submit", table("của Bắc Giang.xlsx", (1, 2, 3)), "--from", "44")[0] == 1

    assert run("mapping", "forget", "1", "--reason", "the column changed its meaning")[0] == 0
    assert run("submit", table("lại hỏi.xlsx", (1, 1, 1)), "--from", "60")[0] == 1


def test_a_submission_can_be_listed_shown_and_given_back(
    run: Run, table: Callable[..., Path], tmp_path: Path
) -> None:
    """A steward who calls a province must say what was received, when, and be able to look at the very file."""
    path = table("của tỉnh.xlsx", (4, 5, 6))
    run("submit", path, "--from", "60")
    code, out, _ = run("submissions", "list", "--sender", "A-60", "--state", "waiting")
    assert code == 0
    submission_id = out.split()[2]
    assert submission_id.startswith("60-")
    assert "chờ xác nhận cột" in run("submissions", "show", submission_id)[1]
    assert run("submissions", "original", submission_id, "--out", tmp_path / "back.xlsx")[0] == 0
    assert (tmp_path / "back.xlsx").read_bytes() == path.read_bytes()
    # Sent by mistake, it need not wait for ever.
    assert run("withdraw", "--submission", submission_id, "--reason", "sent in error")[0] == 0
    assert "withdrawn" in run("submissions", "list")[1]
    code, _, err = run("submissions", "show", "60-nothing")
    assert (code, len(err.splitlines())) == (2, 1)


def _write(path: Path, lines: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
