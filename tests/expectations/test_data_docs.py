"""Data Docs of a night say what each rule expects, by which numbers, and show the first rows that are otherwise."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

from expectations.gates import FIGURES
from tests.night.conftest import as_admin, run_night
from tonghop.quality.bench import SHOWN_ROWS, Bench
from tonghop.quality.gate import docs_dir
from tonghop.settings import Settings


def read(folder: Path, suite: str) -> str:
    (page,) = (folder / "validations" / suite).rglob("*.html")
    text = re.sub(r"<(script|style).*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"</?(span|strong)[^>]*>", "", text)  # within a line
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def test_the_pages_of_a_night_show_sentences_numbers_and_rows(country: Settings, send: Callable[..., None]) -> None:
    sound = [f"60-A{number:02d},urgent_plan_agency,2012-05,own,1,1,100%," for number in range(1, 61)]
    broken = [f"{number},plan_issued_committee,2012-05,own,{number},3,," for number in range(593, 603)]
    send("60", *sound, *broken, "60,comment_given_agency,2012-05,own,17,88,,", "60,study_attendance_front,2012-05,own,515,603,95%,")
    run_id = run_night(country, until="judge_figures")
    assert run_id
    text = read(docs_dir(country, run_id) / "observations", "observations")
    assert "D03 · error: The denominator is the count of its population in the ledger." in text
    assert "unit_id indicator period scope expected actual" in text
    assert "A-60 comment_given_agency 2012-05 own 73 88" in text
    assert "tolerance_points = 0.5: A digit slipped or cut in print stays below half a point" in text
    assert "A-60 study_attendance_front 2012-05 own 85% 95%" in text
    ten = as_admin(country, "select count(*) from quality.run_finding where rule = 'D02'")[0][0]
    assert ten == 10
    assert len(re.findall(r"A-\d+ plan_issued_committee 2012-05 own ≤ 3", text)) == min(ten, SHOWN_ROWS)
    assert "raised an exception" not in text


def test_a_rule_costs_one_pass_whether_or_not_it_finds_rows(country: Settings, send: Callable[..., None]) -> None:
    """The rows on the pages come from what our SQL sets apart: nobody reads a nation's figures again to show twenty."""
    send("60", "60,study_class,2012-05,own,470,,,", "60,comment_given_agency,2012-05,own,17,88,,")
    assert run_night(country, until="judge_figures")
    # A table in place of the view, so that the database counts how often it is read from end to end.
    as_admin(country, "create table intermediate.counted as select * from intermediate.int_observation_compared")
    as_admin(country, "grant select on intermediate.counted to tonghop_builder")
    sitting = type(FIGURES[0])(name="counted", relation="intermediate.counted", rules=FIGURES[0].rules, due="select 0")
    scans = "select seq_scan from pg_stat_user_tables where relname = 'counted'"
    as_admin(country, "select pg_stat_force_next_flush()")
    before = as_admin(country, scans)[0][0]
    judged = Bench(country, "counted", None).judge(sitting)
    assert {entry.rule.rule: entry.observed for entry in judged}["D03"] == 1
    as_admin(country, "select pg_stat_clear_snapshot()")
    # One is Great Expectations' probe for a row; the other counts for all rules.
    assert as_admin(country, scans)[0][0] - before <= 2
