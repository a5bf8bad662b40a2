"""A night speaks to nobody but its database: without any network it is neither slower nor different."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.night.conftest import as_analyst
from tonghop.settings import Settings

_WATCHED = """
import json, os, socket, sys

def note(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["HEARD"], "a") as heard:
            heard.write(json.dumps([event, repr(arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0])]) + "\\n")

sys.addaudithook(note)
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)  # nobody listens there; heard it must be
except OSError:
    pass
from tonghop.commands.night import run_steps
from tonghop.night import steps
from tonghop.settings import settings
run_steps(settings(), steps.open_night(settings(), owner="offline", kind="hand"))
"""


def test_a_night_asks_nothing_of_the_network(country: Settings, send: Callable[..., None], tmp_path: Path) -> None:
    """Neither dbt nor Great Expectations may look up a name or call home: where calls hang, the gates would too."""
    send("60", "60,plan_issued_agency,2012-05,own,67,73,\"91,78%\",", "593,plan_issued_committee,2012-05,own,1,1,,")
    heard = tmp_path / "heard"
    subprocess.run([sys.executable, "-c", _WATCHED], check=True, stdout=subprocess.DEVNULL, env={
        **os.environ, "HEARD": str(heard), "TONGHOP_STATE_DIR": str(country.state_dir),
        "TONGHOP_DATABASE_URL": country.database_url.get_secret_value()})  # type: ignore[union-attr]
    assert as_analyst(country, "select count(*) from marts.fct_rollup where basis <> 'missing'") != [(0,)]
    asked = [json.loads(line) for line in heard.read_text(encoding="utf-8").splitlines()]
    assert ["socket.connect", "('127.0.0.1', 9)"] in asked, "the watch itself heard nothing"
    assert [each for each in asked if "127.0.0.1" not in each[1] and "/" not in each[1]] == []
