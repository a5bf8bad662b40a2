"""The warnings of the oracle on cases small enough to be judged by hand: one province, one reporter, a few figures.

Without these tests the SQL and its slow implementation could agree on a warning that the text does not know, or both
stay silent where a province's parts are more than its whole.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from oracle import Oracle
from verdict import Verdict
from world import Catalogue, Indicator, Population, ReporterClass, Statement, Tree, Unit

_AGENCIES = [Unit(f"agency {number}", f"a{number}", "agency", "district", "province") for number in (1, 2, 3)]
_UNITS = [
    Unit("nation", "VN", "nation", "nation", None),
    Unit("department", "V", "department", "department", "nation"),
    Unit("province", "01", "province", "province", "department"),
    *_AGENCIES,
]
_POPULATIONS = (
    Population("agency", ("register",), ("agency",)),
    Population("district", ("return",)),
    Population("other", ("return",)),
    Population("committee", ("return",), composed_of=("district", "other")),
    Population("place", ("derived",), composed_of=("agency", "committee")),
    Population("member", ("return",)),
)
_INDICATORS = (
    Indicator("team", "ratio", "committee", "province"),
    Indicator("rule", "ratio", "committee", "province", nested_in="team"),
    Indicator("plan", "ratio", "committee", "province"),
    Indicator("plan_not", "count", None, "province", complement_of="plan"),
    Indicator("attended", "count", None, "province", parts_are_all=True),
    Indicator("attended_member", "ratio", "member", "province", part_of="attended"),
    Indicator("attended_guest", "count", None, "province", part_of="attended"),
    Indicator("admitted", "count", None, "province"),
    Indicator("admitted_woman", "count", None, "province", part_of="admitted"),
    Indicator("classes", "count", None, "agency"),
    Indicator("meeting", "count", None, "province", is_cumulative=False),
    Indicator("task", "ratio", "place", "province"),
    Indicator("listed", "ratio", "district", "province"),
    Indicator("rated", "ratio", "member", "province"),
    Indicator("pace", "ratio", None, "province", may_exceed_one=True),
    Indicator("member_total", "stock", "member", "province", is_cumulative=False),
)
_CATALOGUE = Catalogue(
    {each.code: each for each in _POPULATIONS}, {each.code: each for each in _INDICATORS},
    {each: ReporterClass(each, (each,)) for each in ("province", "agency")}, frozenset({each.code for each in _UNITS}))

CAUTIONS = {"D06", "D07", "D08", "N02", "N03", "N04", "R02", "R03"}


def _said(text: str) -> Statement:
    """``team 13/15 52,07%``: an indicator (or a population), a numerator, a denominator and a rate; ``X`` for nothing."""
    code, *words = text.split()
    numerator = denominator = rate = None
    for word in words:
        if word.endswith("%"):
            rate = Decimal(word.rstrip("%").replace(",", "."))
        elif word != "X":
            numerator, denominator = (int(each) if each else None for each in (*word.split("/"), "")[:2])
    mark = "not_applicable" if "X" in words else "nil" if numerator == 0 else "reported"
    return Statement(1, 0, "01", "form", "01", code, "total", mark, numerator, denominator, rate)


def _month(*texts: str, before: list[Verdict] | None = None, agencies: int = 3) -> Verdict:
    """What is found where the province says this, after what was said of the months before."""
    said = [Statement(**{**vars(_said(text)), "row": row}) for row, text in enumerate(texts)]
    units = [unit for unit in _UNITS if unit not in _AGENCIES[agencies:]]
    return Oracle(Tree(units, _CATALOGUE.reporters), _CATALOGUE, said, before or []).verdict()


def _months(*months: str) -> list[Verdict]:
    """Month after month, figures parted by semicolons."""
    verdicts: list[Verdict] = []
    for said in months:
        verdicts.append(_month(*filter(None, said.split(";")), before=list(verdicts)))
    return verdicts


def _warned(verdict: Verdict) -> set[str]:
    """The warnings of the province: rule and what it is about."""
    return {f"{rule} {what[1]}" for rule, *what in verdict.findings if rule in CAUTIONS}


# One unit's figures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "found"), [
    ("team 13/15;rule 7/15", {"D07 rule"}),  # 13/15 … trong đó 7/15
    ("team 13/15;rule 7/13", set()),
    ("team 0/15;rule 0/0", set()),
    ("team 2/15;rule 0/0", {"D07 rule"}),
    ("team 13 86%;rule 7/13", set()),  # the numerator is stated, its denominator is not
    ("team 13 86%;rule 7/12", {"D07 rule"}),
    ("rule 7/13", set()),
    ("team X;rule 7/13", set()),
    ("team 13/15;rule 7 53%", set()),
    ("team 16/15;rule 7/13", set()),  # D02 withholds the outer one
    ("team 13/15;team 12/15;rule 7/15", set()),  # S06
    ("team 13/15;rule 16/15", set()),  # D02 withholds the inner one
])
def test_a_share_of_a_share_is_of_what_was_done(said: str, found: set[str]) -> None:
    """Without it "trong đó 7/15" could be read as seven of thirteen."""
    assert _warned(_month(*said.split(";"))) == found


@pytest.mark.parametrize(("said", "found"), [
    ("admitted 5;admitted_woman 6", {"N02 admitted_woman"}),
    ("admitted 5;admitted_woman 5", set()),
    ("admitted_woman 6", set()),
    ("admitted 0;admitted_woman 1", {"N02 admitted_woman"}),
    ("admitted 5;admitted 6;admitted_woman 7", set()),
    ("attended 43240;attended_member 22118 96%;attended_guest 23540", {"N03 attended"}),
    ("attended 45658;attended_member 22118 96%;attended_guest 23540", set()),
    ("attended 5;attended_member 6/9;attended_guest 0", {"N02 attended_member", "N03 attended"}),
    ("attended 5;attended_member 1/9;attended_guest 1", {"N03 attended"}),
    ("attended 5;attended_member 7/9", {"N02 attended_member"}),  # a part is missing: the whole has no verdict
    ("attended 5;attended_guest X;attended_member 4/9", set()),
    ("attended 5;attended_member 8/7;attended_guest 1", set()),  # D02 withholds a part
    ("attended_member 3/9;attended_guest 1", set()),
])
def test_parts_are_set_beside_their_whole(said: str, found: set[str]) -> None:
    """Without it more women than people could be admitted, or 45.658 of 43.240 attend."""
    assert _warned(_month(*said.split(";"))) == found


def test_what_a_complement_withholds_is_no_part() -> None:
    """Without it one wrong figure would be found twice, once as an error and once as a warning."""
    known = Catalogue(_CATALOGUE.populations, {**_CATALOGUE.indicators, "plan_late": Indicator(
        "plan_late", "count", None, "province", part_of="plan_not")}, _CATALOGUE.reporters, frozenset())
    said = [_said(text) for text in ("plan 67/73", "plan_not 5", "plan_late 6")]
    verdict = Oracle(Tree(_UNITS, known.reporters), known, said).verdict()
    assert verdict.cautions["N02", "province", "plan_late", "own"] == "silenced"


def test_a_held_province_is_warned_of_all_the_same() -> None:
    """Without it whether a warning stands would depend on the errors of other figures."""
    verdict = _month("admitted 5", "admitted_woman 6", "team 16/15", "plan 17/15", "rated 3/0")
    assert verdict.withheld["province", "admitted_woman", "own"] == {"HELD"}
    assert "N02 admitted_woman" in _warned(verdict)


def test_scopes_are_not_mixed() -> None:
    """Without it what a department declares of all under it could be set beside what a province says of itself."""
    said = [Statement(1, 1, "01", "form", "01", "admitted", "own", numerator=5),
            Statement(2, 1, "V", "form", "V", "admitted_woman", "total", numerator=6)]
    assert not Oracle(Tree(_UNITS, _CATALOGUE.reporters), _CATALOGUE, said).verdict().cautions


# Periods --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("months", "found"), [
    (("admitted 5", "admitted 4"), {"N04 admitted"}),
    (("admitted 5", "admitted 5"), set()),
    (("admitted 5", "admitted 0"), {"N04 admitted"}),
    (("admitted 5", "", "admitted 4"), {"N04 admitted"}),  # a month of silence is looked past
    (("admitted 5", "admitted X", "admitted 4"), {"N04 admitted"}),
    (("admitted 5", "admitted 3", "admitted 4"), set()),  # beside the latest one alone
    (("admitted 5", "admitted 9;admitted 10", "admitted 6"), set()),  # S06 withholds the month between
    (("admitted 5", "admitted 3;admitted 2", "admitted 4"), {"N04 admitted"}),
    (("admitted 5", "admitted 4;admitted 3"), set()),
    (("meeting 5", "meeting 4"), set()),  # counted anew every month
    (("plan 5/9", "plan 4/9"), set()),  # a ratio is not a count
    (("member_total 5", "member_total 4"), set()),
    (("admitted 5;team 16/15;plan 17/15;rated 3/0", "admitted 4"), {"N04 admitted"}),  # held, and it speaks
])
def test_what_is_counted_from_the_beginning_does_not_fall(months: tuple[str, ...], found: set[str]) -> None:
    """Without it a province could take back what it has counted, and nobody would ask."""
    assert _warned(_months(*months)[-1]) == found


@pytest.mark.parametrize(("months", "found"), [
    (((1, 2, 3, 6), (1, 2, 3, 5)), {"N04", "N01"}),  # it fell, and is not the sum either
    (((1, 2, 3, 8), (1, 2, 4, 7)), set()),  # the eight were set aside
    (((1, 2, 3, 6), (1, 2, 3, 8), (1, 2, 4, 7)), set()),
    (((1, 2, 3, 6), (1, 2, 3, 8), (1, 2, 4, 5)), {"N04", "N01"}),  # beside the six
    (((1, 2, None, 8), (1, 2, 4, 7)), {"N04"}),  # an agency was silent: nobody knew better
])
def test_a_declaration_that_was_set_aside_is_looked_past(months: tuple[tuple[int | None, ...], ...], found: set[str]) -> None:
    """Without it a province that mends its total would be asked why it takes back what nobody had believed."""
    verdicts: list[Verdict] = []
    for *below, declared in months:
        said = [Statement(1, row, "01", "form", unit.code, "classes", "own", numerator=amount)
                for row, (unit, amount) in enumerate(zip(_AGENCIES, below, strict=True)) if amount is not None]
        said.append(Statement(1, 9, "01", "form", "01", "classes", "total", numerator=declared))
        verdicts.append(Oracle(Tree(_UNITS, _CATALOGUE.reporters), _CATALOGUE, said, list(verdicts)).verdict())
    assert {rule for rule, unit, *_ in verdicts[-1].findings if unit == "province"} == found


@pytest.mark.parametrize(("months", "found"), [
    (("plan 5/15", "plan 5/16"), {"D06 committee"}),  # quoted, and it moves
    (("plan 5/15", "plan 5/15"), set()),
    (("plan 5/15", "", "plan 5/16"), {"D06 committee"}),
    (("plan 5/15", "plan 5/15;team 5/16", "plan 5/16"), {"D06 committee"}),  # no majority: unknown for a month
    (("committee 15", "committee 16"), set()),  # a return moves it
    (("plan 5/15", "committee 16;plan 5/16"), set()),
    (("committee 15", "plan 5/16"), {"D06 committee"}),  # the return is silent, a quote says otherwise
    (("committee 15", "plan 5/15"), set()),
    (("plan 5/16",), set()),
    (("district 8;other 7", "district 9;other 7"), set()),  # a return moves the composition
    (("listed 3/8;other 7", "listed 3/8;other 9"), set()),  # a quoted part stays, a returned one moves
    (("listed 3/8;other 7", "listed 3/9;other 7"), {"D06 district", "D06 committee"}),
    (("listed 3/8;other 7", "listed 3/9;other 6"), {"D06 district"}),  # the sum is what it was
    (("committee 15", "listed 3/8;other 8"), {"D06 committee"}),  # a quote that the ledger has never held
    (("committee 15", "district 8;other 8"), set()),
    (("district 8;committee 15", "listed 3/8;other 8"), set()),  # that quote it has held
])
def test_a_quote_alone_moves_no_denominator(months: tuple[str, ...], found: set[str]) -> None:
    """Without it a province could change what its rate is of from month to month, as long as it quotes one number."""
    warned = _warned(_months(*months)[-1])
    assert {each for each in warned if each.startswith("D06") and each != "D06 place"} == found
    assert ("D06 place" in warned) == ("D06 committee" in warned)  # agencies and committees


def test_the_register_may_move_a_composition() -> None:
    """Without it every new agency would be a warning at its province."""
    before = _month("committee 15", agencies=2)
    after = _month("committee 15", before=[before], agencies=3)
    assert (before.ledger["province", "place"], after.ledger["province", "place"]) == (
        (17, "composition"), (18, "composition"))
    assert not _warned(after)


@pytest.mark.parametrize(("said", "found"), [
    ("committee 222;district 143;other 79", set()),
    ("committee 223;district 143;other 79", {"D08 committee"}),
    ("committee 223;district 143", set()),
    ("committee 9;listed 3/8;other 2", {"D08 committee"}),  # a part that is quoted is known too
    ("committee 9;committee 8;district 1;other 1", set()),  # two values return nothing
    ("place 9;committee 7", {"D08 place"}),  # 3 + 7: no return may count it, and it is stated all the same
    ("place 10;committee 7", set()),
    ("plan 3/9;district 4;other 4", set()),  # a quote is no return; D03 finds it
])
def test_a_count_is_the_sum_of_what_it_is_composed_of(said: str, found: set[str]) -> None:
    """Without it 222 committees could be 143 and 80."""
    verdict = _month(*said.split(";"))
    assert _warned(verdict) == found
    is_returned = any(each.startswith("place") for each in said.split(";"))
    assert (("D08", "province", "place") in verdict.cautions) == is_returned  # a sum is not set beside itself


# Rates ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "found"), [
    ("rated 709/724 99,55%", {"R02 rated"}),  # no n/724 gives 99,55
    ("rated 38/73 52,07%", {"R02 rated"}),
    ("rated 38/73 53,42%", set()),  # 39/73: an error by R01, but not an impossible rate
    ("rated 709/724 97,79%", set()),  # 708/724: a slip by R01
    ("rated 38/73 52,05%", set()),  # no finding of R01
    ("rated 38/73 104%", {"R02 rated"}),
    ("pace 38/73 104%", set()),  # 76/73
    ("pace 38/73 104,05%", {"R02 pace"}),
    ("rated 1/8 13%", set()),  # 12,5 is written 13: half-up
    ("rated 1/8 12%", {"R02 rated"}),
])
def test_a_rate_that_no_count_gives_is_named(said: str, found: set[str]) -> None:
    """Without it a steward would look for another numerator where none can be right."""
    assert _warned(_month(said)) == found


@pytest.mark.parametrize(("counted", "found"), [(3610, True), (3611, False), (3648, False), (3649, True)])
def test_a_count_with_its_rate_implies_its_denominators(counted: int, found: bool) -> None:
    """Without it 3.484 (96%) could be said of any number of members."""
    assert ("R03 rated" in _warned(_month("rated 3484 96%", f"member {counted}"))) == found


@pytest.mark.parametrize(("said", "found"), [
    ("rated 3484 96%", set()),  # the ledger has none
    ("rated 0 0%;member 9", set()),
    ("rated 0 5%;member 9", {"R03 rated"}),  # no denominator at all
    ("rated 5 50%;member 0", {"R03 rated"}),
    ("rated 5/9;member 9", set()),
    ("rated 5;member 9", set()),  # D01
    ("attended 5 50%;member 9", set()),
    ("rule 5 50%;committee 9", set()),  # of the outer numerator, not of the committees
    ("pace 5 50%", set()),
    ("member_total 5 50%;member 9", set()),  # a stock is not a share
])
def test_only_a_share_of_something_counted_is_judged_by_its_rate(said: str, found: set[str]) -> None:
    """Without it a rate could be held against a count that it is not a rate of."""
    assert _warned(_month(*said.split(";"))) == found


def test_a_warning_withholds_nothing() -> None:
    """Without it a footnote could take a figure out of its sum."""
    verdict = _month("admitted 5", "admitted_woman 6", "rated 3484 96%", "member 1")
    assert _warned(verdict) == {"N02 admitted_woman", "R03 rated"}
    assert not any(verdict.withheld.values())
    assert verdict.cells["nation", "admitted_woman"].numerator == 6
