"""What reading costs: rows a second from file to committed rows, of reading alone, and memory as the file grows.

Run by ``make bench`` or ``python tests/bench/reading.py [--rows N] [--json FILE]``: a throwaway server, fsync on. On a
machine that does other things beside, look at the seconds of CPU: they do not depend on who else waits for a core.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from tonghop.reference.load import load
from tonghop.settings import Settings
from tonghop.submissions.apart import Apart
from tonghop.submissions.inbox import ingest_sender, submit
from tonghop.submissions.limits import Limits
from tonghop.warehouse import embedded, migrate
from tonghop.warehouse.connection import connect, rows

_READ_ALONE = """
import json, resource, sys, time
from tonghop.submissions.delimited import stream_delimited
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import Sink
class Nothing(Sink):
    def _keep(self, statement): pass
    def _keep_block(self, block): pass
    def _set_aside(self, aside): pass
    def _keep_report(self, text, period, claims): pass
began, sink = time.perf_counter(), Nothing()
with open(sys.argv[1], "rb") as file:
    stream_delimited(file, "a.csv", sink, Limits(rows=10**9))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps([sink.rows_kept, sink.rows_aside, time.perf_counter() - began, time.process_time(), peak]))
"""


def _write(path: Path, count: int) -> None:
    """A file like a province's export: grouped counts, a quoted rate in every third row, notes, a bad row in 500."""
    dice = random.Random(4)
    with path.open("w", encoding="utf-8") as file:
        file.write("unit_code,indicator,period,scope,numerator,denominator,stated_rate,note\n")
        for at in range(count):
            denominator = dice.randint(1, 9000)
            numerator = dice.randint(0, denominator)
            rate = f'"{numerator / denominator * 100:.2f}%"'.replace(".", ",") if at % 3 == 0 else ""
            written = f"{numerator:,}".replace(",", ".") if at % 500 else "khoảng mười"
            note = "ghi chú của đơn vị" if at % 11 == 0 else ""
            file.write(
                f"{10000 + at % 11000},chi_tieu_{at % 97},2012-{at // 1_067_000 % 12 + 1:02d},own,{written},{denominator},"
                f"{rate},{note}\n"
            )


def _alone(path: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", _READ_ALONE, str(path)], stdout=subprocess.PIPE, text=True, check=True)
    kept, aside, seconds, cpu, peak = json.loads(done.stdout)
    count = kept + aside
    return {"rows": count, "seconds": seconds, "cpu": cpu, "rows_a_second": count / seconds, "peak_rss": peak}


class _Watched(Apart):
    """A child whose memory and time are looked at when it has answered."""

    peak, cpu = 0, 0.0

    def answer(self, deadline: float) -> dict[str, Any] | None:
        told = super().answer(deadline)
        if self._child is not None:
            status = Path(f"/proc/{self._child.process.pid}/status").read_text(encoding="ascii")
            self.cpu = sum(psutil.Process(self._child.process.pid).cpu_times()[:2])
            self.peak = int(status.split("VmHWM:")[1].split()[0]) * 1024
        return told


def _loaded(settings: Settings, path: Path) -> dict[str, Any]:
    sent = submit(settings, path, "60")
    with _Watched(Limits.of(settings)) as apart:
        began = time.perf_counter()
        (file,) = ingest_sender(settings, "60", [sent], apart=apart)["files"]
        seconds = time.perf_counter() - began
        assert file["status"] == "loaded", file
        parent = psutil.Process().memory_info().rss
    with connect(settings) as connection:
        stored: int = rows(connection, "select count(*) from raw.statement")[0][0]
        rows(connection, "truncate raw.statement, raw.submission_period, quality.rejected_row")
    assert stored == file["rows_kept"]
    return {
        "rows": file["rows_read"], "aside": file["rows_aside"], "seconds": seconds,
        "rows_a_second": file["rows_read"] / seconds, "cpu_child": apart.cpu, "peak_rss_child": apart.peak,
        "rss_parent": parent,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=2_000_000)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    told: dict[str, Any] = {"load_average": os.getloadavg()}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(state_dir=Path(folder) / "state", database_url=None, inbox="", reference_dirs="")
        with embedded.running(settings):
            migrate.init(settings)
            load(settings)
            for count in (chosen.rows // 10, chosen.rows):
                path = Path(folder) / f"{count}.csv"
                _write(path, count)
                told[str(count)] = {"bytes": path.stat().st_size, "read": _alone(path), "load": _loaded(settings, path)}
                path.unlink()
    print(f"load average {told['load_average'][0]:.1f} at the start, {os.cpu_count()} cores")
    for count, each in list(told.items())[1:]:
        read, loaded = each["read"], each["load"]
        print(f"{int(count):>9,} rows, {each['bytes'] / 2**20:6.1f} MB")
        print(f"  reading alone   {read['rows_a_second']:>9,.0f} rows/s   {read['cpu']:5.1f} s CPU   peak"
              f" {read['peak_rss'] / 2**20:4.0f} MB")
        print(f"  file to commit  {loaded['rows_a_second']:>9,.0f} rows/s   {loaded['cpu_child']:5.1f} s CPU (child)   peak"
              f" {loaded['peak_rss_child'] / 2**20:4.0f} MB (child), {loaded['rss_parent'] / 2**20:.0f} MB (parent)")
    if chosen.json:
        chosen.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
