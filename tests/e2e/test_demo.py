"""The demo as a new user runs it: the sample through the four DAGs under a real scheduler, twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows
from tonghop.warehouse.server import opened

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


def demo(state: Path) -> str:
    """Run ``tonghop demo`` on a state folder; returns what it printed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TONGHOP_")}
    done = subprocess.run(
        [sys.executable, "-c", "from tonghop.cli import main; main(['demo'])"], capture_output=True, text=True, check=False,
        env={**environment, "TONGHOP_STATE_DIR": str(state)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def left_behind(state: Path) -> list[str]:
    """Processes that know the state folder, by their environment or their arguments."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join([*process.cmdline(), process.environ().get("TONGHOP_STATE_DIR", "")])
        except psutil.Error:
            continue
        if str(state) in words and process.pid != os.getpid():
            found.append(words)
    return found


def test_the_demo_publishes_the_sample_once(tmp_path: Path) -> None:
    state = tmp_path / "state"
    first = demo(state)
    assert "nightly_rollup: publish success" in first
    assert left_behind(state) == []
    settings = Settings(state_dir=state, database_url=None, inbox="", reference_dirs="")
    figures = "select unit_id, indicator, numerator, denominator, basis from marts.fct_rollup where (unit_id, indicator)" \
              " in (('A-60', 'plan_issued_agency'), ('V-2', 'review_direct_committee'), ('V-2', 'review_agency'))" \
              " order by 1, 2"
    with opened(settings), connect(settings, "analyst") as analyst, connect(settings) as admin:
        assert rows(analyst, figures) == [
            ("A-60", "plan_issued_agency", 67, 73, "complete"),
            ("V-2", "review_agency", 709, 724, "complete"),
            ("V-2", "review_direct_committee", 221, 222, "mixed"),
        ]
        assert rows(admin, "select kind, status from ops.run") == [("night", "published")], "one night, not two"
        assert rows(admin, "select count(*) from ops.step_run where finished_at is null") == [(0,)]
    page = (state / "reports" / "province" / "A-60.html").read_text(encoding="utf-8")
    assert "88 = 73" in page

    second = demo(state)
    assert "The sample was submitted before." in second
    with opened(settings), connect(settings, "analyst") as analyst:
        assert rows(analyst, "select count(*) from marts.dim_release") == [(1,)]
    assert left_behind(state) == []
