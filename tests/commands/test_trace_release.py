"""``tonghop trace --release`` and ``marts.trace(…, release)``: a figure that was quoted from an earlier release, down to its cell.

Without these tests a figure cited last month would be explained by what was sent since.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg2
import pytest

from tests.conftest import fresh_warehouse
from tests.night.conftest import HEADER, as_admin, as_analyst, run_night
from tests.reference.country import HEADER as CHANGES
from tests.reference.country import row as change
from tonghop import cli, clock
from tonghop.commands import trace as command
from tonghop.quality import waivers
from tonghop.reference import load as reference
from tonghop.reference import upkeep
from tonghop.settings import Settings
from tonghop.submissions import inbox, withdraw
from tonghop.warehouse.restore import restore

Row = dict[str, Any]
Run = Callable[..., tuple[int, str, str]]

PERIOD = "2012-06"
COMMITTEES = [*(str(code) for code in range(594, 603)), *(f"60-DC{number}" for number in range(1, 6))]
FIRST = [
    "60,study_class,2012-06,own,470,,,", "60,feedback_collective,2012-06,own,28,,,", "24,study_class,2012-06,own,5,,,",
    "60,comment_given_agency,2012-06,own,17,88,,", "60,direct_committee,2012-06,total,14,,,",
    "Thành phố Phan Thiết,standing_body_committee,2012-06,own,0,1,,",
    *(f"{code},standing_body_committee,2012-06,own,1,1,," for code in COMMITTEES),
    "60,standing_body_committee,2012-06,total,14,15,,",
    *(f"60-A{number:02d},urgent_plan_agency,2012-06,own,1,1,," for number in range(1, 6)),
]
SECOND = ["60,study_class,2012-06,own,471,,,", "593,standing_body_committee,2012-06,own,1,1,,", "60,direct_committee,2012-06,total,15,,,"]
REPORT = "BÁO CÁO KẾT QUẢ THÁNG 6 NĂM 2012\n\nToàn tỉnh đã mở 480 lớp học tập quán triệt.\n"
ASKED = [
    *((unit, indicator) for unit in ("VN", "V-3", "A-60") for indicator in (
        "study_class", "feedback_collective", "comment_given_agency", "standing_body_committee", "urgent_plan_agency",
        "direct_committee", "provincial_agency", "provincial_unit")),
    ("A-593", "standing_body_committee"), ("A-24", "study_class"), ("K-LOCAL", "standing_body_committee"),
    ("K-COMMITTEE", "standing_body_committee"),
]
LAST = 5


@dataclass
class History:
    """A warehouse with a few releases, and every trace as it was told while each of them was current."""

    settings: Settings
    sent: dict[str, str] = field(default_factory=dict)
    told: dict[int, dict[tuple[str, str], list[Row]]] = field(default_factory=dict)

    def send(self, name: str, *lines: str) -> None:
        path = self.settings.state_dir / "outgoing" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEADER + "".join(f"{line}\n" for line in lines) if name.endswith(".csv") else lines[0], encoding="utf-8")
        (file,) = inbox.ingest_sender(self.settings, "60", whole=[inbox.submit(self.settings, path, "60")])["files"]
        self.sent[name] = str(file["submission_id"])

    def night(self) -> None:
        assert run_night(self.settings)
        self.remember()

    def remember(self) -> None:
        release = as_analyst(self.settings, "select release_id from marts.dim_release where is_current")[0][0]
        self.told[release] = self.traces(None)

    def traces(self, release: int | None) -> dict[tuple[str, str], list[Row]]:
        """Of every figure that is asked for, now or as of a release."""
        given = "" if release is None else f", {release}"
        known = "marts.dim_org_unit" if release is None else f"marts_as_of.dim_org_unit({release})"
        exist = {unit for (unit,) in as_analyst(self.settings, f"select unit_id from {known}")}
        return {
            (unit, indicator): [row for (row,) in as_analyst(
                self.settings, f"select to_jsonb(row) from marts.trace('{unit}', '{indicator}', '{PERIOD}'{given}) as row order by line")]
            for unit, indicator in ASKED if unit in exist
        }


@pytest.fixture(scope="module")
def history(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    """First figures; corrected, and a report; taken back, and a waiver; a unit opened; the second one restored."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("traced")) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        told = History(settings)
        told.send("first.csv", *FIRST)
        told.night()
        told.send("second.csv", *SECOND)
        told.send("report.txt", REPORT)
        told.night()
        withdraw.withdraw_submission(settings, told.sent["second.csv"], "gửi nhầm kỳ")
        withdraw.withdraw_fact(settings, "60", "60", "feedback_collective", PERIOD, "own", "đếm trùng")
        finding = as_admin(settings, "select finding_id from quality.finding where rule = 'D03' and period = %s", PERIOD)[0][0]
        waivers.waive(settings, finding, reason="đang đối chiếu", until=clock.today() + timedelta(days=30), author="Lan")
        told.night()
        path = settings.state_dir / "outgoing" / "mở.csv"
        path.write_text("\n".join([
            CHANGES, change("2012-02-01", "open", "A-60-DC9", name="Đảng ủy Công an", type="police_committee", parent_unit_id="A-60"),
            change("2025-07-01", "close", "A-60-DC9"),
        ]), encoding="utf-8")
        upkeep.apply(settings, str(path), by="Lan", reason="thành lập")
        told.send("third.csv", "60,study_class,2012-06,own,480,,,")
        told.night()
        assert restore(settings, 2, "nhầm")["release_id"] == LAST
        told.remember()
        yield told


