"""Reads the truth sets: prose with its claims marked by hand, and the findings a careful steward expects of it.

The markup is described in README.md beside this file. Offsets are into the text **without** markup, as a program would
read the file; nothing is normalised on the way (some reports are NFD on purpose).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from pathlib import Path

HERE = Path(__file__).resolve().parent
MARK = re.compile(r"⟦([^⟦⟧¦]+)¦([^⟦⟧¦]+)⟧")
NUMBER = re.compile(r"(?<!\d)\d{1,3}(?:[. \u00a0]\d{3})+(?!\d)|\d+")
RATE = re.compile(r"\d+(?:[.,]\d+)?(?=[ \u00a0]?%)")
CLAIM_KINDS = ("ratio", "count", "rate", "count_rate")


@dataclass(frozen=True)
class Claim:
    """One figure of a report.

    Attributes:
        kind: ratio, count, rate or count_rate.
        start, end: offsets of its numbers in the clean text, end exclusive.
        quote: the clean text between them.
        numerator, denominator: whole numbers, None where the text gives none.
        stated_rate: the rate as written, "91,78%"; None where the text gives none.
        rate_start, rate_end: where that rate stands (the claim's own place for kind rate).
        bound, rate_bound: lower, upper, about or range; None for a plain figure.
    """

    kind: str
    start: int
    end: int
    quote: str
    numerator: int | None
    denominator: int | None
    stated_rate: str | None
    rate_start: int | None
    rate_end: int | None
    bound: str | None
    rate_bound: str | None

    @property
    def decimals(self) -> int | None:
        """Decimals of the stated rate; None without a plain rate."""
        value = _rate_text(self)
        return None if value is None else len(value.replace(",", ".").partition(".")[2])

    @property
    def computed_rate(self) -> Fraction | None:
        """Percent, exact; None without numerator and denominator."""
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(100 * self.numerator, self.denominator)

    @property
    def consistent(self) -> bool | None:
        """Whether the stated rate is the quotient at its decimals, half up; None where nothing can be compared.

        A rate that is only a bound ("trên 90%") is compared as the bound it is.
        """
        value, exact = _rate_text(self), self.computed_rate
        if value is None or exact is None:
            return None
        stated = Fraction(value.replace(",", "."))
        match self.rate_bound:
            case "lower":
                return exact >= stated
            case "upper":
                return exact <= stated
            case "about":
                return abs(exact - stated) <= 1
        step = 10 ** (self.decimals or 0)
        return Fraction(floor(exact * step + Fraction(1, 2)), step) == stated


@dataclass(frozen=True)
class Finding:
    """An arithmetic finding that this text alone justifies.

    Attributes:
        rule: R01, R02, R03, D04, D07, N02, N03 or N05.
        severity: error, warning or info.
        claims: indices into the case's claims, in the order the finding speaks of them.
        explanation: key of the cause (README.md lists them), None where the text offers none.
    """

    rule: str
    severity: str
    claims: tuple[int, ...]
    explanation: str | None


@dataclass(frozen=True)
class Case:
    """One report: its clean text, its claims in reading order, its findings."""

    name: str
    text: str
    claims: list[Claim] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def load(set_name: str) -> list[Case]:
    """All reports of a set, in order of their names.

    Args:
        set_name: a, b, c or unread.

    Raises:
        ValueError: a mark, an attribute or a finding cannot be understood; the message names the file.
    """
    return [read_case(path) for path in sorted((HERE / set_name).glob("*.txt"))]


def read_case(path: Path) -> Case:
    """One report from NNN.txt and NNN.json beside it."""
    marked = path.read_bytes().decode("utf-8")
    try:
        text, claims = parse(marked)
        spoken = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["findings"]
        findings = [
            Finding(each["rule"], each["severity"], tuple(_locate(quote, claims) for quote in each["claims"]), each["explanation"])
            for each in spoken
        ]
    except (ValueError, KeyError) as problem:
        raise ValueError(f"{path.parent.name}/{path.name}: {problem}") from problem
    return Case(path.stem, text, claims, findings)


def parse(marked: str) -> tuple[str, list[Claim]]:
    """Clean text and claims of marked text.

    Raises:
        ValueError: a stray bracket, an unknown kind, a rate that belongs to no claim.
    """
    clean, places = _strip(marked)
    rates = {}
    for start, end, (kind, attributes) in places:
        if kind == "rate-of":
            if attributes["id"] in rates:
                raise ValueError(f"two rates belong to claim {attributes['id']}")
            rates[attributes["id"]] = (start, end, attributes.get("b"))
    claims = [_claim(clean, place, rates) for place in places if place[2][0] != "rate-of"]
    if rates:
        raise ValueError(f"rates of claims that do not exist: {sorted(rates)}")
    return clean, claims


def _strip(marked: str) -> tuple[str, list[tuple[int, int, tuple[str, dict[str, str]]]]]:
    """Clean text, and for each mark its start, end and (kind, attributes)."""
    pieces: list[str] = []
    places = []
    length = position = 0
    for mark in MARK.finditer(marked):
        before, quote = marked[position:mark.start()], mark[1]
        kind, *pairs = mark[2].split(";")
        attributes = dict(pair.strip().split("=", 1) for pair in pairs)
        start = length + len(before)
        places.append((start, start + len(quote), (kind, attributes)))
        pieces += [before, quote]
        length, position = start + len(quote), mark.end()
    pieces.append(marked[position:])
    clean = "".join(pieces)
    if any(bracket in clean for bracket in "⟦⟧¦"):
        raise ValueError("a bracket of the markup is not closed")
    return clean, places


def _claim(clean: str, place: tuple[int, int, tuple[str, dict[str, str]]], rates: dict[str, tuple[int, int, str | None]]) -> Claim:
    """One claim; takes its rate out of `rates`."""
    start, end, (kind, attributes) = place
    if kind not in CLAIM_KINDS:
        raise ValueError(f"unknown kind {kind!r}")
    own = (start, end, attributes.get("b")) if kind == "rate" else None
    rate = own or rates.pop(attributes.get("id", ""), None)
    if (rate is not None) != ("r" in attributes) or (rate and clean[rate[0]:rate[1]] != attributes["r"]):
        raise ValueError(f"the rate of {clean[start:end]!r} is not where its mark says")
    numbers = [int(attributes[key]) if key in attributes else None for key in ("n", "d")]
    where = rate or (None, None, None)
    return Claim(kind, start, end, clean[start:end], numbers[0], numbers[1], attributes.get("r"),
                 where[0], where[1], attributes.get("b"), where[2])


def _rate_text(claim: Claim) -> str | None:
    """The digits of a plain stated rate; None for a range."""
    if claim.stated_rate is None or claim.rate_bound == "range":
        return None
    found = RATE.search(claim.stated_rate)
    return found[0] if found else None


def _locate(quote: str, claims: list[Claim]) -> int:
    """Index of the claim a finding quotes: its numbers, with "#2" behind for the second of the same words."""
    words, _, turn = quote.partition("#")
    places = [index for index, each in enumerate(claims) if each.quote == words]
    try:
        return places[int(turn or 1) - 1]
    except IndexError:
        raise ValueError(f"no claim {quote!r}") from None
