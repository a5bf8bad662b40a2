"""The life of one finding, night by night: its state, its due day, its history, and the trend that counts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from openpyxl import load_workbook

from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop import clock
from tonghop.commands import stewardship
from tonghop.quality import coverage, returning, waivers
from tonghop.settings import Settings
from tonghop.warehouse.connection import Role, connect, rows

SOUND = [f"60-A{number:02d},urgent_plan_agency,2012-05,own,1,1,," for number in range(1, 6)]
WRONG = "60,comment_given_agency,2012-05,own,17,88,,"
SLIP = "60,feedback_mass,2012-05,own,22,422,5.3%,"
DAILY = """
select rule, severity, sum(open), sum(returned), sum(waived) from marts.fct_finding_daily
where day = (select max(day) from marts.fct_finding_daily) group by 1, 2 having sum(open + returned + waived) > 0 order by 1, 2
"""
COUNTED = """
select rule, severity, count(*) filter (where state = 'open'), count(*) filter (where state = 'returned'),
       count(*) filter (where state = 'waived')
from marts.fct_finding where state <> 'corrected' group by 1, 2 order by 1, 2
"""


def of(settings: Settings, rule: str = "D03") -> dict[str, Any]:
    """The one finding of a rule."""
    with connect(settings, "steward") as connection, connection.cursor() as cursor:
        cursor.execute("select finding_id, state, owner, due_on, is_escalated, first_seen_at from quality.finding"
                       " where rule = %s", (rule,))
        names = [column.name for column in cursor.description or ()]
        (found,) = cursor.fetchall()
    return dict(zip(names, found, strict=True))


def history(settings: Settings, finding_id: str) -> list[tuple[Any, ...]]:
    return as_admin(settings, "select event, state_before, state_after, author is not null from quality.finding_event"
                              " where finding_id = %s order by event_id", finding_id)


def send_back(settings: Settings, sender: str, due_on: date | None = None) -> list[returning.Returned]:
    asked = returning.Asked(sender, None, None, due_on, "lan", "xem lại sổ")
    with connect(settings, "steward") as connection:
        return returning.send_back(connection, settings, asked)


def days_pass(settings: Settings, days: int) -> None:
    """Everything that was written happened so many days earlier."""
    as_admin(settings, "update quality.finding set due_on = due_on - %s", days)
    as_admin(settings, "update quality.waiver set valid_until = valid_until - %s", days)
    as_admin(settings, "update store.finding_change set day = day - %s", days)
    as_admin(settings, "update store.finding_day set day = day - %s", days)


def trend_agrees(settings: Settings) -> None:
    """The newest day of the trend says what the findings say, and its days follow from one another."""
    assert as_analyst(settings, DAILY) == as_analyst(settings, COUNTED)
    unsettled = 0
    for _, standing, new, corrected in as_analyst(settings, "select day, sum(open + returned + waived), sum(new), sum(corrected)"
                                                            " from marts.fct_finding_daily group by 1 order by 1"):
        assert standing == unsettled + new - corrected
        unsettled = standing


def test_a_finding_lives_from_first_sight_to_its_return(country: Settings, send: Callable[..., None]) -> None:
    send("60", *SOUND, WRONG)
    assert run_night(country)
    first = of(country)
    days = coverage.numbers(country)["answer_days"]["error"]["value"]
    assert (first["state"], first["owner"], first["is_escalated"]) == ("open", "V-3", False)
    assert first["due_on"] == clock.today() + timedelta(days=days)
    trend_agrees(country)

    # Sent back: with its sender until the figure changes, whatever else is sent; and published as such.
    later = clock.today() + timedelta(days=60)
    assert {each.rule for each in send_back(country, "60", later)} == {"D03"}
    assert send_back(country, "60") == []
    send("60", "60,study_class,2012-05,own,470,,,", name="other.csv")
    assert run_night(country)
    assert as_analyst(country, "select state from marts.fct_finding where rule = 'D03'") == [("returned",)]
    assert (of(country)["state"], of(country)["due_on"]) == ("returned", later)
    assert run_night(country) is None  # what was sent back is published once
    trend_agrees(country)

    # Other values, still wrong: somebody has answered, so it is open again, and due when it was.
    days_pass(country, 1)
    send("60", "60,comment_given_agency,2012-05,own,18,88,,", name="second.csv")
    assert run_night(country)
    assert (of(country)["state"], of(country)["due_on"]) == ("open", later - timedelta(days=1))
    trend_agrees(country)

    # Mended: corrected by itself. Wrong again: the same finding, reopened, with a day of its own.
    days_pass(country, 1)
    send("60", "60,comment_given_agency,2012-05,own,18,73,,", name="third.csv")
    assert run_night(country)
    assert of(country)["state"] == "corrected"
    trend_agrees(country)
    send("60", WRONG, name="fourth.csv")
    assert run_night(country)
    assert of(country) == first
    trend_agrees(country)

    # A waiver holds for its days: then the finding is reopened, with as many days to answer as at first.
    waivers.waive(country, first["finding_id"], reason="đang đối chiếu", until=clock.today(), author="lan")
    assert run_night(country)
    assert of(country)["state"] == "waived"
    trend_agrees(country)
    days_pass(country, 20)
    assert run_night(country)
    assert of(country) == first
    trend_agrees(country)

    assert history(country, first["finding_id"]) == [
        ("seen", None, "open", False),
        ("returned", "open", "returned", True),
        ("changed", "returned", "open", False),
        ("corrected", "open", "corrected", False),
        ("reopened", "corrected", "open", False),
        ("waived", "open", "open", True),
        ("waived", "open", "waived", False),
        ("reopened", "waived", "open", False),
    ]
    assert as_admin(country, "select author, note from quality.finding_event where author is not null"
                             " order by event_id") == [("lan", "xem lại sổ"), ("lan", "đang đối chiếu")]
    # It came and was sent back; was open; was corrected, came again and was waived; and is open today.
    assert as_analyst(country, "select open, returned, waived, new, corrected from marts.fct_finding_daily"
                               " where rule = 'D03' order by day") == [
        (0, 1, 0, 1, 0), (1, 0, 0, 0, 0), (0, 0, 1, 1, 1), (1, 0, 0, 0, 0)]


def test_a_warning_nobody_answers_escalates_and_its_figure_stays(country: Settings, send: Callable[..., None]) -> None:
    send("60", *SOUND, SLIP, WRONG)
    assert run_night(country)
    days_pass(country, 31)
    # Nothing was sent, so the night has nothing to build; the day has passed all the same.
    before = as_analyst(country, "select max(release_id) from marts.dim_release")
    assert run_night(country) is None
    warning, error = of(country, "R01"), of(country)
    assert (warning["state"], warning["is_escalated"]) == ("open", True)
    assert error["is_escalated"] is False  # withheld since the day it was found: nothing is left to threaten it with
    assert run_night(country) is None  # said once
    assert history(country, warning["finding_id"]) == [("seen", None, "open", False), ("escalated", "open", "open", False)]
    assert as_analyst(country, "select max(release_id) from marts.dim_release") == before
    assert as_analyst(country, "select numerator, denominator from marts.fct_rollup where unit_id = 'A-60'"
                               " and indicator = 'feedback_mass'") == [(22, 422)]
    trend_agrees(country)
    assert as_analyst(country, "select count(distinct day) from marts.fct_finding_daily") == [(2,)]

    listed = stewardship.list_findings(country, stewardship.Wanted(None, None, ("open", "returned"), None, True))
    assert [row["rule"] for row in listed] == ["R01", "D03"]
    page = (country.reports_dir / "province" / "A-60.html").read_text(encoding="utf-8")
    assert page.count("quá hạn trả lời") == 1
    assert "quá hạn trả lời" in (country.reports_dir / "index.html").read_text(encoding="utf-8")

    # A new day to answer by: it is no longer overdue, and falls due anew.
    send_back(country, "60", clock.today() + timedelta(days=10))
    assert of(country, "R01")["is_escalated"] is False
    days_pass(country, 11)
    assert run_night(country)  # which publishes that it was sent back
    assert of(country, "R01")["is_escalated"] is True
    send("60", "60,feedback_mass,2012-05,own,22,422,5.21%,", name="mended.csv")
    assert run_night(country)
    assert (of(country, "R01")["state"], of(country, "R01")["is_escalated"]) == ("corrected", False)
    assert [event for event, *_ in history(country, warning["finding_id"])] == [
        "seen", "escalated", "returned", "escalated", "corrected"]


@pytest.fixture
def told(country: Settings, send: Callable[..., None], monkeypatch: pytest.MonkeyPatch,
         capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """One night with a wrong denominator and a row kept aside; then what a command says, line by line."""
    from tonghop import cli

    send("60", *SOUND, WRONG, "60,=1+1,2012-05,own,1,,,")
    assert run_night(country)
    monkeypatch.setattr(stewardship, "settings", lambda: country)

    def command(*arguments: str) -> list[str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        assert ended.value.code == 0
        return capsys.readouterr().out.splitlines()

    capsys.readouterr()
    return command


def test_the_workbook_says_what_to_mend_and_a_held_night_counts_nothing(
        country: Settings, send: Callable[..., None], told: Callable[..., list[str]]) -> None:
    lines = told("return", "60", "--author", "lan", "--note", "xem lại sổ")
    assert lines[:2] == ["D03  1", "S04  1"]
    sheet = load_workbook(Path(lines[-1])).worksheets[0]
    cells = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    assert "Bình Thuận" in cells[0][0]
    assert "xem lại sổ" in cells[3][0]
    by_rule = {line[2][:3]: line for line in cells if line[1].startswith(("D03", "S04"))}
    wrong = by_rule["D03"]
    assert [wrong[4].split("\n")[0], wrong[5].split("\n")[1], wrong[8], wrong[9]] == ["2012-05", "60", "88", "73"]
    assert "return.csv" in wrong[7]
    assert "\n" in wrong[12]  # what to do, in both languages
    # Text that a sender wrote is text: a spreadsheet must not compute it.
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "=1+1" in str(by_rule["S04"])
    assert told("return", "60") == ["Nothing of 60 is open: nothing was sent back."]

    # A night that is not published leaves the trend as it was, though the findings themselves have moved on.
    before = as_analyst(country, "select * from marts.fct_finding_daily order by day, rule")
    assert {row[2] for row in before} == {"D03", "S04"}
    send("60", SLIP, name="second.csv")
    assert run_night(country, until="judge_release")
    assert of(country, "R01")["state"] == "open"
    assert as_analyst(country, "select * from marts.fct_finding_daily order by day, rule") == before

    # What happened is only ever added to, whoever asks.
    everybody: tuple[Role, ...] = ("admin", "builder", "steward", "loader", "analyst")
    for role in everybody:
        for change in ("update quality.finding_event set author = 'x'", "delete from quality.finding_event"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege), connect(country, role) as connection:
                rows(connection, change)
