"""Recall and precision on prose with its claims marked by hand, and on the reports that the project was created from."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.narrative.cases import loader
from tonghop.narrative.check import Report, check_text
from tonghop.narrative.claims import Claim

LEARNED = ("a", "b", "c")
FLOORS = {**dict.fromkeys(LEARNED, (0.98, 0.98)), "unread": (0.95, 0.95)}
"""Recall and precision held. ``c`` was first run unread when the grammar stood: 0.960 and 0.945; then learned from.
``unread`` was written after that by a hand that had not seen the grammar, and run once: 0.955 and 0.967."""
SOURCES = Path(__file__).resolve().parents[3] / "shared" / "source_reports"


def is_found(truth: loader.Claim, claim: Claim) -> bool:
    """Whether a claim is the one marked: its kind, its numbers, its rate as written, its place."""
    overlaps = claim.start <= truth.start < claim.end or truth.start <= claim.start < truth.end
    numbers = truth.kind == "rate" or (truth.numerator, truth.denominator) == (claim.numerator, claim.denominator)
    stated = " ".join((truth.stated_rate or "").split()) == (claim.stated_rate or "")
    return truth.kind == claim.kind and overlaps and numbers and stated


def scores(set_name: str) -> tuple[float, float]:
    """Recall and precision over a set."""
    hits = marked = claimed = 0
    for case in loader.load(set_name):
        claims = check_text(case.text).claims
        left = list(range(len(claims)))
        for truth in case.claims:
            hit = next((at for at in left if is_found(truth, claims[at])), None)
            if hit is not None:
                left.remove(hit)
                hits += 1
        marked, claimed = marked + len(case.claims), claimed + len(claims)
    assert marked > 100, "the set is empty: this sees nothing"
    return hits / marked, hits / claimed


@pytest.mark.parametrize("set_name", FLOORS)
def test_claims_are_found_and_nothing_else_is(set_name: str) -> None:
    # Without this: one figure in twenty is lost or invented on the next report that arrives.
    recall, precision = scores(set_name)
    least_recall, least_precision = FLOORS[set_name]
    assert recall >= least_recall, f"recall {recall:.3f}"
    assert precision >= least_precision, f"precision {precision:.3f}"


@pytest.mark.parametrize("set_name", LEARNED)
def test_findings_are_those_of_a_careful_steward(set_name: str) -> None:
    """Every finding expected, on its subject, with its cause first; at most one of another's in the whole set."""
    missing, extra, expected = [], [], 0
    for case in loader.load(set_name):
        report = check_text(case.text)
        left = list(report.findings)
        for truth in (each for each in case.findings if each.rule != "R02"):  # said inside R01's finding
            expected += 1
            places = {case.claims[at].start for at in truth.claims}
            hit = next((each for each in left if each.rule == truth.rule and report.claims[each.claims[0]].start in places), None)
            if hit is None or hit.severity != truth.severity:
                missing.append((case.name, truth.rule))
            else:
                left.remove(hit)
        extra += [(case.name, each.rule, each.en) for each in left]
    assert expected >= 10
    assert len(missing) <= 0.1 * expected, missing
    assert len(extra) <= 0.1 * expected, extra


needs_sources = pytest.mark.skipif(not SOURCES.is_dir(), reason="the source reports are not beside the project")


def source_reports() -> dict[str, tuple[str, Report]]:
    texts = {path.name: path.read_bytes().decode("utf-8") for path in sorted(SOURCES.glob("*.txt")) if path.name[0].isdigit()}
    return {name: (text, check_text(text)) for name, text in texts.items()}


@needs_sources
def test_source_reports_every_figure_at_its_place_and_nothing_else() -> None:
    reports = source_reports()
    seen = 0
    owned: set[tuple[str, int]] = set()
    for row in csv.DictReader((SOURCES / "claims.csv").read_text(encoding="utf-8").splitlines()):
        text, report = reports[row["report_file"]]
        is_claim = row["kind"].startswith(("ratio", "count", "rate"))
        for place in re.finditer(re.escape(row["quote"]), text):
            inside = [
                each for each in report.claims
                if place.start() <= each.start < place.end()
            ]
            if not is_claim:
                assert not inside, (row["claim_id"], [each.quote for each in inside])
                continue
            assert inside, row["claim_id"]
            owned |= {(row["report_file"], each.start) for each in inside}
            if row["denominator"] or (row["stated_rate"] and row["numerator"]):
                (only,) = inside
                stated = (str(only.numerator), str(only.denominator or ""), only.stated_rate or "")
                assert stated == (row["numerator"], row["denominator"], row["stated_rate"])
                seen += 1
    assert seen >= 20
    every = {(name, each.start) for name, (_, report) in reports.items() for each in report.claims}
    assert every == owned


@needs_sources
def test_source_reports_exactly_the_findings_expected() -> None:
    expected = sorted(
        row["expected_finding"]
        for row in csv.DictReader((SOURCES / "relations.csv").read_text(encoding="utf-8").splitlines())
        if row["expected_finding"]
    )
    reports = [report for _, report in source_reports().values()]
    assert sorted(each.rule for report in reports for each in report.findings) == expected
    told = " ".join(str(cause) for report in reports for each in report.findings for cause in each.explanations)
    for arithmetic in ("99,55% khớp với 221/222", "88 = 73 + 15", "45.658 − 43.240 = 2.418", "2.418 ≤ 3.484", "7/13", "7 of 13"):
        assert arithmetic in told
