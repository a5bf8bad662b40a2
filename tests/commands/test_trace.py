"""``marts.trace`` and ``tonghop trace``: a figure down to file and cell, and what was passed over on the way."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.conftest import fresh_warehouse
from tests.night.conftest import HEADER, as_admin, as_analyst, run_night
from tonghop import cli
from tonghop.commands import trace as command
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox, withdraw

Rows = list[dict[str, Any]]
Run = Callable[..., tuple[int, str, str]]

COMMITTEES = [*(str(code) for code in range(594, 603)), *(f"60-DC{number}" for number in range(1, 6))]
FIRST = [
    "60,study_class,2012-06,own,470,,,", "60,feedback_collective,2012-06,own,28,,,", "60,feedback_former_leader,2012-06,own,12,,,",
    "60,direct_committee,2012-06,total,14,,,", "60,comment_given_agency,2012-06,own,17,88,,",
    "60,study_attendance_front,2012-06,own,515,603,,", "60,study_attendance_front,2012-06,own,516,603,,",
    '60,study_attendance_leader,2012-06,own,470,,"92,5%",',
    "593,standing_body_committee,2012-06,own,0,1,,", *(f"{code},standing_body_committee,2012-06,own,1,1,," for code in COMMITTEES),
    "60,standing_body_committee,2012-06,total,14,15,,",
    *(f"60-A{number:02d},urgent_plan_agency,2012-06,own,1,1,," for number in range(1, 31)), "60-A31,urgent_plan_agency,2012-06,own,X,,,",
    *(f"60-A{number:02d},plan_issued_agency,2012-06,own,1,1,," for number in range(1, 6)), "60,plan_issued_agency,2012-06,total,67,73,,",
    "24,study_class,2012-06,own,5,,,",
    "22915,review_grassroots,2012-06,own,3,4,,", "22915-1,review_grassroots,2012-06,own,1,1,,",
]
SECOND = [
    "60,study_class,2012-06,own,471,,,", "Thành phố Phan Thiết,standing_body_committee,2012-06,own,1,1,,",
    "60,direct_committee,2012-06,total,15,,,",
]
REPORT = "BÁO CÁO KẾT QUẢ THÁNG 6 NĂM 2012\n\nToàn tỉnh đã mở 480 lớp học tập quán triệt.\n"


@pytest.fixture(scope="module")
def published(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The sample, and Bình Thuận's June of 2012 in several sendings: one night; then one file that came too late for it."""
    folder = tmp_path_factory.mktemp("trace")
    with fresh_warehouse(server, folder) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        as_admin(settings, "insert into reference.org_unit values ('A-22915-1', '22915-1', 'Chi bộ cơ sở', 'Chi bo co so',"
                           " 'grassroots_org', 'grassroots', 'A-22915', '(,2025-07-01)', 'test')")
        for inbox_folder in sorted((settings.sample_dir / "inbox").iterdir()):
            files = [inbox.submit(settings, path, inbox_folder.name) for path in sorted(inbox_folder.iterdir())]
            inbox.ingest_sender(settings, inbox_folder.name, whole=files)

        def send(name: str, lines: list[str]) -> str:
            path = folder / name
            path.write_text(HEADER + "".join(f"{line}\n" for line in lines) if name.endswith(".csv") else lines[0], encoding="utf-8")
            (file,) = inbox.ingest_sender(settings, "60", whole=[inbox.submit(settings, path, "60")])["files"]
            return str(file["submission_id"])

        send("first.csv", FIRST)
        send("second.csv", SECOND)
        mistaken = send("mistaken.csv", ["60,feedback_former_leader,2012-06,own,99,,,"])
        withdraw.withdraw_submission(settings, mistaken, "gửi nhầm kỳ")
        withdraw.withdraw_fact(settings, "60", "60", "feedback_collective", "2012-06", "own", "đếm trùng")
        send("report.txt", [REPORT])
        assert run_night(settings)
        send("late.csv", ["60,study_class,2012-06,own,500,,,"])
        yield settings


@pytest.fixture
def of(published: Settings) -> Callable[..., Rows]:
    """The rows of one trace, as an analyst."""
    return lambda unit, indicator, period="2012-06": command.trace(published, unit, indicator, period)


