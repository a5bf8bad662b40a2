"""Read a workbook made by hand: find its tables, map their headings, state their figures or say why not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tonghop.submissions.books.book import Book, open_book
from tonghop.submissions.handmade import checks
from tonghop.submissions.handmade.aliases import Catalogue
from tonghop.submissions.handmade.body import Kind, Row
from tonghop.submissions.handmade.checks import Remark
from tonghop.submissions.handmade.facts import Fact, cells_of, facts_of
from tonghop.submissions.handmade.figures import says_nothing
from tonghop.submissions.handmade.found import Found, tables_of
from tonghop.submissions.handmade.mapping import Choice, Confirmed, NeedsMapping, Proposal, TableProposal
from tonghop.submissions.handmade.periods import Told, periods_in, settle
from tonghop.submissions.handmade.propose import column_keys, propose
from tonghop.submissions.handmade.strays import bare_figures, listed, strays
from tonghop.submissions.handmade.tables import Table
from tonghop.submissions.handmade.words import counts_in_thousands
from tonghop.submissions.numbers import NumberRefused
from tonghop.submissions.reading import Aside, Reading, Statement, Unreadable
from tonghop.submissions.rows import Place, count, read_row, told

READER, READER_VERSION = "handmade", "1"


@dataclass
class HandmadeReading(Reading):
    """What was read, and what a reader of the tables should know beside (arithmetic, subtotals left out)."""

    remarks: list[Remark] = field(default_factory=list)


def read_handmade(  # noqa: PLR0913
    content: bytes,
    file_name: str,
    *,
    sender_code: str,
    period: str | None,
    catalogue: Catalogue,
    confirmed: Confirmed,
) -> HandmadeReading:
    """Read a hand-made workbook from its bytes; see ``read_book``.

    Raises:
        Unreadable: S01 when it cannot be opened, S02 without a table or a period.
        NeedsMapping: headings that nobody confirmed and that equal nothing in the catalogue.
    """
    book = open_book(content, file_name)
    return read_book(book, file_name, sender_code=sender_code, period=period, catalogue=catalogue, confirmed=confirmed)


def read_book(  # noqa: PLR0913
    book: Book, file_name: str, *, sender_code: str, period: str | None, catalogue: Catalogue, confirmed: Confirmed
) -> HandmadeReading:
    """Read the tables of all sheets.

    Args:
        sender_code: the sender's own code: a table's total is its declaration.
        period: what the sender says (``YYYY-MM``), if it does; every title has to agree.
        confirmed: the mappings confirmed for this sender.

    Returns:
        Statements; what was kept aside, each with its cell and remedy; remarks.

    Raises:
        Unreadable: S02; no table, or no one period.
        NeedsMapping: see ``propose``; nothing of the book is read.
    """
    found = tables_of(book, catalogue, confirmed)
    shown = [each for each in found if not each.table.grid.is_hidden]
    if not shown:
        raise Unreadable(
            "S02",
            book.grids[0].name if book.grids else "file",
            "không thấy bảng nào (cần tiêu đề cột như STT, Tên đơn vị, Chỉ tiêu); hãy dùng mẫu 'tonghop template'",
            "no table was found (it needs column headings as STT, Tên đơn vị, Chỉ tiêu); use 'tonghop template'",
        )
    proposal = propose([(each.table, each.rows) for each in shown], catalogue, confirmed)
    if not all(table.is_settled for table in proposal.tables):
        raise NeedsMapping(proposal)
    month = settle(_told(shown), period)
    _refuse_thousands(shown)
    reading = HandmadeReading("workbook", f"handmade:{month}:{_form(proposal)}", READER, READER_VERSION)
    reader = _Reader(reading, file_name, month, sender_code, catalogue)
    for each, table_proposal in zip(shown, proposal.tables, strict=True):
        reader.read(each, table_proposal)
    reader.set_aside_rival_totals()
    reader.set_aside_the_rest(book, found)
    warnings = [remark for remark in reading.remarks if remark.severity == "warning"]
    if warnings:
        reading.warning = (
            "; ".join(f"{each.locator}: {each.vi}" for each in warnings[:5])
            + " / "
            + "; ".join(f"{each.locator}: {each.en}" for each in warnings[:5])
        )
    return reading


def proposal_of(book: Book, catalogue: Catalogue, confirmed: Confirmed) -> Proposal:
    """What every heading of a book is, or may be; for a steward to look at whether or not anything is open."""
    shown = [each for each in tables_of(book, catalogue, confirmed) if not each.table.grid.is_hidden]
    return propose([(each.table, each.rows) for each in shown], catalogue, confirmed)


def _refuse_thousands(found: Sequence[Found]) -> None:
    """Counts are whole: a table in thousands would be a thousand times too small.

    Raises:
        Unreadable: S02, with the line that says so.
    """
    for each in found:
        for text, place in each.table.titles:
            if counts_in_thousands(text):
                raise Unreadable(
                    "S02",
                    place,
                    f"“{text}”: số ghi theo nghìn, triệu; hãy ghi đủ chữ số",
                    f"“{text}”: figures in thousands or millions; write them out in full",
                )


def _told(found: Sequence[Found]) -> list[Told]:
    """What titles say of the period; a sheet's name counts where it names a month with its year."""
    named: list[Told] = []
    for each in found:
        for text, place in each.table.titles:
            named += periods_in(text, place)
        name = each.table.grid.name
        named += [one for one in periods_in(name.replace("_", " "), name) if len(one.period) == 7]
    return named


