"""What the corpus's nation counts: its populations, its indicators, and which role each plays for the planted errors.

Indicators of ``DECLARED`` groups are also declared as totals by districts and provinces, so that a wrong figure of a
commune shows in the sums above it. The others stand in communes alone: an error in them reaches nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

PERIODS = ("2024-01", "2024-02", "2024-03", "2024-04")
EXTRA_DUE = ("2024-02", "2024-04")
"""Periods for which communes owe the form ``extra`` too; in the others only ``core`` is due, so late is late once."""


@dataclass(frozen=True)
class Population:
    """What a denominator counts."""

    code: str
    counted_from: str
    unit_types: str = ""
    composed_of: str = ""


@dataclass(frozen=True)
class Indicator:
    """One entry of the catalogue; ``kind`` is ratio, count or stock."""

    code: str
    group: str
    kind: str
    population: str = ""
    reported_by: str = "grassroots"
    is_cumulative: bool = False
    part_of: str = ""
    parts_are_all: bool = False
    complement_of: str = ""
    nested_in: str = ""


POPULATIONS = (
    Population("member", "return"),
    Population("branch", "return"),
    Population("cadre", "return"),
    Population("civil_servant", "return"),
    Population("staff", "derived", composed_of="cadre+civil_servant"),
    Population("key_cadre", "return"),  # that nobody returns: what a commune's statements agree on counts
    Population("household", "return"),
    Population("body", "return", composed_of="body_standing+body_support"),
    Population("body_standing", "return"),
    Population("body_support", "return"),
    Population("commune", "register", "commune"),
    Population("provincial_agency", "register", "provincial_agency"),
    Population("direct_committee", "return", composed_of="district_committee+other_committee"),
    Population("district_committee", "return"),
    Population("other_committee", "return"),
    Population("provincial_unit", "derived", composed_of="provincial_agency+direct_committee"),
)

INDICATORS = (
    Indicator("attend_member", "core_member", "ratio", "member", is_cumulative=True),
    Indicator("fee_member", "core_member", "ratio", "member"),
    Indicator("volunteer_member", "core_member", "ratio", "member"),
    Indicator("donate_member", "core_member", "ratio", "member"),
    Indicator("branch_total", "core_branch", "stock", "branch"),
    Indicator("meeting_branch", "core_branch", "ratio", "branch"),
    Indicator("library_branch", "core_branch", "ratio", "branch"),
    Indicator("resolution_branch", "core_branch", "ratio", "branch"),
    Indicator("no_resolution_branch", "core_branch", "count", "branch", complement_of="resolution_branch"),
    Indicator("train_cadre", "core_cadre", "ratio", "cadre"),
    Indicator("plan_cadre", "core_cadre", "ratio", "cadre"),
    Indicator("inspect_cadre", "core_cadre", "ratio", "cadre"),
    Indicator("train_civil", "core_cadre", "ratio", "civil_servant"),
    Indicator("rated_staff", "core_cadre", "ratio", "staff"),
    Indicator("petition", "core_count", "count"),
    Indicator("visit", "core_count", "count"),
    Indicator("talk", "core_count", "count"),
    Indicator("bulletin", "core_count", "count"),
    Indicator("broadcast", "core_count", "count"),
    Indicator("letter", "core_count", "count", is_cumulative=True),
    Indicator("wifi_commune", "core_count", "ratio", "commune"),
    Indicator("clean_household", "core_home", "ratio", "household"),
    Indicator("plan_agency", "core_agency", "ratio", "provincial_agency", "provincial_agency"),
    Indicator("agency_reviewed", "core_province", "ratio", "provincial_agency", "province"),
    Indicator("agency_inspected", "core_province", "ratio", "provincial_agency", "province"),
    Indicator("unit_reviewed", "core_province", "ratio", "provincial_unit", "province"),
    Indicator("committee_reviewed", "core_province", "ratio", "direct_committee", "province"),
    Indicator("ballot", "extra_parts", "count", parts_are_all=True),
    Indicator("ballot_paper", "extra_parts", "count", part_of="ballot"),
    Indicator("ballot_online", "extra_parts", "count", part_of="ballot"),
    Indicator("ballot_meeting", "extra_parts", "count", part_of="ballot"),
    Indicator("admitted", "extra_parts", "count"),
    Indicator("admitted_women", "extra_parts", "count", part_of="admitted"),
    Indicator("course_member", "extra_nested", "ratio", "member", is_cumulative=True),
    Indicator("pass_member", "extra_nested", "ratio", "member", is_cumulative=True, nested_in="course_member"),
    Indicator("planned_women", "extra_key", "ratio", "key_cadre"),
    Indicator("planned_young", "extra_key", "ratio", "key_cadre"),
    Indicator("rotated", "extra_key", "ratio", "key_cadre"),
    Indicator("course_hour", "free", "count", is_cumulative=True),
    Indicator("tree", "free", "count"),
    Indicator("guest_member", "free", "ratio", "member"),
    Indicator("model_branch", "free", "ratio", "branch"),
)
BY_CODE = {each.code: each for each in INDICATORS}

DECLARED = tuple(each.code for each in INDICATORS
                 if each.group in ("core_member", "core_branch", "core_cadre", "core_count"))
"""What communes state and districts and provinces declare as totals."""
HOME = "clean_household"
"""Declared in the first period alone, over a population that only communes return: above them no ledger knows better than
the declaration itself (and a later one would move the ledger's count)."""
COUNTS_DECLARED = ("petition", "visit", "talk", "bulletin", "broadcast")
"""Of those the plain counts that may go up and down."""
KEY = ("planned_women", "planned_young", "rotated")
BALLOTS = ("ballot_paper", "ballot_online", "ballot_meeting")
EXTRA = tuple(each.code for each in INDICATORS if each.group.startswith("extra_"))
RETURNED_BELOW = ("household",)
"""What communes alone return, for a ratio of theirs."""
RETURNED_ABOVE = ("member", "cadre", "civil_servant")
"""What communes, districts and provinces return each period (branches are returned by the stock ``branch_total``)."""
BODIES = ("body", "body_standing", "body_support")
"""What communes alone return; no ratio quotes them."""
COMMITTEES = ("direct_committee", "district_committee", "other_committee")
"""What provinces return of their committees."""

FORMS = (
    ("core", tuple(dict.fromkeys(each.group for each in INDICATORS if each.group.startswith("core_"))), "province",
     PERIODS),
    ("extra", tuple(dict.fromkeys(each.group for each in INDICATORS if each.group.startswith("extra_"))), "grassroots",
     EXTRA_DUE),
)
"""The calendar: name, groups of indicators, level that owes it, periods. ``free`` is in no form: nobody owes it."""
DUE_DAY = 20
"""Day of the month after the period until which a form is on time."""
