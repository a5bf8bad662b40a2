"""Write a nation to a folder: ``python -m tests.bench.nation.generate DIR [--scale F] [--periods N] [--errors RATE]``.

``DIR/reference`` is a complete register; ``DIR/returns/<period>/<province>.csv`` are what the provinces send, and
``DIR/correction/<province>.csv`` is what some of them send again for the last period.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.bench.nation import country as naming
from tests.bench.nation import register
from tests.bench.nation.catalogue import FIGURES
from tests.bench.nation.country import Country
from tests.bench.nation.returns import Returns
from tonghop.settings import PROJECT_DIR

CORRECTED = 2
"""How many provinces send the last period again."""


@dataclass(frozen=True)
class Nation:
    """A nation on disk."""

    folder: Path
    country: Country
    periods: int

    @property
    def facts_a_period(self) -> int:
        """What the grassroots units state; declared totals are not counted."""
        return self.country.grassroots * len(FIGURES)

    @property
    def units(self) -> Path:
        """The grassroots units with all who stand above them, as CSV."""
        return self.folder / "units.csv"

    def files(self, period: int) -> dict[str, Path]:
        """The files of a period: code of the province that sends it → file."""
        return _by_sender(self.folder / "returns" / naming.period_name(period))

    def corrections(self) -> dict[str, Path]:
        """What the first provinces send again for the last period."""
        return _by_sender(self.folder / "correction")

    def expect(self, period: int) -> None:
        """Let the register's calendar expect the periods up to this one."""
        register.expect(self.folder / "reference", period + 1)

    def mistakes(self, period: int) -> pl.DataFrame:
        """The mistakes of a period (see ``Returns.write``)."""
        return pl.read_parquet(self.folder / "mistakes" / f"{naming.period_name(period)}.parquet")


def _by_sender(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.csv"))}


def generate(folder: Path, returns: Returns, periods: int, authored: Path) -> Nation:
    """Write the register and the returns of so many periods, and the corrections of two provinces."""
    country = returns.country
    register.write(folder / "reference", country, authored)
    nation = Nation(folder, country, periods)
    _units(country).write_csv(nation.units)
    (folder / "mistakes").mkdir()
    for period in range(periods):
        into = folder / "returns" / naming.period_name(period)
        into.mkdir(parents=True)
        made = [returns.write(into / f"{naming.province_code(province)}.csv", period, province)
                for province in range(naming.PROVINCES)]
        pl.concat(made).write_parquet(folder / "mistakes" / f"{naming.period_name(period)}.parquet")
    (folder / "correction").mkdir()
    for province in range(CORRECTED):
        path = folder / "correction" / f"{naming.province_code(province)}.csv"
        returns.write(path, periods - 1, province, corrected=True)
    return nation


def _units(country: Country) -> pl.DataFrame:
    placed = [
        (naming.unit_code(unit), f"G-{naming.unit_code(unit)}",
         f"D-{naming.district_code(country.district_of(province, unit))}", f"P-{naming.province_code(province)}",
         f"V-{naming.department(province) + 1}")
        for province in range(naming.PROVINCES)
        for unit in country.units_of[province]
    ]
    return pl.DataFrame(placed, ["unit_code", "unit_id", "district_id", "province_id", "department_id"], orient="row")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--periods", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", type=float, default=0.001)
    given = parser.parse_args()
    began = time.monotonic()
    returns = Returns(Country(given.scale), given.seed, given.errors)
    nation = generate(given.folder, returns, given.periods, PROJECT_DIR / "include" / "reference")
    taken, rows = time.monotonic() - began, nation.facts_a_period * given.periods
    sys.stderr.write(f"{rows:,} facts written in {taken:.1f} s, {rows / taken / 1e6:.2f} M a second\n")


if __name__ == "__main__":
    main()
