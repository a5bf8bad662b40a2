"""Rolling up: every unit's figure from its children's, or from its own declaration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache

from ledger import Ledger
from verdict import Cell, Fact, Observation, Reconciliation
from world import Catalogue, Indicator, Tree

WHOLE = frozenset({"own", "complete", "mixed", "declared"})


class Cascade:
    """Sums one period up its tree.

    Args:
        observations: what stands.
        withheld: the rules that withhold each of them; a withheld figure counts as missing.
        ledger: gives the whole populations that bounds need.
    """

    def __init__(self, tree: Tree, catalogue: Catalogue, observations: Mapping[Fact, Observation],
                 withheld: Mapping[Fact, set[str]], ledger: Ledger) -> None:
        self._tree = tree
        self._catalogue = catalogue
        self._observations = observations
        self._withheld = withheld
        self._ledger = ledger
        self._expected = cache(self._count_expected)
        self._withheld_below = cache(self._count_withheld)
        self._resolved = cache(self._resolve)

    def _is_withheld(self, each: Observation) -> bool:
        return bool(self._withheld.get(each.fact))

    def _figure(self, unit: str, indicator: str, scope: str) -> Observation | None:
        """A figure that may enter a sum: stated in full, and not withheld."""
        each = self._observations.get((unit, indicator, scope))
        if each is None or self._is_withheld(each) or each.said.numerator is None:
            return None
        is_ratio = self._catalogue.indicators[indicator].kind == "ratio"
        return None if is_ratio and each.said.denominator is None else each

    def _spokesman(self, unit: str, indicator: Indicator) -> Observation | None:
        """What the unit says where it is expected to speak itself: its own figure, or a declarer's declaration."""
        scope = "own" if self._tree.is_reporter(unit, indicator.reported_by) else "total"
        return self._observations.get((unit, indicator.code, scope))

    def _speaks_itself(self, unit: str, indicator: Indicator) -> bool:
        return (self._tree.is_topmost(unit, indicator.reported_by)
                or self._tree.is_declarer(unit, indicator.reported_by))

    def _count_expected(self, unit: str, indicator: Indicator) -> int:
        if self._speaks_itself(unit, indicator):
            said = self._spokesman(unit, indicator)
            is_excused = said is not None and said.said.mark == "not_applicable" and not self._is_withheld(said)
            return 0 if is_excused else 1
        return sum(self._expected(child, indicator) for child in self._tree.children(unit, indicator.reported_by))

    def _count_withheld(self, unit: str, indicator: Indicator) -> int:
        if self._speaks_itself(unit, indicator):
            said = self._spokesman(unit, indicator)
            return int(said is not None and self._is_withheld(said))
        return sum(self._withheld_below(child, indicator) for child in self._tree.children(unit, indicator.reported_by))

    def _taking_part(self, unit: str, indicator: Indicator) -> list[Cell | None]:
        """The children's cells, without those where nobody is expected to say anything and nobody does."""
        return [self._resolved(child, indicator) for child in self._tree.children(unit, indicator.reported_by)
                if self._expected(child, indicator) or self._resolved(child, indicator)]

    def _resolve(self, unit: str, indicator: Indicator) -> Cell | None:
        is_ratio = indicator.kind == "ratio"
        if self._tree.is_reporter(unit, indicator.reported_by):
            own = self._figure(unit, indicator.code, "own")
            return None if own is None else Cell(
                own.said.numerator or 0, own.said.denominator if is_ratio else None, "own", 1, 1, 0)
        cells = self._taking_part(unit, indicator)
        told = [cell for cell in cells if cell is not None]
        expected, withheld = self._expected(unit, indicator), self._withheld_below(unit, indicator)
        declared = self._figure(unit, indicator.code, "total")
        if self._is_whole(cells):
            basis = "complete" if all(cell.basis in ("own", "complete") for cell in told) else "mixed"
        elif declared is not None:
            return Cell(declared.said.numerator or 0, declared.said.denominator if is_ratio else None, "declared",
                        expected, expected, withheld)
        elif told:
            basis = "partial"
        else:
            return None
        return Cell(sum(cell.numerator for cell in told),
                    sum(cell.denominator or 0 for cell in told) if is_ratio else None, basis,
                    sum(cell.reporting for cell in told), expected, withheld)

    @staticmethod
    def _is_whole(cells: list[Cell | None]) -> bool:
        return bool(cells) and all(cell is not None and cell.basis in WHOLE for cell in cells)

    def cells(self) -> dict[tuple[str, str], Cell]:
        """Every cell that has a figure, reporters' own pages too, with its rate and bounds."""
        cells: dict[tuple[str, str], Cell] = {}
        for indicator in self._catalogue.indicators.values():
            for unit in self._tree.units:
                is_page = self._tree.is_reporter(unit, indicator.reported_by)
                if is_page or self._tree.is_in_cascade(unit, indicator.reported_by):
                    cell = self._resolved(unit, indicator)
                    if cell is not None:
                        cells[unit, indicator.code] = self._with_rate(unit, indicator, cell)
        return cells

    def _with_rate(self, unit: str, indicator: Indicator, cell: Cell) -> Cell:
        if not cell.denominator:
            return cell if cell.denominator is None else self._bounded(unit, indicator, cell, None)
        return self._bounded(unit, indicator, cell, Fraction(cell.numerator, cell.denominator))

    def _bounded(self, unit: str, indicator: Indicator, cell: Cell, rate: Fraction | None) -> Cell:
        if cell.basis != "partial":
            return replace(cell, rate=rate, low=rate, high=rate)
        whole = self._whole_population(unit, indicator)
        if not whole or cell.denominator is None or cell.denominator > whole:
            return replace(cell, rate=rate)
        high = None if indicator.may_exceed_one else Fraction(cell.numerator + whole - cell.denominator, whole)
        return replace(cell, rate=rate, low=Fraction(cell.numerator, whole), high=high)

    def _whole_population(self, unit: str, indicator: Indicator) -> int | None:
        """D: of a nested ratio the outer numerator, where that is whole."""
        if indicator.nested_in is None:
            return self._ledger.whole_count(unit, indicator.population, indicator.reported_by)
        outer = self._resolved(unit, self._catalogue.indicators[indicator.nested_in])
        return outer.numerator if outer is not None and outer.basis in WHOLE else None

    def reconciliations(self) -> dict[tuple[str, str, str], Reconciliation]:
        """What stands declared above reporters beside the sum of its children, number by number."""
        beside: dict[tuple[str, str, str], Reconciliation] = {}
        for each in self._observations.values():
            indicator = self._catalogue.indicators.get(each.indicator)
            if indicator is None or each.scope != "total" or self._figure(*each.fact) is None:
                continue
            name = indicator.reported_by
            if self._tree.is_declarer(each.unit, name) or not self._tree.is_in_cascade(each.unit, name):
                continue
            cells = self._taking_part(each.unit, indicator)
            told = [cell for cell in cells if cell is not None] if self._is_whole(cells) else None
            beside[each.unit, each.indicator, "numerator"] = Reconciliation(
                each.said.numerator or 0, None if told is None else sum(cell.numerator for cell in told))
            if indicator.kind == "ratio":
                beside[each.unit, each.indicator, "denominator"] = Reconciliation(
                    each.said.denominator or 0, None if told is None else sum(cell.denominator or 0 for cell in told))
        return beside
