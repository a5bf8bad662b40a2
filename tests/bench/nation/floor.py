"""What the night is measured against: plain ``psql`` COPY and the shortest SQL, on the same server and files."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tests.bench.nation import warehouse
from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse.connection import admin_url
from tonghop.warehouse.postgres_home import packages

HERE = Path(__file__).parent
PARTS = ("copy", "leaves", "above")
"""What the floor consists of; each part is one transaction, durably committed."""
_DATABASE = "floor"
_KEY = "alter table rollup add primary key (unit_id, indicator, period)"
_SUMS = "(select * from rollup where unit_id not like 'G-%')"


def run(settings: Settings, files: Mapping[str, Path], units: Path, out: Path) -> dict[str, float]:
    """Load the files into typed rows and roll them up, in a database of its own that is dropped after.

    Args:
        units: the grassroots units with those above them; loaded before the clock starts, as the product's register is.
        out: where the rolled-up rows of every level above the units are written, as CSV.

    Returns:
        Seconds by part; ``key`` is a primary key on the roll-up, which is no part of the floor.
    """
    warehouse.database(settings, _DATABASE)
    try:
        _psql(settings, "--file", str(HERE / "tables.sql"), "--command", _copy("unit", units),
              "--command", "analyze unit")
        copies = [part for file in files.values() for part in ("--command", _copy("statement", file))]
        taken = {
            "copy": _psql(settings, *copies),
            "leaves": _psql(settings, "--file", str(HERE / "leaves.sql")),
            "above": _psql(settings, "--file", str(HERE / "above.sql")),
            "key": _psql(settings, "--command", _KEY),
        }
        _psql(settings, "--command", f"\\copy {_SUMS} to {_quoted(out)} (format csv, header)")
    finally:
        warehouse.drop(settings, _DATABASE)
    return taken


def _copy(table: str, file: Path) -> str:
    return f"\\copy {table} from {_quoted(file)} (format csv, header)"


def _quoted(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "''") + "'"


def _psql(settings: Settings, *arguments: str) -> float:
    """Run one psql, everything in one transaction; returns the seconds it took.

    Raises:
        TonghopError: psql failed.
    """
    url = admin_url(settings)
    environment = {**os.environ, "PGHOST": url.host or "", "PGPORT": str(url.port), "PGUSER": url.username or "",
                   "PGPASSWORD": str(url.password), "PGDATABASE": _DATABASE}
    began = time.monotonic()
    done = subprocess.run(
        [str(packages()[0] / "pginstall" / "bin" / "psql"), "--no-psqlrc", "--quiet", "--single-transaction",
         "--set", "ON_ERROR_STOP=1", *arguments],
        env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise TonghopError(f"psql failed: {done.stderr.strip()[-500:]}")
    return time.monotonic() - began
