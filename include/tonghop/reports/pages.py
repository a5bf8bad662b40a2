"""The templates of the pages, with everything escaped, and the words they use."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tonghop.reports import vietnamese

_HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, list[str]]]:
    """``words.yml``: of each vocabulary, a word in Vietnamese and English."""
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load((_HERE / "words.yml").read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def remedies() -> dict[str, dict[str, list[str]]]:
    """``remedies.yml``: of each rule, ``title`` and ``remedy`` in Vietnamese and English."""
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load((_HERE / "remedies.yml").read_text(encoding="utf-8"))
    return loaded


_OWN: dict[str, dict[str, list[str]]] = {}


def take_own_words(folder: Path) -> None:
    """Titles and remedies of a user's own rules: ``remedies.yml`` of their folder, where it is there."""
    path = folder / "remedies.yml"
    _OWN.clear()
    _OWN.update((yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {})


def word(code: str | None, vocabulary: str) -> list[str]:
    """A code in Vietnamese and English; one that has no word stands for itself."""
    return words()[vocabulary].get(code or "", [code or "", ""])


@lru_cache(maxsize=8192, typed=True)  # typed: a text that equals a safe one must still be escaped
def bi(vi: str, en: str = "") -> Markup:
    """A text in Vietnamese, with English beside it where there is some."""
    shown = Markup('<span lang="vi">{}</span>').format(vi)
    return shown + Markup(' <span class="en" lang="en">{}</span>').format(en) if en else shown


@lru_cache(maxsize=1024)
def said(code: str | None, vocabulary: str) -> Markup:
    """A code of a vocabulary in both languages."""
    return bi(*word(code, vocabulary))


def rule(code: str) -> dict[str, list[str]]:
    """Title and remedy of a rule; a rule without them shows its id."""
    return remedies().get(code) or _OWN.get(code) or {"title": [code, ""], "remedy": ["", ""]}


def page_name(unit_id: str, number: int = 1) -> str:
    """File name of a unit's page: safe whatever the id holds."""
    return quote(unit_id, safe="").replace("%", "~") + ("" if number == 1 else f"_{number}") + ".html"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The Jinja environment: every value is escaped, an unknown name is an error."""
    made = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters.update({
        "number": vietnamese.number, "percent": vietnamese.percent, "moment": vietnamese.moment, "day": vietnamese.day,
        "month": vietnamese.month, "place": vietnamese.place, "both": vietnamese.both, "value": vietnamese.value,
        "word": word, "duration": vietnamese.duration,
    })
    made.globals.update({"span": vietnamese.span, "rule": rule, "page_name": page_name, "raw_row": vietnamese.row,
                         "nothing": vietnamese.NOTHING, "bi": bi, "said": said})
    return made


def render(template: str, **content: Any) -> str:
    """One page as text."""
    return environment().get_template(template).render(**content)


def put(path: Path, text: str) -> None:
    """Write a page so that a reader sees the old or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
