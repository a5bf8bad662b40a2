"""A change file: dated changes of the register, one a row. What a row may say, and how a file is read. Pure.

What the register itself allows is judged in ``revise.py``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, StringConstraints, model_validator

from tonghop.reference.files import Located, Problem, decode, read_text
from tonghop.reference.models import Row

Kind = Literal["open", "close", "rename", "recode", "retype", "move", "merge", "split", "assign"]
ATTRIBUTES = ("code", "name", "ascii_name", "type", "level", "parent_unit_id")
"""What a change may set of a unit."""
REQUIRED = ("effective_on", "change", "unit_id")
"""The columns that every change file has, and by which one is known."""
SEPARATORS = (",", ";", "\t")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")

# kind → the columns it needs, and those it may have besides (``note`` is for all)
_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "open": (("name", "type", "parent_unit_id"), ("code", "ascii_name", "level")),
    "close": ((), ()),
    "rename": (("name",), ("ascii_name",)),
    "recode": (("code",), ()),
    "retype": (("type",), ("name", "ascii_name", "level")),
    "move": (("parent_unit_id",), ()),
    "merge": (("into_unit_id",), ()),
    "split": (("into_unit_id",), ()),
    "assign": (("parent_unit_id",), ()),
}


def _blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _day(value: Any) -> Any:
    """A day as it is written, and nothing else: pydantic would read seconds since 1970 as well."""
    if isinstance(value, str) and value.strip():
        if not _DAY.fullmatch(value.strip()):
            raise ValueError("write the day as YYYY-MM-DD")
        return value.strip()
    return _blank(value)


def _kind(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


# Short enough for an index of PostgreSQL, and for a page.
UnitCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\s,;|+/\\]+$", max_length=64)]
OptionalUnitCode = Annotated[UnitCode | None, BeforeValidator(_blank)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\r\n\t]+$", max_length=300)]
OptionalName = Annotated[Name | None, BeforeValidator(_blank)]
TreeLevel = Literal["nation", "department", "province", "district", "grassroots"]


class Change(Row):
    """One change of one unit; ``effective_on`` is the first day of the new state (blank: opened, not known when)."""

    file: ClassVar[str] = "changes.csv"
    key: ClassVar[tuple[str, ...]] = ()
    effective_on: Annotated[date | None, BeforeValidator(_day)]
    change: Annotated[Kind, BeforeValidator(_kind)]
    unit_id: UnitCode
    code: OptionalUnitCode = None
    name: OptionalName = None
    ascii_name: OptionalName = None
    type: OptionalUnitCode = None
    level: Annotated[TreeLevel | None, BeforeValidator(_blank)] = None
    parent_unit_id: OptionalUnitCode = None
    into_unit_id: OptionalUnitCode = None
    note: Annotated[str, BeforeValidator(_one_line), StringConstraints(max_length=2000)] = ""

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> Self:
        needed, allowed = _COLUMNS[self.change]
        missing = [column for column in needed if getattr(self, column) is None]
        if missing:
            raise ValueError(f"{self.change} needs {' and '.join(missing)}")
        other = [
            column
            for column in (*ATTRIBUTES, "into_unit_id")
            if getattr(self, column) is not None and column not in (*needed, *allowed)
        ]
        if other:
            raise ValueError(f"{self.change} says nothing of {', '.join(other)}: leave it blank, or write its own row")
        if self.effective_on is None:
            if self.change != "open":
                raise ValueError(f"effective_on is blank: only open may leave it out, a {self.change} has a first day")
        elif not _FIRST_YEAR <= self.effective_on.year <= _LAST_YEAR:
            raise ValueError(f"effective_on {self.effective_on} is no plausible day")
        return self

    @property
    def sets(self) -> dict[str, str]:
        """The attributes that the row sets, with their values."""
        found = {column: getattr(self, column) for column in ATTRIBUTES}
        return {column: value for column, value in found.items() if value is not None}


@dataclass(frozen=True)
class ChangeFile:
    """The rows of one change file, and what was wrong while reading it."""

    name: str
    text: str
    content_hash: str
    rows: list[Located[Change]]
    problems: list[Problem]


def read_changes(content: bytes, name: str) -> ChangeFile:
    """Read a change file; every problem names ``name`` and its line.

    Args:
        content: the bytes as received: CSV UTF-8 with a header, separated by comma, semicolon or tab.
        name: what the file is called in messages and in ``source``.
    """
    digest = hashlib.sha256(content).hexdigest()
    text, problems = decode(content, name)
    kept = unicodedata.normalize("NFC", text)
    read = ChangeFile(name, kept.replace("\x00", ""), digest, [], problems)
    if problems:
        return read
    if not kept.strip():
        remedy = f"Write {','.join(REQUIRED)},… and one row a change."
        read.problems.append(Problem(name, 1, "the file is empty", remedy))
        return read
    if control := _CONTROL.search(kept):
        line = kept.count("\n", 0, control.start()) + 1
        what = f"the line holds the control character U+{ord(control[0]):04X}"
        read.problems.append(Problem(name, line, what, "Remove it: a change file is plain text."))
        return read
    rows, found = read_text(kept, name, Change, _separator(kept))
    read.rows.extend(rows)
    read.problems.extend(found)
    if not rows and not found:
        read.problems.append(Problem(name, 1, "the file holds no change", "Write one row a change under the header."))
    return read


def is_change_file(content: bytes) -> bool:
    """Whether the first line names the columns by which a change file is known."""
    first = content.lstrip(b"\xef\xbb\xbf\r\n ").partition(b"\n")[0].decode("utf-8", "replace")
    return any(set(REQUIRED) <= set(_cells(first, separator)) for separator in SEPARATORS)


def _separator(text: str) -> str:
    """The separator of the first line that gives most of the columns."""
    first = text.partition("\n")[0]
    return max(SEPARATORS, key=lambda separator: len(set(_cells(first, separator)) & set(Change.model_fields)))


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip().strip('"').strip().lower() for cell in line.split(separator)]
