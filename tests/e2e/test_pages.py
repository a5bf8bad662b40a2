"""The steward pages in a real Chromium, opened from disk as a steward opens them."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.chromium import ChromiumMissingError, chromium
from tonghop.reports import docs, site
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect

pytestmark = pytest.mark.e2e

_SITE = Path(__file__).parents[1] / "reports" / "cases" / "small_site.sql"
_A4_WIDTH = 695  # the paper less the margins of @page, at 96 dots an inch
_PAGES = ("index.html", "late.html", "province/A-60.html", "province/A-61.html", "province/V-2.html")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    """A fresh headless Chromium."""
    try:
        with chromium(tmp_path / "profile") as opened:
            yield opened
    except ChromiumMissingError as missing:
        pytest.skip(f"{missing}: the pages were not looked at in a browser")


@pytest.fixture
def pages(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the pages of the small release."""
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute(_SITE.read_text(encoding="utf-8"))
    monkeypatch.setattr(docs, "build_dbt_docs", lambda settings: "unchanged")
    site.write(warehouse, None)
    return warehouse.reports_dir


def _screen(browser: Any, width: int, height: int = 900) -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})


def test_pages_open_without_a_complaint_and_run_nothing(browser: Any, pages: Path) -> None:
    """Without console errors, and without an alert from a unit that is called <script>."""
    for name in _PAGES:
        browser.get((pages / name).as_uri())
        assert "Tổng hợp" in browser.title
        assert browser.get_log("browser") == [], name
        assert browser.execute_script("return document.scripts.length") == 0


def test_a_steward_walks_from_the_nation_to_a_finding(browser: Any, pages: Path) -> None:
    browser.get((pages / "index.html").as_uri())
    browser.find_element("link text", "Tỉnh Bình Thuận").click()
    assert browser.current_url.endswith("province/A-60.html")
    finding = browser.find_element("css selector", "article#denominator-1")
    assert finding.is_displayed()
    for shown in ("Có nhiều mẫu số.", "Việc cần làm", "dòng 23", "D03-1"):
        assert shown in finding.text, shown
    browser.find_element("link text", "Cả nước").click()
    assert browser.find_element("tag name", "h1").text.startswith("Cả nước")


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_no_page_is_wider_than_its_screen(browser: Any, pages: Path, width: int) -> None:
    _screen(browser, width)
    for name in _PAGES:
        browser.get((pages / name).as_uri())
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, name
        assert browser.execute_script("return document.documentElement.scrollHeight") > 300, name


def test_on_a_phone_every_cell_of_a_finding_says_what_it_is(browser: Any, pages: Path) -> None:
    _screen(browser, 390)
    browser.get((pages / "province" / "A-60.html").as_uri())
    labels = browser.execute_script(
        "return [...document.querySelectorAll('article#denominator-1 td[data-label]')]"
        ".map(cell => getComputedStyle(cell, '::before').content)")
    assert '"Đang ghi"' in labels
    assert '"Ở đâu trong tệp"' in labels


def test_the_printed_page_has_its_text_and_no_navigation(browser: Any, pages: Path) -> None:
    browser.get((pages / "province" / "A-60.html").as_uri())
    browser.execute_script("document.querySelectorAll('details').forEach(each => each.removeAttribute('open'))")
    _screen(browser, _A4_WIDTH)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not browser.find_element("tag name", "nav").is_displayed()
    style = browser.execute_script("return getComputedStyle(document.querySelector('article thead')).display")
    assert style == "table-header-group"
    figures = browser.find_element("css selector", "table.figures")
    assert figures.rect["height"] > 50  # folded on the screen, printed all the same
    for name in _PAGES:
        browser.get((pages / name).as_uri())
        cut = browser.execute_script("return [...document.querySelectorAll('.table')]"
                                     ".filter(each => each.scrollWidth > each.clientWidth + 1).length")
        assert cut == 0, name
    browser.get((pages / "province" / "A-60.html").as_uri())
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    printed = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    assert printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 1
    drawn = b"".join(_streams(printed))
    assert drawn.count(b"Tj") + drawn.count(b"TJ") > 100  # text is drawn, not an empty sheet


def _streams(pdf: bytes) -> Iterator[bytes]:
    """The contents of a PDF's compressed streams."""
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(found[1])
        except zlib.error:
            continue
