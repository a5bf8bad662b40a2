"""Rules of a user's own: every class of a folder that has an id, checked, and seated beside ours (docs/own-rules.md).

Found by their bytes: a file that did not change is imported once in a process.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from great_expectations.expectations.registry import get_expectation_impl, list_registered_expectation_implementations
from great_expectations.util import camel_to_snake

from expectations.gates import GATES, ROWS, Sitting
from expectations.rule import Rule

THRESHOLDS = "thresholds.yml"
REMEDIES = "remedies.yml"
_ID = re.compile(r"U\d{2,3}")
_RELATION = re.compile(r"[a-z_]+\.[a-z_0-9]+")
_PACKAGE = "expectations_own"
_GATE_OF = {sitting.relation: gate for gate, sittings in GATES.items() for sitting in sittings}
_LATE = {"candidate": "release"}
"""Schemas whose tables are not made before a gate."""


class OwnRuleError(Exception):
    """A rule in the folder cannot be used: which one, why, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what} {remedy}")


@dataclass(frozen=True)
class OwnRules:
    """What a folder holds.

    Attributes:
        rules: the classes, by id.
        numbers: their thresholds, in the words of ``thresholds.yml``.
    """

    rules: tuple[type[Rule], ...]
    numbers: dict[str, Any]

    def beside(self, sittings: Sequence[Sitting]) -> tuple[Sitting, ...]:
        """The sittings, each with the rules of the folder that judge its relation."""
        return tuple(self._joined(sitting) for sitting in sittings)

    def apart(self, gate: str) -> tuple[Sitting, ...]:
        """A gate's sittings of their own, for relations that no gate of ours judges."""
        relations = sorted({rule.relation for rule in self.rules if gate_of(rule) == gate} - _GATE_OF.keys())
        return tuple(
            Sitting(name=f"own {relation}", relation=relation, numbers=self.numbers,
                    rules=tuple(rule for rule in self.rules if rule.relation == relation),
                    due=next(rule.due for rule in self.rules if rule.relation == relation and rule.due))
            for relation in relations
        )

    def _joined(self, sitting: Sitting) -> Sitting:
        joining = tuple(rule for rule in self.rules if rule.relation == sitting.relation)
        return replace(sitting, rules=sitting.rules + joining, numbers=self.numbers) if joining else sitting


def found(folder: Path) -> OwnRules:
    """The rules of all modules of a folder; none, where it is not there.

    Raises:
        OwnRuleError: a module does not load, or a class may not be what it says it is.
    """
    rules: list[type[Rule]] = []
    for path in sorted(folder.glob("*.py")):
        if not path.name.startswith("_"):
            rules += _rules_of(path, hashlib.sha256(path.read_bytes()).hexdigest())
    for rule in rules:
        _check(rule, rules)
    _check_remedies(folder)
    return OwnRules(tuple(sorted(rules, key=lambda rule: (rule.rule, rule.__name__))), _numbers(folder, rules))


