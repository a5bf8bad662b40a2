"""A corpus on disk: the clean nation with errors planted in it, one of each kind a province, and the truth beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.detection import plant_counts, plant_rates, plant_ratios, plant_rows, plant_totals
from tests.detection.book import Book
from tests.detection.catalogue import PERIODS
from tests.detection.clean import clean
from tests.detection.field import Field
from tests.detection.nation import Nation
from tests.detection.truth import Planted
from tests.detection.writing import write_register, write_returns

SIZE = 8
"""Provinces by default: some ninety thousand figures, and as many errors of each kind."""

Planter = Callable[[Field, str], bool]
"""Plants one error of its kind in a province; False where there is no room for it."""

KINDS: tuple[Planter, ...] = (
    plant_rows.missing_sender,  # empties a form of a province, so nothing else may stand there: first
    # What needs the rarest places comes next.
    plant_totals.moved_unit_still_counted,
    plant_totals.moved_unit_not_counted,
    plant_totals.total_zero_dropped,
    plant_totals.missing_child_beyond_ledger,
    plant_totals.double_count_beyond_ledger,
    plant_ratios.wrong_population_of_province,
    plant_counts.composition_off,
    plant_ratios.return_times_ten,
    plant_ratios.return_digits_swapped,
    plant_ratios.stale_denominator,
    plant_ratios.numerator_divided_ten,
    plant_counts.ledger_moves,
    plant_counts.ledger_digits_swapped,
    plant_ratios.denominators_conflict,
    plant_ratios.denominators_conflict_by_slips,
    plant_rows.missing_unit,
    plant_rows.late,
    plant_counts.complement_off,
    plant_counts.complement_digits_swapped,
    plant_totals.total_digits_swapped,
    plant_totals.total_digit_dropped,
    plant_totals.total_times_ten,
    plant_totals.total_numerator_swapped,
    plant_totals.total_denominator_swapped,
    plant_totals.missing_child,
    plant_totals.missing_child_of_ratio,
    plant_totals.double_count,
    plant_totals.double_count_of_ratio,
    plant_totals.later_version,
    plant_totals.child_times_ten,
    plant_totals.child_zero_dropped,
    plant_totals.child_digits_swapped,
    plant_totals.nil_for_missing,
    plant_ratios.numerator_digits_swapped,
    plant_ratios.numerator_digit_dropped,
    plant_ratios.numerator_times_ten,
    plant_ratios.numerator_above_denominator,
    plant_ratios.swapped,
    plant_ratios.denominator_digits_swapped,
    plant_ratios.denominator_digit_dropped,
    plant_ratios.denominator_zero_dropped,
    plant_ratios.denominator_times_ten,
    plant_ratios.denominator_off,
    plant_ratios.denominator_of_row_above,
    plant_ratios.wrong_population,
    plant_ratios.denominator_zero,
    plant_ratios.denominator_missing,
    plant_rates.rate_of_neighbour,
    plant_rates.rate_truncated,
    plant_rates.rate_slip,
    plant_rates.rate_digits_swapped,
    plant_rates.rate_comma_moved,
    plant_rates.rate_impossible,
    plant_rates.rate_alone_impossible,
    plant_rates.rate_implies_other_denominator,
    plant_rates.rate_implies_stale_denominator,
    plant_counts.cumulative_falls,
    plant_counts.cumulative_digit_dropped,
    plant_counts.cumulative_nil,
    plant_counts.part_beyond_whole,
    plant_counts.part_times_ten,
    plant_counts.part_digits_swapped,
    plant_counts.part_digit_dropped,
    plant_counts.parts_overlap,
    plant_counts.parts_overlap_widely,
    plant_counts.nested_stale,
    plant_counts.nested_digits_swapped,
    plant_counts.nested_over_everyone,
    plant_counts.nested_off,
    plant_counts.composition_digits_swapped,
    plant_rows.duplicate_disagrees,
    plant_rows.unknown_unit,
    plant_rows.code_of_another_time,
    plant_rows.unknown_indicator,
    plant_rows.wrong_sender,
    plant_rows.not_a_reporter,
    plant_rows.not_a_number,
    plant_rows.negative_count,
)


@dataclass(frozen=True)
class Corpus:
    """A nation with errors in it, not yet written."""

    nation: Nation
    clean: Book
    book: Book
    planted: list[Planted]

    @property
    def clean_figures(self) -> int:
        """Figures that stand as in the clean nation."""
        figures = self.clean.figures
        return sum(figures.get(place) == figure for place, figure in self.book.figures.items())


def plant(seed: int, size: int = SIZE) -> Corpus:
    """A nation of so many provinces, and an error of each kind in each (``wrong_sender`` needs a second one)."""
    nation = Nation(size)
    true = clean(nation, seed)
    field = Field(nation, true, Book(dict(true.figures)), Random(f"{seed}|errors"))
    for planter in KINDS:
        for province in nation.provinces:
            planter(field, province)
    return Corpus(nation, true, field.book, field.planted)


def write(folder: Path, corpus: Corpus, seed: int) -> dict[str, Any]:
    """Write ``reference/``, ``returns/<period>/<sender>/*.csv`` and ``truth.json``.

    Returns:
        What ``truth.json`` says: ``seed``, ``periods``, ``clean_figures``, ``files`` as received, and ``planted``.
    """
    write_register(folder / "reference", corpus.nation)
    files = write_returns(folder / "returns", corpus.nation, corpus.book)
    truth = {"seed": seed, "periods": list(PERIODS), "clean_figures": corpus.clean_figures, "files": files,
             "planted": [asdict(each) for each in corpus.planted]}
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return truth
