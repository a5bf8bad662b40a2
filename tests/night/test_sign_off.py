"""A release that is too thin is published only when a person answers for it; what was published does not vanish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop import cli, clock
from tonghop.commands import night as night_command
from tonghop.commands import signoff as signoff_command
from tonghop.errors import NightAwaiting, NightHeld, TonghopError
from tonghop.night import steps
from tonghop.quality import signoff
from tonghop.reference import load as reference
from tonghop.reports import docs
from tonghop.settings import Settings
from tonghop.submissions import withdraw

CALENDAR = ("campaign,form,group,sender_level,senders,period,due_on,source_report\n"
            "trial,study,study,province,,2014-03,2014-04-20,test\n")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def campaign(country: Settings, tmp_path: Path) -> Settings:
    """A campaign that asks all 63 provinces, of which the tests let one answer."""
    overlay = tmp_path / "zz-trial"  # overlays follow their names, and the last calendar is the calendar
    overlay.mkdir()
    (overlay / "calendar.csv").write_text(CALENDAR, encoding="utf-8")
    reference.add_overlay(country, overlay)
    reference.load(country)
    return country


@pytest.fixture
def run(campaign: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line on the warehouse of the test: exit code, output, errors."""
    for module in (night_command, signoff_command):
        monkeypatch.setattr(module, "settings", lambda: campaign)
    monkeypatch.setattr(docs, "build_dbt_docs", lambda settings: "unchanged")

    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return command


def states(settings: Settings) -> list[tuple[object, ...]]:
    return as_admin(settings, "select status from ops.run order by started_at")


def wait_again(settings: Settings) -> None:
    """As if the night had not been answered yet: another night would cost as much as the rest of the test."""
    as_admin(settings, "delete from ops.sign_off")
    as_admin(settings, "update ops.run set status = 'awaiting'")


def test_a_thin_release_is_published_only_when_it_is_signed(
        campaign: Settings, send: Callable[..., None], run: Run) -> None:
    # Without this: a national figure that rests on one province of 63, published while everybody slept; a rejection that
    # nobody can explain later; or a signature under one candidate that publishes another.
    send("60", "60,study_class,2014-03,own,470,,,")
    code, out, err = run("rollup")
    assert (code, states(campaign)) == (1, [("awaiting",)])
    assert "publish … waits for a sign-off" in out
    assert "coverage is below its threshold in 2014-03 trial (bloc) 0.0% (asked: 50%)" in err
    assert "tonghop sign-off" in err
    found = as_admin(campaign, "select rule, severity, actual, expected from quality.finding where rule like 'P%%'")
    assert [row[:2] for row in found] == [("P05", "warning")] * 2, "the territorial tree, and that of blocs"
    asked = signoff.find(campaign, "1")  # the number that its release would get
    (thin,) = [each for each in asked.coverage if each["hierarchy"] == "territorial"]
    assert (thin["period"], thin["campaign"], thin["reporting_units"], thin["is_below"]) == ("2014-03", "trial", 1, True)
    assert thin["expected_units"] > 63, "the indicators that nobody spoke of are expected too"
    with pytest.raises(NightAwaiting):
        steps.publish(campaign, asked.run_id)

    # A rejection says why, and nothing is published after it.
    assert "needs a reason" in run("reject", "candidate", "--reason", " ", "--by", "An")[2]
    assert run("reject", "candidate", "--reason", "thiếu 62 tỉnh", "--by", "An")[0] == 0
    assert as_admin(campaign, "select status, problem from ops.run") == [("rejected", "rejected by An: thiếu 62 tỉnh")]
    with pytest.raises(NightHeld, match="rejected by An"):
        steps.publish(campaign, asked.run_id)
    assert run("sign-off", asked.run_id, "--by", "Bình")[0] == 2

    # No answer by the deadline holds it, and says so.
    wait_again(campaign)
    as_admin(campaign, "update ops.sign_off_request set due_at = now()")
    code, _, err = run("sign-off", "candidate", "--by", "An")
    assert (code, states(campaign)) == (2, [("held",)])
    assert "nobody answered for it by" in err

    # Two must sign, and they must be two.
    wait_again(campaign)
    as_admin(campaign, "update ops.sign_off_request set signatures = 2, due_at = now() + interval '1 hour'")
    code, out, _ = run("sign-off", "candidate", "--by", "An", "--reason", "đã gọi từng tỉnh")
    assert (code, states(campaign)) == (1, [("awaiting",)])
    for line in ("coverage of 2014-03 (trial, territorial): ", "at least 50% is asked", "found: 2 warning(s)",
                 "would move: nation 1 appear; department 1 appear; province 1 appear"):
        assert line in out
    assert "another person's signature is missing" in run("sign-off", "candidate", "--by", " an ")[2]

    # What is published is what was signed, or nothing.
    as_admin(campaign, "update candidate.fct_rollup set numerator = numerator + 1 where unit_id = 'VN'")
    code, _, err = run("sign-off", asked.run_id, "--by", "Bình")
    assert (code, states(campaign)) == (1, [("held",)])
    assert "The signature is void" in err
    assert as_analyst(campaign, "select count(*) from marts.dim_release") == [(0,)]

    # A night that still waits when the next begins is superseded, and both say so.
    wait_again(campaign)
    send("60", "60,study_class,2014-03,own,471,,,", name="later.csv")
    _, out, _ = run("rollup")
    assert f"Night {asked.run_id}, which waited for a sign-off, is superseded." in out
    assert "is superseded" in run("sign-off", asked.run_id, "--by", "An")[2]
    code, out, _ = run("sign-off", "1", "--by", "An")
    assert (code, states(campaign)) == (0, [("superseded",), ("published",)])
    assert "Release 1 published." in out
    assert as_analyst(campaign, "select numerator from marts.fct_rollup where unit_id = 'VN'") == [(471,)]
    assert as_admin(campaign, "select decided_by, decision, release_id, given_through from ops.sign_off"
                              " where run_id <> %s", asked.run_id) == [("An", "signed", 1, "command")]
    assert "Release 1 is published" in run("sign-off", "1", "--by", "Chi")[2]


