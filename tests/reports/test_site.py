"""The steward pages over a real PostgreSQL, read back as HTML."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from tonghop.reports import docs, site
from tonghop.reports.pages import bi, page_name, remedies, words
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

_VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """A page as a list of elements, each with its attributes and the text inside it; refuses tags that do not match."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def written(small_site: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The pages of the small release (the dbt docs have a test of their own)."""
    monkeypatch.setattr(docs, "build_dbt_docs", lambda settings: "unchanged")
    summary = site.write(small_site, "night7")
    assert summary["findings"] == 5
    return small_site


def _pages(settings: Settings) -> dict[str, Page]:
    found = {path.name: Page(path) for path in [settings.reports_dir / "index.html", settings.reports_dir / "late.html",
                                                *(settings.reports_dir / "province").iterdir()]}
    assert set(found) == {"index.html", "late.html", "V-2.html", "A-60.html", "A-61.html", "A~2F6~202.html"}
    return found


def test_every_page_is_sound_and_readable_by_machines(written: Settings) -> None:
    """A screen reader that is told nothing about a table reads a heap of numbers."""
    for name, page in _pages(written).items():
        assert page.all("html")[0]["lang"] == "vi", name
        assert len(page.all("h1")) == 1, name
        assert not page.all("script"), name
        assert len(page.all("main")) == 1, name
        assert all(header.get("scope") in ("col", "row", "rowgroup") for header in page.all("th")), name
        assert len(page.all("table")) == len(page.all("caption")), name
        assert {span["lang"] for span in page.all("span") if "lang" in span} <= {"vi", "en"}, name
        assert any(span.get("lang") == "en" for span in page.all("span")), name
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert all(below - above <= 1 for above, below in pairwise(levels)), (name, levels)
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), name


def test_nothing_is_fetched_and_every_link_leads_somewhere(written: Settings) -> None:
    for path in [written.reports_dir / "index.html", *(written.reports_dir / "province").iterdir()]:
        page = Page(path)
        assert not [attributes for _, attributes in page.elements if "src" in attributes]
        assert [link["href"] for link in page.all("link")] == ["data:,"]
        ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
        for link in page.all("a"):
            target, _, anchor = (link["href"] or "").partition("#")
            assert "://" not in target
            assert (path.parent / target).exists() if target else anchor in ids, link


def test_names_are_data(written: Settings) -> None:
    """A unit called <script> must be shown, not run."""
    for path in [written.reports_dir / "index.html", *(written.reports_dir / "province").iterdir()]:
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<b>2012" not in text
        assert "<i>năm" not in text
    assert 'Tỉnh <script>alert("x")</script> & Co' in Page(written.reports_dir / "province" / "A-61.html").text


def test_one_cause_is_shown_once_with_its_members(written: Settings) -> None:
    page = Page(written.reports_dir / "province" / "A-60.html")
    articles = page.all("article")
    assert [article["id"] for article in articles] == ["S03-1", "denominator-1", "R01-1"] or (
        [article["id"] for article in articles] == ["denominator-1", "S03-1", "R01-1"])
    assert page.text.count("Giả thuyết: 88 = 73 + 15.") == 1
    for shown in ("D03-1", "D04-1", "plan_issued_agency", "tinh_<b>2012</b>-05.csv", "dòng 23", "dòng 12", "Biểu 1!E7",
                  "Dùng mẫu số của sổ", "Use the ledger's count", "chưa xử lý", "đã trả lại nơi gửi",
                  "20-11-2026 08:00", "đã đối chiếu <sổ gốc>", "99999", "Thành phố Phan Thiết"):
        assert shown in page.text, shown
    assert "Đã sửa rồi" not in page.text  # corrected
    assert "99.999" not in page.text  # a code is no number


def test_figures_stand_with_basis_coverage_bounds_and_declaration(written: Settings) -> None:
    nation = Page(written.reports_dir / "index.html").text.replace("\N{NO-BREAK SPACE}", " ")
    for shown in ("91,78 %", "20,63 – 100 %", "chưa đủ", "13/63", "Lần công bố 7", "22-11-2026 11:14"):
        assert shown in nation, shown
    province = Page(written.reports_dir / "province" / "A-60.html").text.replace("\N{NO-BREAK SPACE}", " ")
    for shown in ("43.240", "68/73", "≠ 67/73", "tử 1", "chưa so được", "đơn vị tự khai tổng", "tổng đủ",
                  "73/73 100 %"):
        assert shown in province, shown


def test_the_board_tells_silence_from_receipt(written: Settings) -> None:
    text = Page(written.reports_dir / "index.html").text
    assert "1/2 đã nhận" in text
    assert "Tỉnh Im Lặng 62 20-06-2012 ○ chưa nhận" in text
    assert "Tỉnh Bình Thuận 60 20-06-2012 ✓ đã nhận 19-06-2012 09:00 đúng hạn" in text


def test_what_belongs_to_no_sender_is_on_the_nations_page(written: Settings) -> None:
    page = Page(written.reports_dir / "index.html")
    assert [article["id"] for article in page.all("article")] == ["P01-1"]
    assert "The release is held" in page.text


