"""What a set of random cases holds, feature by feature: a generator that goes blank is seen here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verdict import Cell, Observation, Verdict
from world import Case, Catalogue, Indicator, Tree

Place = tuple[str, str]  # period, and the province, department or nation it is seen at
Seen = tuple[str, str]  # feature, unit

BASES = ("own", "complete", "mixed", "declared", "partial")
DECLARERS = ("district", "province", "department")
SORTS = ("stock", "cumulative", "flow")
BESIDE = ("D07", "N02", "N03", "N04")  # rules that set figures of a unit beside each other
CAUTIONS = (*BESIDE, "D06", "D08", "R02", "R03")
FEATURES = frozenset({
    # trees
    "no district", "empty district", "commune under its province", "reporter under a reporter",
    "reporters at several depths", "province without reporters", "department of no province",
    "department of one province", "department of several provinces",
    # gaps
    "missing", "nil", "not applicable", "ratio without denominator", "X withheld", "everything missing",
    *(f"withheld by {rule}" for rule in ("D01", "D02", "D03", "D04", "S06", "R01", "N05", "HELD")),
    # declarations
    *(f"{level} declares {measure} {verdict}" for level in DECLARERS for measure in ("numerator", "denominator")
      for verdict in ("right", "wrong", "unknown")),
    *(f"{level}'s declaration is taken" for level in DECLARERS), "declarer speaks", "nation's declaration is kept aside",
    "declaration covers withheld", "declaration withheld",
    # kinds of figures
    *(f"{sort} {basis}" for sort in SORTS for basis in BASES), *(f"{sort} silent after it spoke" for sort in SORTS),
    "count with population", "count states a denominator", "part beside its whole", "complement beside its indicator",
    "nested partial, outer whole", "nested partial, outer not whole", "rate above one", "lower bound without upper",
    "bounds apart", "partial without bounds",
    # populations
    *(f"counted by {source}" for source in ("register", "return", "composition", "agreed", "derivation")),
    "unknown though quoted", "known by its children alone", "return of the period before counts no more",
    # warnings
    *(f"{rule} {outcome}" for rule in CAUTIONS for outcome in ("broken", "kept")),
    *(f"{rule} silenced" for rule in BESIDE), *(f"{rule} {outcome} on a total" for rule in BESIDE
                                                for outcome in ("broken", "kept")),
    "one figure beside another in a held province", "one period beside another in a held province",
    "parts that are all, some not stated", "rate alone, ledger unknown",
    *(f"rate alone of a {sort}" for sort in ("nested ratio", "count", "stock")),
    "fall after a silent period", "fall after a withheld figure", "fall after a held one",
    *(f"composition moved {how}" for how in ("by a quote", "rightly")), "agreed count moved", "agreed count unmoved",
    "agreed count moved for a reason below",
    "return moved", "register moved",
    *(f"R02 {outcome} beside {what}" for outcome in ("broken", "kept") for what in ("a slip", "an error")),
})


@dataclass(frozen=True)
class Judged:
    """A case, and what the oracle says of it."""

    case: Case
    tree: Tree
    known: Catalogue
    verdict: Verdict

    @property
    def period(self) -> str:
        return self.case.period

    def provinces(self) -> list[str]:
        return [unit.unit_id for unit in self.tree.units.values() if unit.level == "province"]

    def place(self, unit: str) -> str:
        """The province whose case a unit belongs to; above the provinces, the unit itself."""
        return self.tree.province(unit) or unit

    def asked(self) -> list[Indicator]:
        """The indicators of which anything stands."""
        stated = {each.indicator for each in self.verdict.observations.values()}
        return [each for each in self.known.indicators.values() if each.code in stated]


def census(judged: list[Judged]) -> dict[str, set[Place]]:
    """The places at which each feature occurs; ``judged`` is in the order of periods."""
    seen: dict[str, set[Place]] = defaultdict(set)
    for number, each in enumerate(judged):
        found = [*_trees(each), *_gaps(each), *_declarations(each), *_cells(each), *_populations(each)]
        found += [*_cautions(each), *_moves(judged[:number], each), *_falls(judged[:number], each)]
        if number:
            found += _silences(judged[number - 1], each)
        for feature, unit in found:
            seen[feature].add((each.period, each.place(unit)))
    return seen


def sort(indicator: Indicator) -> str:
    """How a figure stands in time."""
    if indicator.kind == "stock":
        return "stock"
    return "cumulative" if indicator.is_cumulative else "flow"


def _trees(each: Judged) -> Iterator[Seen]:
    tree = each.tree
    for province in each.provinces():
        below = [tree.units[unit] for unit in tree.subtree(province)[1:]]
        districts = [unit for unit in below if unit.type in ("rural_district", "direct_committee")]
        if not districts:
            yield "no district", province
        if any(len(tree.subtree(unit.unit_id)) == 1 for unit in districts):
            yield "empty district", province
        if any(unit.type == "commune" and unit.parent == province for unit in below):
            yield "commune under its province", province
        speaking = [unit for unit in below if tree.is_reporter(unit.unit_id, "grassroots")]
        topmost = [unit for unit in speaking if tree.is_topmost(unit.unit_id, "grassroots")]
        if len(topmost) < len(speaking):
            yield "reporter under a reporter", province
        if len({len(tree.path(unit.unit_id)) for unit in topmost}) > 1:
            yield "reporters at several depths", province
        if any(tree.is_declarer(province, name) for name in each.known.reporters):
            yield "province without reporters", province
    for unit in tree.units.values():
        if unit.level == "department":
            provinces = sum(other.parent == unit.unit_id for other in tree.units.values())
            yield f"department of {('no province', 'one province')[provinces] if provinces < 2 else 'several provinces'}", \
                unit.unit_id


def _gaps(each: Judged) -> Iterator[Seen]:
    for indicator in each.asked():
        name = indicator.reported_by
        speaking = [unit for unit in each.tree.units
                    if each.tree.is_topmost(unit, name) or each.tree.is_declarer(unit, name)]
        told = {unit: each.verdict.observations.get((unit, indicator.code, scope)) for unit in speaking
                for scope in ("own" if each.tree.is_reporter(unit, name) else "total",)}
        for unit, said in told.items():
            if said is None:
                yield "missing", unit
            elif each.tree.is_declarer(unit, name):
                yield "declarer speaks", unit
        for province in each.provinces():
            if all(said is None for unit, said in told.items() if each.place(unit) == province):
                yield "everything missing", province
    for said in each.verdict.observations.values():
        yield from ((feature, said.unit) for feature in _states(each, said))


def _states(each: Judged, said: Observation) -> Iterator[str]:
    rules = each.verdict.withheld.get(said.fact, set())
    yield from (f"withheld by {rule}" for rule in rules - {"N01", "D05"})
    if said.is_return:
        return
    is_ratio = each.known.indicators[said.indicator].kind == "ratio"
    if said.said.mark == "not_applicable":
        yield "X withheld" if rules else "not applicable"
    elif said.said.numerator == 0:
        yield "nil"
    elif is_ratio and said.said.numerator is not None and said.said.denominator is None:
        yield "ratio without denominator"
    if not is_ratio and said.said.denominator is not None:
        yield "count states a denominator"


def _declarations(each: Judged) -> Iterator[Seen]:
    for (unit, _, measure), beside in each.verdict.reconciliations.items():
        verdict = "unknown" if beside.imbalance is None else "wrong" if beside.imbalance else "right"
        yield f"{each.tree.units[unit].level} declares {measure} {verdict}", unit
    for said in each.verdict.observations.values():
        if said.scope == "total" and not said.is_return and each.verdict.withheld.get(said.fact, set()) - {"N01", "D05"}:
            yield "declaration withheld", said.unit
    if any(rule == "S05" and "VN" in rest for rule, *rest in each.verdict.findings):
        yield "nation's declaration is kept aside", "VN"


def _cells(each: Judged) -> Iterator[Seen]:
    cells = each.verdict.cells
    for (unit, code), cell in cells.items():
        indicator = each.known.indicators[code]
        yield f"{sort(indicator)} {cell.basis}", unit
        if cell.basis == "declared":
            yield f"{each.tree.units[unit].level}'s declaration is taken", unit
            if cell.withheld:
                yield "declaration covers withheld", unit
        if indicator.kind == "count" and indicator.population:
            yield "count with population", unit
        if (unit, indicator.part_of) in cells:
            yield "part beside its whole", unit
        if (unit, indicator.complement_of) in cells:
            yield "complement beside its indicator", unit
        if cell.rate is not None and cell.rate > 1:
            yield "rate above one", unit
        if cell.basis == "partial" and indicator.kind == "ratio":
            yield from ((feature, unit) for feature in _bounds(each, unit, indicator, cell))


def _bounds(each: Judged, unit: str, indicator: Indicator, cell: Cell) -> Iterator[str]:
    if indicator.nested_in:
        yield f"nested partial, outer {'not ' if cell.low is None else ''}whole"
    elif cell.low is not None and (unit, indicator.population) not in each.verdict.ledger:
        yield "known by its children alone"
    if cell.low is None:
        yield "partial without bounds"
    elif cell.high is None:
        yield "lower bound without upper"
    elif cell.low < cell.high:
        yield "bounds apart"


def _populations(each: Judged) -> Iterator[Seen]:
    for (unit, population), (_, source) in each.verdict.ledger.items():
        yield f"counted by {source}", unit
        if source == "composition" and "derived" in each.known.populations[population].counted_from:
            yield "counted by derivation", unit
    for said in each.verdict.observations.values():
        indicator = each.known.indicators.get(said.indicator)
        if indicator and indicator.population and said.said.denominator and indicator.nested_in is None \
                and (said.unit, indicator.population) not in each.verdict.ledger:
            yield "unknown though quoted", said.unit


def _silences(before: Judged, now: Judged) -> Iterator[Seen]:
    """A unit that had a figure (a return) in the period before, is still asked, and has none now."""
    asked = {indicator.code for indicator in now.asked()}
    for unit, code in before.verdict.cells.keys() - now.verdict.cells.keys():
        indicator = now.known.indicators[code]
        if code in asked and unit in now.tree.units and now.tree.is_in_cascade(unit, indicator.reported_by):
            yield f"{sort(indicator)} silent after it spoke", unit
    quoting = {(said.unit, now.known.indicators[said.indicator].population)
               for said in now.verdict.observations.values() if not said.is_return}
    for (unit, population), (_, source) in before.verdict.ledger.items():
        after = now.verdict.ledger.get((unit, population))
        if source == "return" and (unit, population) in quoting and (after is None or after[1] != "return"):
            yield "return of the period before counts no more", unit


def _cautions(each: Judged) -> Iterator[Seen]:
    """What the warnings said, and where they could say nothing."""
    withheld = each.verdict.withheld
    for (rule, unit, *rest), outcome in each.verdict.cautions.items():
        yield f"{rule} {outcome}", unit
        if rule in BESIDE and outcome != "silenced":
            if rest[1] == "total":
                yield f"{rule} {outcome} on a total", unit
            if "HELD" in withheld.get((unit, rest[0], rest[1]), ()):
                yield f"one {'period' if rule == 'N04' else 'figure'} beside another in a held province", unit
        if rule == "R02" and each.verdict.observations[unit, rest[0], rest[1]].said.numerator is not None:
            is_error = "R01" in withheld.get((unit, rest[0], rest[1]), ())
            yield f"R02 {outcome} beside {'an error' if is_error else 'a slip'}", unit
    for unit, code, scope in each.verdict.observations:
        indicator = each.known.indicators.get(code)
        if indicator and indicator.parts_are_all:
            parts = [other.code for other in each.known.indicators.values() if other.part_of == code]
            stated = sum((unit, part, scope) in each.verdict.observations for part in parts)
            if 0 < stated < len(parts):
                yield "parts that are all, some not stated", unit
    for fact, said in each.verdict.observations.items():
        indicator = each.known.indicators.get(fact[1])
        if indicator and said.said.rate is not None and said.said.numerator is not None and said.said.denominator is None:
            if indicator.kind != "ratio" or indicator.nested_in:
                yield f"rate alone of a {'nested ratio' if indicator.nested_in else indicator.kind}", said.unit
            elif indicator.population and ("R03", *fact) not in each.verdict.cautions:
                yield "rate alone, ledger unknown", said.unit


def _moves(earlier: Sequence[Judged], now: Judged) -> Iterator[Seen]:
    """Counts of the ledger that are not what they last were, by their source."""
    for (unit, population), (amount, source) in now.verdict.ledger.items():
        before = next((each.verdict.ledger[unit, population][0] for each in reversed(earlier)
                       if (unit, population) in each.verdict.ledger), None)
        if before is None:
            continue
        if source == "composition" and amount != before:
            is_found = ("D06", unit, population) in now.verdict.findings
            yield f"composition moved {'by a quote' if is_found else 'rightly'}", unit
        elif source == "agreed":
            yield f"agreed count {'un' * (amount == before)}moved", unit
            if amount != before and ("D06", unit, population) not in now.verdict.findings:
                yield "agreed count moved for a reason below", unit
        elif amount != before:
            yield f"{source} moved", unit


def _falls(earlier: Sequence[Judged], now: Judged) -> Iterator[Seen]:
    """What stood between a count that fell and what it fell from."""
    for rule, *rest in now.verdict.findings:
        if rule != "N04":
            continue
        fact = (rest[0], rest[1], rest[2])
        for each in reversed(earlier):
            rules = each.verdict.withheld.get(fact, set())
            if fact not in each.verdict.observations:
                yield "fall after a silent period", rest[0]
            elif rules - {"HELD", "D05", "N01"}:
                yield "fall after a withheld figure", rest[0]
            else:
                if "HELD" in rules:
                    yield "fall after a held one", rest[0]
                break