def _form(proposal: Proposal) -> str:
    """One form key for the book: its table's, or one of all its tables'."""
    keys = sorted({table.form_key for table in proposal.tables})
    return keys[0] if len(keys) == 1 else hashlib.sha256("\n".join(keys).encode()).hexdigest()[:12]


@dataclass
class _Reader:
    """Lays what the tables of one book say into a reading."""

    reading: HandmadeReading
    file_name: str
    period: str
    sender_code: str
    catalogue: Catalogue
    number: int = 0
    totals: dict[str, list[Statement]] = field(default_factory=dict)

    def read(self, found: Found, proposal: TableProposal) -> None:
        """Take in one table whose headings are settled."""
        table, rows = found.table, found.rows
        choices = {heading.key: heading.choice for heading in proposal.headings if heading.is_settled}
        counts = _count_columns(table, choices)
        for row in rows:
            if row.is_bare_total and row.kind is Kind.TOTAL and checks.is_last_sections(table, rows, row, counts):
                row.kind = Kind.NAMELESS
        self._set_aside_rows(table, rows)
        self._set_aside_columns(table, proposal)
        for fact in facts_of(table, rows, choices, self.catalogue, self.sender_code):
            self._state(fact, table)
        visible = [row for row in rows if not row.is_hidden]
        self.reading.remarks += checks.subtotals(table, visible, counts)
        self.reading.remarks += checks.formulas(table, [row for row in visible if row.kind is not Kind.NAMELESS])

    def _state(self, fact: Fact, table: Table) -> None:
        cells, places = cells_of(fact, table.grid, self.period)
        self.number += 1
        is_silent = says_nothing(cells["numerator"]) and says_nothing(cells["stated_rate"])
        denominator = cells["denominator"]
        if is_silent and not says_nothing(denominator):
            self._denominator_alone(fact, table, places["denominator"])
            return
        outcome = read_row(cells, Place(self.file_name, self.number, places["numerator"], places))
        if outcome is None:
            return
        self.reading.rows_read += 1
        if isinstance(outcome, list):
            self.reading.asides += outcome
        else:
            self.reading.statements.append(outcome)
            if fact.rows[0].kind is Kind.TOTAL:
                self.totals.setdefault(fact.indicator, []).append(outcome)

    def set_aside_rival_totals(self) -> None:
        """Totals of several tables of one indicator: each sums up its own table, and none is known to be the whole."""
        for rivals in (each for each in self.totals.values() if len(each) > 1):
            places = listed([each.locator for each in rivals])
            vi = f"nhiều bảng cùng có dòng tổng của một chỉ tiêu ({places}), không rõ dòng nào là toàn bộ; hãy giữ một"
            en = f"several tables have a total of one indicator ({places}), which is the whole is not clear; keep one"
            for each in rivals:
                self.reading.statements.remove(each)
                self.reading.rows_read -= 1
                raw = {"unit_code": each.unit_code, "indicator": each.indicator, "numerator": each.numerator}
                self._aside(each.locator, "S02", vi, en, raw)

    def _denominator_alone(self, fact: Fact, table: Table, place: str) -> None:
        """A denominator without a numerator states nothing; one that cannot be read is said so."""
        cells, _ = cells_of(fact, table.grid, self.period)
        denominator = cells["denominator"]
        text = denominator.text
        try:
            count(denominator)
        except NumberRefused as refused:
            self._aside(place, refused.rule, refused.vi, refused.en, {"unit_code": fact.unit, "denominator": text})
            return
        self.reading.remarks.append(
            Remark(
                "info",
                place,
                f"mẫu số “{text}” đứng một mình, tử số để trống: chưa phải số liệu",
                f"the denominator “{text}” stands alone, its numerator is blank: that states nothing",
            )
        )

    def _set_aside_rows(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows with figures that belong to no unit."""
        for row in rows:
            place = table.grid.place(row.at, row.figures[0]) if row.figures else ""
            raw = {"unit_code": row.label, "figures": [table.grid.text(row.at, at) for at in row.figures]}
            if row.kind is Kind.NAMELESS and row.label:
                vi = f"“{row.label}” bằng tổng của mục cuối, không phải của cả bảng; hãy ghi rõ cộng mục nào"
                en = f"“{row.label}” equals the last section, not the whole table; say which it sums up"
                self._aside(place, "S02", vi, en, raw)
            elif row.kind is Kind.NAMELESS:
                vi, en = "dòng có số mà không có tên đơn vị; hãy ghi tên", "figures without a unit's name; write it"
                self._aside(place, "S02", vi, en, raw)
            elif row.kind is Kind.PART:
                vi = f"“{row.label}” là một phần của dòng trên, không rõ chỉ tiêu nào; hãy ghi thành cột riêng"
                en = f"“{row.label}” is a part of the row above, of no known indicator; give it a column of its own"
                self._aside(place, "S02", vi, en, raw)

    def _set_aside_columns(self, table: Table, proposal: TableProposal) -> None:
        """Figures under no heading, or under a hidden one that nobody settled."""
        if places := bare_figures(table):
            vi = f"số ở cột không có tiêu đề ({listed(places)}); hãy ghi tiêu đề"
            en = f"figures in a column without a heading ({listed(places)}); write one"
            self._aside(places[0], "S02", vi, en, {"cells": places})
        self._mention_columns(table, proposal)
        for heading in proposal.headings:
            if heading.is_hidden and heading.has_figures and not heading.is_settled:
                vi = f"“{heading.text}” đang ẩn và chưa khớp danh mục, số ở đó không được tính; hãy bỏ ẩn hoặc xóa"
                en = f"“{heading.text}” is hidden and matches nothing, its figures do not count; unhide or delete it"
                self._aside(heading.place, "S02", vi, en, {"figures": list(heading.sample)})

    def _mention_columns(self, table: Table, proposal: TableProposal) -> None:
        """Columns of words that nobody settled: nothing in them looks like a figure, so they were not asked about."""
        left = {heading.key for heading in proposal.headings if not heading.is_settled and not heading.has_figures}
        for column in table.columns:
            words = [row for row in table.rows if not table.grid.is_blank(row, column.at)]
            if column_keys(table)[column.at] in left and words:
                vi = f"cột “{' > '.join(column.path)}” chỉ có chữ, không được đọc"
                en = f"the column “{' > '.join(column.path)}” holds words only and was not read"
                self.reading.remarks.append(Remark("info", column.place, vi, en))

    def set_aside_the_rest(self, book: Book, found: Sequence[Found]) -> None:
        """Tables of hidden sheets, and figures outside every table."""
        for each in found:
            if each.table.grid.is_hidden and any(row.figures for row in each.rows):
                vi = "bảng ở trang ẩn, số ở đó không được tính; hãy bỏ ẩn trang rồi gửi lại, hoặc xóa đi"
                en = (
                    "a table on a hidden sheet, its figures do not count; unhide the sheet and send again, or delete it"
                )
                self._aside(each.table.place, "S02", vi, en, {"sheet": each.table.grid.name})
        for grid in book.grids:
            tables = [each.table for each in found if each.table.grid is grid]
            places = [] if grid.is_hidden else strays(grid, tables)
            if places:
                vi = f"số nằm ngoài mọi bảng ({listed(places)}); hãy đưa vào bảng hoặc xóa đi"
                en = f"figures outside every table ({listed(places)}); move them into one or delete them"
                self._aside(places[0], "S02", vi, en, {"cells": places[:100]})

    def _aside(self, place: str, rule: str, vi: str, en: str, raw: Mapping[str, object]) -> None:
        self.number += 1
        self.reading.rows_read += 1
        said = {"period": self.period, **raw}
        self.reading.asides.append(Aside(self.number, place, rule, told(f"{self.file_name}, {place}", vi, en), said))


def _count_columns(table: Table, choices: Mapping[str, Choice]) -> list[int]:
    """Columns whose figures add up: counts, not rates."""
    return [
        at
        for at, name in column_keys(table).items()
        if name in choices
        and choices[name].role == "figure"
        and all(target.field in ("numerator", "denominator") for target in choices[name].targets)
    ]
