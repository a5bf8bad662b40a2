"""How fast the steward pages open, in a real browser: ``python -m tests.bench.pages REPORTS [--rounds N]``.

REPORTS is the folder of a state with many findings (``tonghop bench --errors 0.03 --keep DIR`` leaves ``DIR/state/reports``). The
first page, the late senders' and the largest page of a province are opened so many times each, from disk, in a fresh
Chromium; prints the median milliseconds until the page is loaded and laid out (``loadEventEnd``), and its size.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.e2e.chromium import ChromiumMissingError, chromium

_LOADED = "const entry = performance.getEntriesByType('navigation')[0]; return entry.loadEventEnd"


def measure(reports: Path, rounds: int) -> list[dict[str, object]]:
    """One entry a page: its name, its size in bytes, the median and the slowest milliseconds until it was there."""
    provinces = sorted((reports / "province").glob("*.html"), key=lambda path: path.stat().st_size)
    with tempfile.TemporaryDirectory() as profile, chromium(Path(profile)) as browser:
        return [_timed(browser, page, rounds)
                for page in (reports / "index.html", reports / "late.html", provinces[len(provinces) // 2], provinces[-1])]


def _timed(browser: Any, page: Path, rounds: int) -> dict[str, object]:
    taken = []
    for _ in range(rounds):
        browser.get("about:blank")
        browser.get(page.resolve().as_uri())
        taken.append(float(browser.execute_script(_LOADED)))
    return {"page": page.name, "bytes": page.stat().st_size, "median_ms": round(statistics.median(taken)),
            "slowest_ms": round(max(taken))}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    try:
        print(json.dumps(measure(given.reports, given.rounds), indent=1))
    except ChromiumMissingError as missing:
        sys.exit(f"{missing}.")
