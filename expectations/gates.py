"""The three gates in their order, each a list of sittings: one relation, its rules, and how many rows they must see."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from expectations.rule import Rule
from expectations.rules import completeness, denominators, numerators, rates, release, statements
from expectations.thresholds import ThresholdError, exceptions_of, severities_of, thresholds


@dataclass(frozen=True)
class Sitting:
    """One relation and the rules that judge it together.

    Attributes:
        name: of the suite.
        relation: ``schema.table``; one row per subject.
        rules: the expectation classes.
        due: SQL for the number of rows that must be there to be judged, counted by another way than the relation.
        numbers: thresholds beside those of ``thresholds.yml``, in its words.
    """

    name: str
    relation: str
    rules: tuple[type[Rule], ...]
    due: str
    numbers: dict[str, Any] = field(default_factory=dict)

    def expectations(self) -> list[Rule]:
        """The rules with their thresholds, ready for a suite; the reasons go with them, to be shown."""
        numbers = {**thresholds()["rules"], **self.numbers}
        for said in {rule.rule for rule in self.rules}:
            usual = {rule.level for rule in self.rules if rule.rule == said}
            if unknown := sorted(severities_of(said, numbers.get(said) or {}).keys() - usual):
                raise ThresholdError(f"{said}, severity: it finds nothing that is usually {unknown[0]}.")
        return [_ready(rule, numbers.get(rule.rule) or {}) for rule in self.rules]


def level_is_fixed(rule: type[Rule]) -> str:
    """Why a class's findings can have no other severity than its own; empty where they can."""
    return rule.level_is_fixed or ("a raw row that breaks it is kept aside" if rule.relation == ROWS.relation else "")


def _ready(rule: type[Rule], entries: dict[str, Any]) -> Rule:
    numbers = {name: entry["value"] for name, entry in entries.items() if name in rule.__fields__ and "value" in entry}
    exceptions = exceptions_of(rule.rule, entries)
    if unused := sorted(exceptions.keys() - numbers.keys()):
        raise ThresholdError(f"{rule.rule}, {unused[0]}: {rule.__name__} does not judge by it, "
                             "so it takes no exceptions.")
    return rule(**numbers, exceptions=exceptions, graded=_graded(rule, entries),
                meta={"numbers": json.loads(json.dumps(entries, default=str))} if entries else None)


def _graded(rule: type[Rule], entries: dict[str, Any]) -> dict[str, Any]:
    """The severity of a class's findings, where ``thresholds.yml`` says another."""
    graded = severities_of(rule.rule, entries).get(rule.level)
    if not graded:
        return {}
    if fixed := level_is_fixed(rule):
        raise ThresholdError(f"{rule.rule}, severity: it cannot be another, since {fixed}.")
    if rule.columns.get("indicator") == "null" and any("indicator" in each for each in graded["exceptions"]):
        raise ThresholdError(f"{rule.rule}, severity: what {rule.__name__} finds is of no one indicator, "
                             "so it takes no exceptions for one.")
    if not rule.withholds and "error" in (graded["value"], *(each["value"] for each in graded["exceptions"])):
        raise ThresholdError(f"{rule.rule}, severity: {rule.__name__} withholds nothing, so it finds no errors.")
    return graded


ROWS = Sitting(
    name="statements",
    relation="intermediate.int_statement_compared",
    rules=(
        statements.ExpectUnitToBeKnown,
        statements.ExpectIndicatorToBeKnown,
        statements.ExpectSenderToSpeakForUnit,
        statements.ExpectPeriodToBeOpen,
        statements.ExpectUnitToBeOpenInPeriod,
        statements.ExpectUnitToStateIndicator,
    ),
    # What ingestion says it kept of the latest forms, but for withdrawals and for what the same form states again.
    due="select coalesce(sum(rows_kept), 0)"
        " - (select count(*) from intermediate.int_statement_resolved"
        " where action <> 'state' and submission_seq = form_latest_seq)"
        " - (select count(*) from intermediate.int_statement_repeated"
        " where not is_latest_wording and action = 'state' and submission_seq = form_latest_seq)"
        " from staging.stg_submissions__form where submission_seq = form_latest_seq",
)

FORMS = Sitting(
    name="forms",
    relation="intermediate.int_form_compared",
    rules=(completeness.ExpectFormToRestateItsFacts,),
    due="select count(distinct (submission.sender, submission.form, form.period))"
        " from staging.stg_submissions__form as form"
        " inner join staging.stg_submissions__submission as submission using (submission_seq)"
        " inner join staging.stg_ops__period as period using (period) where submission.kind = 'workbook'",
)

FIGURES = (
    Sitting(
        name="observations",
        relation="intermediate.int_observation_compared",
        rules=(
            statements.ExpectOneValueAFact,
            denominators.ExpectDenominatorAboveZero,
            denominators.ExpectNumeratorWithinDenominator,
            denominators.ExpectDenominatorToEqualLedger,
            rates.ExpectStatedRateToFitNearly,
            rates.ExpectStatedRateToFit,
            rates.ExpectSomeNumeratorToGiveTheRate,
            rates.ExpectImpliedDenominatorToHoldTheLedgers,
        ),
        due="select count(*) from intermediate.int_observation_standing where not is_return",
    ),
    Sitting(
        name="returns",
        relation="intermediate.int_return_compared",
        rules=(statements.ExpectOneValueAReturn,),
        due="select count(*) from intermediate.int_observation_standing where is_return",
    ),
    Sitting(
        name="populations",
        relation="intermediate.int_denominator_compared",
        rules=(denominators.ExpectOneDenominatorAPopulation,),
        due="select count(*) from (select from intermediate.int_observation_standing as standing"
            " inner join staging.stg_reference__indicator as indicator using (indicator)"
            " where standing.population is not null and standing.denominator > 0 and indicator.nested_in is null"
            " group by standing.unit_id, standing.population, standing.period) as quoted",
    ),
)

