"""The steward's commands, through the command line's own entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tonghop import cli
from tonghop.commands import stewardship
from tonghop.reports import docs
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

Run = Callable[..., tuple[int, str, str]]

_SITE = Path(__file__).parents[1] / "reports" / "cases" / "small_site.sql"
_CONTRACT = [
    "finding_id", "group_id", "rule", "severity", "state", "sender_unit_id", "province_unit_id", "unit_id", "indicator",
    "population", "period", "scope", "expected", "actual", "imbalance", "message_vi", "message_en", "explanation",
    "explanations", "submission_id", "locator", "first_seen_at", "last_seen_at", "owner", "due_on", "is_escalated",
]


@pytest.fixture
def run(warehouse: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command on the small release; gives exit code, output and errors."""
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute(_SITE.read_text(encoding="utf-8"))
    monkeypatch.setattr(stewardship, "settings", lambda: warehouse)
    monkeypatch.setattr(docs, "build_dbt_docs", lambda settings: "unchanged")

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        told = capsys.readouterr()
        return int(str(ended.value.code)), told.out, told.err

    return command


def test_findings_as_json_have_every_field_of_the_contract(run: Run) -> None:
    code, out, _ = run("findings", "--json")
    found = json.loads(out)
    assert code == 1  # open errors
    assert [list(row) for row in found] == [_CONTRACT] * 5
    assert {row["finding_id"] for row in found} == {"D03-1", "D04-1", "R01-1", "S03-1", "P01-1"}  # S04-1 is corrected
    by_id = {row["finding_id"]: row for row in found}
    assert by_id["D03-1"]["imbalance"] == 15
    assert by_id["R01-1"]["imbalance"] == pytest.approx(0.0152)
    assert by_id["D03-1"]["explanations"][0]["text_en"] == "Hypothesis: 88 = 73 + 15."
    assert by_id["D03-1"]["first_seen_at"].startswith("2026-11-20T")


@pytest.mark.parametrize(("filters", "found", "code"), [
    (["--sender", "60"], {"D03-1", "D04-1", "R01-1", "S03-1"}, 1),
    (["--sender", "A-60", "--rule", "d03"], {"D03-1"}, 1),
    (["--sender", "61"], set(), 0),
    (["--rule", "R01"], {"R01-1"}, 0),
    (["--state", "corrected"], {"S04-1"}, 0),
    (["--state", "returned"], {"S03-1"}, 1),
    (["--state", "waived", "--state", "corrected"], {"R01-1", "S04-1"}, 0),
])
def test_filters_and_exit_code(run: Run, filters: list[str], found: set[str], code: int) -> None:
    got, out, _ = run("findings", "--json", *filters)
    assert ({row["finding_id"] for row in json.loads(out)}, got) == (found, code)


def test_findings_as_text_say_what_where_and_why(run: Run) -> None:
    _, out, err = run("findings", "--rule", "D03")
    assert "D03-1  error, open  2012-05 A-60 plan_issued_agency" in out
    assert "Denominator 88 differs from the ledger." in out
    assert "60-aaa: line 23" in out
    assert "(1 findings)" in err


def test_findings_of_one_cause_name_each_other(run: Run) -> None:
    """Otherwise two lines about one slip are sent back as two."""
    _, out, err = run("findings")
    assert "same cause: D04-1\n" in out
    assert "same cause: D03-1\n" in out
    assert out.count("same cause") == 2
    assert "(5 findings, 4 causes)" in err


def test_a_finding_named_by_its_id_tells_its_history(run: Run) -> None:
    """Whatever state it is in: who looks one up by its id wants to know what became of it."""
    run("waive", "D03-1", "--reason", "đã đối chiếu", "--until", "2099-12-31", "--author", "lan")
    run("assign", "D03-1", "--to", "hoa", "--author", "an")
    code, out, _ = run("findings", "D03-1", "S04-1")
    assert code == 1
    assert "S04-1  error, corrected" in out
    told = [line.strip()[len("2026-11-20 09:00  "):] for line in out.splitlines() if " by " in line]
    assert told[-2:] == ["waived by lan: đã đối chiếu", "assigned by an: hoa"], out
    _, out, _ = run("findings", "--json", "D03-1")
    (found,) = json.loads(out)
    assert [*found] == [*_CONTRACT, "history"]
    assert [(turn["event"], turn["author"]) for turn in found["history"]][-2:] == [("waived", "lan"), ("assigned", "an")]


def test_bad_use_is_one_line_that_says_what_to_do(run: Run) -> None:
    for arguments, told in (
        (["findings", "--sender", "999"], "No province or department is called '999'"),
        (["findings", "--rule", "denominator"], "Rules are written as D03"),
        (["findings", "D03-1", "D99-1"], "There is no finding D99-1"),
        (["waive", "D03-1", "--reason", "x", "--until", "31/12/2099"], "does not match"),
        (["waive", "D03-1", "--reason", " ", "--until", "2099-12-31"], "needs a reason"),
        (["waive", "P01-1", "--reason", "x", "--until", "2099-12-31"], "cannot be waived"),
        (["waive", "D99-1", "--reason", "x", "--until", "2099-12-31"], "There is no finding D99-1"),
        (["return", "999"], "No province or department is called '999'"),
        (["return", "60", "--rule", "denominator"], "Rules are written as D03"),
        (["return", "60", "--period", "2012-13"], "'2012-13' is no period"),
        (["return", "60", "--due", "2026-01-01"], "which is past"),
        (["assign", "D03-1", "D99-1", "--to", "hoa"], "There is no finding D99-1"),
        (["assign", "D03-1", "--to", " "], "need an owner"),
        (["close", "2012-13", "--reason", "x"], "'2012-13' is no period"),
        (["reopen", "2012-05"], "is not closed"),
        (["report", "A-593"], "No province or department"),
    ):
        code, _, err = run(*arguments)
        assert (code, len(err.splitlines())) == (2, 1), arguments
        assert told in err, arguments


