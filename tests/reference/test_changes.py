"""A change file is read whole or refused with file, line and what to do, whatever a spreadsheet made of it."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from tests.reference.country import HEADER, row
from tonghop.reference.changes import is_change_file, read_changes


def _problems(text: str | bytes) -> list[str]:
    content = text if isinstance(text, bytes) else text.encode()
    return [str(problem) for problem in read_changes(content, "c.csv").problems]


def test_a_file_is_read_with_its_lines() -> None:
    read = read_changes(f"{HEADER}\n{row('2026-01-01', 'close', 'A-1')}\n\n{row('', 'open', 'A-2', name='X', type='t', parent_unit_id='P')}\n".encode(), "c.csv")
    assert read.problems == []
    assert [(each.line, each.row.change, each.row.effective_on) for each in read.rows] == [
        (2, "close", date(2026, 1, 1)), (4, "open", None),
    ]


@pytest.mark.parametrize("text", [
    "effective_on,change,unit_id\n2026-01-01,close,A-1\n",
    "effective_on;change;unit_id;name\n2026-01-01;rename;A-1;Xã, phường\n",
    "effective_on\tchange\tunit_id\n2026-01-01\tclose\tA-1\n,,\n".replace(",,", "\t\t"),
    "\ufeffeffective_on,change,unit_id\r\n2026-01-01, Close ,A-1\r\n",
])
def test_what_spreadsheets_save_is_read(text: str) -> None:
    read = read_changes(text.encode(), "c.csv")
    assert read.problems == []
    assert len(read.rows) == 1
    assert is_change_file(text.encode())


def test_a_return_is_no_change_file() -> None:
    assert not is_change_file(b"unit_code,indicator,period,scope,numerator,denominator,stated_rate,note\n")
    assert not is_change_file(b"PK\x03\x04 effective_on change unit_id")


def test_names_are_composed() -> None:
    # Without this: the same name typed on two systems is two names.
    name = unicodedata.normalize("NFD", "Xã Đông Hà")
    read = read_changes(f"{HEADER}\n{row('2026-01-01', 'rename', 'A-1', name=name)}".encode(), "c.csv")
    assert read.rows[0].row.name == "Xã Đông Hà"


CASES = [
    ("", "c.csv:1: the file is empty"),
    (HEADER, "c.csv:1: the file holds no change"),
    (b"PK\x03\x04\xff\xfe", "c.csv:1: the file is not UTF-8. Save it as CSV UTF-8."),
    ("effective_on,chnge,unit_id\n", "unknown column 'chnge'. Did you mean change?"),
    ("effective_on,change\n", "column 'unit_id' is missing"),
    (f"{HEADER}\n01/07/2026,close,A-1,,,,,,,,\n", "c.csv:2: effective_on: write the day as YYYY-MM-DD (it says '01/07/2026')"),
    (f"{HEADER}\n86400,close,A-1,,,,,,,,\n", "write the day as YYYY-MM-DD"),
    (f"{HEADER}\n2026-02-30,close,A-1,,,,,,,,\n", "c.csv:2: effective_on: "),
    (f"{HEADER}\n0205-07-01,close,A-1,,,,,,,,\n", "no plausible day"),
    (f"{HEADER}\n9999-12-31,close,A-1,,,,,,,,\n", "no plausible day"),
    (f"{HEADER}\n,close,A-1,,,,,,,,\n", "effective_on is blank: only open"),
    (f"{HEADER}\n2026-01-01,delete,A-1,,,,,,,,\n", "c.csv:2: change: "),
    (f"{HEADER}\n2026-01-01,close,A 1,,,,,,,,\n", "c.csv:2: unit_id: "),
    (f"{HEADER}\n2026-01-01,close,{'A' * 65},,,,,,,,\n", "c.csv:2: unit_id: "),
    (f"{HEADER}\n2026-01-01,rename,A-1,,{'x' * 301},,,,,,\n", "c.csv:2: name: "),
    (f'{HEADER}\n2026-01-01,rename,A-1,,"Xã\nMột",,,,,,\n', "c.csv:2: name: "),
    (f"{HEADER}\n2026-01-01,rename,A-1,,Xã\x00,,,,,,\n", "c.csv:2: the line holds the control character U+0000"),
    (f"{HEADER}\n2026-01-01,close,A-1\n", "c.csv:2: the row has 3 cells, the header 11"),
    (f'{HEADER}\n2026-01-01,rename,A-1,,"Xã,,,,,,\n', "cannot be read as CSV"),
    (f"{HEADER}\n2026-01-01,open,A-1,,Xã,,,,,,\n", "open needs type and parent_unit_id"),
    (f"{HEADER}\n2026-01-01,merge,A-1,,,,,,,,\n", "merge needs into_unit_id"),
    (f"{HEADER}\n2026-01-01,rename,A-1,,Xã,,,,P-1,,\n", "rename says nothing of parent_unit_id: leave it blank, or write its own row"),
    (f"{HEADER}\n2026-01-01,retype,A-1,,,,ward,grouping,,,\n", "c.csv:2: level: "),
]


@pytest.mark.parametrize(("text", "words"), CASES, ids=[words[:40] for _, words in CASES])
def test_what_cannot_be_read_is_said(text: str | bytes, words: str) -> None:
    found = _problems(text)
    assert any(words in problem for problem in found), found


def test_all_problems_are_said_not_only_the_first() -> None:
    lines = [row("x", "close", "A-1"), row("2026-01-01", "closed", "A-1"), row("2026-01-01", "close", "")]
    assert [problem.split(":")[1] for problem in _problems("\n".join([HEADER, *lines]))] == ["2", "3", "4"]
