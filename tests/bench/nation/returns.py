"""The returns of the bench's nation: one delimited file a province and period, from a seed, at a million rows a second.

Figures hang together as real ones do: a returned population is what its ratios' denominators say, an agreed one is the
same in all its statements and periods, a cumulative count never falls, and districts and the province declare the true
totals. Mistakes are seeded in units' ratios, at most one a unit and period, so that it can be said exactly what the night
must publish: above the units, the true totals.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.bench.nation import country as naming
from tests.bench.nation.catalogue import AGREED, FIGURES, RETURNED
from tests.bench.nation.country import Country

Array = np.ndarray[Any, np.dtype[np.int64]]

_STATED_SHARE = 0.3
_NONE = -1
_MONTHS_TO_DONE = 48
_STRANGE = 90_000_000  # added to a unit's code, it is nobody's
_STOCKS, _RATIOS, _COUNTS = (
    np.array([number for number, figure in enumerate(FIGURES) if figure.kind == kind])
    for kind in ("stock", "ratio", "count")
)
_CODES = pl.Series("indicator", [figure.code for figure in FIGURES])
MOST_MISTAKES = 1 / len(_RATIOS)
"""One ratio in error in every unit: the greatest rate there is."""

MISTAKES = ("numerator_above", "other_denominator", "wrong_rate", "slip", "unknown_unit")
WITHHELD = MISTAKES[:3]
"""What the night withholds. A slip of the rate is only footnoted; a row of an unknown unit counts for nobody."""


@dataclass
class _Figures:
    """What stands in a file: a row a unit, a column an indicator; -1 stands for nothing."""

    codes: Array
    numerators: Array
    denominators: Array
    hundredths: Array

    def frame(self, period: str, scope: str, digits: int) -> pl.DataFrame:
        """The rows as they are written: unit by unit, every indicator."""
        rate = pl.format('"{},{}%"', pl.col("hundredths") // 100,
                         (pl.col("hundredths") % 100).cast(pl.String).str.zfill(2))
        raw = pl.DataFrame({"unit": self.codes.ravel(), "numerator": self.numerators.ravel(),
                            "denominator": self.denominators.ravel(), "hundredths": self.hundredths.ravel()})
        return raw.select(
            pl.col("unit").cast(pl.String).str.zfill(digits).alias("unit_code"),
            pl.concat([_CODES] * len(self.codes)),
            pl.lit(period).alias("period"),
            pl.lit(scope).alias("scope"),
            "numerator",
            pl.when(pl.col("denominator") != _NONE).then("denominator").alias("denominator"),
            pl.when(pl.col("hundredths") != _NONE).then(rate).alias("stated_rate"),
            pl.lit("").alias("note"),
        )


@dataclass(frozen=True)
class Returns:
    """What all provinces return, period by period; the same seed, the same bytes.

    Attributes:
        mistakes: the share of units' ratios that are in error, at most ``MOST_MISTAKES``; of declared counts, too.
    """

    country: Country
    seed: int = 1
    mistakes: float = 0.0

    def write(self, path: Path, period: int, province: int, *, corrected: bool = False) -> pl.DataFrame:
        """Write one file: the figures of every grassroots unit, then what districts and the province declare.

        Args:
            period: number of the period, from 0.
            province: number of the province, from 0.
            corrected: state another figure wherever one is possible.

        Returns:
            The mistakes of the units: ``unit_code``, ``indicator``, ``mistake``, and what the true figures are above
            those a plain sum would take (``numerator_lost``, ``denominator_lost``).
        """
        name, dice = naming.period_name(period), self._stream(3, period, province, int(corrected))
        numerators, denominators = self._figures(period, province)
        if corrected:
            room = np.where(denominators == _NONE, np.iinfo(np.int64).max, denominators)
            room[:, _STOCKS] = numerators[:, _STOCKS]
            numerators = np.minimum(numerators + 1, room)
        totals = self._totals(province, numerators, denominators, dice)
        codes = np.repeat(np.fromiter(self.country.units_of[province], np.int64), len(FIGURES)) + 1
        units = _Figures(codes.reshape(-1, len(FIGURES)), numerators, denominators,
                         _rates(numerators, denominators, dice))
        # A figure that was sent before stands where its unit is not named any more: a correction names all of them.
        mistakes = self._spoil(units, dice, MISTAKES[:-1] if corrected else MISTAKES)
        frames = [units.frame(name, "own", 5), totals[0].frame(name, "total", 3), totals[1].frame(name, "total", 2)]
        pl.concat(frames).write_csv(path, quote_style="never")
        return mistakes

    def _stream(self, purpose: int, *where: int) -> np.random.Generator:
        """Random numbers of their own for each purpose and place (purposes differ: trailing zeros do not count)."""
        return np.random.default_rng((self.seed, purpose, *where))

    def _figures(self, period: int, province: int) -> tuple[Array, Array]:
        """True numerators and denominators of the grassroots units of a province."""
        many = len(self.country.units_of[province])
        lasting, passing = self._stream(1, province), self._stream(2, period, province)
        sizes = {name: lasting.integers(least, most + 1, many) + lasting.integers(0, growth + 1, many) * period
                 for name, (least, most, growth) in (RETURNED | AGREED).items()}
        numerators = np.empty((many, len(FIGURES)), np.int64)
        denominators = np.full((many, len(FIGURES)), _NONE, np.int64)
        for column, figure in enumerate(FIGURES):
            start, now = lasting.random(many), passing.random(many)
            if figure.kind == "stock":
                numerators[:, column] = sizes[figure.population or ""]
            elif figure.kind == "ratio":
                denominators[:, column] = sizes[figure.population or ""]
                share = np.minimum(1.0, start + period / _MONTHS_TO_DONE) if figure.is_cumulative else now
                numerators[:, column] = np.floor(denominators[:, column] * share)
            else:
                numerators[:, column] = np.floor(start * 20 * (period + 1) if figure.is_cumulative else now * 50)
        return numerators, denominators

    def _totals(self, province: int, numerators: Array, denominators: Array,
                dice: np.random.Generator) -> tuple[_Figures, _Figures]:
        """What the districts and the province declare: the true sums, but for a share of the districts' counts."""
        districts = self.country.districts_of[province]
        starts = self.country.first_units(province)
        summed, below = np.add.reduceat(numerators, starts), np.add.reduceat(denominators, starts)
        below[:, [*_STOCKS, *_COUNTS]] = _NONE
        whole, whole_below = summed.sum(axis=0, keepdims=True), below.sum(axis=0, keepdims=True)
        whole_below[:, [*_STOCKS, *_COUNTS]] = _NONE
        off = np.zeros(summed.shape, bool)
        off[:, _COUNTS] = dice.random((len(districts), len(_COUNTS))) < self.mistakes
        named = np.repeat(np.fromiter(districts, np.int64) + 1, len(FIGURES)).reshape(-1, len(FIGURES))
        return (_Figures(named, summed + off, below, _rates(summed, below, dice)),
                _Figures(np.full(whole.shape, province + 1), whole, whole_below, _rates(whole, whole_below, dice)))

    def _spoil(self, units: _Figures, dice: np.random.Generator, possible: tuple[str, ...]) -> pl.DataFrame:
        """Put mistakes into the figures, in place."""
        chosen = np.flatnonzero(dice.random(len(units.codes)) < self.mistakes / MOST_MISTAKES)
        columns = dice.choice(_RATIOS, len(chosen))
        kinds = dice.integers(0, len(possible), len(chosen))
        made = []
        for unit, column, kind in zip(chosen, columns, kinds, strict=True):
            at, mistake = (int(unit), int(column)), possible[kind]
            code = f"{units.codes[at]:05d}"
            lost = _spoil_one(units, at, mistake)
            made.append((code, FIGURES[column].code, mistake, *lost))
        return pl.DataFrame(made, self.mistake_schema, orient="row")

    @cached_property
    def mistake_schema(self) -> dict[str, type[pl.DataType]]:
        return {"unit_code": pl.String, "indicator": pl.String, "mistake": pl.String,
                "numerator_lost": pl.Int64, "denominator_lost": pl.Int64}