COMPLEMENTS = Sitting(
    name="complements",
    relation="intermediate.int_complement_compared",
    rules=(numerators.ExpectDoneAndNotDoneToBeAll,),
    due="select 0",  # a complement whose ratio is withheld or missing has no verdict
)

RELATIONS = (
    Sitting(
        name="sendings",
        relation="intermediate.int_sending_compared",
        rules=(completeness.ExpectEveryExpectedUnitToReport, completeness.ExpectReportsOnTime),
        due="select 0",  # nothing is due where the calendar expects nothing
    ),
    Sitting(
        name="counts",
        relation="intermediate.int_count_compared",
        rules=(denominators.ExpectCountToMoveForAReason,),
        due="select 0",  # of most counts there is nothing earlier, or nothing else
    ),
    Sitting(
        name="nested ratios",
        relation="intermediate.int_nested_compared",
        rules=(denominators.ExpectNestedDenominatorToBeTheOuterNumerator,),
        due="select 0",  # as for complements: what is withheld or missing leaves no verdict
    ),
    Sitting(
        name="parts",
        relation="intermediate.int_part_compared",
        rules=(numerators.ExpectPartWithinWhole,),
        due="select 0",
    ),
    Sitting(
        name="wholes",
        relation="intermediate.int_whole_compared",
        rules=(numerators.ExpectPartsToBeTheWhole,),
        due="select 0",
    ),
    Sitting(
        name="compositions",
        relation="intermediate.int_composition_compared",
        rules=(denominators.ExpectCountToBeTheSumOfItsComposition,),
        due="select count(distinct (returned.period, returned.unit_id, returned.population))"
            " from intermediate.int_population_stated as returned"
            " inner join intermediate.int_population_composed using (period, unit_id, population)"
            " where returned.source = 'return' and not returned.has_two_values",
    ),
)

TOTALS = Sitting(
    name="declarations",
    relation="intermediate.int_declaration_compared",
    rules=(
        denominators.ExpectDeclaredDenominatorToEqualChildren,
        numerators.ExpectDeclaredNumeratorToEqualChildren,
    ),
    due="select coalesce(sum(1 + (declared_denominator is not null)::int), 0) from intermediate.int_rollup_cascaded"
        " where has_declaration and not is_declarer",
)

FALLS = Sitting(
    name="falls",
    relation="intermediate.int_fall_compared",  # made after declarations are set aside: what they said is looked past
    rules=(numerators.ExpectCumulativeCountNotToFall,),
    due="select 0",  # the relation lists what fell
)

RELEASE = (
    Sitting(
        name="nation",
        relation="intermediate.int_nation_compared",
        rules=(release.ExpectNationToEqualItsParts,),
        due="select 2 * count(*) from intermediate.int_rollup_cascaded where unit_id = 'VN' and basis <> 'missing'",
    ),
    Sitting(
        name="leaves",
        relation="intermediate.int_terminal_traced",
        rules=(release.ExpectNothingWithheldInsideASum,),
        due="select 1 where exists (select 1 from intermediate.int_observation_cleared where is_usable and is_reporter)"
            " union all select 0 limit 1",
    ),
    Sitting(
        name="bounds",
        relation="candidate.fct_rollup",
        rules=(release.ExpectBoundsToHoldTheRate,),
        due="select count(*) from intermediate.int_rollup_cascaded"
            " inner join staging.stg_reference__indicator_hierarchy using (indicator)"
            " where hierarchy = 'territorial' and basis <> 'missing'",
    ),
    Sitting(
        name="restated bounds",
        relation="candidate.fct_rollup_restated",
        rules=(release.ExpectRestatedBoundsToHoldTheRate,),
        due="select count(*) from intermediate.int_rollup_restated"
            " inner join staging.stg_reference__indicator_hierarchy using (indicator) where hierarchy = 'territorial'",
    ),
    Sitting(
        name="vanished",
        relation="intermediate.int_vanished_compared",
        rules=(release.ExpectNothingPublishedToVanish,),
        # What was published beyond the number that is offered must be missing from it.
        due="select case when published > 0 then greatest(0, published - (select count(*) from candidate.fct_rollup))"
            " else 0 end from (select count(*) as published from staging.stg_store__replaced_rollup) as replaced",
    ),
    Sitting(
        name="coverage",
        relation="intermediate.int_coverage_compared",
        rules=(release.ExpectCoverageToReachItsThreshold,),
        due="select count(distinct (calendar.period, calendar.campaign))"
            " from staging.stg_reference__calendar as calendar"
            " inner join staging.stg_ops__period as period using (period)"
            " inner join staging.stg_reference__indicator as indicator"
            " on indicator.indicator_group = any(calendar.indicator_groups)",
    ),
)

GATES: dict[str, tuple[Sitting, ...]] = {
    "figures": (ROWS, FORMS, *FIGURES, COMPLEMENTS, *RELATIONS),
    "totals": (TOTALS, FALLS),
    "release": RELEASE,
}
"""The gates in their order, each with all its sittings."""
