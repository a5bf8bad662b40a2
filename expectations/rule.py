"""What every rule has: an id, the relation it judges, the predicate that is true where it is broken, and its words.

A rule is an ordinary Great Expectations batch expectation, usable on any table that has the columns its predicate
names. The same predicate selects the rows that are written as findings, so what is observed and what is recorded cannot
drift apart. This package knows nothing of the rest of the project.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from great_expectations.compatibility import pydantic

from expectations.showing import NoBrokenRows
from expectations.thresholds import number_sql, severity_sql, whom

Level = Literal["error", "warning", "info"]

_GX_SEVERITY = {"error": "critical", "warning": "warning", "info": "info"}


class Rule(NoBrokenRows):
    """Base of all rules. Subclasses set the class variables; numbers that may differ are fields (see thresholds.yml).

    Class variables:
        rule: the id, stable for ever.
        level: error (withholds its subject, or holds the release), warning (footnotes) or info.
        level_is_fixed: why thresholds.yml cannot give its findings another severity; empty where it can.
        relation: ``schema.table`` that the nightly gates judge with it: one row per subject.
        predicate: SQL over bare column names, true where the rule is broken. Fields may stand in braces.
        key: columns that, with the rule's id, identify a finding for ever.
        group: columns that findings of one cause share, after a word that names the cause.
        columns: SQL for the columns of a finding's subject that the relation names otherwise.
        values: SQL for the values judged: a waiver binds to them.
        expected, actual, imbalance: SQL over the same columns; what should stand there, what does, the difference.
        message_vi, message_en: one sentence; a column name in braces is replaced by its value.
        withholds: SQL that lists the withheld observations (unit_id, indicator, period, scope) of a broken row in
            ``{broken}``, where ``{nearby}`` has every observation of the units in which it found errors; empty where
            the rule withholds nothing. Only findings that are errors withhold.
        exceptions: (a field) other numbers for an indicator, a department or both (``thresholds.py``).
        graded: (a field) another severity than ``level``, and for whom (``thresholds.py``).
        due: of a rule of a user's own whose relation no gate judges yet: SQL for the number of rows that must be there.
        gate: of such a rule: the gate that judges it, figures, totals or release.
    """

    rule: ClassVar[str]
    level: ClassVar[Level] = "error"
    level_is_fixed: ClassVar[str] = ""
    relation: ClassVar[str]
    predicate: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    group: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[dict[str, str]] = {}
    values: ClassVar[str] = "values_key"
    expected: ClassVar[str] = "null"
    actual: ClassVar[str] = "null"
    imbalance: ClassVar[str] = "null"
    message_vi: ClassVar[str]
    message_en: ClassVar[str]
    withholds: ClassVar[str] = ""
    due: ClassVar[str] = ""
    gate: ClassVar[str] = ""

    exceptions: dict[str, list[dict[str, Any]]] = {}
    graded: dict[str, Any] = {}

    @pydantic.root_validator(pre=True)
    def _fill_from_predicate(cls, values: dict[str, Any]) -> dict[str, Any]:
        fields = {**{name: field.default for name, field in cls.__fields__.items()}, **values}
        values["broken_where"] = cls.condition(fields)
        values.setdefault("severity", _GX_SEVERITY[fields["graded"].get("value", cls.level)])
        return values

    @classmethod
    def sentence(cls, fields: dict[str, Any], meta: dict[str, Any]) -> tuple[str, dict[str, str]]:
        """Id, severity and the first line of the docstring; below it each number that it uses, and why that one."""
        first = inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]
        level = (fields.get("graded") or {}).get("value", cls.level)
        template, params = "$rule · $level: $says", {"rule": cls.rule, "level": level, "says": first}
        for number, (name, entry) in enumerate(_reasoned(meta.get("numbers", {}))):
            template += f"\n - $name_{number} = $value_{number}: $reason_{number}"
            params |= {f"name_{number}": name, f"value_{number}": str(entry["value"]),
                       f"reason_{number}": f"{entry.get('reason', '')} ({entry.get('decided_on', '')})"}
        return template, params

    @classmethod
    def shown(cls, fields: dict[str, Any]) -> dict[str, str]:
        """The key of the finding, what should stand there, what does."""
        return {**{name: name for name in cls.key}, "expected": cls.expected, "actual": cls.actual}

    @classmethod
    def sample_of(cls, relation: str, condition: str, limit: int) -> str:
        """SQL for the first broken rows of a relation that somebody set apart, by their key."""
        columns = ", ".join(f"{sql} as {name}" for name, sql in cls.shown({}).items())
        return f"select {columns} from {relation} where {condition} order by {', '.join(cls.key)} limit {limit}"

    @classmethod
    def condition(cls, fields: dict[str, Any]) -> str:
        """The predicate with the rule's own numbers filled in."""
        numbers = {name: value for name, value in fields.items() if isinstance(value, (int, float))}
        text = cls.predicate
        for name, value in numbers.items():
            text = text.replace("{" + name + "}", number_sql(value, fields["exceptions"].get(name, [])))
        return text

    def severity_sql(self, indicator: str = "indicator", department: str = "department_unit_id") -> str:
        """SQL for the severity of a finding, given what says its indicator and its department."""
        return severity_sql(self.graded.get("value", self.level), self.graded.get("exceptions", []),
                            {"indicator": indicator, "department": department})


def _reasoned(numbers: dict[str, Any], within: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every number of ``thresholds.yml`` with its reason, however deep it stands, and its name."""
    for name, entry in numbers.items():
        if not isinstance(entry, dict):
            continue
        full = f"{within} {name}".strip()
        if "value" in entry:
            yield full, entry
            yield from ((f"{full} ({whom(each)})", each) for each in entry.get("exceptions", ()))
        else:
            yield from _reasoned(entry, full)


class OnObservation(Rule):
    """A rule whose subject is the observation in the row: an error withholds it."""

    relation = "intermediate.int_observation_compared"
    key = ("unit_id", "indicator", "period", "scope")
    withholds = "select unit_id, indicator, period, scope from {broken} as broken"
