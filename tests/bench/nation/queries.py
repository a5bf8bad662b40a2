"""What analysts ask, over and over: each query with other parameters every time, on a warm cache."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.nation import country as naming
from tests.bench.nation.catalogue import FIGURES
from tests.bench.nation.generate import Nation
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect

ROUNDS = 20
_FIGURES = "unit_id, indicator, period, numerator, denominator, rate, rate_low, rate_high, basis, coverage"


@dataclass(frozen=True)
class Asker:
    """Draws parameters."""

    dice: random.Random
    nation: Nation

    def period(self) -> str:
        return naming.period_name(self.dice.randrange(self.nation.periods))

    def indicator(self) -> str:
        return self.dice.choice(FIGURES).code

    def unit(self) -> str:
        return f"G-{naming.unit_code(self.dice.randrange(self.nation.country.grassroots))}"

    def district(self) -> str:
        return f"D-{naming.district_code(self.dice.randrange(self.nation.country.districts))}"

    def province(self) -> str:
        return f"P-{naming.province_code(self.dice.randrange(naming.PROVINCES))}"


Parameters = Callable[[Asker], tuple[str, ...]]
QUERIES: dict[str, tuple[str, Parameters]] = {
    "a unit's figure": (
        f"select {_FIGURES} from marts.fct_rollup where unit_id = %s and indicator = %s and period = %s",
        lambda ask: (ask.unit(), ask.indicator(), ask.period())),
    "a unit's page": (
        f"select {_FIGURES} from marts.fct_rollup where unit_id = %s and period = %s",
        lambda ask: (ask.unit(), ask.period())),
    "a province's figure": (
        f"select {_FIGURES} from marts.fct_rollup where unit_id = %s and indicator = %s and period = %s",
        lambda ask: (ask.province(), ask.indicator(), ask.period())),
    "a province's page": (
        f"select {_FIGURES} from marts.fct_rollup where unit_id = %s and period = %s",
        lambda ask: (ask.province(), ask.period())),
    "its districts beside each other": (
        f"select {_FIGURES} from marts.fct_rollup where province_unit_id = %s and level = 'district'"
        " and indicator = %s and period = %s",
        lambda ask: (ask.province(), ask.indicator(), ask.period())),
    "provinces ranked": (
        "select unit_id, unit_name, rate, rank() over (order by rate desc nulls last) from marts.fct_rollup"
        " where level = 'province' and indicator = %s and period = %s order by 4",
        lambda ask: (ask.indicator(), ask.period())),
    "the nation's trend": (
        "select period, numerator, rate, rate - lag(rate) over (order by period) from marts.fct_rollup"
        " where unit_id = 'VN' and indicator = %s order by period",
        lambda ask: (ask.indicator(),)),
    "a unit's trend": (
        "select period, numerator, rate from marts.fct_rollup where unit_id = %s and indicator = %s order by period",
        lambda ask: (ask.unit(), ask.indicator())),
    "coverage of provinces": (
        "select unit_id, min(coverage), sum(withheld_units) from marts.fct_rollup"
        " where level = 'province' and period = %s group by unit_id order by 2, 1",
        lambda ask: (ask.period(),)),
    "declared beside computed": (
        "select * from marts.fct_reconciliation where unit_id = %s and period = %s",
        lambda ask: (ask.district(), ask.period())),
    "what disagrees in a province": (
        "select * from marts.fct_reconciliation where province_unit_id = %s and period = %s and verdict is not true",
        lambda ask: (ask.province(), ask.period())),
    "a province's findings": (
        "select rule, severity, count(*) from marts.fct_finding where province_unit_id = %s and period = %s group by 1, 2",
        lambda ask: (ask.province(), ask.period())),
    "who reported": ("select * from marts.fct_submission where period = %s", lambda ask: (ask.period(),)),
    "a unit's ledger": (
        "select * from marts.fct_population where unit_id = %s and period = %s", lambda ask: (ask.unit(), ask.period())),
    "what a unit stated": (
        "select * from marts.fct_observation where unit_id = %s and period = %s", lambda ask: (ask.unit(), ask.period())),
    "rpt_nation": ("select * from marts.rpt_nation where period = %s", lambda ask: (ask.period(),)),
    "rpt_department": ("select * from marts.rpt_department where period = %s", lambda ask: (ask.period(),)),
    "rpt_province": (
        "select * from marts.rpt_province where province_unit_id = %s and period = %s",
        lambda ask: (ask.province(), ask.period())),
}


def run(settings: Settings, nation: Nation, seed: int) -> dict[str, list[float]]:
    """Ask every query so many times, each time of something else, after one time to warm up.

    Returns:
        Milliseconds of each statement, its rows fetched, by query.
    """
    ask, taken = Asker(random.Random(seed), nation), {}
    with connect(settings, "analyst") as connection, connection.cursor() as cursor:
        for name, (sql, parameters) in QUERIES.items():
            times = []
            for _ in range(ROUNDS + 1):
                began = time.monotonic()
                cursor.execute(sql, parameters(ask))
                cursor.fetchall()
                times.append(1000 * (time.monotonic() - began))
            taken[name] = times[1:]
            connection.commit()
    return taken


def p95(times: list[float]) -> float:
    """The 95th percentile (of at least two)."""
    return statistics.quantiles(times, n=20)[-1]
