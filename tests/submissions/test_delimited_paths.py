"""A large file is read by the block, its odd rows one by one: both must say the same of every row."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tonghop.submissions import blocks, plain, records
from tonghop.submissions.delimited import Reader, as_block, read_delimited, stream_delimited
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import (
    COLUMNS,
    Aside,
    Head,
    InMemory,
    Reading,
    Sink,
    Statement,
    Unreadable,
)
from tonghop.submissions.records import Form, Lines
from tonghop.text import cp1258, tcvn3, vni

HEAD = Head("delimited", "delimited:a.csv", "delimited", "2")


def _row_by_row(text: str) -> Reading:
    """The plain definition: the ``csv`` module over the whole text, ``read_row`` for every record."""
    separator = records.separator_of(text)
    found = Lines(text.encode(), True, separator, 1).records()
    first = next(found)
    form = Form("a.csv", records.header_of(first), separator)
    sink = InMemory()
    for number, record in enumerate(found, start=1):
        if records.is_blank(record):
            continue
        outcome = records.judge(record, number, form)
        sink.rows_read += outcome is not None
        for aside in outcome if isinstance(outcome, list) else []:
            sink.set_aside(aside)
        if isinstance(outcome, Statement):
            sink.keep(outcome)
    return sink.reading(HEAD)


def _by_blocks(text: str, block: int, piece: int) -> Reading:
    content, sink = text.encode(), InMemory()
    pieces = iter([content[at : at + piece] for at in range(0, len(content), piece)])
    Reader(pieces, "a.csv", sink, Limits(), block).read()
    return sink.reading(HEAD)


def _same(text: str, block: int, piece: int) -> None:
    expected, found = _row_by_row(text), _by_blocks(text, block, piece)
    assert found.statements == expected.statements
    assert found.asides == expected.asides
    assert [str(each.rate_value) for each in found.statements] == [str(each.rate_value) for each in expected.statements]
    assert (found.rows_read, found.rows_aside) == (expected.rows_read, expected.rows_aside)


_VALUES = {
    "unit_code": ["60", "A-60", " 60", "60\u00a0", "", "Bình Thuận", "Bi\u0300nh", "\u200b", "6,0", 'x"y'],
    "indicator": ["study_class", "a b", "a\nb", "", "\ufeff", "a;b"],
    "period": ["2012-05", "2012-13", "05/2012", " 2012-05", "2012-05\n", "", "٢٠١٢-٠٥"],
    "scope": ["own", "total", "OWN", "own ", "Total", "riêng", ""],
    "numerator": ["1", "43.240", "0", "00", "-", "–", "không", "kho\u0302ng", "X", "x", "", "…", "...", "12 450", "1.24",
                  "-3", "7/15", "12 người", "0.000", "9" * 12, "9" * 13, "999.999.999.999", "1.000.000.000.000",
                  "0" * 12 + "7", "9" * 19, "9" * 25, "1,5", "\u00a07", "1.234.567", "٣"],
    "denominator": ["73", "1.871", "0", "-", "X", "", "…", "mẫu", "73 "],
    "stated_rate": ["", "91,78%", "91.78", "96%", "96 %", "100%", "0", "0,5%", "007%", "1234567%", "-", "X", "chín", "-3",
                    "0,000001", "12,1234567891%", "000", "99%  "],
    "note": ["", "ghi chú", "nhiều\ndòng", "hai\r\ndòng", "một\rhai", " ", "\u00a0", '"', 'nói "thế"', "78%", ".", "a,b;c\td",
             "\u200b", "e\u0301", "\x85", "\\."],
}
_NUMBER_OF_ROWS = st.integers(0, 12)


@st.composite
def _files(draw: st.DrawFn) -> str:
    separator, newline = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    columns = draw(st.permutations(COLUMNS)) if draw(st.booleans()) else list(COLUMNS)
    out = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(out, delimiter=separator, lineterminator=newline, quoting=quoting)
    writer.writerow([*columns, *draw(st.sampled_from([[], [], [""], ["", " "]]))])
    for _ in range(draw(_NUMBER_OF_ROWS)):
        shape = draw(st.sampled_from(["plain", "plain", "odd", "odd", "wide", "short", "raw", "blank"]))
        cells = [draw(st.sampled_from(_VALUES[name] if shape == "odd" else _VALUES[name][:2])) for name in columns]
        if shape == "wide":
            cells += draw(st.sampled_from([[""], ["", ""], ["78%"], ["thừa", ""]]))
        if shape in ("raw", "blank"):
            raw = ['60,a,2012-05,own,1,,,"mở', 'a"b,c', '"a"b,c', '60,a,2012-05,own,1,,,"a"" b"', "60;a;b", '""', '"']
            out.write(draw(st.sampled_from(raw if shape == "raw" else ["", "  ", ",,,,,,,", "\u00a0", ";;;;;;;"])) + newline)
        else:
            writer.writerow(cells[:5] if shape == "short" else cells)
    text = out.getvalue()
    return text.rstrip("\r\n") if draw(st.booleans()) else text


@settings(max_examples=200, deadline=None)
@given(_files(), st.integers(1, 400), st.integers(1, 60))
@example(",".join(COLUMNS) + "\n" + 2 * "60,study_class,2012-05,own,1,73,,\n"
         + '60,a,2012-05,own,1,,,"mở\n"6,0","a\nb",2012-05,own,1,73,,\n', 1, 1)
def test_by_the_block_and_row_by_row_read_the_same(text: str, block: int, piece: int) -> None:
    _same(text, block, piece)


_HEADER = ",".join(COLUMNS)


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from('ab1,;"\n\r \u00a0é%.-'), max_size=80), st.integers(1, 60), st.integers(1, 30))
@example('60,a,2012-05,own,1,,,"\r\n', 8, 3)
@example("\r\r\n\n60,a,2012-05,own,1,,,\r", 4, 1)
@example('"60"",a,2012-05,own,1,,,"\n60,b,2012-05,own,1,,,\n', 16, 5)
def test_any_tail_reads_the_same(tail: str, block: int, piece: int) -> None:
    _same(f"{_HEADER}\n60,study_class,2012-05,own,7,,,\n{tail}", block, piece)


# Each pattern of the fast path must be a subset of the definition: a figure read otherwise is wrong in silence.
_CELL = st.text(st.sampled_from("0123456789.,-–…xX% \u00a0không"), max_size=9)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=1, max_size=20))
def test_figures_read_the_same(figures: list[tuple[str, str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(
        [COLUMNS, *(["60", "a", "2012-05", "own", *each, "n"] for each in figures)]
    )
    _same(out.getvalue(), 10_000, 10_000)


def test_plain_rows_do_take_the_fast_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a plain row was read one by one")

    lines = ['60,study_class,2012-05,own,43.240,-,"91,78%",ghi chú', "60,a,2012-05,total,X,,,", "60,a,2012-05,own,,9,96%,",
             "60,a,2012-05,own,,73,,", "", '60,a,2012-05,own,00,0,,"hai\ndòng"', '60,a,2012-05,own,1,1,100%,"a ""b"""']
    text = f"{_HEADER}\n" + "\r\n".join(lines) + "\r\n"
    expected = _row_by_row(text)
    monkeypatch.setattr(records, "judge", refused)
    found = read_delimited(text.encode(), "a.csv")
    assert found.statements == expected.statements
    assert [each.mark for each in found.statements] == ["reported", "not_applicable", "missing", "nil", "reported"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_long_file_is_decoded_piece_by_piece(encoding: str, tmp_path: Path) -> None:
    lines = [f"60,study_class,2012-05,own,{at},,,Tỉnh ủy số {at}" for at in range(1, 20_001)]
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    path = tmp_path / "a.csv"
    path.write_bytes((mark + "\r\n".join([_HEADER, *lines])).encode(encoding))
    sink = InMemory()
    with path.open("rb") as file:
        stream_delimited(file, "a.csv", sink, Limits(legacy_bytes=10))
    assert [each.numerator_value for each in sink.statements] == list(range(1, 20_001))
    assert sink.statements[-1].note == "Tỉnh ủy số 20000"
    assert sink.statements[-1].locator == "line 20001"


# A byte that is no UTF-8 far behind the sample: nothing of such a file may count as read.
def test_a_broken_byte_at_the_end_is_met_before_any_row(tmp_path: Path) -> None:
    lines = "".join(f"60,study_class,2012-05,own,{at},,,\n" for at in range(1, 20_001))
    content = f"{_HEADER}\n{lines}".encode() + b"60,a,2012-05,own,1,,,\x00\n"
    sink = InMemory()
    with pytest.raises(Unreadable) as refused:
        stream_delimited(io.BytesIO(content), "a.csv", sink, Limits())
    assert refused.value.locator == "line 20002"
    assert sink.rows_read == 0


@pytest.mark.parametrize(
    "text",
    [
        f'{_HEADER}\n60,a,2012-05,own,1,,,"' + "x" * 9_000_000,
        f'{_HEADER}\n60,a,2012-05,own,1,,,"x\n' + "x" * 9_000_000,
        f"{_HEADER}\n60,a,2012-05,own,1,,," + "x" * 9_000_000 + "\n60,a,2012-05,own,2,,,\n",
        f'{_HEADER}\n60,a,2012-05,own,1,,,"' + "x\n" * 300_000,
    ],
)
def test_a_cell_without_end_is_one_aside(text: str) -> None:
    content = text.encode()
    sink = InMemory()
    Reader(iter([content[at : at + 2**16] for at in range(0, len(content), 2**16)]), "a.csv", sink, Limits()).read()
    assert [(each.locator, each.rule) for each in sink.asides] == [("line 2", "S01")]
    assert sink.statements == []
    assert len(sink.asides[0].reason) < 600


def test_too_many_rows_are_refused_by_name() -> None:
    text = f"{_HEADER}\n" + "60,study_class,2012-05,own,7,,,\n" * 50
    with pytest.raises(Unreadable, match="TONGHOP_MAX_ROWS") as refused:
        read_delimited(text.encode(), "a.csv", Limits(rows=49))
    assert refused.value.rule == "S01"
    assert len(read_delimited(text.encode(), "a.csv", Limits(rows=50)).statements) == 50


def test_a_block_and_its_statements_are_one() -> None:
    text = f'{_HEADER}\n60,study_class,2012-05,own,7,8,"87,50%",ghi\n60,b,2012-05,total,X,,,\n'
    statements = _row_by_row(text).statements
    sink = InMemory()
    sink.keep_block(as_block(statements))
    assert sink.statements == statements
    assert sink.statements[0].rate_value == Decimal("0.8750")
    assert (sink.rows_kept, dict(sink.periods)) == (2, {"2012-05": 2})


def test_asides_of_one_row_are_one_row() -> None:
    class Null(Sink):
        def _keep(self, statement: Statement) -> None: ...
        def _keep_block(self, block: pl.DataFrame) -> None: ...
        def _set_aside(self, aside: Aside) -> None: ...
        def _keep_report(self, *_: object) -> None: ...

    reading = read_delimited(f"{_HEADER}\n60,a,2012-05,own,x,-1,chín,\n60,a,2012-5,own,x,,,\n".encode(), "a.csv")
    sink = Null()
    assert reading.pour(sink) == reading.head
    assert (sink.rows_aside, sink.rows_read, len(reading.asides)) == (2, 2, 3)


def test_fast_patterns_are_anchored() -> None:
    # Without an end a pattern would take "2012-05 (bổ sung)" for a period.
    for pattern in (plain._CODE, plain._PERIOD, plain._COUNT, plain._RATE):
        assert re.match(r"\^.*\$\Z", pattern)
    assert csv.field_size_limit() > blocks.LONGEST_RECORD


@pytest.mark.parametrize("name", ["tcvn3", "vni", "cp1258"])
def test_old_encodings_are_read_whole_and_said(name: str) -> None:
    note = "báo cáo kết quả kiểm điểm của các cấp ủy và tổ chức đảng trực thuộc tỉnh ủy đã được thông qua"
    text = f"{_HEADER}\n" + f"60,study_class,2012-05,own,7,,,{note}\n" * 40
    encode = {"tcvn3": tcvn3.encode, "vni": vni.encode, "cp1258": cp1258.encode}[name]
    sink = InMemory()
    head = stream_delimited(io.BytesIO(encode(text)), "a.csv", sink, Limits())
    assert {unicodedata.normalize("NFC", each.note or "") for each in sink.statements} == {note}
    assert sink.statements[-1].locator == "line 41"
    assert head.encoding is not None
    assert not head.encoding.lower().startswith("utf")
    with pytest.raises(Unreadable, match="TONGHOP_MAX_LEGACY_BYTES"):
        stream_delimited(io.BytesIO(encode(text)), "a.csv", InMemory(), Limits(legacy_bytes=1000))