def test_waive_binds_reason_author_and_day(run: Run, warehouse: Settings) -> None:
    code, out, _ = run("waive", "D03-1", "--reason", "đã đối chiếu", "--until", "2099-12-31", "--author", "lan")
    assert code == 0
    assert "waived until 2099-12-31" in out
    with connect(warehouse, "steward") as connection:
        kept = rows(connection, "select reason, author, valid_until::text, values_key from quality.waiver"
                                " where finding_id = 'D03-1'")
    assert kept == [("đã đối chiếu", "lan", "2099-12-31", "v")]


def test_what_is_open_of_a_sender_is_sent_back_once(run: Run, warehouse: Settings) -> None:
    code, out, _ = run("return", "61")
    assert (code, out) == (0, "Nothing of 61 is open: nothing was sent back.\n")
    code, out, _ = run("return", "60", "--rule", "d03", "--due", "2099-12-31", "--author", "lan", "--note", "xem lại")
    lines = out.splitlines()
    assert (code, lines[:2]) == (0, ["D03  1", "1 sent back, due from 2099-12-31. What to mend:"])
    assert Path(lines[2]).is_relative_to(warehouse.reports_dir / "returned" / "A-60")
    assert Path(lines[2]).exists()
    code, out, _ = run("return", "A-60", "--period", "2012-05")
    assert out.splitlines()[0] == "D04  1"
    # What was open is returned; what is waived, corrected, or holds the release is as it was.
    _, out, _ = run("findings", "--json", *(f"--state={state}" for state in ("open", "returned", "waived", "corrected")))
    assert {row["finding_id"]: row["state"] for row in json.loads(out)} == {
        "D03-1": "returned", "D04-1": "returned", "S03-1": "returned", "R01-1": "waived", "S04-1": "corrected",
        "P01-1": "open"}
    with connect(warehouse, "steward") as connection:
        told = rows(connection, "select finding_id, event, state_before, state_after, due_on::text, author, note"
                                " from quality.finding_event order by event_id limit 1")
    assert told == [("D03-1", "returned", "open", "returned", "2099-12-31", "lan", "xem lại")]
    assert run("return", "60")[:2] == (0, "Nothing of 60 is open: nothing was sent back.\n")


def test_a_workbook_that_cannot_be_written_sends_nothing_back(run: Run, warehouse: Settings) -> None:
    """Without this a full disk would leave findings with a sender who never heard of them."""
    warehouse.reports_dir.mkdir(parents=True, exist_ok=True)
    (warehouse.reports_dir / "returned").write_text("", encoding="utf-8")
    assert run("return", "60")[0] == 2
    assert {row["finding_id"] for row in json.loads(run("findings", "--json", "--state", "open")[1])} == {
        "D03-1", "D04-1", "P01-1"}


def test_findings_are_handed_to_an_owner_and_found_by_it(run: Run) -> None:
    assert run("assign", "D03-1", "R01-1", "--to", "Chị Hoa")[:2] == (0, "2 of 2 assigned to Chị Hoa.\n")
    assert run("assign", "D03-1", "--to", "Chị Hoa")[1] == "0 of 1 assigned to Chị Hoa: they had them already.\n"
    found = json.loads(run("findings", "--json", "--owner", "chị hoa")[1])
    assert {row["finding_id"]: row["owner"] for row in found} == {"D03-1": "Chị Hoa", "R01-1": "Chị Hoa"}


def test_what_escalated_comes_first_and_says_so(run: Run, warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        rows(connection, "update quality.finding set due_on = '2026-01-01' where finding_id in ('R01-1', 'D03-1')")
        rows(connection, "update quality.finding set is_escalated = true, state = 'open' where finding_id = 'R01-1'")
    found = json.loads(run("findings", "--json")[1])
    assert (found[0]["finding_id"], found[0]["is_escalated"], found[0]["due_on"]) == ("R01-1", True, "2026-01-01")
    assert len(found) == 5
    overdue = json.loads(run("findings", "--json", "--overdue")[1])
    assert [row["finding_id"] for row in overdue] == ["R01-1", "D03-1"]
    assert "due 2026-01-01, escalated: no answer by its due day" in run("findings", "--rule", "R01")[1]


def test_who_runs_the_command_is_the_author_unless_said_otherwise(run: Run, warehouse: Settings) -> None:
    import getpass

    run("waive", "D03-1", "--reason", "x", "--until", "2099-12-31")
    with connect(warehouse, "steward") as connection:
        authors = rows(connection, "select author from quality.waiver where finding_id = 'D03-1'")
    assert authors == [(getpass.getuser(),)]


def test_a_period_is_closed_and_opened_again(run: Run, warehouse: Settings) -> None:
    def closed() -> list[tuple[object, ...]]:
        with connect(warehouse, "steward") as connection:
            return rows(connection, "select period, reason from quality.closed_period")

    assert run("close", "2012-05", "--reason", "đã quyết toán")[0] == 0
    assert closed() == [("2012-05", "đã quyết toán")]
    assert run("reopen", "2012-05")[0] == 0
    assert closed() == []


def test_report_writes_the_pages_and_prints_where_they_are(run: Run, warehouse: Settings) -> None:
    code, out, _ = run("report", "--no-open")
    assert code == 0
    assert out.strip() == str(warehouse.reports_dir / "index.html")
    assert Path(out.strip()).exists()
    code, out, _ = run("report", "60", "--no-open")
    assert out.strip() == str(warehouse.reports_dir / "province" / "A-60.html")
    assert "Bình Thuận" in Path(out.strip()).read_text(encoding="utf-8")