def test_what_was_published_does_not_vanish_unexplained(country: Settings, send: Callable[..., None]) -> None:
    # Without this: a join that drops a row, or lines deleted in the raw tables, quietly take a published figure away.
    send("60", "60,study_class,2012-05,own,470,,,", "593,plan_issued_committee,2012-05,own,1,1,,")
    send("44", "44,study_class,2012-05,own,20,,,")
    assert run_night(country)
    as_admin(country, "delete from raw.statement where indicator = 'study_class' and numerator_value = 470")
    as_admin(country, "update raw.submission_period set rows_kept = rows_kept - 1"
                      " where submission_seq = (select min(submission_seq) from raw.submission)")
    with pytest.raises(NightHeld, match="release gate found 1 error"):
        run_night(country, full=True)
    assert as_admin(country, "select rule, severity, unit_id, indicator, expected from quality.finding"
                             " where rule = 'P02'") == [("P02", "error", "A-60", "study_class", "470")]
    assert as_analyst(country, "select numerator from marts.fct_rollup where unit_id = 'VN'"
                               " and indicator = 'study_class'") == [(490,)]

    # Taken back in the open, the same is no error; nor is a cell above it under which nothing stands any more.
    submission = as_admin(country, "select submission_id from raw.submission order by submission_seq limit 1")[0][0]
    withdraw.withdraw_submission(country, submission, "gửi nhầm")
    assert run_night(country, until="build_marts")
    assert as_admin(country, "select unit_id, indicator, cell, reason from intermediate.int_vanished_compared"
                             " where indicator = 'study_class' and cell = 'own'") == [
        ("A-60", "study_class", "own", "withdrawal")]
    above = as_admin(country, "select distinct cell, reason from intermediate.int_vanished_compared"
                              " where indicator = 'plan_issued_committee' order by 1")
    assert above == [("own", "withdrawal"), ("rolled up", "nothing below")]


@pytest.mark.parametrize(("now", "until"), [
    ("2026-11-22 01:40", "2026-11-22 21:40"),  # an ordinary night
    ("2026-11-22 15:00", "2026-11-23 00:45"),  # by hand in the afternoon: the next night may not wait for it
    ("2026-11-22 00:50", "2026-11-22 20:50"),
])
def test_the_deadline_lets_the_next_night_begin(now: str, until: str) -> None:
    # Without this: a night that waits keeps the next one from starting, and nobody knows why it is late.
    moment = datetime.fromisoformat(now).replace(tzinfo=clock.ZONE)
    due_at = signoff.deadline(moment, 20, "00:45")
    assert due_at == datetime.fromisoformat(until).replace(tzinfo=clock.ZONE)
    assert due_at - moment <= timedelta(hours=20)


def test_what_is_to_be_signed_must_wait(warehouse: Settings) -> None:
    with pytest.raises(TonghopError, match="No release waits for a sign-off"):
        signoff.find(warehouse, "candidate")
    with pytest.raises(TonghopError, match="There is no night abc"):
        signoff.find(warehouse, "abc")
    with pytest.raises(TonghopError, match="There is no release 7: the one that is built next will be 1"):
        signoff.find(warehouse, "7")
