"""What is fuzzed: every reader, its valid files, and the errors that it may raise. Used by hypothesis and by atheris."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fuzz import seeds
from tonghop.narrative.check import check_text
from tonghop.narrative.documents import UnreadableReport, read_report
from tonghop.submissions.books.book import Book, open_book
from tonghop.submissions.delimited import read_delimited
from tonghop.submissions.handmade.aliases import Alias, Catalogue, Indicator
from tonghop.submissions.handmade.aliases import Target as Figures
from tonghop.submissions.handmade.mapping import Choice, NeedsMapping
from tonghop.submissions.handmade.reader import proposal_of, read_book
from tonghop.submissions.reading import Aside, Reading, Statement, Unreadable
from tonghop.submissions.workbook import read_template
from tonghop.text.decoding import Undecodable, decode
from tonghop.text.fonts import decode_cell

CATALOGUE = Catalogue(
    {"plan_issued": Indicator("plan_issued", "Số cơ quan xây dựng kế hoạch", "count", "committee")},
    {"direct_committee": "Đảng bộ trực thuộc"},
    (Alias("STT", "", "stt"), Alias("Tên đơn vị", "", "unit_name"), Alias("Tổng số", "", "denominator"),
     Alias("Tỷ lệ (%)", "", "stated_rate")),
)


@dataclass(frozen=True)
class Target:
    """A reader: ``read`` must return, or raise one of ``refusals``, for any bytes at all."""

    read: Callable[[bytes], object]
    seeds: Callable[[], tuple[bytes, ...]]
    refusals: tuple[type[Exception], ...]


def _decode(content: bytes) -> object:
    found = decode(content)
    assert found.text
    for font in (None, ".VnTime", ".VnTimeH", "VNI-Times"):
        decode_cell(found.text[:500], font)
    return found


def _delimited(content: bytes) -> object:
    return _accounted(read_delimited(content, "fuzz.csv"))


def _template(content: bytes) -> object:
    return _accounted(read_template(open_book(content, "fuzz.xlsx"), "fuzz.xlsx"))


def _handmade(content: bytes) -> object:
    book = open_book(content, "fuzz.xlsx")
    _looked_at(book)
    proposal = proposal_of(book, CATALOGUE, {})
    fields = itertools.cycle(("denominator", "stated_rate", "note", "ratio"))
    confirmed = {
        table.form_key: {each.key: each.choice if each.is_settled else _assumed(next(fields)) for each in table.headings}
        for table in proposal.tables
    }
    known: dict[str, Any] = {"sender_code": "60", "period": "2012-05", "catalogue": CATALOGUE}
    with contextlib.suppress(NeedsMapping):
        read_book(book, "fuzz.xlsx", confirmed={}, **known)
    return _accounted(read_book(book, "fuzz.xlsx", confirmed=confirmed, **known))


def _assumed(field: str) -> Choice:
    return Choice("figure", (Figures("plan_issued", field),))


def _looked_at(book: Book) -> None:
    """Ask a book everything that a grid can be asked, of its first cells."""
    for grid in book.grids[:5]:
        for row in range(1, min(grid.height, 40) + 1):
            grid.is_hidden_row(row)
            for column in range(1, min(grid.width, 20) + 1):
                assert isinstance(grid.text(row, column), str)
                assert isinstance(grid.cell(row, column).text, str)
                grid.span(row, column)
                grid.is_blank(row, column)
                grid.is_hidden_column(column)


def _accounted(reading: Reading) -> Reading:
    """What every reading must hold: nothing lost, every place named, every reason in two languages."""
    assert reading.rows_read >= max(len(reading.statements), 0)
    for each in (*reading.statements, *reading.asides):
        assert isinstance(each, Statement | Aside)
        assert each.locator
    for aside in reading.asides:
        assert " / " in aside.reason
    return reading


def _prose(content: bytes) -> object:
    text = decode(content).text
    report = check_text(text)
    for claim in report.claims:
        assert 0 <= claim.start < claim.end <= len(text)
    report.to_json()
    return report


def survives(target: Target, content: bytes) -> None:
    """Read, and hold a refusal to its form.

    Raises:
        AssertionError: a refusal that would break out of its line in a log.
        Exception: whatever a reader raises that it did not declare.
    """
    said = "nothing / nothing"
    try:
        target.read(content)
    except target.refusals as refusal:
        said = str(refusal)
    assert len(said.splitlines()) == 1, said
    assert " / " in said, said


def _report(content: bytes) -> object:
    text = read_report(content, "fuzz")
    assert text.strip()
    return check_text(text[:2000])


TARGETS = {
    "decoding": Target(_decode, lambda: (*seeds.csv(), *seeds.prose()), (Undecodable,)),
    "delimited": Target(_delimited, seeds.csv, (Unreadable,)),
    "template": Target(_template, seeds.xlsx, (Unreadable,)),
    "xlsx": Target(_handmade, seeds.xlsx, (Unreadable, NeedsMapping)),
    "xls": Target(_handmade, seeds.xls, (Unreadable, NeedsMapping)),
    "ods": Target(_handmade, seeds.ods, (Unreadable, NeedsMapping)),
    "prose": Target(_prose, seeds.prose, (Undecodable,)),
    "reports": Target(_report, seeds.reports, (UnreadableReport,)),
}

if __name__ == "__main__":  # for `make fuzz`
    print(*TARGETS)
