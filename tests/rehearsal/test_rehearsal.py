"""The sender's own check: it says before sending what the night says after, and leaves no trace in the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import fresh_warehouse
from tests.night.conftest import HEADER, as_admin, run_night
from tonghop import cli
from tonghop.commands import check
from tonghop.errors import TonghopError
from tonghop.reference import load as reference
from tonghop.rehearsal.rehearse import Rehearsed, rehearse
from tonghop.rehearsal.scratch import scratch_name
from tonghop.reports import check_page
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.warehouse.connection import connect, rows

BEFORE = (
    "60,comment_given_agency,2012-05,own,17,88,,",
    "60,comment_received_agency,2012-05,own,63,73,,",
)
FILE = (
    "60,comment_given_agency,2012-05,own,17,73,,mended",
    "60,study_attendance_leader,2012-05,own,452,507,95%,a rate that is wrong",
    "99999,study_class,2012-05,own,1,,,nobody's",
    "60,study_class,2012-05,own,many,,,no number",
)
KEPT = ("raw.submission", "raw.statement", "quality.finding", "ops.run", "store.release")


def _write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _send(settings: Settings, path: Path, sender: str = "60") -> None:
    inbox.ingest_sender(settings, sender, whole=[inbox.submit(settings, path, sender)])


def _counts(settings: Settings) -> list[int]:
    return [as_admin(settings, f"select count(*) from {table}")[0][0] for table in KEPT]


@pytest.fixture(scope="module")
def country(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A warehouse that has had a night with the earlier figures; its scratch database is dropped at the end."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("check")) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        _send(settings, _write(settings.state_dir / "out" / "before.csv", *BEFORE))
        assert run_night(settings)
        yield settings
        with connect(settings, database="postgres", autocommit=True) as connection:
            rows(connection, f'drop database if exists "{scratch_name(settings)}" with (force)')


@pytest.fixture(scope="module")
def checked(country: Settings) -> tuple[Rehearsed, list[str], list[int], list[int]]:
    """What one check found, the stages it told, and the rows of the warehouse before and after."""
    before, told = _counts(country), []
    found = rehearse(country, [_write(country.state_dir / "out" / "file.csv", *FILE)], "60", told.append)
    return found, told, before, _counts(country)


def test_a_check_leaves_no_trace(checked: Any) -> None:
    _, told, before, after = checked
    assert before == after
    assert len(told) >= 3


def test_what_was_wrong_before_and_would_be_mended_is_said(country: Settings, checked: Any) -> None:
    """A sender must see that the new file settles an old finding, or it mends the wrong thing."""
    found = checked[0]
    open_now = dict(as_admin(country, "select finding_id, rule from quality.finding where state = 'open'"))
    assert {open_now[each] for each in found.corrected} == {"D03", "D04"}


def test_effects_are_told_before_they_count(checked: Any) -> None:
    (file,) = checked[0].files
    assert (file["rows_kept"], file["rows_aside"]) == (3, 1)
    assert {name: file["effects"][name] for name in ("adds", "changes", "repeats", "drops")} == {
        "adds": 2, "changes": 1, "repeats": 0, "drops": 0}
    assert file["effects"]["facts"]["changes"] == [{
        "unit_code": "60", "indicator": "comment_given_agency", "period": "2012-05", "scope": "own",
        "was": "17/88", "becomes": "17/73"}]


def test_it_finds_what_the_night_finds(country: Settings, checked: Any) -> None:
    """The whole point: a province that was told "clean" must not be told otherwise in the morning."""
    found = checked[0]
    assert found.verdict == "withheld"
    said = {(each["finding_id"], each["rule"], each["severity"], each["message_vi"]) for each in found.findings}
    assert {rule for _, rule, _, _ in said} == {"R01", "S03", "S07"}
    _send(country, country.state_dir / "out" / "file.csv")
    assert run_night(country)
    night = as_admin(country, "select finding_id, rule, severity, message_vi from quality.finding"
                              " where state = 'open' and sender_unit_id = 'A-60'")
    assert said == set(night)


def test_the_sender_is_read_from_the_units(country: Settings, tmp_path: Path) -> None:
    found = rehearse(country, [_write(tmp_path / "a.csv", "593,plan_issued_committee,2012-05,own,1,1,,")], None, str)
    assert (found.sender_unit_id, found.verdict) == ("A-60", "clean")


def test_the_command_tells_programs_and_people(
    country: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A province's own program reads the exit code and the JSON; a person reads where, what and what to do."""
    monkeypatch.setattr(check, "settings", lambda: country)
    path = _write(tmp_path / "lệch.csv", "60,study_attendance_front,2012-05,own,515,603,95%,")
    for flags, shown in (["--json"], '"verdict": "withheld"'), ([], "cần sửa / to be mended"):
        with pytest.raises(SystemExit) as ended:
            cli.main(["check", str(path), "--from", "60", "--out", str(tmp_path / "trang.html"), *flags])
        told = capsys.readouterr()
        assert ended.value.code == 1, told.err
        assert shown in told.out
        assert "R01" in told.out
    assert "515/603" in (tmp_path / "trang.html").read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", str(tmp_path / "không có.csv")])
    told = capsys.readouterr()
    assert (ended.value.code, len(told.err.splitlines())) == (2, 1)


def test_a_table_of_its_own_and_a_report_can_be_checked(country: Settings, tmp_path: Path) -> None:
    """What the warehouse was asked about before must not stand in the way, and prose without a period is judged."""
    def table(name: str, heading: str) -> Path:
        book = openpyxl.Workbook()
        for line in (["THÁNG 5 NĂM 2012"], ["STT", "Tên đơn vị", heading], [1, "Huyện Tuy Phong", 4]):
            book.active.append(line)
        book.save(tmp_path / name)
        return tmp_path / name

    _send(country, table("đã gửi.xlsx", "Việc đầu"))
    found = rehearse(country, [table("sẽ gửi.xlsx", "Việc sau")], "60", str)
    assert (found.verdict, found.files[0]["status"]) == ("waiting", "waiting")
    assert as_admin(country, "select count(*) from raw.mapping") == [(1,)]

    report = tmp_path / "báo cáo.txt"
    report.write_text("Đã có 67/73 cơ quan ban hành kế hoạch, đạt 95,78%.", encoding="utf-8")
    found = rehearse(country, [report], "60", str)
    assert (found.verdict, [each["rule"] for each in found.findings if each["is_new"]]) == ("withheld", ["R01"])
    assert not (country.state_dir / "check" / "archive").exists(), "a copy of what was never sent stays behind"


def test_units_of_two_senders_are_asked_about(country: Settings, tmp_path: Path) -> None:
    path = _write(tmp_path / "b.csv", "60,study_class,2012-05,own,1,,,", "24,study_class,2012-05,own,1,,,")
    with pytest.raises(TonghopError, match="--from"):
        rehearse(country, [path], None, str)


def test_a_file_that_cannot_be_read_says_why(country: Settings, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b"PK\x03\x04 torn")
    found = rehearse(country, [path], "60", str)
    assert found.verdict == "unreadable"
    assert "c.csv" in found.files[0]["problem"]


def test_the_page_shows_files_effects_and_findings(checked: Any, tmp_path: Path) -> None:
    page = check_page.write(checked[0].as_json(), tmp_path).read_text(encoding="utf-8")
    for shown in ("Soát trước khi gửi", "file.csv", "17/88", "17/73", "99999", "R01"):
        assert shown in page
