"""Map the headings of tables to the catalogue: what is known is settled, everything else only proposed. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from rapidfuzz import fuzz, process

from tonghop.reference.names import folded
from tonghop.submissions.handmade.aliases import ANCHORS, FIELDS, Catalogue, Role, Target
from tonghop.submissions.handmade.body import Row
from tonghop.submissions.handmade.headers import is_figure
from tonghop.submissions.handmade.mapping import Choice, Confirmed, Found, Heading, Proposal, TableProposal
from tonghop.submissions.handmade.tables import Column, Table
from tonghop.submissions.handmade.words import key

_ALIKE = 55.0
_SAMPLES = 3
_IGNORED = Choice("ignored")
_Choices = Mapping[str, Choice]


@dataclass(frozen=True)
class _Guess:
    choice: Choice
    found: Found
    score: float = 100.0
    is_settled: bool = True


def propose(tables: Sequence[tuple[Table, Sequence[Row]]], catalogue: Catalogue, confirmed: Confirmed) -> Proposal:
    """What each heading of each table means.

    Args:
        tables: each with its body rows.
        confirmed: the choices confirmed for this sender.

    Returns:
        A heading is settled only where this sender's mapping says so, or where it equals an authored alias or a name
        of the catalogue; every other has a suggestion at most.
    """
    return Proposal(tuple(_table(table, rows, catalogue, confirmed) for table, rows in tables))


def form_key(table: Table) -> str:
    """Names the form of a table: its title without period and numbers, and its headings."""
    lines = [table.subject, *(" > ".join(column.keys) for column in table.columns)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _table(table: Table, rows: Sequence[Row], catalogue: Catalogue, confirmed: Confirmed) -> TableProposal:
    form = form_key(table)
    known = confirmed.get(form, {})
    elsewhere = {name: choice for other in confirmed.values() for name, choice in other.items()}
    keys = column_keys(table)
    has_items = bool(table.anchors("item"))
    guesses = [
        _settled(known, elsewhere, keys[column.at], _column(column, table, catalogue, has_items))
        for column in table.columns
    ]
    if not has_items:
        guesses = _wholes(table.columns, guesses, catalogue)
    elif any(target.field == "numerator" for each in guesses if each.is_settled for target in each.choice.targets):
        guesses = [_as_denominator(each, table.columns[at], catalogue) for at, each in enumerate(guesses)]
    headings = [
        _heading(table, column, keys[column.at], guess) for column, guess in zip(table.columns, guesses, strict=True)
    ]
    if has_items:
        headings += _row_headings(table, rows, catalogue, known, elsewhere)
    return TableProposal(form, table.grid.name, table.caption, table.place, tuple(headings))


def column_keys(table: Table) -> dict[int, str]:
    """The key of each column; the second of two with one path is "… #2"."""
    seen: Counter[str] = Counter()
    found = {}
    for column in table.columns:
        path = " > ".join(column.keys)
        seen[path] += 1
        found[column.at] = path if seen[path] == 1 else f"{path} #{seen[path]}"
    return found


def row_keys(rows: Sequence[Row]) -> dict[int, str]:
    """The key of each row that is a heading: its path, in brackets so that no column has the same."""
    return {row.at: f"[{' > '.join(key(label) for label in row.item)}]" for row in rows if row.item}


def _settled(known: _Choices, elsewhere: _Choices, name: str, guess: _Guess) -> _Guess:
    """The sender's own confirmed choice before all others; what it confirmed on another form is a suggestion."""
    if name in known:
        return _Guess(known[name], "confirmed")
    if not guess.is_settled and name in elsewhere:
        return _Guess(elsewhere[name], "suggestion", 99.0, is_settled=False)
    return guess


def _column(column: Column, table: Table, catalogue: Catalogue, has_items: bool) -> _Guess:
    if column.anchor is not None:
        if column.is_supposed:
            return _Guess(Choice("unit_name"), "suggestion", _ALIKE, is_settled=False)
        return _Guess(Choice(cast(Role, column.anchor)), "word")
    path = [level for level in column.keys if catalogue.generic.get(level) != "neutral"] or list(column.keys)
    word = catalogue.generic.get(path[-1]) if len(path) == 1 else None
    if word in ("note", "ignored"):
        return _Guess(Choice("note" if word == "note" else "ignored"), "word")
    if has_items:
        return _field_of_items(word)
    return _named(path, catalogue) or _suggested(" ".join(column.path), table.subject, path, catalogue)


def _field_of_items(word: str | None) -> _Guess:
    """Which field of the row's indicator a column holds."""
    if word in FIELDS:
        return _Guess(Choice("figure", (Target("", word),)), "word")
    if word == "whole":
        return _Guess(Choice("figure", (Target("", "numerator"),)), "suggestion", _ALIKE, is_settled=False)
    return _Guess(_IGNORED, "none", 0.0, is_settled=False)


