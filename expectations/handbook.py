"""The rules as a page: ``python -m expectations.handbook > docs/rules.md``. A test holds the page to the classes."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator

from expectations.gates import GATES, Sitting, level_is_fixed
from expectations.rule import Rule
from expectations.thresholds import severities_of, thresholds, whom

_WHAT = {
    "figures": "Statements, then figures. A row that breaks an error rule is kept aside, a figure is withheld;"
               " a warning publishes with a footnote.",
    "totals": "Declared totals beside sums that are whole. A declaration that disagrees is set aside; the sum stands."
              " Then cumulative counts beside earlier ones.",
    "release": "The candidate as a whole. An error holds it, and what analysts see is unchanged.",
}

_HEAD = """# The rules

Made from the rule classes by `python -m expectations.handbook`; a test holds it equal to them. What the words mean
stands in [semantics.md](semantics.md). S01, S02, S07 and S08 are judged while a file is read
([submissions.md](submissions.md)), everything else every night. Numbers that a rule uses are in
`expectations/thresholds.yml`, each with its reason and its day; `exceptions` there give another number to an indicator,
a department, or both. Severities may be given there in the same way, but for rules that say here why they cannot:

```yaml
rules:
  D03:
    severity:
      error:              # what this rule finds, and is otherwise an error
        value: error
        reason: as semantics.md has it
        decided_on: 2026-11-22
        exceptions:
          - {department: V-2, value: warning, reason: …, decided_on: 2026-12-01}
```
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join([_HEAD, *(line for gate, sittings in GATES.items() for line in _gate(gate, sittings))])


def rules() -> dict[str, list[type[Rule]]]:
    """Every rule that a gate judges by, by its id; several classes where it judges several relations or severities."""
    found: dict[str, list[type[Rule]]] = {}
    for sittings in GATES.values():
        for sitting in sittings:
            for rule in sitting.rules:
                found.setdefault(rule.rule, []).append(rule)
    return found


def _gate(name: str, sittings: tuple[Sitting, ...]) -> Iterator[str]:
    yield f"## The {name} gate\n"
    yield f"{_WHAT[name]}\n"
    for sitting in sittings:
        for rule in sitting.rules:
            yield from _rule(rule, sitting)


def _rule(rule: type[Rule], sitting: Sitting) -> Iterator[str]:
    first, _, rest = inspect.cleandoc(rule.__doc__ or "").partition("\n")
    yield f"### {rule.rule} · {rule.level} · `{rule.__name__}`\n"
    yield f"{first}\n"
    if more := re.sub(r"\s+", " ", rest).strip():
        yield f"{more}\n"
    why = level_is_fixed(rule)
    fixed = f" Its severity is fixed: {why}." if why else ""
    yield f"Judges `{sitting.relation}`; a finding is known by {', '.join(f'`{name}`' for name in rule.key)}.{fixed}"
    entries = thresholds()["rules"].get(rule.rule, {})
    if graded := severities_of(rule.rule, entries).get(rule.level):
        yield f"Its findings are of severity {graded['value']}."
        yield from (f"For {whom(each)} they are {each['value']}: {each['reason']} ({each['decided_on']})"
                    for each in graded["exceptions"])
    for name, entry in entries.items():
        if isinstance(entry, dict) and "value" in entry:
            yield f"`{name}` is {entry['value']}: {entry['reason']} ({entry['decided_on']})"
            for each in entry.get("exceptions", ()):
                yield f"For {whom(each)} it is {each['value']}: {each['reason']} ({each['decided_on']})"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