@pytest.fixture
def run(history: History, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``tonghop trace …``; gives exit code, output and errors."""
    monkeypatch.setattr(command, "settings", lambda: history.settings)

    def typed(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main(["trace", *arguments])
        told = capsys.readouterr()
        return int(str(ended.value.code)), told.out, told.err

    return typed


def comparable(rows: list[Row]) -> list[Row]:
    """Without what is known to be told otherwise: what came of a submission since, how prose compares, what was still to be judged."""
    found = []
    for row in rows:
        plain = {name: value for name, value in row.items() if name not in ("line", "parent_line", "release_id")}
        for word, since in (("why_vi", " Lần gửi này đã được rút sau khi công bố."), ("why_en", " This submission was taken back since the release.")):
            plain[word] = plain[word].removesuffix(since)
            if row["role"] == "prose":
                plain[word] = ""
        if row["role"] != "pending":
            found.append(plain)
    return found


def test_every_trace_of_a_release_is_what_it_was_while_that_was_current(history: History) -> None:
    for release in range(1, LAST):
        again = history.traces(release)
        assert again.keys() == history.told[release].keys()
        assert len(again) > 20
        for asked, rows in history.told[release].items():
            assert comparable(again[asked]) == comparable(rows), (release, asked)
            assert {row["release_id"] for row in again[asked]} == {release}
    # They do differ, or this had seen nothing.
    for asked, releases in ((("A-60", "study_class"), (1, 2, 3, 4)), (("VN", "standing_body_committee"), (1, 2)),
                            (("A-60", "comment_given_agency"), (2, 3)), (("A-60", "direct_committee"), (1, 2))):
        assert len({json.dumps(comparable(history.told[each][asked])) for each in releases}) == len(releases), asked


def test_what_was_sent_since_is_not_there_and_what_was_taken_back_since_is_said(history: History) -> None:
    first, second, third = ([row for row in history.traces(each)["A-60", "study_class"] if row["numerator"] != 5] for each in (1, 2, 3))
    assert [(row["role"], row["numerator"], row["file_name"]) for row in first] == [("figure", 470, "first.csv")]
    assert [(row["role"], row["numerator"]) for row in second] == [("figure", 471), ("superseded", 470), ("prose", 480)]
    assert second[0]["locator"] == "line 2"
    assert "taken back since the release" in second[0]["why_en"]
    assert "taken back since" not in second[1]["why_en"]
    assert "how it compares is kept of the current one alone" in second[2]["why_en"]
    assert [(row["role"], row["numerator"]) for row in third if row["role"] != "prose"] == [("figure", 470), ("withdrawn", 471)]


def test_the_current_release_by_its_number_is_the_current_trace(history: History) -> None:
    assert history.traces(LAST) == history.traces(None) == history.told[LAST]
    assert as_analyst(history.settings, "select count(*) from marts.trace('60', 'study_class', %s, null)", PERIOD)[0][0] > 1


def test_a_restored_release_stands_on_what_the_one_it_equals_was_built_on(history: History) -> None:
    as_admin(history.settings, "insert into store.release (release_id, run_id) values (%s, 'later')", LAST + 1)
    try:
        restored = history.traces(LAST)
    finally:
        as_admin(history.settings, "delete from store.release where release_id = %s", LAST + 1)
    for asked, rows in history.traces(2).items():
        assert comparable(restored[asked]) == comparable(rows), asked


def test_of_an_old_release_the_ledger_of_receipt_says_what_its_night_had_frozen(history: History) -> None:
    known = {release: history.traces(release) for release in (1, 2, 3)}
    as_admin(history.settings, "create table ops.kept_for_the_test as table ops.run_submission; truncate ops.run_submission")
    try:
        for release, traces in known.items():
            assert history.traces(release) == traces
    finally:
        as_admin(history.settings, "insert into ops.run_submission table ops.kept_for_the_test; drop table ops.kept_for_the_test")


def test_a_figure_that_a_later_night_kept_aside_still_ends_at_its_cell(history: History) -> None:
    as_admin(history.settings, """
        insert into quality.rejected_row (submission_id, submission_seq, row_number, locator, rule, reason, raw, judged)
        select submission_id, submission_seq, row_number, locator, 'S05', 'của tỉnh khác / another province''s', to_jsonb(statement), 'night'
        from raw.statement as statement inner join raw.submission using (submission_seq)
        where indicator = 'study_class' and unit_code = '60' and numerator_value = 470""")
    try:
        first = history.traces(1)["A-60", "study_class"][0]
        assert (first["role"], first["locator"], first["rule"]) == ("figure", "line 2", None)
        later = history.traces(2)["A-60", "study_class"]
        assert ("kept_aside", 470) in {(row["role"], row["numerator"]) for row in later}
    finally:
        as_admin(history.settings, "delete from quality.rejected_row where raw ->> 'numerator_value' = '470'")


def test_a_figure_of_a_unit_written_by_name_ends_at_its_cell_when_the_name_is_forgotten(history: History) -> None:
    known = {release: history.traces(release)["A-593", "standing_body_committee"][0] for release in (1, LAST)}
    assert (known[1]["numerator"], known[1]["locator"]) == (0, "line 7")
    as_admin(history.settings, "create table ops.kept_for_the_test as table quality.run_unit_name; truncate quality.run_unit_name")
    try:
        for release, figure in known.items():
            assert history.traces(release)["A-593", "standing_body_committee"][0] == figure
    finally:
        as_admin(history.settings, "insert into quality.run_unit_name table ops.kept_for_the_test; drop table ops.kept_for_the_test")


def test_what_a_release_did_not_count_for_a_reason_no_longer_known_is_said_to_be_so(history: History) -> None:
    asides = as_admin(history.settings, "delete from quality.rejected_row where judged = 'night' and rule = 'S05' returning to_jsonb(rejected_row)::text")
    assert asides
    known = "select role, why_en from marts.trace('VN', 'study_class', %s, 1) where numerator = 5"
    try:
        assert as_analyst(history.settings, known, PERIOD) == [
            ("kept_aside", "This release did not count it; why it did not is no longer kept.")]
    finally:
        as_admin(history.settings, "insert into quality.rejected_row select (jsonb_populate_record(null::quality.rejected_row, %s)).*", asides[0][0])
    ((role, why),) = as_analyst(history.settings, known, PERIOD)
    assert role == "kept_aside"
    assert "no longer kept" not in why


@pytest.mark.parametrize(("arguments", "words"), [
    (["60", "study_class", PERIOD, "--release", "99"], "There is no release 99: the newest is 5."),
    (["60", "study_clas", PERIOD, "--release", "1"], "Did you mean 'study_class'?"),
    (["60", "study_class", "2013-01", "--release", "1"], "Nothing was published of 2013-01 in release 1."),
    (["60-DC9", "study_class", PERIOD, "--release", "1"], "60-DC9"),
])
def test_bad_use_is_one_line_that_says_what_to_do(run: Run, arguments: list[str], words: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert words in err


def test_the_command_says_of_which_release_it_speaks_and_how_to_go_on(run: Run) -> None:
    code, out, _ = run("60", "study_class", PERIOD, "--release", "1")
    assert code == 0
    assert out.splitlines()[0] == f"study_class · {PERIOD} · bản công bố / release 1"
    assert "= 470" in out
    assert json.loads(run("60", "study_class", PERIOD, "--release", "4", "--json")[1])["release_id"] == 4
    _, _, err = run("VN", "standing_body_committee", PERIOD, "--release", "1")
    assert f"'tonghop trace 60 standing_body_committee {PERIOD} --release 1' goes on" in err
    assert run("Thành phố Phan Thiết, Tỉnh Bình Thuận", "standing_body_committee", PERIOD, "--release", "1")[0] == 0


def test_an_unknown_release_or_period_is_an_error_in_sql_too(history: History) -> None:
    with pytest.raises(psycopg2.errors.InvalidParameterValue, match="There is no release 99: the newest is 5"):
        as_analyst(history.settings, "select * from marts.trace('60', 'study_class', %s, 99)", PERIOD)
    with pytest.raises(psycopg2.errors.InvalidParameterValue, match="Release 1 has no period '1999-01'"):
        as_analyst(history.settings, "select * from marts.trace('60', 'study_class', '1999-01', 1)")
    for forbidden in ("store.trace('60', 'study_class', '2012-06', 1)", "store.trace_submissions(1)",
                      "store.trace_tree(1, 'VN', '2012-06-30', 'territorial', 'province')", "store.population_said_as_of(1)"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            as_analyst(history.settings, f"select * from {forbidden}")