@pytest.fixture
def run(published: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``tonghop trace …``; gives exit code, output and errors."""
    monkeypatch.setattr(command, "settings", lambda: published)

    def typed(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main(["trace", *arguments])
        told = capsys.readouterr()
        return int(str(ended.value.code)), told.out, told.err

    return typed


def told(rows: Rows) -> list[tuple[Any, ...]]:
    return [(row["depth"], row["role"], row["unit_id"], row["numerator"], row["denominator"]) for row in rows]


def of_role(rows: Rows, *roles: str) -> Rows:
    return [row for row in rows if row["role"] in roles]


@pytest.mark.parametrize("period", ["2012-05", "2012-06", "2012-11", "2016-12"])
def test_what_is_summed_gives_the_figure_in_every_cell(published: Settings, period: str) -> None:
    """A trace that does not add up explains another figure than the one that was published."""
    found = as_analyst(published, """
        select cell.unit_id, cell.indicator, cell.numerator, cell.denominator, cell.basis, row.line, row.parent_line, row.role,
               row.numerator, row.denominator, row.basis, row.submission_id, row.locator
        from marts.fct_rollup as cell cross join lateral marts.trace(cell.unit_id, cell.indicator, cell.period) as row
        where cell.period = %s""", period)
    cells: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for unit, indicator, *rest in found:
        cells[unit, indicator].append(tuple(rest))
    assert len(cells) == as_analyst(published, "select count(*) from marts.fct_rollup where period = %s", period)[0][0] > 10
    for cell, traced in cells.items():
        assert traced[0][3:9] == (1, None, "figure", *traced[0][:3]), cell
        assert not [row for row in traced if row[5] == "unexplained"], cell
        for row in traced:
            _, _, _, line, _, role, upper, lower, basis, submission, locator = row
            if basis is None:
                continue
            below = [other for other in traced if other[4] == line and other[5] == ("declared" if basis == "declared" else "summed")]
            if basis == "own":
                assert None not in (submission, locator), (cell, row)
            elif role in ("figure", "summed", "covered"):
                assert below, (cell, row)
                assert sum(other[6] for other in below) == upper, (cell, row)
                assert (sum(other[7] or 0 for other in below) or None) == (lower or None), (cell, row)


def test_a_leaf_ends_at_its_cell(of: Callable[..., Rows]) -> None:
    leaves = of_role(of("60", "plan_issued_agency", "2012-05"), "summed")
    assert len(leaves) == 73
    assert all("!" in row["locator"] and row["file_name"] == "don_vi_2012-05.xlsx" and row["row_number"] for row in leaves)
    assert sum(row["numerator"] for row in leaves) == 67


def test_the_nation_comes_down_to_a_line_in_one_query(of: Callable[..., Rows]) -> None:
    rows = of("VN", "review_direct_committee", "2012-11")
    path = {row["line"]: row for row in rows}
    declared = next(row for row in of_role(rows, "declared") if row["unit_id"] == "A-66")
    assert (declared["numerator"], declared["denominator"], declared["locator"]) == (20, 21, "line 4")
    province = path[declared["parent_line"]]
    department = path[province["parent_line"]]
    assert [row["unit_id"] for row in (province, department, path[department["parent_line"]])] == ["A-66", "V-2", "VN"]
    beside = of_role(rows, "beside")
    assert [(row["unit_id"], row["numerator"], row["denominator"]) for row in beside] == [("V-2", 221, 222)]
    assert {row["unit_id"] for row in of_role(rows, "missing") if row["depth"] == 1} == {"V-1", "V-3"}


def test_a_departments_withheld_declaration_is_told_with_its_finding(of: Callable[..., Rows]) -> None:
    (withheld,) = of_role(of("V-2", "review_agency", "2012-11"), "withheld")
    assert (withheld["rule"], withheld["numerator"], withheld["denominator"], withheld["depth"]) == ("R01", 709, 724, 1)
    assert withheld["finding_id"].startswith("R01-")
    assert "99,55%" in withheld["why_vi"]


def test_versions_passed_over_say_what_took_their_place(of: Callable[..., Rows]) -> None:
    rows = of("60", "study_class")
    assert (rows[0]["numerator"], rows[0]["file_name"]) == (471, "second.csv")
    assert told(of_role(rows, "superseded", "pending")) == [
        (1, "pending", "A-60", 500, None), (1, "superseded", "A-60", 470, None)]
    (old,) = of_role(rows, "superseded")
    assert rows[0]["submission_id"] in old["why_en"]
    assert old["file_name"] == "first.csv"
    (prose,) = of_role(rows, "prose")
    assert prose["numerator"] == 480
    assert prose["locator"].startswith(f"ký tự/characters {REPORT.index('480')}–")
    assert "tables" in prose["why_en"]


def test_what_was_withdrawn_says_why(of: Callable[..., Rows]) -> None:
    taken = of("60", "feedback_collective")
    assert told(taken) == [(0, "missing", "A-60", None, None), (1, "withdrawn", "A-60", 28, None)]
    assert "đếm trùng" in taken[1]["why_vi"]
    fallen_back = of("60", "feedback_former_leader")
    assert told(fallen_back) == [(0, "figure", "A-60", 12, None), (1, "withdrawn", "A-60", 99, None)]
    assert "gửi nhầm kỳ" in fallen_back[1]["why_vi"]


def test_a_unit_written_by_code_and_by_name_is_one(of: Callable[..., Rows]) -> None:
    rows = of("60", "standing_body_committee")
    at = next(row for row in rows if row["unit_id"] == "A-593")
    assert (at["role"], at["numerator"], at["file_name"]) == ("summed", 1, "second.csv")
    below = [row for row in rows if row["parent_line"] == at["line"]]
    assert told(below) == [(2, "superseded", "A-593", 0, 1)]
    assert told(of("Thành phố Phan Thiết, Tỉnh Bình Thuận", "standing_body_committee"))[0] == (0, "figure", "A-593", 1, 1)


def test_a_declaration_that_disagrees_is_set_aside_and_the_sum_stands(of: Callable[..., Rows]) -> None:
    rows = of("60", "standing_body_committee")
    assert told(rows)[0] == (0, "figure", "A-60", 15, 15)
    (aside,) = of_role(rows, "set_aside")
    assert (aside["line"], aside["numerator"], aside["denominator"], aside["rule"]) == (2, 14, 15, "N01")
    assert aside["finding_id"].startswith("N01-")


def test_a_declaration_that_was_taken_covers_those_below(of: Callable[..., Rows]) -> None:
    rows = of("60", "plan_issued_agency")
    assert (rows[0]["basis"], rows[0]["numerator"], rows[0]["denominator"]) == ("declared", 67, 73)
    assert told(rows)[1] == (1, "declared", "A-60", 67, 73)
    assert len(of_role(rows, "covered")) == 5
    assert len(of_role(rows, "missing")) == 68
    assert not of_role(rows, "summed")


def test_a_partial_province_names_who_is_missing_and_who_says_x(of: Callable[..., Rows]) -> None:
    rows = of("60", "urgent_plan_agency")
    assert (rows[0]["basis"], rows[0]["numerator"], rows[0]["denominator"]) == ("partial", 30, 30)
    assert (rows[0]["reporting_units"], rows[0]["expected_units"]) == (30, 72)
    assert {role: len(of_role(rows, role)) for role in ("summed", "missing", "not_applicable")} == {
        "summed": 30, "missing": 42, "not_applicable": 1}


def test_a_withheld_figure_is_there_with_its_rule(of: Callable[..., Rows]) -> None:
    rows = of("60", "comment_given_agency")
    assert told(rows)[0] == (0, "withheld", "A-60", 17, 88)
    assert rows[0]["rule"] == "D03,D04"
    assert "73" in rows[0]["why_vi"]
    assert ("ledger", 73) in {(row["role"], row["numerator"]) for row in rows}
    assert ("outranked", 88) in {(row["role"], row["numerator"]) for row in rows}


def test_two_values_in_one_file_are_both_told(of: Callable[..., Rows]) -> None:
    rows = of("60", "study_attendance_front")
    assert (rows[0]["role"], rows[0]["rule"]) == ("withheld", "S06")
    assert sorted(row["numerator"] for row in of_role(rows, "withheld")) == [515, 516]


def test_a_figure_without_its_denominator_is_no_figure(of: Callable[..., Rows]) -> None:
    assert told(of("60", "study_attendance_leader"))[0] == (0, "incomplete", "A-60", 470, None)


def test_what_another_province_said_of_a_unit_is_kept_aside_and_told(of: Callable[..., Rows]) -> None:
    rows = of("24", "study_class")
    assert told(rows) == [(0, "missing", "A-24", None, None), (1, "kept_aside", "A-24", 5, None)]
    assert (rows[1]["rule"], rows[1]["sender"], rows[1]["locator"]) == ("S05", "60", f"line {FIRST.index('24,study_class,2012-06,own,5,,,') + 2}")


def test_a_population_is_traced_to_who_counts_it(of: Callable[..., Rows]) -> None:
    rows = of("60", "provincial_agency", "2012-05")
    assert told(rows)[0] == (0, "figure", "A-60", 73, None)
    assert {row["numerator"] for row in of_role(rows, "outranked")} == {88}
    returned = of("60", "direct_committee")
    assert told(of_role(returned, "figure", "ledger", "superseded")) == [
        (0, "figure", "A-60", 15, None), (1, "ledger", "A-60", 15, None), (1, "superseded", "A-60", 14, None)]
    composed = of("60", "provincial_unit")
    assert composed[0]["numerator"] == 88 == sum(row["numerator"] for row in of_role(composed, "summed"))


def test_another_tree_is_traced_by_its_own_places(of: Callable[..., Rows]) -> None:
    rows = of("K-LOCAL", "standing_body_committee")
    assert (rows[0]["role"], rows[0]["numerator"]) == ("figure", 10)
    assert len(of_role(rows, "summed")) == 10


def test_who_stands_under_a_reporter_keeps_its_page_and_is_not_summed(of: Callable[..., Rows]) -> None:
    rows = of("22915", "review_grassroots")
    assert told(rows)[:2] == [(0, "figure", "A-22915", 3, 4), (1, "under_reporter", "A-22915-1", 1, 1)]
    own = of("22915-1", "review_grassroots")
    assert told(own)[0] == (0, "figure", "A-22915-1", 1, 1)
    assert "under another reporter" in own[0]["why_en"]
    assert told(of("593", "review_grassroots"))[0] == (0, "figure", "A-593", 3, 4)


def test_a_unit_that_has_nothing_to_say_is_told_so(of: Callable[..., Rows]) -> None:
    assert told(of("593", "study_class")) == [(0, "not_expected", "A-593", None, None)]


def test_an_analyst_reaches_nothing_else_through_it(published: Settings) -> None:
    for forbidden in (
        "select * from store.trace_statements('study_class', '2012-06', array['A-60'])",
        "select * from store.trace_tree('VN', '2012-06-30', 'territorial', 'province')",
        "select * from raw.statement", "select * from store.observation", "select * from quality.rejected_row",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            as_analyst(published, forbidden)
    for arguments in (("999999", "study_class", "2012-06"), ("60", "no_such", "2012-06"), ("60", "study_class", "1999-01")):
        with pytest.raises(psycopg2.errors.InvalidParameterValue):
            as_analyst(published, "select * from marts.trace(%s, %s, %s)", *arguments)


def test_the_command_shows_the_tree_and_says_how_to_go_on(run: Run) -> None:
    code, out, err = run("VN", "review_agency", "2012-11")
    assert code == 0
    assert out.splitlines()[1] == "= 709/724 = 97,93\N{NO-BREAK SPACE}%  VN Toàn quốc"
    assert "line 5" in out
    code, out, err = run("VN", "standing_body_committee", "2012-06")
    assert "593" not in out
    assert "'tonghop trace 60 standing_body_committee 2012-06' goes on" in err
    assert "Thành phố Phan Thiết" in run("VN", "standing_body_committee", "2012-06", "--all")[1]
    code, out, err = run("60", "urgent_plan_agency", "2012-06", "--depth", "0")
    assert (code, len([line for line in out.splitlines() if line.startswith("  ? ")])) == (0, 0)
    assert "42 × thiếu / missing: 60-A32" in run("60", "urgent_plan_agency", "2012-06")[1]
    code, out, _ = run("60", "comment_given_agency", "2012-06")
    assert code == 1
    assert "bị giữ lại / withheld" in out


def test_json_gives_every_row_and_field(run: Run) -> None:
    code, out, _ = run("VN", "standing_body_committee", "2012-06", "--json")
    answer = json.loads(out)
    assert (code, answer["unit_id"], answer["indicator"], answer["period"]) == (0, "VN", "standing_body_committee", "2012-06")
    assert [row["line"] for row in answer["rows"]] == list(range(1, len(answer["rows"]) + 1))
    assert answer["rows"][0]["rate"] == 1
    leaf = next(row for row in answer["rows"] if row["unit_id"] == "A-593" and row["role"] == "summed")
    assert (leaf["locator"], leaf["received_at"][:2], leaf["level"]) == ("line 3", "20", "district")


@pytest.mark.parametrize(("arguments", "words"), [
    (["60", "study_clas", "2012-06"], "Did you mean 'study_class'?"),
    (["60", "study classes held", "2012-06"], "Its code is study_class."),
    (["60", "study_class", "2012-13"], "is no period"),
    (["60", "study_class", "2013-01"], "Nothing was published of 2013-01. Published periods: 2012-05,"),
    (["Thành phố Phan Thiét", "study_class", "2012-06"], "Thành phố Phan Thiết, Tỉnh Bình Thuận (593)"),
    (["0x", "study_class", "2012-06"], "tonghop find"),
    (["60", "study_class", "2012-06", "--all", "--depth", "1"], "Give one of them"),
])
def test_bad_use_is_one_line_that_says_what_to_do(run: Run, arguments: list[str], words: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert words in err


def test_nothing_published_yet_is_said(warehouse: Settings, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="Nothing has been published yet"):
        command.trace(warehouse, "60", "study_class", "2012-06")
