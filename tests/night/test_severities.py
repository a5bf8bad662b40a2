"""Another severity for a department or an indicator: in a whole night, and for every class of findings that may have one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from expectations import gates
from expectations.gates import COMPLEMENTS, FALLS, FIGURES, FORMS, RELATIONS, TOTALS, Sitting, level_is_fixed
from expectations.rule import Rule
from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop.quality import findings
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

SAID = {"reason": "counted by hand there", "decided_on": date(2026, 12, 1)}
SENT = ("60,comment_given_agency,2012-05,own,17,88,,", "60,comment_received_agency,2012-05,own,63,73,,",
        "60,study_attendance_front,2012-05,own,515,603,95%,",
        *(f"60-A{number:02d},urgent_plan_agency,2012-05,own,1,1,," for number in range(1, 6)))
FOUND = "select rule, severity, coalesce(indicator, population) from quality.finding where state = 'open' order by 1, 2, 3"
SITTINGS = (FORMS, *FIGURES, COMPLEMENTS, *RELATIONS, TOTALS, FALLS)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give errors of rules other severities: ``said(D03=[{"department": "V-3", "value": "warning"}])``."""

    def say(**exceptions: list[dict[str, Any]]) -> None:
        usual = gates.thresholds()
        rules = {rule: {**usual["rules"].get(rule, {}), "severity": {
            "error": {"value": "error", "exceptions": [{**each, **SAID} for each in listed], **SAID}}}
            for rule, listed in exceptions.items()}
        monkeypatch.setattr(gates, "thresholds", lambda: {**usual, "rules": {**usual["rules"], **rules}})

    return say


def test_what_is_a_warning_in_one_department_withholds_nothing_there(
    country: Settings, send: Callable[..., None], said: Callable[..., None]
) -> None:
    """Bình Thuận was under V-3 in 2012: its wrong population is published with a footnote, its wrong rate is withheld."""
    said(D03=[{"department": "V-3", "value": "warning"}], D04=[{"department": "V-3", "value": "warning"}],
         R01=[{"department": "V-2", "value": "info"}, {"indicator": "comment_given_agency", "value": "info"}])
    send("60", *SENT)
    assert run_night(country)
    assert as_admin(country, FOUND) == [
        ("D03", "warning", "comment_given_agency"), ("D04", "warning", "provincial_agency"),
        ("R01", "error", "study_attendance_front")]
    published = "select numerator, denominator from marts.fct_rollup where unit_id = 'A-60' and indicator = %s"
    assert as_analyst(country, published, "comment_given_agency") == [(17, 88)]
    assert as_analyst(country, published, "study_attendance_front") == []


def test_every_class_that_may_be_graded_can_be_for_a_department_and_an_indicator(
    country: Settings, send: Callable[..., None]
) -> None:
    """Their relations name their subjects in many ways; a night must not find out that one of them cannot be asked."""
    send("60", *SENT)
    run_id = run_night(country, until="judge_totals")
    asked = set()
    with connect(country, "builder") as connection:
        rows(connection, "select set_config('tonghop.run_id', %s, false)", [run_id])
        for sitting in SITTINGS:
            for rule in sitting.rules:
                if level_is_fixed(rule):
                    continue
                (ready,) = Sitting("one", sitting.relation, (rule,), "select 0", _for_somebody(rule)).expectations()
                rows(connection, "delete from quality.run_finding")
                findings.gather(connection, sitting.relation, [ready])
                findings.record(connection, "figures", ready, 0)
                asked.add(rule.rule)
        connection.rollback()
    assert asked == {"C01", "C02", "C03", "D03", "D04", "D06", "D07", "D08", "N02", "N03", "N04", "N05", "R01", "R02", "R03"}


def _for_somebody(rule: type[Rule]) -> dict[str, Any]:
    exceptions = [{"department": "V-3", "value": "info", **SAID}]
    if rule.columns.get("indicator") != "null":
        exceptions.append({"department": "V-3", "indicator": "plan", "value": "warning", **SAID})
    return {rule.rule: {"severity": {rule.level: {"value": rule.level, "exceptions": exceptions, **SAID}}}}