def test_rows_kept_aside_say_where_and_why(written: Settings) -> None:
    text = Page(written.reports_dir / "province" / "A-60.html").text
    assert "dòng 9" in text
    assert "“<i>năm</i>” không phải là số" in text
    assert "mã đơn vị: 593" in text
    with connect(written) as connection:
        rows(connection, "update quality.finding set rule = 'S07', locator = 'line 9' where finding_id = 'S04-1'")
    site.write(written, None)
    assert "dòng 9" not in Page(written.reports_dir / "province" / "A-60.html").text


def test_writing_again_swaps_whole_sites_and_forgets_old_ones(written: Settings) -> None:
    """A reader in the middle of a night must never see half a site."""
    reports = written.reports_dir
    before = (reports / "current").resolve()
    for _ in range(3):
        site.write(written, "night7")
    assert (reports / "current").resolve() != before
    assert len(list((reports / "sites").iterdir())) == site.SITES_KEPT
    assert (reports / "index.html").resolve().parent == (reports / "current").resolve()
    assert "Lần công bố 7" in Page(reports / "index.html").text


def test_a_site_that_cannot_be_finished_leaves_the_old_one(written: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OSError("the disk is full")

    before = (written.reports_dir / "current").resolve()
    monkeypatch.setattr(site, "_units", broken)
    with pytest.raises(OSError, match="the disk is full"):
        site.write(written, "night7")
    assert (written.reports_dir / "current").resolve() == before
    assert not list((written.reports_dir / "sites").glob(".*"))


def test_an_empty_warehouse_has_pages_too(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "build_dbt_docs", lambda settings: "unchanged")
    site.write(warehouse, None)
    assert "Chưa có lần công bố nào" in Page(warehouse.reports_dir / "index.html").text


def test_ten_thousand_findings_are_all_shown_over_several_pages(written: Settings) -> None:
    with connect(written) as connection:
        rows(connection, """
            insert into quality.finding
            select (f).* from (select jsonb_populate_record(finding, jsonb_build_object(
                'finding_id', 'D03-x' || n, 'group_id', case when n <= 450 then 'big' else 'g' || n end)) as f
            from quality.finding, generate_series(1, 10000) as n where finding_id = 'D03-1') as many
        """)
    began = time.monotonic()
    site.write(written, None)
    seconds = time.monotonic() - began
    pages = [Page(path) for path in (written.reports_dir / "province").glob("A-60*.html")]
    ids = [match for page in pages for match in re.findall(r"D03-x\d+", page.text)]
    assert len(ids) == len(set(ids)) == 10_000
    assert max(path.stat().st_size for path in (written.reports_dir / "province").iterdir()) < 2_000_000
    assert len(pages) > 50
    assert seconds < 30, seconds


def test_every_rule_that_is_judged_has_a_remedy_in_both_languages() -> None:
    """A finding without a remedy is noise, and noise is switched off."""
    from expectations.gates import COMPLEMENTS, FIGURES, RELEASE, ROWS, TOTALS

    judged = {rule.rule for sitting in (ROWS, *FIGURES, COMPLEMENTS, TOTALS, *RELEASE) for rule in sitting.rules}
    assert len(judged) > 10
    assert judged | {"S01", "S02", "S07", "S08"} <= set(remedies())
    for rule, entry in remedies().items():
        assert set(entry) == {"title", "remedy"}, rule
        assert all(len(pair) == 2 and all(pair) for pair in entry.values()), rule
        assert all(isinstance(text, str) for pair in entry.values() for text in pair), rule
    assert all(len(pair) == 2 and all(isinstance(text, str) for text in pair)
               for vocabulary in words().values() for pair in vocabulary.values())


def test_a_cached_word_does_not_make_an_equal_text_safe() -> None:
    assert "<b>" in bi(Markup("<b>x</b>"))
    assert "<b>" not in bi("<b>x</b>")


def test_a_page_name_is_a_file_name_whatever_the_unit_is_called() -> None:
    assert page_name("A-60", 3) == "A-60_3.html"
    assert page_name("../x") == "..~2Fx.html"


def test_data_docs_of_old_nights_are_pruned(small_site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "RUNS_KEPT", 2)
    with connect(small_site) as connection:
        rows(connection, "insert into ops.run (run_id, kind, owner, status, started_at) values"
                         " ('old', 'night', 'x', 'published', '2026-01-01'),"
                         " ('mid', 'night', 'x', 'held', '2026-05-01'),"
                         " ('now', 'night', 'x', 'running', '2025-12-01')")
    for run in ("night7", "mid", "old", "now", "unknown"):
        page = small_site.reports_dir / "data_docs" / run / "totals" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text("<p>docs</p>", encoding="utf-8")
    assert docs.build_data_docs_index(small_site) == {"runs": 2, "pruned": 2}
    left = sorted(path.name for path in (small_site.reports_dir / "data_docs").iterdir())
    assert left == ["index.html", "mid", "night7", "now"]
    links = [link["href"] for link in Page(small_site.reports_dir / "data_docs" / "index.html").all("a")]
    assert "night7/totals/index.html" in links


def test_dbt_docs_are_built_once_for_one_state_of_the_project(warehouse: Settings) -> None:
    assert docs.build_dbt_docs(warehouse) == "built"
    page = warehouse.reports_dir / "dbt_docs" / "index.html"
    assert "fct_rollup" in page.read_text(encoding="utf-8")
    assert docs.build_dbt_docs(warehouse) == "unchanged"
    (page.parent / "built_from").write_text("something else", encoding="utf-8")
    assert docs.build_dbt_docs(warehouse) == "built"
