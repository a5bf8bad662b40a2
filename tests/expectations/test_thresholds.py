"""A number may be another for an indicator or a department; what nobody can mean is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.gates import ROWS, Sitting
from expectations.rule import Rule
from expectations.rules import completeness, denominators, rates, release, statements
from expectations.thresholds import ThresholdError, exceptions_of, number_sql
from tonghop.quality.bench import Bench
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

SAID = {"reason": "counted by hand there", "decided_on": "2026-12-01"}


def tolerance(*exceptions: dict[str, Any]) -> dict[str, Any]:
    return {"tolerance_points": {"value": 0.5, "exceptions": list(exceptions), **SAID}}


def test_the_closest_exception_counts(scratch: Settings) -> None:
    """38/73 is 52,05%: written 53% it is almost a point off, which V-2 may be, but not with its reviews."""
    with connect(scratch, "builder") as connection:
        rows(connection, """
            create table scratch.written as
            select unit_id, indicator, department_unit_id, '2012-05' as period, 'own' as scope, 38 as numerator,
                73 as denominator, 0 as rate_decimals, '53%' as stated_rate_text, 53.0 as stated_percent,
                100 * 38 / 73.0 as exact_percent
            from (values ('A', 'plan', 'V-2'), ('B', 'review', 'V-2'), ('C', 'plan', 'V-3'), ('D', 'review', 'V-3'),
                         ('E', 'plan', null)) as said (unit_id, indicator, department_unit_id)
        """)
    numbers = tolerance({"department": "V-2", "value": 1, **SAID}, {"indicator": "review", "value": 2, **SAID},
                        {"indicator": "review", "department": "V-2", "value": 0.5, **SAID})
    sitting = Sitting(name="written", relation="scratch.written", due="select 0", numbers={"R01": numbers},
                      rules=(rates.ExpectStatedRateToFitNearly, rates.ExpectStatedRateToFit))
    slips, errors = Bench(scratch, "figures", None).judge(sitting)
    assert (slips.problem, errors.problem) == (None, None)
    assert (slips.observed, errors.observed) == (2, 3), "A and D are slips; B, C and E are errors"
    assert "V-2" in str(slips.rule.sentence({}, {"numbers": numbers})), "the exception is shown with its reason"


@pytest.mark.parametrize(("exception", "problem"), [
    ({"value": 1, **SAID}, "for an indicator, a department, or both"),
    ({"indicator": "plan", "province": "A-60", "value": 1, **SAID}, "not province"),
    ({"indicator": "plan", "value": 1, "decided_on": "2026-12-01"}, "lacks reason"),
    ({"indicator": "plan", "value": "much", **SAID}, "'much' is no number"),
    ({"indicator": "plan' or true --", "value": 1, **SAID}, "is no code (of: indicator)"),
])
def test_an_exception_that_nobody_can_mean_is_refused(exception: dict[str, Any], problem: str) -> None:
    """Unread, it would leave the number as it was, and whoever wrote it would believe otherwise."""
    with pytest.raises(ThresholdError, match="R01, tolerance_points") as refused:
        exceptions_of("R01", tolerance(exception))
    assert problem in str(refused.value)


def test_an_exception_to_a_number_that_the_rule_does_not_use_is_refused() -> None:
    numbers = {"D03": {"coverage": {"value": 0.5, "exceptions": [{"indicator": "plan", "value": 1, **SAID}], **SAID}}}
    sitting = Sitting(name="figures", relation="scratch.none", due="select 0", numbers=numbers,
                      rules=(denominators.ExpectDenominatorToEqualLedger,))
    with pytest.raises(ThresholdError, match="D03, coverage: ExpectDenominatorToEqualLedger does not judge by it"):
        sitting.expectations()


def test_a_number_without_exceptions_is_itself() -> None:
    assert number_sql(0.5, []) == "0.5"


class OwnRowRule(Rule):
    """A rule of somebody's own, on the raw rows, need not say that it is fixed."""

    rule = "U97"
    relation = ROWS.relation
    predicate = "unit_code is null"
    key = ("unit_code",)
    message_vi = message_en = ""


def severity(usual: str, value: str, *exceptions: dict[str, Any]) -> dict[str, Any]:
    return {"severity": {usual: {"value": value, "exceptions": list(exceptions), **SAID}}}


def test_data_docs_say_for_whom_a_severity_is_another() -> None:
    graded = severity("error", "error", {"department": "V-2", "value": "warning", **SAID})
    sitting = Sitting(name="rates", relation="scratch.none", due="select 0", numbers={"R01": {**tolerance(), **graded}},
                      rules=(rates.ExpectStatedRateToFit,))
    (rule,) = sitting.expectations()
    template, params = rule.sentence({"graded": rule.graded}, {"numbers": graded})
    for name in sorted(params, key=len, reverse=True):
        template = template.replace(f"${name}", params[name])
    assert "(V-2) = warning: counted by hand there (2026-12-01)" in template


@pytest.mark.parametrize(("rule", "entries", "problem"), [
    (rates.ExpectStatedRateToFit, severity("error", "fatal"), "'fatal' is no severity; they are error, warning, info"),
    (rates.ExpectStatedRateToFit, severity("error", "error", {"value": "info", **SAID}), "an indicator, a department"),
    (rates.ExpectStatedRateToFit, severity("info", "error"), "it finds nothing that is usually info"),
    (rates.ExpectStatedRateToFit, {"severity": {"error": {"value": "info"}}}, "say decided_on, reason"),
    (denominators.ExpectNumeratorWithinDenominator, severity("error", "warning"), "no sum can take such a figure in"),
    (statements.ExpectUnitToBeKnown, severity("error", "warning"), "a raw row that breaks it is kept aside"),
    (release.ExpectNationToEqualItsParts, severity("error", "warning"), "whether the release is held"),
    (OwnRowRule, severity("error", "warning"), "a raw row that breaks it is kept aside"),
    (completeness.ExpectReportsOnTime, severity("warning", "error"), "withholds nothing, so it finds no errors"),
    (denominators.ExpectOneDenominatorAPopulation,
     severity("error", "error", {"indicator": "plan", "value": "info", **SAID}), "is of no one indicator"),
])
def test_a_severity_that_cannot_be_is_refused(rule: type[Rule], entries: dict[str, Any], problem: str) -> None:
    sitting = Sitting(name="any", relation="scratch.none", due="select 0", numbers={rule.rule: entries}, rules=(rule,))
    with pytest.raises(ThresholdError, match=rule.rule) as refused:
        sitting.expectations()
    assert problem in str(refused.value)
