"""docs/analysts.md: an analyst who copies a query gets what the page says, and a page that went stale is found here."""

from __future__ import annotations

import psycopg2
import pytest

from tests.exports.page import Question, as_cell, questions
from tonghop.settings import Settings
from tonghop.warehouse.connection import role_url

QUESTIONS = questions()


def answer(settings: Settings, statements: list[str]) -> list[list[str]]:
    """The rows of the last statement that gave any, header first, as the analyst sees them."""
    opened = psycopg2.connect(role_url(settings, "analyst").render_as_string(hide_password=False))
    opened.autocommit = True
    table: list[list[str]] = []
    try:
        with opened.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                if cursor.description:
                    table = [[column.name for column in cursor.description],
                             *([as_cell(value) for value in row] for row in cursor.fetchall())]
    finally:
        opened.close()
    return table


def test_the_page_asks_enough_to_be_of_use() -> None:
    assert len(QUESTIONS) >= 20
    assert len({question.title for question in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title.split(".")[0])
def test_a_query_of_the_page_gives_the_result_under_it(published: Settings, question: Question) -> None:
    found = answer(published, question.statements)
    assert len(found) > 1, f"{question.title}: no rows"
    assert found == question.result, question.title
