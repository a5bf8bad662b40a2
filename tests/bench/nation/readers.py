"""Analysts who read while the night publishes: ``python -m tests.bench.nation.readers PERIOD INDICATOR MANY``.

A process of its own (the night's interpreter must not hold it up), with ``MANY`` connections as the analyst; their
URL comes by ``PGURL``. Each connection asks in turn for one figure and for all levels above the units in one
statement. They read until standard input closes, then print as JSON what they met.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse.connection import role_url

CONNECTIONS = 2
_PAUSE_SECONDS = 0.01
_POINT = """
select release_id, numerator from marts.fct_rollup where period = %s and indicator = %s and unit_id = 'VN'
"""
_LEVELS = """
select
    min(release_id),
    max(release_id),
    sum(numerator) filter (where level = 'nation'),
    sum(numerator) filter (where level = 'department'),
    sum(numerator) filter (where level = 'province'),
    sum(numerator) filter (where level = 'district')
from marts.fct_rollup
where period = %s and indicator = %s and level <> 'grassroots'
"""


@dataclass
class Seen:
    """What readers met.

    Attributes:
        statements: (moment it began, seconds it took) of each statement for one figure.
        errors: what PostgreSQL said.
        torn: statements whose levels do not add up, or that name two releases.
        nation: the nation's figures seen in each release (more than one is a torn release).
    """

    statements: list[tuple[float, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    torn: int = 0
    nation: dict[int, list[int]] = field(default_factory=dict)

    def saw(self, release: int | None, figures: Iterable[int | None]) -> None:
        """One statement's release, and its nation's figure as said by each level."""
        said = {None if figure is None else int(figure) for figure in figures}
        self.torn += len(said) > 1
        if release is not None and len(said) == 1 and None not in said:
            known = self.nation.setdefault(release, [])
            known += [figure for figure in said if figure is not None and figure not in known]


def _read(url: str, what: tuple[str, str], seen: Seen, stop: threading.Event) -> None:
    try:
        connection = psycopg2.connect(url, application_name="tonghop bench reader")
    except psycopg2.Error as error:
        seen.errors.append(str(error).strip().splitlines()[0])
        return
    connection.autocommit = True
    with connection.cursor() as cursor:
        while not stop.is_set():
            try:
                moment, began = time.time(), time.monotonic()
                cursor.execute(_POINT, what)
                found = cursor.fetchone()
                seen.statements.append((moment, time.monotonic() - began))
                if found is not None:
                    seen.saw(found[0], found[1:])
                cursor.execute(_LEVELS, what)
                first, last, *levels = cursor.fetchone() or (None, None)
                seen.saw(last, levels)
                seen.torn += first != last
            except psycopg2.Error as error:
                seen.errors.append(str(error).strip().splitlines()[0])
                if connection.closed:
                    return
            stop.wait(_PAUSE_SECONDS)


def main(period: str, indicator: str, many: int) -> None:
    """Read until standard input closes; print what was met."""
    stop, seen = threading.Event(), [Seen() for _ in range(many)]
    threads = [threading.Thread(target=_read, args=(os.environ["PGURL"], (period, indicator), each, stop))
               for each in seen]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps([asdict(each) for each in seen]))


@dataclass
class Readers:
    """The readers' process while it runs, and what it met once it has ended."""

    process: subprocess.Popen[str]
    met: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def start(cls, settings: Settings, period: str, indicator: str) -> Readers:
        """Start reading."""
        url = role_url(settings, "analyst").render_as_string(hide_password=False)
        root = Path(__file__).resolve().parents[3]
        return cls(subprocess.Popen(
            [sys.executable, "-m", "tests.bench.nation.readers", period, indicator, str(CONNECTIONS)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, env={**os.environ, "PGURL": url}))

    def stop(self) -> None:
        """Stop reading.

        Raises:
            TonghopError: the readers' process failed.
        """
        out, _ = self.process.communicate()
        if self.process.returncode != 0:
            raise TonghopError(f"The bench's readers failed with exit code {self.process.returncode}.")
        self.met = json.loads(out)

    def errors(self) -> list[str]:
        """What went wrong: errors, statements that saw two releases, releases with two figures."""
        wrong = [error for each in self.met for error in each["errors"]]
        wrong += ["a statement saw two releases"] * sum(each["torn"] for each in self.met)
        figures: dict[str, set[int]] = {}
        for each in self.met:
            for release, known in each["nation"].items():
                figures.setdefault(release, set()).update(known)
        return wrong + [f"release {release} had {len(known)} figures" for release, known in figures.items()
                        if len(known) > 1]

    def statements(self) -> int:
        return sum(len(each["statements"]) for each in self.met)

    def longest(self, began: float, ended: float) -> float:
        """Seconds of the slowest statement for one figure that ran between two moments; 0 where none did."""
        return max((seconds for each in self.met for moment, seconds in each["statements"]
                    if moment < ended and moment + seconds > began), default=0.0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
