"""C03: a whole form that is sent again and leaves something out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.night.conftest import as_admin, run_night
from tonghop.settings import Settings
from tonghop.submissions import inbox, template, withdraw
from tonghop.submissions.effects import effects
from tonghop.warehouse.connection import connect

OPEN = "select severity, actual, message_vi from quality.finding where rule = 'C03' and state = 'open'"


def _fill(settings: Settings, path: Path, figures: dict[str, tuple[int, int | None]]) -> Path:
    """The sender's own row of the template, filled: indicator → numerator, denominator."""
    template.make_template(settings, "60", "2012-05", path)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet["A1"].value != "tonghop-matrix":
            continue
        for cell in sheet[1]:
            indicator, _, rest = str(cell.value).partition("|")
            if indicator in figures:
                field = rest.partition("|")[0]
                value = dict(zip(("numerator", "denominator"), figures[indicator], strict=True)).get(field)
                sheet.cell(6, cell.column, value)
    book.save(path)
    return path


def _send(settings: Settings, path: Path) -> str:
    (file,) = inbox.ingest_sender(settings, "60", whole=[inbox.submit(settings, path, "60")])["files"]
    assert file["status"] == "loaded", file
    return str(file["submission_id"])


def test_a_forgotten_row_is_said_before_and_after(country: Settings, send: Callable[..., None], tmp_path: Path) -> None:
    """Without this, a figure that the province took back by leaving it out would stand for ever, unseen."""
    _send(country, _fill(country, tmp_path / "1.xlsx", {"comment_given_agency": (17, 73), "feedback_mass": (22, 422)}))
    again = _send(country, _fill(country, tmp_path / "2.xlsx", {"comment_given_agency": (18, 73)}))
    with connect(country, "loader") as connection:
        told = effects(connection, country, again)
    assert (told["changes"], told["drops"]) == (1, 1)
    assert told["facts"]["drops"][0]["indicator"] == "feedback_mass"
    assert run_night(country)
    ((severity, actual, message),) = as_admin(country, OPEN)
    assert (severity, actual) == ("warning", "1")
    assert "60 · feedback_mass · total" in message or "60 · feedback_mass · own" in message

    # Taken back in so many words, nothing is left to ask.
    withdraw.withdraw_fact(country, "60", "60", "feedback_mass", "2012-05", told["facts"]["drops"][0]["scope"], "sent in error")
    assert run_night(country)
    assert as_admin(country, OPEN) == []


def test_what_never_stood_is_not_missed(country: Settings, tmp_path: Path) -> None:
    """A row that was kept aside and is corrected in the next sending is mended, not forgotten."""
    def table(name: str, unit: str) -> Path:
        book = openpyxl.Workbook()
        for line in (["KẾT QUẢ THÁNG 5 NĂM 2012"], ["STT", "Tên đơn vị", "Cấp ủy trực thuộc ban hành kế hoạch thực hiện"],
                     [1, "Thành phố Phan Thiết", 1], [2, unit, 1]):
            book.active.append(line)
        book.save(tmp_path / name)
        return tmp_path / name

    _send(country, table("1.xlsx", "Huyện Không Có"))
    assert run_night(country)
    again = _send(country, table("2.xlsx", "Huyện Tuy Phong"))
    with connect(country, "loader") as connection:
        told = effects(connection, country, again)
    assert (told["adds"], told["repeats"], told["drops"]) == (1, 1, 0)
    assert run_night(country)
    assert as_admin(country, OPEN) == []


def test_a_delimited_file_only_amends(country: Settings, send: Callable[..., None]) -> None:
    send("60", "60,study_class,2012-05,own,470,,,", "60,feedback_mass,2012-05,own,22,422,,", name="a.csv")
    send("60", "60,study_class,2012-05,own,471,,,", name="a.csv")
    assert run_night(country)
    assert as_admin(country, OPEN) == []
