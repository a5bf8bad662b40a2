"""The delimited form: what is read, what is kept aside, and on which physical line it stands."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonghop.submissions.delimited import read_delimited
from tonghop.submissions.reading import COLUMNS, Unreadable
from tonghop.text.clean import clean

HEADER = ",".join(COLUMNS)
GOOD = '60,plan_issued_agency,2012-05,total,67,73,"91,78%",ghi chú'


def _places(text: str) -> list[tuple[str, str]]:
    return [(aside.locator, aside.rule) for aside in read_delimited(text.encode(), "a.csv").asides]


def test_a_good_row() -> None:
    reading = read_delimited(f"{HEADER}\n{GOOD}\n".encode(), "a.csv")
    (row,) = reading.statements
    assert (reading.form, reading.kind, reading.rows_read, reading.asides) == ("delimited:a.csv", "delimited", 1, [])
    assert (row.locator, row.unit_code, row.indicator, row.period, row.scope) == (
        "line 2",
        "60",
        "plan_issued_agency",
        "2012-05",
        "total",
    )
    assert (row.numerator, row.numerator_value, row.denominator_value, row.mark) == ("67", 67, 73, "reported")
    assert (row.stated_rate, row.rate_value, row.rate_decimals) == ("91,78%", Decimal("0.9178"), 2)
    assert row.note == "ghi chú"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(encoding: str, separator: str, newline: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=newline)
    writer.writerows([reversed(COLUMNS), ["n", "91,78%", "73", "67", "total", "2012-05", "ia", "60"]])
    (row,) = read_delimited(out.getvalue().encode(encoding), "a.csv").statements
    assert (row.unit_code, row.rate_value, row.locator) == ("60", Decimal("0.9178"), "line 2")


def test_locator_is_the_physical_line_where_a_record_starts() -> None:
    text = f'{HEADER}\n60,a,2012-05,own,1,,,"một\nhai\r\nba"\n\n60,b,2012-05,own,x1,,,\n60,c,2012-05,own,3,,,\n'
    reading = read_delimited(text.encode(), "a.csv")
    assert [(row.indicator, row.locator) for row in reading.statements] == [("a", "line 2"), ("c", "line 7")]
    assert [(aside.locator, aside.rule) for aside in reading.asides] == [("line 6", "S07")]


# A comma without quotes shifts every cell after it: 91,78% would be the rate 91 and the note "78%".
@pytest.mark.parametrize(
    "line",
    [
        "60,plan_issued_agency,2012-05,total,67,73,91,78%,",
        "60,plan_issued_agency,2012-05,total,67,73,91,78%",
        "60,plan_issued_agency,2012-05,total,67,73,91,78%,ghi chú",
    ],
)
def test_an_unquoted_rate_is_kept_aside_and_says_to_quote_it(line: str) -> None:
    reading = read_delimited(f"{HEADER}\n{line}\n{GOOD}\n".encode(), "a.csv")
    (aside,) = reading.asides
    assert (aside.locator, aside.rule) == ("line 2", "S02")
    assert '"91,78%"' in aside.reason
    assert "a.csv" in aside.reason
    assert aside.raw["unit_code"] == "60"
    assert len(reading.statements) == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("60,a,2012-05,own,12 người,,,", [("line 2", "S07")]),
        ("60,a,2012-05,own,-1,,,", [("line 2", "S08")]),
        ("60,a,2012-05,own,1,mẫu,chín,", [("line 2", "S07")]),
        ("60,a,2012-05,own,1,-3,chín,", [("line 2", "S08"), ("line 2", "S07")]),
        ("60,a,2012-13,own,1,,,", [("line 2", "S02")]),
        ("60,a,05-2012,own,1,,,", [("line 2", "S02")]),
        ("60,a,0000-01,own,1,,,", [("line 2", "S02")]),
        ("60,a,2012-05,,1,,,", [("line 2", "S02")]),
        (",a,2012-05,own,1,,,", [("line 2", "S02")]),
        ("60,,2012-05,own,1,,,", [("line 2", "S02")]),
        ("60,a,2012-05,own,1", [("line 2", "S02")]),
        ("60,a,2012-05,own,,,-,", [("line 2", "S07")]),
    ],
)
def test_a_bad_row_is_kept_aside_and_the_rest_is_read(line: str, expected: list[tuple[str, str]]) -> None:
    reading = read_delimited(f"{HEADER}\n{line}\n{GOOD}\n".encode(), "a.csv")
    assert [(aside.locator, aside.rule) for aside in reading.asides] == expected
    assert (reading.rows_read, reading.rows_aside, len(reading.statements)) == (2, 1, 1)
    assert all(" / " in aside.reason and "a.csv, line 2" in aside.reason for aside in reading.asides)


# A prefilled denominator beside a blank is no statement: it must not supersede what was sent before.
@pytest.mark.parametrize("line", ["60,a,2012-05,own,,73,,", "60,a,2012-05,own,…,73,…,ghi chú", ",,,,,,,", "   ", ""])
def test_a_blank_mentions_nothing(line: str) -> None:
    reading = read_delimited(f"{HEADER}\n{line}\n".encode(), "a.csv")
    assert (reading.rows_read, reading.statements, reading.asides) == (0, [], [])


@pytest.mark.parametrize(
    ("line", "mark", "value"),
    [
        ("60,a,2012-05,OWN,00,,,", "nil", 0),
        ("60,a,2012-05,own,X,,,", "not_applicable", None),
        ("60,a,2012-05,own,,,96%,", "missing", None),
    ],
)
def test_marks(line: str, mark: str, value: int | None) -> None:
    (row,) = read_delimited(f"{HEADER}\n{line}\n".encode(), "a.csv").statements
    assert (row.mark, row.numerator_value, row.scope) == (mark, value, "own")


@pytest.mark.parametrize(
    ("content", "rule", "words"),
    [
        (b"", "S01", "empty"),
        (b" \n ", "S01", "empty"),
        (b"\xff\x00\x01", "S01", "UTF-8"),
        (b"\xf0\x95ng", "S01", "UTF-8"),
        (HEADER.replace("scope", "phạm vi").encode(), "S02", "unknown column “phạm vi”"),
        (HEADER.replace("scope", "scop").encode(), "S02", "did you mean scope"),
        (HEADER.replace(",note", "").encode(), "S02", "column note is missing"),
        (f"{HEADER},ten".encode(), "S02", "unknown column “ten”"),
        (f"{HEADER},scope".encode(), "S02", "stands twice"),
        (GOOD.encode(), "S02", "the first line must be"),
        (b"a\x00b", "S01", "zero byte"),
        (f"{HEADER}\n".encode("utf-16")[:-1], "S01", "UTF-8"),
    ],
)
def test_a_file_that_is_not_the_form(content: bytes, rule: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_delimited(content, "a.csv")
    assert refused.value.rule == rule
    assert words in refused.value.en


def test_an_unclosed_quote_says_from_where_nothing_could_be_read() -> None:
    text = f'{HEADER}\n{GOOD}\n60,a,2012-05,own,1,,,"ghi\n60,b,2012-05,own,2,,,\n'
    reading = read_delimited(text.encode(), "a.csv")
    assert [row.locator for row in reading.statements] == ["line 2"]
    assert [(aside.locator, aside.rule) for aside in reading.asides] == [("line 3", "S01")]
    assert "line 4" in reading.asides[0].reason


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n",;'), max_size=12)


@given(st.lists(st.tuples(st.integers(1, 10**9), _CELL), min_size=1, max_size=8), st.sampled_from([",", ";", "\t"]))
def test_what_was_written_is_what_is_read(facts: list[tuple[int, str]], separator: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(COLUMNS)
    starts = []
    for value, note in facts:
        starts.append(f"line {out.getvalue().count(chr(10)) + 1}")
        writer.writerow(["60", "a", "2012-05", "own", value, "", "", note])
    reading = read_delimited(out.getvalue().encode(), "a.csv")
    assert reading.asides == []
    assert [row.numerator_value for row in reading.statements] == [value for value, _ in facts]
    assert [row.locator for row in reading.statements] == starts
    for row, (_, note) in zip(reading.statements, facts, strict=True):
        assert row.note == (note if clean(note) else None)
