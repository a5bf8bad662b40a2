"""Nights that are killed, overtaken or held: what analysts see does not change, and the next night makes it good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop.errors import NightHeld, NightSuperseded, TonghopError
from tonghop.night import steps
from tonghop.settings import Settings

_RUN = "from tonghop.commands.night import run_steps\nfrom tonghop.night import steps\nfrom tonghop.settings import settings\n" \
       "run_steps(settings(), steps.open_night(settings(), owner='killed', kind='hand'))"

MARTS = ("fct_rollup", "fct_observation", "fct_reconciliation", "fct_submission")


def contents(settings: Settings) -> list[list[tuple[object, ...]]]:
    return [as_analyst(settings, f"select (to_jsonb(mart) - 'release_id' - 'published_in_release_id')::text"
                                 f" from marts.{mart} as mart order by 1") for mart in MARTS]


def test_killed_in_the_middle_and_run_again_gives_the_same_marts(
    country: Settings, send: Callable[..., None]
) -> None:
    send("60", "60,study_class,2012-05,own,470,,,", "593,plan_issued_committee,2012-05,own,1,1,,")
    assert run_night(country)
    clean = contents(country)
    assert any(clean)
    as_admin(country, "update store.partition set fingerprint = 'other'")  # as if every input had changed
    before = as_analyst(country, "select * from marts.dim_release")
    environment = {**os.environ, "TONGHOP_STATE_DIR": str(country.state_dir),
                   "TONGHOP_DATABASE_URL": country.database_url.get_secret_value()}  # type: ignore[union-attr]
    night = subprocess.Popen([sys.executable, "-c", _RUN], env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    for _ in range(600):  # wait until it works, then kill it without a word
        if as_admin(country, "select 1 from ops.run where status = 'running' and step = 'judge_figures'"):
            break
        time.sleep(0.1)
    else:
        pytest.fail("the night never reached its first gate")
    os.killpg(night.pid, signal.SIGKILL)
    night.wait()
    assert as_analyst(country, "select * from marts.dim_release") == before
    assert contents(country) == clean
    assert run_night(country)
    assert contents(country) == clean
    assert as_admin(country, "select status from ops.run order by started_at") == [
        ("published",), ("superseded",), ("unchanged",)]


def test_one_night_at_a_time(country: Settings, send: Callable[..., None]) -> None:
    send("60", "60,study_class,2012-05,own,470,,,")
    run_id = steps.open_night(country, owner="first", kind="hand")
    assert run_id is not None
    # The first beats on another machine, so only its heartbeat can tell that it lives.
    as_admin(country, "update ops.run set owner = 'first elsewhere:1'")
    with pytest.raises(TonghopError, match="Another night is running"):
        steps.open_night(country, owner="second", kind="hand")
    as_admin(country, "update ops.run set heartbeat_at = now() - interval '1 hour'")
    second = steps.open_night(country, owner="second", kind="hand")
    assert second is not None
    with pytest.raises(NightSuperseded):
        steps.publish(country, run_id)
    steps.fail(country, second, "test")


def test_a_held_release_changes_nothing_that_analysts_see(country: Settings, send: Callable[..., None]) -> None:
    """The release gate must find a nation that is not the sum of its parts, whatever produced it."""
    send("60", "60,study_class,2012-05,own,470,,,")
    assert run_night(country)
    before = contents(country)
    send("60", "60,study_class,2012-05,own,471,,,", name="later.csv")
    run_id = run_night(country, until="build_marts")
    assert run_id is not None
    as_admin(country, "update intermediate.int_nation_compared set nation = nation + 1 where indicator = 'study_class'"
                      " and measure = 'numerator'")
    with pytest.raises(NightHeld, match="held"):
        steps.judge_release(country, run_id)
    with pytest.raises(NightHeld, match="is held"):
        steps.publish(country, run_id)
    assert contents(country) == before
    assert as_admin(country, "select rule, actual, expected from quality.finding where rule like 'P%%'") == [
        ("P01", "472 / 471 / 471 / 471", "471")]
    assert run_night(country)  # mended: the next night publishes, and the finding corrects itself
    assert as_analyst(country, "select numerator from marts.fct_rollup where unit_id = 'VN'") == [(471,)]
    assert as_admin(country, "select state from quality.finding where rule = 'P01'") == [("corrected",)]


def test_a_gate_that_sees_less_than_is_due_fails(country: Settings, send: Callable[..., None]) -> None:
    """An empty relation is a success for Great Expectations; for us it is a gate that judged nothing."""
    send("60", "60,study_class,2012-05,own,470,,,")
    run_id = run_night(country, until="build_marts")
    assert run_id is not None
    as_admin(country, "delete from candidate.fct_rollup")
    with pytest.raises(TonghopError, match="shows 0 rows where"):
        steps.judge_release(country, run_id)
