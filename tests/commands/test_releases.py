"""``tonghop releases``, ``diff`` and ``restore`` through the command line's own entry, on a store small enough to read.

That nights fill the store so is held by tests/warehouse/test_time_travel.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.night.conftest import as_admin
from tonghop import cli
from tonghop.commands import releases
from tonghop.reports import site
from tonghop.settings import Settings

Run = Callable[..., tuple[int, str, str]]

# Three provinces and the nation; in release 2 the second province corrects itself, and a night waits to take it back.
_STORE = """
insert into ops.run (run_id, kind, owner, status, step, started_at, reference_load_id) values
    ('one', 'night', 'x', 'published', 'publish', '2026-11-20 01:00+07', 1),
    ('two', 'night', 'x', 'published', 'publish', '2026-11-21 01:00+07', 1);
insert into store.release (release_id, run_id, published_at) values
    (1, 'one', '2026-11-20 01:10+07'), (2, 'two', '2026-11-21 01:10+07');
insert into store.unit_key (unit_key, unit_id) overriding system value
    values (1, 'VN'), (44, 'A-44'), (45, 'A-45'), (46, 'A-46');
insert into store.org_unit (unit_key, unit_code, unit_name, ascii_name, unit_type, level, parent_unit_id, first_release)
values
    (1, 'VN', 'Toàn quốc', 'Toan quoc', 'nation', 'nation', null, 1),
    (44, '44', 'Tỉnh Quảng Bình', 'Tinh Quang Binh', 'province', 'province', 'VN', 1),
    (45, '45', 'Tỉnh Quảng Trị', 'Tinh Quang Tri', 'province', 'province', 'VN', 1),
    (46, '46', 'Tỉnh Thừa Thiên Huế', 'Tinh Thua Thien Hue', 'province', 'province', 'VN', 1);
insert into store.indicator_key (indicator_key, indicator) overriding system value values (1, 'review_agency');
insert into store.indicator (indicator, indicator_group, name_vi, name_en, kind, population, reporter_class,
                             is_cumulative, parts_are_all, may_exceed_one, first_release)
values ('review_agency', 'review', 'kiểm điểm', 'reviewed', 'ratio', 'agency', 'province', true, false, false, 1);
insert into store.period_key values (201211, '2012-11', '2012-11-30');
insert into store.period (period, first_day, last_day, first_release) values ('2012-11', '2012-11-01', '2012-11-30', 1);
insert into raw.submission (submission_id, sender, kind, file_name, content_hash, form, reader, reader_version,
                            received_at, loaded_at, status) values
    ('s1', '44', 'delimited', 'first.csv', 'a', 'f', 'r', '1', '2026-11-19 08:00+07', '2026-11-19 08:00+07', 'loaded'),
    ('s2', '45', 'delimited', 'mended.csv', 'b', 'f', 'r', '1', '2026-11-20 08:00+07', '2026-11-20 08:00+07', 'loaded');
insert into store.source (source_key, submission_seq, sender_key, province_key) overriding system value values
    (1, 1, 44, 44), (2, 1, 45, 45), (3, 2, 45, 45), (4, 1, 46, 46);
insert into store.observed (period_key, unit_key, indicator_key, traits, source_key, numerator, denominator, row_number,
                            first_release, last_release) values  -- traits: own, reported, by a reporter, counted
    (201211, 44, 1, 8 + 16, 1, 90, 100, 1, 1, null),
    (201211, 45, 1, 8 + 16, 2, 70, 100, 2, 1, 1),
    (201211, 45, 1, 8 + 16, 3, 95, 100, 1, 2, null),
    (201211, 46, 1, 8 + 16, 4, 80, 100, 3, 1, null);
insert into store.rollup (period_key, unit_key, indicator_key, numerator, denominator, rate, rate_low, rate_high, basis,
                          reporting_units, expected_units, withheld_units, may_exceed_one, first_release, last_release)
values
    (201211, 1, 1, 240, 300, 0.8, 0.8, 0.8, 'partial', 3, 63, 0, false, 1, 1),
    (201211, 1, 1, 265, 300, 0.8833, 0.8833, 0.8833, 'partial', 3, 63, 0, false, 2, null);
insert into store.population_statement (period_key, unit_key, amount, source, reason, is_counted, population,
                                        first_release, last_release)
values
    (201211, 45, 99, 'return', 'counts', true, 'agency', 1, 1),
    (201211, 45, 100, 'return', 'counts', true, 'agency', 2, null);
insert into store.partition (period, province_unit_id, fingerprint, release_id)
    values ('2012-11', 'A-45', 'x', 2), ('2012-09', 'A-45', 'y', 1);
"""

_HELD = """
insert into ops.run (run_id, kind, owner, status, step, started_at, problem) values
    ('held', 'night', 'x', 'held', 'judge_release', '2026-11-22 01:00+07', 'the release gate found 1 error(s)');
insert into ops.step_run (run_id, step, attempt, started_at)
    values ('held', 'judge_release', 1, '2026-11-22 01:05+07');
