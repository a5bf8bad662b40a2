"""``tonghop summary``: the same paragraph at a terminal, held against the warehouse."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.night.conftest import as_admin
from tests.orchestration.conftest import tell_otherwise
from tonghop import cli
from tonghop.commands import summary as summary_command
from tonghop.reports import night_summary, vietnamese
from tonghop.settings import Settings


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Settings,
        *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(summary_command, "settings", lambda: settings)
    with pytest.raises(SystemExit) as ended:
        cli.main(["summary", *arguments])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def test_the_newest_night_in_one_paragraph_of_each_language(
        recorded: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (run_id,) = as_admin(recorded, "select run_id from ops.run")[0]
    code, out, _ = run(capsys, monkeypatch, recorded)
    assert code == 1, "new errors are something to do"
    vi, blank, en = out.rstrip("\n").split("\n")
    assert vi.startswith(f"Đêm {run_id} (")
    assert blank == ""
    assert en.startswith(f"Night {run_id} (")
    amount = as_admin(recorded, "select rule, sum(recorded) from ops.gate_run where severity = 'error'"
                                " group by rule order by 2 desc, 1 limit 1")[0]
    assert f"Most found: {amount[0]} " in en, "the severest rules first"
    assert f"({amount[1]})" in en
    moved = as_admin(recorded, "select count(*) from ops.run_effect")[0][0]
    assert f"{moved} figure(s) moved, the largest: " in en
    assert en.count("→") == night_summary.CHANGES_SHOWN


def test_its_numbers_and_its_slowest_models(
        recorded: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # Without this: "the night was slow", and nobody can say which model.
    (run_id,) = as_admin(recorded, "select run_id from ops.run")[0]
    _, out, _ = run(capsys, monkeypatch, recorded, run_id, "--json", "--nodes", "3")
    told = json.loads(out)
    slowest = as_admin(recorded, "select node, rows_affected from ops.dbt_node order by seconds desc, node limit 3")
    assert [(node["node"], node["rows_affected"]) for node in told["nodes"]] == slowest
    assert told["run_id"] == run_id
    assert told["seconds"] == as_admin(recorded, "select sum(seconds)::float from ops.step_run")[0][0]
    assert run(capsys, monkeypatch, recorded, "nothing")[0] == 2


def test_what_was_corrected_and_which_province_is_held_are_told(
        recorded: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (run_id,) = as_admin(recorded, "select run_id from ops.run")[0]
    as_admin(recorded, "insert into quality.finding_event (finding_id, event, state_before, state_after, values_key, run_id)"
                       " select finding_id, 'corrected', 'open', 'corrected', '', %s from quality.finding"
                       " where severity = 'error' limit 1", run_id)
    held = as_admin(recorded, "update quality.run_withheld set is_province_held = true where unit_id = 'A-60' and period ="
                              " (select min(period) from quality.run_withheld where unit_id = 'A-60') returning period")
    try:
        code, out, _ = run(capsys, monkeypatch, recorded)
    finally:
        as_admin(recorded, "update quality.run_withheld set is_province_held = false")
        tell_otherwise(recorded, "delete from quality.finding_event where event = 'corrected'")
    assert held, "the sample withholds figures of A-60"
    assert code == 1
    assert "1 corrected)" in out
    assert "held whole: " in out
    assert f"({held[0][0]})" in out


def night(**changed: Any) -> night_summary.Night:
    row: dict[str, Any] = {
        "run_id": "abc", "kind": "night", "status": "published", "step": "publish", "problem": None, "release_id": 7,
        "current_release_id": 7, "started_at": datetime(2026, 11, 22, 18, 0, tzinfo=UTC), "finished_at": None,
        "seconds": 3725.0, "periods": 2, "first_period": "2012-05", "last_period": "2014-03", "provinces": 63,
        "withheld": 0, "due_at": None, "signatures": None}
    findings = [{"severity": name, "new": 0, "open": 3, "corrected": 0} for name in ("error", "warning", "info")]
    return night_summary.Night(row | changed, findings, [], [], [], [], [])


def test_a_green_night_and_what_makes_it_another() -> None:
    # Without this: a house that asked for quiet hears nothing of a broken gate.
    assert night().is_green
    assert night(status="unchanged").is_green
    for status in ("held", "failed", "awaiting", "rejected", "superseded", "running"):
        assert not night(status=status).is_green
    green = night()
    green.rules.append({"rule": "D01", "severity": "error", "found": 0, "open": 0, "problem": "no rows judged"})
    assert not green.is_green
    assert "D01: no rows judged" in night_summary.paragraph(green, [])[1]


def test_durations_and_moments_are_written_as_people_say_them() -> None:
    vi, en = night_summary.paragraph(night(), ["x"])
    assert "Làm việc 1 giờ 2 phút, tính lại 2 kỳ (2012-05 – 2014-03) của 63 tỉnh." in vi
    assert "(23-11-2026 01:00): published release 7." in en
    assert vietnamese.duration(59.4) == ("59 giây", "59 s")
    assert vietnamese.duration(61) == ("1 phút 1 giây", "1 min 1 s")


@pytest.mark.parametrize(("url", "link"), [
    ("https://user:pw@pages.example.vn:8443/a/?token=1#x", "https://pages.example.vn:8443/a/"),
    ("https://pages.example.vn", "https://pages.example.vn"),
])
def test_a_link_carries_no_credentials(url: str, link: str) -> None:
    assert night_summary.plain_link(url) == link