@lru_cache(maxsize=256)
def _rules_of(path: Path, content: str) -> tuple[type[Rule], ...]:
    source = path.read_text(encoding="utf-8")
    try:
        names = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    except SyntaxError as error:
        raise OwnRuleError(f"{path.name}, line {error.lineno}: {error.msg}.",
                           "Correct the line, or take the file out.") from error
    module_name = f"{_PACKAGE}.{path.stem}"
    _refuse_taken_names(path, names, module_name)
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:  # pragma: no cover - a .py file has a loader
        raise OwnRuleError(f"{path.name} cannot be imported.", "Give it the ending .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # pydantic looks annotations up there
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a user's module does, the gate says which file it was
        raise OwnRuleError(f"{path.name} does not load: {type(error).__name__}: {error}.",
                           "Correct the module, or take the file out.") from error
    return tuple(value for value in vars(module).values()
                 if isinstance(value, type) and issubclass(value, Rule)
                 and value.__module__ == module_name and "rule" in vars(value))


def _refuse_taken_names(path: Path, names: list[str], module_name: str) -> None:
    """Great Expectations knows a class by its name: a second one of that name would take the place of the first."""
    taken = set(list_registered_expectation_implementations())
    for name in names:
        known = camel_to_snake(name)
        if known in taken and get_expectation_impl(known).__module__ != module_name:
            raise OwnRuleError(f"{path.name}: there is an expectation called {name} already.",
                               "Call the class otherwise.")


def gate_of(rule: type[Rule]) -> str:
    """The gate that judges by a rule: that of its relation, else the one it names, else the first that could."""
    return _GATE_OF.get(rule.relation) or rule.gate or _LATE.get(rule.relation.partition(".")[0], "figures")


def is_own(rule: type[Rule]) -> bool:
    """Whether a class came from a user's folder."""
    return rule.__module__.startswith(f"{_PACKAGE}.")


def _check(rule: type[Rule], rules: list[type[Rule]]) -> None:
    called = f"{rule.__module__.rpartition('.')[2]}.py: {rule.__name__}"
    for problem, remedy in _problems(rule, rules):
        raise OwnRuleError(f"{called} {problem}.", remedy)


def _problems(rule: type[Rule], rules: list[type[Rule]]) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(str(rule.rule)):
        yield f"has the id {rule.rule!r}", "Ids of your own are U and two or three digits: U01. Others are ours."
    for name in ("relation", "predicate", "key", "message_vi", "message_en"):
        if not getattr(rule, name, None):
            yield f"has no {name}", "See docs/own-rules.md for what a rule must say."
    if rule.level not in ("error", "warning", "info"):
        yield f"has the level {rule.level!r}", "A level is 'error', 'warning' or 'info'."
    if not _RELATION.fullmatch(rule.relation):
        yield f"judges {rule.relation!r}", "A relation is 'schema.table', in small letters."
    if rule.relation == ROWS.relation and rule.level != "error":
        yield f"judges raw rows as {rule.level}", "A raw row that breaks a rule is kept aside: say level = 'error'."
    if rule.relation not in _GATE_OF and not any(other.due for other in rules if other.relation == rule.relation):
        yield (f"judges {rule.relation}, which no gate judges, and does not say how many rows are due",
               "Add due, SQL that counts by another way the rows that must be there ('select 0' if there may be none).")
    if any(other is not rule and (other.rule, other.relation, other.level) == (rule.rule, rule.relation, rule.level)
           for other in rules):
        yield f"has the id {rule.rule} of another rule", "Give it a number that is free; ids are for ever."
    yield from _misplaced(rule, rules)


def _misplaced(rule: type[Rule], rules: list[type[Rule]]) -> Iterator[tuple[str, str]]:
    """What is wrong with the gate of a rule: a relation is judged once a night, by one gate."""
    gate = gate_of(rule)
    if rule.gate not in ("", *GATES):
        yield f"has the gate {rule.gate!r}", f"A gate is one of {', '.join(GATES)}."
    elif rule.gate not in ("", gate):
        yield f"judges {rule.relation} in the {rule.gate} gate", f"The {gate} gate judges it: leave 'gate' out."
    elif gate != (earliest := _LATE.get(rule.relation.partition(".")[0], gate)):
        yield (f"judges {rule.relation} in the {gate} gate, where it is not made yet",
               f"Say gate = {earliest!r}, or leave it out.")
    elif other := next((each for each in rules if each.relation == rule.relation and gate_of(each) != gate), None):
        yield (f"judges {rule.relation} in the {gate} gate, and {other.__name__} in another",
               "Give both the same gate: a relation is judged once a night.")
    if gate in ("totals", "release") and rule.withholds:
        yield (f"withholds observations in the {gate} gate, after they were summed",
               "Say withholds = \"\", or judge a relation of the figures gate.")


def _numbers(folder: Path, rules: list[type[Rule]]) -> dict[str, Any]:
    fields: dict[str, set[str]] = {}
    for each in rules:
        fields.setdefault(each.rule, set()).update(each.__fields__)
    numbers = _read(folder / THRESHOLDS).get("rules") or {}
    for rule, entries in dict(numbers).items():
        for name, entry in dict(entries).items():
            if name not in fields.get(rule, ()) or not isinstance(entry, dict) or "value" not in entry:
                raise OwnRuleError(
                    f"{THRESHOLDS}: {rule} {name} is no number of a rule of the folder, or has no value.",
                    f"Numbers are fields of the class; write {name}: {{value: …, reason: …, decided_on: …}}.")
    return dict(numbers)


def _check_remedies(folder: Path) -> None:
    for rule, words in _read(folder / REMEDIES).items():
        if not isinstance(words, dict) or set(words) != {"title", "remedy"} or not all(
                isinstance(pair, list) and len(pair) == 2 for pair in words.values()):
            raise OwnRuleError(f"{REMEDIES}: {rule} needs a title and a remedy, each in Vietnamese and English.",
                               "Write title: [vi, en] and remedy: [vi, en].")


def _read(path: Path) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    except yaml.YAMLError as error:
        raise OwnRuleError(f"{path.name} is not YAML: {error}.", "Correct it, or take it out.") from error
    if loaded is not None and not isinstance(loaded, dict):
        raise OwnRuleError(f"{path.name} is no list of names and values.", "See docs/own-rules.md for an example.")
    return loaded or {}