def _named(path: list[str], catalogue: Catalogue) -> _Guess | None:
    """An alias or a name of the catalogue, exactly; perhaps with a word for the field below it."""

    def found_by(name: str) -> Found:
        return "alias" if name in catalogue.authored else "catalogue"

    whole = " > ".join(path)
    if whole in catalogue.named:
        return _Guess(Choice("figure", (catalogue.named[whole],)), found_by(whole))
    target = catalogue.named.get(path[0])
    word = catalogue.generic.get(path[-1])
    if len(path) != 2 or target is None or word is None:
        return None
    if word in FIELDS:
        return _Guess(Choice("figure", (Target(target.indicator, word),)), found_by(path[0]))
    if word == "complement" and target.indicator in catalogue.complements:
        return _Guess(
            Choice("figure", (Target(catalogue.complements[target.indicator], "numerator"),)), found_by(path[0])
        )
    return None


def _wholes(columns: Sequence[Column], guesses: list[_Guess], catalogue: Catalogue) -> list[_Guess]:
    """ "Tổng số" beside a numerator, under the name of its indicator, is its denominator."""
    counted = {
        (columns[at].path[:-1], target.indicator)
        for at, guess in enumerate(guesses)
        for target in guess.choice.targets
        if guess.is_settled and target.field == "numerator"
    }
    found = []
    for column, guess in zip(columns, guesses, strict=True):
        path = [level for level in column.keys if catalogue.generic.get(level) != "neutral"]
        target = catalogue.named.get(path[0]) if len(path) == 2 else None
        is_whole = target is not None and catalogue.generic.get(path[-1]) == "whole" and not guess.is_settled
        if target is not None and is_whole and (column.path[:-1], target.indicator) in counted:
            found.append(_Guess(Choice("figure", (Target(target.indicator, "denominator"),)), "alias"))
        else:
            found.append(guess)
    return found


def _as_denominator(guess: _Guess, column: Column, catalogue: Catalogue) -> _Guess:
    """ "Tổng số" beside "Thực hiện", where rows are the indicators."""
    path = [level for level in column.keys if catalogue.generic.get(level) != "neutral"]
    if guess.is_settled or len(path) != 1 or catalogue.generic.get(path[0]) != "whole":
        return guess
    return _Guess(Choice("figure", (Target("", "denominator"),)), "word")


def _suggested(text: str, subject: str, path: list[str], catalogue: Catalogue) -> _Guess:
    """The likeliest indicator, by the words of the heading and of the table's title; for a steward to judge."""
    names = {name: folded(name) for name in catalogue.named}
    word = catalogue.generic.get(path[-1], "numerator") if path else "numerator"
    of_heading = process.extractOne(folded(text), names, scorer=fuzz.token_set_ratio)
    of_title = process.extractOne(folded(f"{subject} {text}"), names, scorer=fuzz.token_sort_ratio)
    best = max((each for each in (of_heading, of_title) if each), key=lambda each: each[1], default=None)
    if best is None or best[1] < _ALIKE:
        return _Guess(_IGNORED, "none", 0.0, is_settled=False)
    target = catalogue.named[best[2]]
    field = {"whole": "denominator", "complement": "numerator"}.get(word, word if word in FIELDS else target.field)
    indicator = target.indicator
    if word == "complement":
        indicator = catalogue.complements.get(indicator, indicator)
    return _Guess(Choice("figure", (Target(indicator, field),)), "suggestion", round(best[1], 1), is_settled=False)


def _row_headings(
    table: Table,
    rows: Sequence[Row],
    catalogue: Catalogue,
    known: Mapping[str, Choice],
    elsewhere: Mapping[str, Choice],
) -> list[Heading]:
    """Rows as headings; the same row of several units is one heading."""
    found: dict[str, Heading] = {}
    keys = row_keys(rows)
    for row in rows:
        if not row.item or not row.figures:
            continue
        name = keys[row.at]
        if name in found:
            continue
        path = [each for each in (key(label) for label in row.item) if catalogue.generic.get(each) != "neutral"]
        # A row under another may be a part of it ("Khối doanh nghiệp > đảng viên mới kết nạp"): the whole path counts.
        exact = _named(path, catalogue) if path else None
        guess = exact or _suggested(row.item[-1], " ".join(row.item[:-1]), path, catalogue)
        guess = _settled(known, elsewhere, name, guess)
        place = table.grid.place(row.at, table.anchors("item")[0])
        sample = tuple(table.grid.text(row.at, at) for at in row.figures[:_SAMPLES])
        found[name] = Heading(
            name, " > ".join(row.item), "row", place, guess.choice, guess.score, guess.found, guess.is_settled,
            True, row.is_hidden, sample,
        )  # fmt: skip
    return list(found.values())


def _heading(table: Table, column: Column, name: str, guess: _Guess) -> Heading:
    rows = [row for row in table.rows if is_figure(table.grid, row, column.at)]
    is_anchor = guess.choice.role in ANCHORS and guess.is_settled
    if (
        not guess.is_settled
        and not rows
        and not column.is_supposed
        and any(not table.grid.is_blank(row, column.at) for row in table.rows)
    ):
        guess = replace(guess, choice=_IGNORED)  # words only: there is nothing to map
    sample = tuple(table.grid.text(row, column.at) for row in rows[:_SAMPLES])
    return Heading(
        name, " > ".join(column.path), "column", column.place, guess.choice, guess.score, guess.found, guess.is_settled,
        (bool(rows) or column.is_supposed) and not is_anchor, table.grid.is_hidden_column(column.at), sample,
    )  # fmt: skip
