"""The page of rules is what the classes say, and the classes say what a reader needs."""

from __future__ import annotations

import inspect

import pytest

from expectations.handbook import page, rules
from expectations.rule import Rule
from tonghop.settings import Settings


def test_the_page_is_what_the_classes_say() -> None:
    """Otherwise a steward reads of a threshold that is not judged by any more: make it anew, see its first line."""
    assert (Settings().project_dir / "docs" / "rules.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("rule", [pytest.param(each, id=each.__name__) for same in rules().values() for each in same])
def test_a_rule_says_what_it_guards_with_a_bad_case_and_a_good_one(rule: type[Rule]) -> None:
    said = inspect.cleandoc(rule.__doc__ or "")
    assert said.splitlines()[0].endswith(".")
    assert "Bad:" in said
    assert "Good:" in said


def test_an_id_means_one_rule_in_each_relation_and_severity() -> None:
    """Ids are for ever: a second meaning would mix the histories of two rules."""
    for name, classes in rules().items():
        assert len({(each.relation, each.level) for each in classes}) == len(classes), name
