"""Whatever a file holds: a reader returns, or refuses with its own error. No crash, no hang."""

from __future__ import annotations

import contextlib
import io
import random
import signal
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import seeds
from tests.fuzz.mutations import damaged
from tests.fuzz.targets import TARGETS, survives

LONGEST = 10.0
"""Seconds that one small file may take: ordinary ones take hundredths."""
few = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@contextlib.contextmanager
def in_time() -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError(f"a small file takes more than {LONGEST:g} seconds")

    before = signal.signal(signal.SIGALRM, late)
    timer = signal.setitimer(signal.ITIMER_REAL, LONGEST)  # pytest's own timeout runs on it
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *timer)


@pytest.mark.parametrize("name", TARGETS)
def test_valid_files_are_read(name: str) -> None:
    """Fuzzing from files that are refused at the door would show nothing."""
    for content in TARGETS[name].seeds():
        with contextlib.suppress(Exception):
            TARGETS[name].read(content)
            return
    pytest.fail("no seed is read")


@pytest.mark.parametrize("name", TARGETS)
@few
@given(content=st.binary(max_size=400))
def test_random_bytes(name: str, content: bytes) -> None:
    with in_time():
        survives(TARGETS[name], content)


@pytest.mark.parametrize("name", TARGETS)
@few
@given(seed=st.integers(0, 2**32))
def test_damaged_files(name: str, seed: int) -> None:
    target = TARGETS[name]
    with in_time():
        survives(target, damaged(random.Random(seed), target.seeds()))


@pytest.mark.parametrize("name", ["decoding", "delimited", "prose"])
@few
@given(text=st.text(max_size=400), encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32"]))
def test_any_text(name: str, text: str, encoding: str) -> None:
    with in_time():
        survives(TARGETS[name], text.encode(encoding, "surrogatepass" if "8" not in encoding else "replace"))


@few
@given(cells=st.lists(st.text(alphabet='0123456789.,%-–…X "\'\n\r;\t/kđông\u0301\u00a0', max_size=12), min_size=1, max_size=40))
def test_any_cells_of_the_contract(cells: list[str]) -> None:
    """Behind a good header, anything."""
    header = TARGETS["delimited"].seeds()[0].split(b"\n")[0]
    rows = [",".join(cells[at : at + 8]) for at in range(0, len(cells), 8)]
    with in_time():
        survives(TARGETS["delimited"], header + b"\n" + "\n".join(rows).encode())


def _replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(saved, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            assert name != part or old in data
            after.writestr(name, data.replace(old, new) if name == part else data)
    return saved.getvalue()


FOUND = {
    "a font that is no number": ("xlsx", lambda: _replaced(seeds.xlsx()[0], "xl/styles.xml", b'fontId="', b'fontId="x')),
    "a hidden column that is no number": ("xlsx", lambda: _replaced(seeds.xlsx()[0], "xl/worksheets/sheet1.xml", b'<col ', b'<col min="e" x=')),
    "a report without a body": ("reports", lambda: _replaced(seeds.reports()[0], "word/document.xml", b"w:document", b"w:document1")),
    "a report without relations": ("reports", lambda: _replaced(seeds.reports()[0], "_rels/.rels", b"Relationships", b"Types")),
    "a page in a codec that only fails": ("reports", lambda: b'<html><meta charset="undefined"><p>\xff 1/2 \xe9t\xe9</p></html>'),
    "a page in a codec that takes for ever": ("reports", lambda: b'<html><meta charset="punycode"><p>\xff' + b"a1-" * 300_000),
    "a header over two lines": ("delimited", lambda: b'unit_code,"hai\r\nd\xc3\xb2ng\x1b[2J"\n1,2\n'),
}


@pytest.mark.parametrize("what", FOUND)
def test_what_fuzzing_found(what: str) -> None:
    name, make = FOUND[what]
    with in_time():
        survives(TARGETS[name], make())
