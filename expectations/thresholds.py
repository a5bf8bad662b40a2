"""The numbers of ``thresholds.yml``: one for everybody, others for an indicator, a department, or both.

A number stands as ``{value, reason, decided_on}``; ``exceptions`` lists others, each with its own reason and day::

    tolerance_points:
      value: 0.5
      reason: …
      decided_on: 2026-11-22
      exceptions:
        - {indicator: member_rated, department: V-2, value: 1, reason: …, decided_on: 2026-12-01}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).with_suffix(".yml")

_COLUMNS = {"indicator": "indicator", "department": "department_unit_id"}
"""What an exception may be for, and the column of a judged relation that says it."""
_SAID = {"value", "reason", "decided_on"}
_CODE = re.compile(r"[A-Za-z0-9_.-]+")


class ThresholdError(ValueError):
    """An exception in ``thresholds.yml`` that does not say whom it is for, or why."""


@lru_cache(maxsize=1)
def thresholds() -> dict[str, Any]:
    """The file as it is."""
    loaded: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return loaded


def exceptions_of(rule: str, entries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The exceptions to each number of a rule, the closest first: for indicator and department, then for either.

    Raises:
        ThresholdError: one names nothing, something else, or lacks its reason or its day.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for name, entry in entries.items():
        listed = entry.get("exceptions") if isinstance(entry, dict) else None
        if listed:
            for each in listed:
                _check(f"{rule}, {name}", each)
            found[name] = sorted(listed, key=lambda each: -len(each.keys() & _COLUMNS.keys()))
    return found


def number_sql(value: float, exceptions: list[dict[str, Any]]) -> str:
    """SQL for a number, over the columns of the judged relation: itself, or a case where there are exceptions."""
    if not exceptions:
        return repr(value)
    cases = " ".join(f"when {' and '.join(_conditions(each))} then {float(each['value'])!r}" for each in exceptions)
    return f"(case {cases} else {value!r} end)"


def whom(exception: dict[str, Any]) -> str:
    """Whom an exception is for, in words."""
    return ", ".join(str(exception[name]) for name in _COLUMNS if name in exception)


def _conditions(exception: dict[str, Any]) -> Iterator[str]:
    for name, column in _COLUMNS.items():
        if name in exception:
            yield f"{column} = '{exception[name]}'"


def _check(place: str, exception: Any) -> None:
    if not isinstance(exception, dict) or not exception.keys() & _COLUMNS.keys():
        raise ThresholdError(f"{place}: an exception is for an indicator, a department, or both.")
    if unknown := sorted(exception.keys() - _COLUMNS.keys() - _SAID):
        raise ThresholdError(f"{place}: an exception says {', '.join(sorted(_SAID))}; not {unknown[0]}.")
    if missing := sorted(_SAID - exception.keys()):
        raise ThresholdError(f"{place}: the exception {exception} lacks {missing[0]}.")
    if not isinstance(exception["value"], int | float) or isinstance(exception["value"], bool):
        raise ThresholdError(f"{place}: {exception['value']!r} is no number.")
    for name in _COLUMNS:
        if name in exception and not _CODE.fullmatch(str(exception[name])):
            raise ThresholdError(f"{place}: {exception[name]!r} is no code (of: {name}).")
