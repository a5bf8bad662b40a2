"""The numbers and severities of ``thresholds.yml``: one for everybody, others for an indicator, a department, or both.

A number stands as ``{value, reason, decided_on}``; ``exceptions`` lists others, each with its own reason and day::

    tolerance_points:
      value: 0.5
      reason: …
      decided_on: 2026-11-22
      exceptions:
        - {indicator: member_rated, department: V-2, value: 1, reason: …, decided_on: 2026-12-01}

``severity`` says what becomes of the findings of a class that are otherwise of the severity named first::

    severity:
      error:
        value: error
        reason: …
        decided_on: 2026-11-22
        exceptions:
          - {department: V-2, value: warning, reason: …, decided_on: 2026-12-01}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).with_suffix(".yml")

_COLUMNS = {"indicator": "indicator", "department": "department_unit_id"}
"""What an exception may be for, and the column of a judged relation that says it to an exception to a number."""
_SAID = {"value", "reason", "decided_on"}
SEVERITIES = ("error", "warning", "info")
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
        if isinstance(entry, dict) and entry.get("exceptions"):
            found[name] = _closest_first(f"{rule}, {name}", entry["exceptions"], _as_number)
    return found


def severities_of(rule: str, entries: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What becomes of a rule's findings, by the severity of the class that finds them: ``{value, exceptions}``.

    Raises:
        ThresholdError: something is no severity, or lacks its reason or its day.
    """
    found = {}
    for usual, entry in (entries.get("severity") or {}).items():
        place = f"{rule}, severity of what is usually {usual}"
        if not isinstance(entry, dict) or (missing := sorted(_SAID - entry.keys())):
            raise ThresholdError(f"{place}: say {', '.join(missing if isinstance(entry, dict) else sorted(_SAID))}.")
        found[usual] = {"value": _as_severity(place, entry["value"]),
                        "exceptions": _closest_first(place, entry.get("exceptions") or [], _as_severity)}
    return found


def number_sql(value: float, exceptions: list[dict[str, Any]]) -> str:
    """SQL for a number, over the columns of the judged relation: itself, or a case where there are exceptions."""
    return _case_sql(repr(value), [(each, repr(float(each["value"]))) for each in exceptions], _COLUMNS)


def severity_sql(value: str, exceptions: list[dict[str, Any]], columns: Mapping[str, str]) -> str:
    """SQL for a severity, as ``number_sql``; ``columns`` has the SQL for what an exception may be for."""
    return _case_sql(f"'{value}'", [(each, f"'{each['value']}'") for each in exceptions], columns)


def _case_sql(usual: str, exceptions: list[tuple[dict[str, Any], str]], columns: Mapping[str, str]) -> str:
    if not exceptions:
        return usual
    cases = " ".join(f"when {' and '.join(_conditions(each, columns))} then {value}" for each, value in exceptions)
    return f"(case {cases} else {usual} end)"


def whom(exception: dict[str, Any]) -> str:
    """Whom an exception is for, in words."""
    return ", ".join(str(exception[name]) for name in _COLUMNS if name in exception)


def _conditions(exception: dict[str, Any], columns: Mapping[str, str]) -> Iterator[str]:
    for name, column in columns.items():
        if name in exception:
            yield f"{column} = '{exception[name]}'"


def _closest_first(place: str, listed: list[Any], as_value: Callable[[str, Any], Any]) -> list[dict[str, Any]]:
    for each in listed:
        _check(place, each)
        as_value(place, each["value"])
    return sorted(listed, key=lambda each: -len(each.keys() & _COLUMNS.keys()))


def _as_number(place: str, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ThresholdError(f"{place}: {value!r} is no number.")
    return value


def _as_severity(place: str, value: Any) -> str:
    if value not in SEVERITIES:
        raise ThresholdError(f"{place}: {value!r} is no severity; they are {', '.join(SEVERITIES)}.")
    return str(value)


def _check(place: str, exception: Any) -> None:
    if not isinstance(exception, dict) or not exception.keys() & _COLUMNS.keys():
        raise ThresholdError(f"{place}: an exception is for an indicator, a department, or both.")
    if unknown := sorted(exception.keys() - _COLUMNS.keys() - _SAID):
        raise ThresholdError(f"{place}: an exception says {', '.join(sorted(_SAID))}; not {unknown[0]}.")
    if missing := sorted(_SAID - exception.keys()):
        raise ThresholdError(f"{place}: the exception {exception} lacks {missing[0]}.")
    for name in _COLUMNS:
        if name in exception and not _CODE.fullmatch(str(exception[name])):
            raise ThresholdError(f"{place}: {exception[name]!r} is no code (of: {name}).")
