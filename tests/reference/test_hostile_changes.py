"""A hostile change file leaves a valid register or no change at all: random edits, wild and plausible, and random bytes.

What is valid is said twice: by ``check`` and by ``country.walk``, which looks at every day and was written apart from it.
"""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reference.country import HEADER, authored, row, small, walk
from tonghop.reference.changes import read_changes
from tonghop.reference.check import check
from tonghop.reference.files import Located, Reference
from tonghop.reference.models import OrgUnit
from tonghop.reference.revise import revise

KINDS = ["open", "close", "rename", "recode", "retype", "move", "merge", "split", "assign"]
TYPES = ["commune", "ward", "rural_district", "provincial_agency", "grassroots_org", "province", "department", "nation", "bloc", "x"]


class Country:
    """Random edits of a register."""

    def __init__(self, reference: Reference, seed: int) -> None:
        self.random = random.Random(seed)
        self.units = [each.row for each in reference.of(OrgUnit)]
        self.ids = sorted({each.unit_id for each in self.units})
        self.codes = sorted({each.code for each in self.units})

    def day(self, first: date = date(2025, 6, 28)) -> str:
        return str(first + timedelta(days=self.random.randrange(12) * 30))

    def _some(self, known: list[str], prefix: str) -> str:
        return f"{prefix}{self.random.randrange(30)}" if self.random.random() < 0.2 else self.random.choice(known)

    def wild(self) -> str:
        """An edit that may be anything: any kind with any values, often none of the right ones."""
        roll, kind = self.random.random, self.random.choice(KINDS)
        cells = {
            "code": self._some(self.codes, "N-") if roll() < 0.3 else "",
            "name": f"Đơn vị {self.random.randrange(99)}" if kind in ("open", "rename") or roll() < 0.1 else "",
            "type": self.random.choice(TYPES) if kind in ("open", "retype") else "",
            "level": self.random.choice(["", "", "", "grassroots", "district", "province"]) if kind == "open" else "",
            "parent_unit_id": self._some(self.ids, "N-") if kind in ("open", "move", "assign") else "",
            "into_unit_id": self._some(self.ids, "N-") if kind in ("merge", "split") else "",
        }
        if kind not in ("open", "recode"):
            cells["code"] = ""
        if kind not in ("open", "rename", "retype"):
            cells["name"] = ""
        if kind == "recode":
            cells["code"] = cells["code"] or "N-1"
        unit_id = f"N-{self.random.randrange(10**6)}" if kind == "open" and roll() < 0.9 else self._some(self.ids, "N-")
        return row(self.day() if roll() < 0.98 else "", kind, unit_id, **cells)

    def plausible(self, count: int) -> list[str]:
        """Edits that each touch another unit, and leave the units above alone: a register takes them all."""
        late = [each for each in self.units if each.valid_to is None]
        provinces = [each.unit_id for each in late if each.level == "province"]
        leaves = [each for each in late if each.level == "grassroots"]
        self.random.shuffle(leaves)
        lines = []
        for number in range(count):
            kind = self.random.choice(["open", "rename", "close", "move", "retype", "recode", "merge"])
            if kind == "open" or len(leaves) < 2:
                lines.append(row(self.day(date(2025, 9, 1)), "open", f"N-{number}", name=f"Xã {number}", type="commune",
                                 parent_unit_id=self.random.choice(provinces)))
                continue
            leaf = leaves.pop()
            # never the parent it has: a change that changes nothing is refused
            cells = {
                "rename": {"name": f"Xã {number}"},
                "move": {"parent_unit_id": self.random.choice([each for each in provinces if each != leaf.parent_unit_id])},
                "retype": {"type": "ward" if leaf.type != "ward" else "commune"},
                "recode": {"code": f"N-{number}"},
                "merge": {"into_unit_id": leaves[0].unit_id},
            }
            lines.append(row(self.day(date(2025, 9, 1)), kind, leaf.unit_id, **cells.get(kind, {})))
        return lines


def outcome(reference: Reference, lines: list[str]) -> tuple[Reference, bool]:
    """Revise, and hold the result to the promise; whether it was taken."""
    before = {file: list(rows) for file, rows in reference.rows.items()}
    read = read_changes("\n".join([HEADER, *lines]).encode(), "c.csv")
    after, problems = (reference, read.problems) if read.problems else revise(reference, read.rows)
    assert reference.rows == before, "the register that was handed in is another"
    if problems:
        assert after is reference
        assert all(problem.what and problem.remedy for problem in problems)
        assert {problem.file for problem in problems} <= {"c.csv", *reference.rows}
        return reference, False
    assert check(after) == []
    assert walk(after) == []
    return after, True


def test_the_walk_sees_what_is_wrong() -> None:
    # Without this, every test of this file could pass by seeing nothing.
    good = small()

    def broken(which: str, /, **changed: object) -> list[str]:
        units = [
            Located(each.row.model_copy(update=changed), each.file, each.line) if each.row.unit_id == which else each
            for each in good.of(OrgUnit)
        ]
        return walk(Reference({**good.rows, "org_units.csv": list(units)}))

    assert walk(good) == []
    assert any("orphan" in said for said in broken("D-1", valid_to=date(2025, 1, 1)))
    assert any("cycle" in said for said in broken("P-1", parent_unit_id="C-1"))
    assert any("code 0112" in said for said in broken("C-1", code="0112"))
    assert any("twice" in said for said in broken("C-1", unit_id="C-2", code="x"))
    assert any("roots" in said for said in broken("V-1", parent_unit_id=None))


def test_ten_thousand_random_edits_of_the_real_register() -> None:
    country = Country(authored(), 2026)
    lines = [country.wild() for _ in range(10_000)]
    started = time.monotonic()
    _, is_taken = outcome(authored(), lines)
    assert not is_taken
    assert time.monotonic() - started < 60  # three seconds when nothing else runs


def test_ten_thousand_plausible_edits_of_the_real_register() -> None:
    reference = authored()
    lines = Country(reference, 7).plausible(10_000)
    after, is_taken = outcome(reference, lines)
    assert is_taken
    assert len(after.of(OrgUnit)) > len(reference.of(OrgUnit)) + 1000
    # one edit among them that cannot be, and nothing of the ten thousand happens
    _, is_taken = outcome(reference, [*lines, row("2026-01-01", "close", "B-01")])
    assert not is_taken


@pytest.mark.parametrize("seed", range(4))
def test_many_small_files_one_after_the_other(seed: int) -> None:
    reference, taken, total = small(), 0, 300
    for number in range(total):
        country = Country(reference, seed * 10_000 + number)
        lines = [country.wild() for _ in range(country.random.choice([1, 1, 1, 2, 3, 8]))]
        reference, is_taken = outcome(reference, lines)
        taken += is_taken
    assert 10 < taken < total - 10, "both outcomes are met"


@pytest.mark.parametrize("seed", range(3))
def test_small_files_on_the_real_register(seed: int) -> None:
    reference, taken = authored(), 0
    country = Country(reference, seed)
    for _ in range(4):
        reference, is_taken = outcome(reference, country.plausible(3) if country.random.random() < 0.7 else [country.wild()])
        taken += is_taken
    assert taken


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.lists(st.lists(st.text(max_size=8), min_size=11, max_size=11).map(",".join), max_size=5).map(
        lambda lines: "\n".join([HEADER, *lines]).encode()
    ),
))
def test_random_bytes_are_read_or_refused(content: bytes) -> None:
    read = read_changes(content, "c.csv")
    assert read.rows or read.problems
    assert all("\n" not in str(problem) or problem.what for problem in read.problems)
