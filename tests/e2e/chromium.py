"""A headless Chromium, driven by selenium: for the tests of the pages and for their bench."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Without these its own look for updates is refused by a closed network, many connections at a time.
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
          "--disable-background-networking", "--disable-component-update", "--disable-sync")


class ChromiumMissingError(Exception):
    """Chromium or its driver is not installed."""


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """A fresh browser with its profile in an empty folder; closed at the end.

    Raises:
        ChromiumMissingError: there is none here.
    """
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver is None:
        raise ChromiumMissingError("chromium or chromedriver is not installed")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield opened
    finally:
        opened.quit()
