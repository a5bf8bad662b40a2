"""The corpus of hand-made workbooks: every figure right or refused with its cell, none wrong or lost in silence."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from tests.submissions.handmade.cases import corpus
from tests.submissions.handmade.make_corpus import SENDER, Case, Fact
from tonghop.submissions.books.book import open_book
from tonghop.submissions.handmade.aliases import Catalogue, Indicator, Target, settled
from tonghop.submissions.handmade.mapping import Choice, NeedsMapping, Proposal, confirmed_from_dict, confirmed_to_dict
from tonghop.submissions.handmade.reader import HandmadeReading, proposal_of, read_handmade
from tonghop.submissions.reading import Statement, Unreadable

REFERENCE = Path(__file__).parents[3] / "include" / "reference"
CASES = corpus()
READABLE = [case for case in CASES if not case.problem]


@cache
def catalogue() -> Catalogue:
    def table(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((REFERENCE / name).read_text(encoding="utf-8").splitlines()))

    indicators = {
        row["indicator"]: Indicator(
            row["indicator"], row["name_vi"], row["kind"], row["reported_by"], row["complement_of"] or None
        )
        for row in table("indicators.csv")
    }
    populations = {row["population"]: row["name_vi"] for row in table("populations.csv")}
    aliases = [(row["heading"], row["indicator"], row["field"]) for row in table("heading_aliases.csv")]
    return Catalogue(indicators, populations, settled(aliases))


def confirmed(case: Case) -> dict[str, dict[str, Choice]]:
    """What a steward confirms who knows the truth: figures as the case says, every other heading as proposed."""
    found: dict[str, dict[str, Choice]] = {}
    for table in proposal_of(open_book(case.content(), case.file_name), catalogue(), {}).tables:
        choices = found.setdefault(table.form_key, {})
        for heading in table.headings:
            told = case.mapping.get(heading.place)
            if told is None:
                choices[heading.key] = heading.choice
            else:
                choices[heading.key] = Choice(told[0], tuple(Target(*each) for each in told[1]))
    return found


def read(case: Case, mapping: dict[str, dict[str, Choice]]) -> HandmadeReading:
    return read_handmade(
        case.content(), case.file_name, sender_code=SENDER, period=case.asked, catalogue=catalogue(), confirmed=mapping
    )


def as_fact(row: Statement) -> Fact:
    rate = None if row.rate_value is None else Decimal(row.rate_value).normalize()
    return Fact(
        row.locator, row.unit_code, row.indicator, row.scope, row.mark, row.numerator_value, row.denominator_value, rate
    )


def expected(case: Case) -> set[Fact]:
    return {
        Fact(*(*(getattr(fact, name) for name in list(Fact.__dataclass_fields__)[:-1]), fact.rate.normalize() if fact.rate is not None else None))
        for fact in case.facts
    }


def test_the_corpus_is_what_it_promises() -> None:
    assert len(READABLE) >= 60
    assert Counter(case.suffix for case in CASES).keys() == {".xlsx", ".xls", ".ods"}
    assert min(Counter(case.suffix for case in READABLE).values()) >= 20
    assert sum(len(case.facts) for case in READABLE) > 400
    assert sum(len(case.refused) for case in READABLE) > 100
    assert sum(len(case.warned) for case in READABLE) >= 5


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.file_name)
def test_every_figure_is_right_or_refused_with_its_cell(case: Case) -> None:
    reading = read(case, confirmed(case))
    found = [as_fact(row) for row in reading.statements]
    assert len(found) == len(set(found))
    assert set(found) - expected(case) == set(), "read wrong"
    assert expected(case) - set(found) == set(), "lost"
    places = {aside.locator for aside in reading.asides}
    assert places - case.refused == set(), [aside.reason for aside in reading.asides]
    assert case.refused - places == set(), "lost in silence"
    assert {row.period for row in reading.statements} <= {case.period}
    assert {remark.locator for remark in reading.remarks if remark.severity == "warning"} == case.warned
    for aside in reading.asides:
        assert aside.reason.startswith(f"{case.file_name}, {aside.locator}: ")
        assert aside.reason.count(" / ") == 1


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.file_name)
def test_without_a_steward_nothing_is_guessed(case: Case) -> None:
    if case.knows_all:
        assert {as_fact(row) for row in read(case, {}).statements} == expected(case)
        return
    with pytest.raises(NeedsMapping) as needed:
        read(case, {})
    proposal = needed.value.proposal
    assert Proposal.from_dict(proposal.to_dict()) == proposal
    waiting = {heading.place for table in proposal.tables for heading in table.headings if heading.is_open}
    assert waiting
    assert waiting <= case.mapping.keys()
    for table in proposal.tables:
        for heading in table.headings:
            told = case.mapping.get(heading.place)
            if heading.is_settled and told is not None:
                assert {(each.indicator, each.field) for each in heading.choice.targets} == set(told[1]), "guessed"


@pytest.mark.parametrize("case", [case for case in CASES if case.problem], ids=lambda case: case.file_name)
def test_a_book_without_one_period_or_a_table_is_refused_with_what_it_says(case: Case) -> None:
    with pytest.raises(Unreadable, match=case.problem) as refused:
        read(case, confirmed(case))
    assert refused.value.rule == "S02"
    assert refused.value.vi
    assert refused.value.en


def test_a_confirmed_mapping_survives_json_and_next_month() -> None:
    import json

    case = next(case for case in READABLE if not case.knows_all and len(case.sheets) == 1)
    mapping = confirmed_from_dict(json.loads(json.dumps(confirmed_to_dict(confirmed(case)))))
    assert mapping == confirmed(case)
    assert {as_fact(row) for row in read(case, mapping).statements} == expected(case)
