"""Damaged workbooks: whatever is broken in the bytes or in the XML, the outcome is a reading, a question or a refusal."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.submissions.handmade.make_corpus import SENDER
from tests.submissions.handmade.test_corpus import READABLE, catalogue, confirmed
from tonghop.submissions.books.book import open_book
from tonghop.submissions.handmade.mapping import Choice, NeedsMapping
from tonghop.submissions.handmade.reader import read_handmade
from tonghop.submissions.reading import Unreadable
from tonghop.submissions.workbook import read_template

_XML = {".xlsx": ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml"), ".ods": ("content.xml",)}
_PIECES = st.sampled_from([b"", b"<", b">", b"\"", b"-1", b"999999999", b"<c>", b"</row>", b"&lt;", b"\xff", b"A1:B", b"hidden=\"1\"", b"0x"])


@cache
def _book(suffix: str) -> tuple[bytes, dict[str, dict[str, Choice]]]:
    case = next(case for case in READABLE if case.suffix == suffix and case.sheets[0].merges and case.knows_all)
    return case.content(), confirmed(case)


def _outcome(content: bytes, suffix: str) -> None:
    """Anything but these two exceptions fails the test."""
    for read in (
        lambda: read_template(open_book(content, f"a{suffix}"), f"a{suffix}"),
        lambda: read_handmade(
            content, f"a{suffix}", sender_code=SENDER, period=None, catalogue=catalogue(), confirmed=_book(suffix)[1]
        ),
    ):
        try:
            read()
        except Unreadable as refused:
            assert "\n" not in str(refused)  # noqa: PT017
        except NeedsMapping:
            pass


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_broken_bytes_crash_no_reader(suffix: str, data: st.DataObject) -> None:
    content = bytearray(_book(suffix)[0])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 3))
    _outcome(bytes(content[: len(content) // cut] if cut else content), suffix)


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_broken_xml_crashes_no_reader(suffix: str, data: st.DataObject) -> None:
    whole = zipfile.ZipFile(io.BytesIO(_book(suffix)[0]))
    parts = {name: whole.read(name) for name in whole.namelist()}
    name = data.draw(st.sampled_from([part for part in _XML[suffix] if part in parts]))
    for _ in range(data.draw(st.integers(1, 3))):
        part = parts[name]
        at, length = data.draw(st.integers(0, len(part))), data.draw(st.integers(0, 8))
        parts[name] = part[:at] + data.draw(_PIECES) + part[at + length :]
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    _outcome(saved.getvalue(), suffix)