insert into ops.run_effect (run_id, period, unit_id, level, indicator, before_numerator, before_denominator, before_rate,
                            before_basis, before_reporting_units, before_expected_units)
values ('held', '2012-11', 'A-46', 'province', 'review_agency', 80, 100, 0.8, 'own', 1, 1);
"""


@pytest.fixture
def run(warehouse: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command on two small releases; gives exit code, output and errors."""
    as_admin(warehouse, _STORE)
    monkeypatch.setattr(releases, "settings", lambda: warehouse)

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        told = capsys.readouterr()
        return int(str(ended.value.code)), told.out, told.err

    return command


def test_a_difference_says_what_moved_why_and_who_was_passed(run: Run) -> None:
    code, out, _ = run("diff", "1", "2")
    assert code == 0
    for said in (
        "2 figures moved.",
        "nation     1 changed",
        "submission s2 (mended.csv, of sender 45, received",
        "2012-11 review_agency: Tỉnh Quảng Trị 3 → 1, passes Tỉnh Quảng Bình, Tỉnh Thừa Thiên Huế",
        "2012-11 Tỉnh Quảng Trị, agency: 99 (return) → 100 (return)",
        "2012-11 Toàn quốc, review_agency: 240/300 = 80.00% (partial, 3 of 63) → 265/300 = 88.33% (partial, 3 of 63)"
        "  +25, +8.33 points",
    ):
        assert said in out


def test_as_json_it_says_the_same_in_numbers(run: Run) -> None:
    code, out, _ = run("diff", "2", "1", "--json", "--level", "province")
    told = json.loads(out)
    assert (code, told["before"], told["after"], told["figures_moved"]) == (0, 2, 1, 1)
    figure = told["figures"][0]
    assert (figure["unit_id"], figure["before"]["numerator"], figure["after"]["numerator"]) == ("A-45", 95, 70)
    assert figure["difference"] == {"numerator": -25, "denominator": 0, "rate": -0.25}
    assert figure["causes"] == ["submission:2"]
    assert told["causes"][0] == {
        "kind": "submission", "reference": "2", "figures": 1, "by_level": {"province": 1}, "submission_id": "s2",
        "sender": "45", "file_name": "mended.csv", "received_at": told["causes"][0]["received_at"],
    }
    assert [each["after_rank"] for each in told["ranks"] if each["unit_id"] == "A-45"] == [3]


def test_nothing_moved_is_no_failure(run: Run) -> None:
    code, out, _ = run("diff", "2", "2")
    assert (code, len(out.splitlines()), out.endswith(": 0 figures moved.\n")) == (0, 1, True)
    code, out, _ = run("diff", "2", "2", "--json")
    assert (code, json.loads(out)["figures"]) == (0, [])


@pytest.mark.parametrize(("arguments", "told"), [
    (["diff", "1", "9"], "There is no release 9: the newest is 2."),
    (["diff", "1"], "Say what to compare"),
    (["diff", "1", "2", "--candidate"], "Say what to compare"),
    (["diff", "1", "2", "--indicator", "review"], "No indicator is called 'review'."),
    (["diff", "--candidate"], "No night has built a candidate yet."),
    (["restore", "9"], "There is no release 9: the newest is 2."),
])
def test_bad_use_is_one_line_that_says_what_to_do(run: Run, arguments: list[str], told: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert told in err


def test_a_held_night_shows_what_it_would_have_moved(run: Run, warehouse: Settings) -> None:
    as_admin(warehouse, _HELD)
    code, out, _ = run("diff", "--candidate")
    assert code == 0
    assert "(held: the release gate found 1 error(s))" in out
    assert "province   1 vanish" in out
    assert "A-46, review_agency: 80/100 = 80.00% (own, 1 of 1) → nothing" in out
    code, out, _ = run("diff", "--candidate", "--json")
    assert json.loads(out)["figures"][0]["after"] is None


def test_a_restored_release_is_listed_as_such_and_its_periods_are_built_again(
        run: Run, warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    monkeypatch.setattr(site, "write", lambda settings, run_id: written.append(run_id))
    code, out, _ = run("restore", "1", "--note", "nhầm")
    assert (code, written) == (0, [None])
    assert "Release 3 is current and equal to release 1 (3 rows added, 3 closed)." in out
    assert "The next night builds 2012-11 again" in out
    assert "restored from release 1: nhầm" in run("releases")[1]
    assert as_admin(warehouse, "select period, fingerprint from store.partition order by 1") == [
        ("2012-09", "y"), ("2012-11", "")]
    assert run("diff", "1", "3")[1].endswith(": 0 figures moved.\n")
    assert "an earlier release was restored as 3" in run("diff", "2", "3")[1]
    code, out, _ = run("restore", "1")
    assert (code, out) == (0, "Nothing differs: release 3, the current one, is equal to release 1.\n")
    assert run("restore", "3")[1] == "Release 3 is the current one: there is nothing to restore.\n"
    assert written == [None]
