"""A report's sentences → claims → arithmetic: the one entry for everyone else. Pure.

``check_text`` reads and judges a text; ``Report.to_json`` is the public contract of ``check-report --json``.

R02 ("no whole numerator gives this rate") has no finding of its own: it names what cannot be right about a rate that
R01 has already found wrong, so it is one of that finding's explanations. A reader who counts findings counts causes,
and a slip in print is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tonghop.narrative.claims import Claim, claims_of
from tonghop.narrative.denominators import denominator_findings, implied_findings
from tonghop.narrative.excess import excess_findings
from tonghop.narrative.explain import rate_causes, ratio_text
from tonghop.narrative.findings import Finding
from tonghop.narrative.nesting import groups_of, sums_of
from tonghop.narrative.numbers import shown_rate
from tonghop.narrative.parts import complement_findings, nested_findings, part_findings

SLIP = 0.5
"""Points up to which a wrong rate is a slip (warning); beyond, one of the three numbers is wrong (error)."""

_WHOLE = 100
_ORDER = ("error", "warning", "info")


@dataclass(frozen=True)
class Report:
    """What a text claims and what in it does not agree.

    Attributes:
        claims: in reading order.
        findings: errors first, then in the order of their subjects.
    """

    claims: list[Claim]
    findings: list[Finding]

    @property
    def is_consistent(self) -> bool:
        """Whether no finding is an error or a warning."""
        return all(finding.severity == "info" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The contract: numbers as numbers, ``stated_rate`` as written, ``computed_rate`` a fraction of one."""
        return {
            "claims": [_claim_json(claim) for claim in self.claims],
            "findings": [
                {
                    "rule": finding.rule,
                    "severity": finding.severity,
                    "message": finding.message,
                    "claims": list(finding.claims),
                    "explanations": [str(each) for each in finding.explanations],
                }
                for finding in self.findings
            ],
        }


def check_text(text: str) -> Report:
    """Read the claims of a report and hold them against one another.

    Args:
        text: as it was read from the file, not normalised; offsets of claims point into it.
    """
    tokens, claims = claims_of(text)
    groups = groups_of(tokens, claims)
    found = [
        *rate_findings(claims),
        *excess_findings(tokens, claims),
        *denominator_findings(tokens, claims, groups),
        *implied_findings(tokens, claims, groups),
        *nested_findings(tokens, claims, groups),
        *part_findings(tokens, claims, [*groups, *sums_of(tokens, claims)]),
        *complement_findings(tokens, claims),
    ]
    found = _one_a_cause(claims, found)
    return Report(claims, sorted(found, key=lambda each: (_ORDER.index(each.severity), each.claims[0], each.rule)))


def _one_a_cause(claims: Sequence[Claim], found: Sequence[Finding]) -> list[Finding]:
    """Without what another finding says: the sum of done and not done, or a share's rate of a ratio above one."""
    done = {frozenset(each.claims) for each in found if each.rule == "N05"}
    above = {each.claims[0] for each in found if each.rule == "D02"}
    shares = {at for at in above if (rate := claims[at].rate) is not None and rate.exact <= _WHOLE}
    return [
        each
        for each in found
        if not (each.rule == "N03" and frozenset(each.claims) in done)
        and not (each.rule == "R01" and each.claims[0] in shares)
    ]


def rate_findings(claims: Sequence[Claim]) -> list[Finding]:
    """R01: a stated rate that its numerator and denominator do not give at the decimals stated, half up."""
    found = []
    for at, claim in enumerate(claims):
        quotient, rate = claim.quotient, claim.rate
        if claim.consistent is not False or quotient is None or rate is None:
            continue
        is_slip = abs(quotient - rate.exact) <= SLIP
        exact, stated = shown_rate(quotient, max(rate.decimals, 2)), shown_rate(rate.value, rate.decimals)
        found.append(
            Finding(
                "R01",
                "warning" if is_slip else "error",
                f"tỷ lệ không khớp: {ratio_text(claim)} = {exact}, báo cáo ghi {stated}",
                f"the rate does not fit: {ratio_text(claim)} = {exact}, the report says {stated}",
                (at,),
                rate_causes(at, claims),
            )
        )
    return found


def _claim_json(claim: Claim) -> dict[str, Any]:
    quotient = claim.quotient
    return {
        "start": claim.start,
        "end": claim.end,
        "quote": claim.quote,
        "kind": claim.kind,
        "numerator": claim.numerator,
        "denominator": claim.denominator,
        "stated_rate": claim.stated_rate,
        "decimals": claim.rate.decimals if claim.rate else None,
        "computed_rate": float(quotient / 100) if quotient is not None else None,
        "consistent": claim.consistent,
        "population": claim.population or None,
    }