def _spoil_one(units: _Figures, at: tuple[int, int], mistake: str) -> tuple[int, int]:
    """Make one mistake; returns what a plain sum of the rows then lacks of the true numerator and denominator."""
    numerator, size = int(units.numerators[at]), int(units.denominators[at])
    rate = (20_000 * numerator + size) // (2 * size)
    if mistake == "unknown_unit":
        units.codes[at] += _STRANGE
        return numerator, size
    if mistake == "slip":
        units.hundredths[at] = _beside(rate, 20)
        return 0, 0
    if mistake == "wrong_rate":
        units.hundredths[at] = _beside(rate, 700)
        return 0, 0
    units.hundredths[at] = _NONE
    if mistake == "numerator_above":
        units.numerators[at] = size + 1 + numerator % 9
        return numerator - int(units.numerators[at]), 0
    units.denominators[at] = size + 2
    return 0, -2


def _beside(rate: int, by: int) -> int:
    """Another rate, so many hundredths of a per cent away, between nil and all."""
    return rate - by if rate >= 5_000 else rate + by


def _rates(numerators: Array, denominators: Array, dice: np.random.Generator) -> Array:
    """Hundredths of a per cent, half-up, where a rate is stated; elsewhere -1."""
    stated = (denominators != _NONE) & (dice.random(numerators.shape) < _STATED_SHARE)
    size = np.where(denominators == _NONE, 1, denominators)
    return np.where(stated, (20_000 * numerators + size) // (2 * size), _NONE)
