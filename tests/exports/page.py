"""docs/analysts.md as a test reads it: its files, its questions, and the result that stands under each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "analysts.md"

_FILE = re.compile(r"```csv from (\S+)\n(.*?)```", re.DOTALL)
_QUESTION = re.compile(r"^### (\d+\. .*?)\n(.*?)(?=^##|\Z)", re.DOTALL | re.MULTILINE)
_SQL = re.compile(r"```sql\n(.*?)```\n(.*)", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """A question of the page.

    Attributes:
        statements: its SQL, one statement each.
        result: the table under it, header first, as texts.
    """

    title: str
    statements: list[str]
    result: list[list[str]]


def files_of_the_page() -> dict[str, str]:
    """What each sender sends before the second night."""
    return dict(_FILE.findall(PAGE.read_text(encoding="utf-8")))


def questions() -> list[Question]:
    """Every question of the page, in its order."""
    found = []
    for title, body in _QUESTION.findall(PAGE.read_text(encoding="utf-8")):
        block = _SQL.search(body)
        assert block, f"{title}: no SQL"
        statements = [part.strip() for part in block[1].split(";\n") if part.strip()]
        table = [line for line in block[2].splitlines() if line.startswith("|") and not set(line) <= set("|-: ")]
        found.append(Question(title, statements, [[cell.strip() for cell in line.strip("|").split("|")] for line in table]))
    return found


def as_cell(value: Any) -> str:
    """A value as the page's tables write it."""
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
