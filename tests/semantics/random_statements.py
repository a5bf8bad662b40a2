"""What the provinces and departments of a small nation might send for a period: careless on purpose, seeded."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from world import Case, Catalogue, Indicator, Statement, Tree

Numbers = tuple[int, int | None]


@dataclass(frozen=True)
class Temper:
    """How a sender treats one indicator in a period: shares between 0 and 1."""

    present: float
    careless: float
    not_applicable: float
    declares: float
    agrees: float
    repeats: float


def write_statements(rng: random.Random, made: list[Case], known: Catalogue, asked: float = 1.0) -> None:
    """What the senders of each case send, case after case.

    Args:
        asked: share of the catalogue that a period asks for.
    """
    numbers = iter(range(1, 1_000_000))
    for case in made:
        _Writer(rng, case, known, numbers).write(asked)


class _Writer:
    """Writes the statements of one case: first the truth of each reporter, then what became of it on the way."""

    _SLOTS = 4  # submissions a sender may send in a period, in the order of receipt

    def __init__(self, rng: random.Random, case: Case, known: Catalogue, numbers: Iterator[int]) -> None:
        self._rng = rng
        self._case = case
        self._known = known
        self._tree = Tree(case.units, known.reporters)
        self._numbers = numbers
        self._counts: dict[tuple[str, str], int] = {}
        self._truths: dict[str, dict[str, Numbers]] = {}
        self._rows: dict[tuple[str, int], list[dict[str, object]]] = {}

    def write(self, asked: float) -> None:
        sloppy = {province for province in self._tree.units
                  if self._tree.units[province].level == "province" and self._rng.random() < 0.2}
        tempers: dict[str, dict[str, Temper]] = {}
        for indicator in self._asked(asked):
            host = indicator.nested_in or indicator.complement_of or indicator.part_of or ""
            if host in tempers and self._rng.random() < 0.7:  # what is asked together is filled in together
                tempers[indicator.code] = tempers[host]
            else:
                tempers[indicator.code] = {
                    sender: self._temper(is_sloppy=sender in sloppy and self._rng.random() < 0.75)
                    for sender in self._tree.units if self._tree.province(sender) in (None, sender)}
            self._write_indicator(indicator, tempers[indicator.code])
        self._write_returns()
        self._write_strays()
        self._send()

    def _asked(self, asked: float) -> list[Indicator]:
        """What the period is asked for: some indicators, and most of what belongs to them."""
        chosen: list[Indicator] = []
        for each in self._known.indicators.values():
            host = each.nested_in or each.complement_of or each.part_of
            is_hosted = host in {other.code for other in chosen}
            if self._rng.random() < (max(asked, 0.95) if is_hosted else asked):
                chosen.append(each)
        return chosen

    def _temper(self, *, is_sloppy: bool) -> Temper:
        choose = self._rng.choice
        return Temper(
            present=choose((1.0, 1.0, 1.0, 0.97, 0.85, 0.5)), careless=0.95 if is_sloppy else choose((0.0, 0.0, 0.0, 0.03, 0.15)),
            not_applicable=choose((0.0, 0.0, 0.05, 0.3)), declares=choose((0.0, 0.3, 0.7, 1.0)),
            agrees=choose((1.0, 0.7)), repeats=choose((0.0, 0.1, 0.3)))

    # True figures -------------------------------------------------------------------------------------------------

    def _count(self, unit: str, population: str) -> int:
        """A plausible count of a population under a unit: the register's where it knows one."""
        if (unit, population) not in self._counts:
            chosen = self._known.populations[population]
            registered = sum(self._tree.units[low].type in chosen.unit_types for low in self._tree.subtree(unit))
            parts = [self._count(unit, part) for part in chosen.composed_of]
            below = [low for low in self._tree.subtree(unit)[1:] if self._tree.units[low].parent == unit]
            if population in ("member", "org"):
                counted = sum(self._count(low, population) for low in below) or self._rng.randint(3, 30)
            else:
                counted = sum(parts) or registered or self._rng.randint(1, 6)
            self._counts[unit, population] = counted
        return self._counts[unit, population]

    def _truth(self, unit: str, indicator: Indicator, outer: Numbers | None) -> Numbers:
        if indicator.kind == "stock":
            return self._count(unit, indicator.population or "member"), None
        if indicator.kind == "count":
            quotes = indicator.population and self._rng.random() < 0.3
            return self._rng.randint(0, 9), self._count(unit, indicator.population or "") if quotes else None
        whole = self._count(unit, indicator.population) if indicator.population else self._rng.randint(1, self._rng.choice((9, 900)))
        if indicator.nested_in is not None and outer is not None:
            whole = outer[0]
        most = whole + 2 if indicator.may_exceed_one else whole
        return self._rng.randint(0, most), whole

    def _write_indicator(self, indicator: Indicator, tempers: dict[str, Temper]) -> None:
        name, truths = indicator.reported_by, dict[str, Numbers]()
        for unit in self._tree.units:
            temper = tempers[self._tree.province(unit) or unit]
            if not self._tree.is_reporter(unit, name) or self._rng.random() >= temper.present:
                continue
            if self._rng.random() < temper.not_applicable:
                self._state(unit, indicator, self._rng.choice(("own", "total")), (None, None), mark="not_applicable")
                continue
            truths[unit] = self._reported(unit, indicator)
            self._word(unit, indicator, self._rng.choice(("own", "total")), truths[unit], temper=temper)
        self._truths[indicator.code] = truths
        for unit in self._tree.units:
            temper = tempers[self._tree.province(unit) or unit]
            is_declared = self._rng.random() < temper.declares
            if is_declared and not self._tree.is_reporter(unit, name) and self._tree.is_above_reporters(unit, name):
                self._declare(unit, indicator, truths, temper)

    def _reported(self, unit: str, indicator: Indicator) -> Numbers:
        outer = self._truths.get(indicator.nested_in or "", {}).get(unit)
        numbers = self._truth(unit, indicator, outer)
        whole = self._truths.get(indicator.part_of or "", {}).get(unit)
        if whole is not None:
            return self._part(unit, indicator, whole[0], numbers[1]), numbers[1]
        done = self._truths.get(indicator.complement_of or "", {}).get(unit)
        return (max(0, (done[1] or 0) - done[0]), numbers[1]) if done else numbers

    def _part(self, unit: str, part: Indicator, whole: int, most: int | None) -> int:
        """Some of its whole; the last part is what the others leave, where the parts are all."""
        siblings = [each for each in self._known.indicators.values() if each.part_of == part.part_of]
        told = [self._truths.get(each.code, {}).get(unit) for each in siblings if each is not part]
        others = [each[0] for each in told if each is not None]
        is_rest = self._known.indicators[part.part_of or ""].parts_are_all and part is siblings[-1]
        if is_rest and len(others) == len(told):
            return max(0, whole - sum(others))
        return self._rng.randint(0, whole if most is None else min(whole, most))

    def _declare(self, unit: str, indicator: Indicator, truths: dict[str, Numbers], temper: Temper) -> None:
        below = [truths[low] for low in self._tree.subtree(unit)
                 if low in truths and self._tree.is_topmost(low, indicator.reported_by)]
        if self._rng.random() < 0.05:
            self._state(unit, indicator, "total", (None, None), mark="not_applicable")
            return
        numbers = self._truth(unit, indicator, None)
        if below and self._rng.random() < temper.agrees:
            quoted = [each[1] for each in below if each[1] is not None]
            numbers = sum(each[0] for each in below), sum(quoted) if indicator.kind == "ratio" else None
            if self._rng.random() < 0.25:
                numbers = (max(0, numbers[0] - 1), numbers[1])
            if numbers[1] and self._rng.random() < 0.2:
                numbers = (min(numbers[0], numbers[1]), numbers[1] + 1)
        self._word(unit, indicator, "total", numbers, temper=temper)

    # Wordings -----------------------------------------------------------------------------------------------------

    def _word(self, unit: str, indicator: Indicator, scope: str, numbers: Numbers, *, temper: Temper) -> None:
        slot = 0
        if self._rng.random() < temper.repeats:  # said before, otherwise
            self._state(unit, indicator, scope, (numbers[0] + 1, numbers[1]), slot=0)
            slot = self._rng.choice((1, 2, 3))
            if self._rng.random() < 0.3:
                self._state(unit, indicator, scope, (None, None), slot=slot, action="withdraw")
                if self._rng.random() < 0.6 or slot == 3:
                    return
                slot = 3
        if self._rng.random() < temper.careless:
            self._slip(unit, indicator, scope, numbers, slot)
            return
        rate = None
        if numbers[1] and self._rng.random() < 0.3:
            is_neighbours = self._rng.random() < (0.5 if numbers[1] > 180 else 0.1)
            rate = as_percent(max(0, numbers[0] - is_neighbours), numbers[1], self._rng.choice((0, 1, 2)))
            if self._rng.random() < 0.15:  # a count with its rate alone
                numbers = numbers[0], None
        for _ in range(2 if self._rng.random() < 0.02 else 1):  # the same value twice is one value
            self._state(unit, indicator, scope, numbers, rate=rate, slot=slot)

    def _slip(self, unit: str, indicator: Indicator, scope: str, numbers: Numbers, slot: int) -> None:
        numerator, denominator = numbers
        rng, whole = self._rng, denominator or numerator + 3
        right = as_percent(numerator, whole, 2)
        slips: tuple[dict[str, object], ...] = (
            {"numbers": (numerator, whole + rng.randint(1, 5))},
            {"numbers": (whole + 1, whole)},
            {"numbers": (numerator, 0)},
            {"numbers": (0, 0)},
            {"numbers": (numerator, None)},
            {"numbers": (numerator, whole), "rate": right + Decimal("0.07")},
            {"numbers": (numerator, whole), "rate": right + Decimal("0.50")},
            {"numbers": (numerator, whole), "rate": right + rng.choice((Decimal(3), Decimal(20)))},
            {"numbers": (numerator, whole), "rate": as_percent(max(0, numerator - 1), whole, rng.choice((0, 1, 2)))},
            {"numbers": (None, None), "rate": right, "mark": "missing"},
            {"numbers": (None, whole), "mark": "missing"},
            {"numbers": (numerator, None), "rate": right},
        )
        if rng.random() < 0.2:
            others: tuple[dict[str, object], ...] = (
                {"numbers": (numerator, whole + 2)}, {"numbers": (numerator + 1, whole)},
                {"numbers": (None, None), "mark": "not_applicable"})
            both: list[dict[str, object]] = [{"numbers": (numerator, whole)}, rng.choice(others)]
            for said in rng.sample(both, 2):  # two values of one fact, in either order
                self._state(unit, indicator, scope, slot=slot, **said)  # type: ignore[arg-type]
            return
        self._state(unit, indicator, scope, slot=slot, **rng.choice(slips))  # type: ignore[arg-type]

    def _write_returns(self) -> None:
        for population in self._known.populations.values():
            share = self._rng.choice((0.0, 0.2, 0.6))
            for unit in self._tree.units:
                if self._tree.units[unit].level == "nation" or self._rng.random() >= share:
                    continue
                count = self._count(unit, population.code) + self._rng.choice((0, 0, 0, 0, 0, 1))
                scope = "own" if self._rng.random() < 0.1 else "total"
                for value in (count, count + 1)[: 2 if self._rng.random() < 0.03 else 1]:
                    self._put(unit, population.code, scope, {"numerator": value}, slot=0)

    def _write_strays(self) -> None:
        """Rows that no observation can come of: unknown, of another time, of another sender, of the wrong kind."""
        rng, units = self._rng, list(self._tree.units.values())
        indicators = sorted(self._known.indicators)
        for _ in range(rng.randint(0, 2 + len(units) // 10)):
            unit, sender = rng.choice(units), rng.choice(units)
            code = rng.choice((unit.code, unit.code, unit.code, f"x{rng.randint(1, 9)}",
                               rng.choice(sorted(self._known.codes_of_some_time))))
            speaker = rng.choice((self._speaker(unit.unit_id), self._speaker(unit.unit_id), sender.unit_id, "nobody"))
            indicator = rng.choice((*indicators, *indicators, "unheard_of", "member"))
            self._put(speaker, indicator, rng.choice(("own", "total")), {"numerator": 1, "denominator": 2},
                      slot=rng.choice((0, 0, 1)), code=code, speaker=speaker)

    # Submissions --------------------------------------------------------------------------------------------------

    def _speaker(self, unit: str) -> str:
        """Its province, or itself; for the nation nobody may speak, and a department tries."""
        if self._tree.units[unit].level == "nation":
            return self._rng.choice([each for each in self._tree.units if self._tree.units[each].parent == unit])
        return self._tree.province(unit) or unit

    def _state(self, unit: str, indicator: Indicator, scope: str, numbers: tuple[int | None, int | None], *,
               rate: Decimal | None = None, mark: str | None = None, slot: int = 0, action: str = "state") -> None:
        numerator, denominator = numbers
        self._put(unit, indicator.code, scope, {
            "numerator": numerator, "denominator": denominator, "rate": rate, "action": action,
            "mark": mark or ("nil" if numerator == 0 else "reported")}, slot)

    def _put(self, unit: str, indicator: str, scope: str, said: dict[str, object], slot: int, *,
             code: str | None = None, speaker: str | None = None) -> None:
        sender = speaker or self._speaker(unit)
        self._rows.setdefault((sender, slot), []).append({
            "unit_code": code or self._tree.units[unit].code, "indicator": indicator, "scope": scope, **said})

    def _send(self) -> None:
        """Number the submissions in the order of receipt; a sender calls itself by its code or its unit id."""
        for slot in range(self._SLOTS):
            for sender, chosen in sorted(self._rows):
                if chosen != slot:
                    continue
                unit = self._tree.units.get(sender)
                name = unit.code if unit and slot < 3 else sender
                form = "template" if slot < 2 and sender.endswith(("1", "5")) else f"file {slot}.csv"
                seq = next(self._numbers)
                for row, said in enumerate(self._rows[sender, chosen], start=1):
                    self._case.statements.append(Statement(
                        seq=seq, row=row, sender=name, form=f"{form} {self._case.period}", **said))  # type: ignore[arg-type]


def as_percent(numerator: int, denominator: int, decimals: int) -> Decimal:
    """The rate a careful sender writes: half-up at so many decimals."""
    exact = Decimal(100 * numerator) / Decimal(denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
