"""How fast the steward pages open, in a real browser: ``python tests/bench/pages.py REPORTS [--rounds N]``.

REPORTS is the folder of a state with many findings (``tonghop bench --errors 0.05 --keep DIR`` leaves ``DIR/state/reports``). The
first page, the late senders' and the largest page of a province are opened so many times each, from disk, in a fresh
Chromium; prints the median milliseconds until the page is loaded and laid out (``loadEventEnd``), and its size.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
          "--disable-background-networking", "--disable-component-update", "--disable-sync")
_LOADED = "const entry = performance.getEntriesByType('navigation')[0]; return entry.loadEventEnd"


def measure(reports: Path, rounds: int) -> list[dict[str, object]]:
    """One entry a page: its name, its size in bytes, the median and the slowest milliseconds until it was there."""
    provinces = sorted((reports / "province").glob("*.html"), key=lambda path: path.stat().st_size)
    with tempfile.TemporaryDirectory() as profile:
        browser = _browser(Path(profile))
        try:
            return [_timed(browser, page, rounds)
                    for page in (reports / "index.html", reports / "late.html", provinces[len(provinces) // 2], provinces[-1])]
        finally:
            browser.quit()


def _timed(browser: Any, page: Path, rounds: int) -> dict[str, object]:
    taken = []
    for _ in range(rounds):
        browser.get("about:blank")
        browser.get(page.resolve().as_uri())
        taken.append(float(browser.execute_script(_LOADED)))
    return {"page": page.name, "bytes": page.stat().st_size, "median_ms": round(statistics.median(taken)),
            "slowest_ms": round(max(taken))}


def _browser(profile: Path) -> Any:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        sys.exit("chromium or chromedriver is not installed.")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(driver))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(json.dumps(measure(given.reports, given.rounds), indent=1))
