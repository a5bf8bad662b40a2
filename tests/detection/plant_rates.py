"""Errors in the rate that a sender wrote, at every level, and in rates that stand without one of their counts."""

from __future__ import annotations

from collections.abc import Iterator

from tests.detection.book import Figure, Place
from tests.detection.catalogue import PERIODS
from tests.detection.field import Field
from tests.detection.numbers import percent, scaled_rate, swaps, truncated, written_rate
from tests.detection.plant_ratios import RATIOS, neighbours, places

_SLIP, _ERROR = 45, 60
"""Hundredths of a per cent: below the one a rate is a slip, above the other it is none (the line is at 50)."""


def _anywhere(field: Field, province: str) -> Iterator[tuple[Place, int, int]]:
    """Ratios of communes, districts and the province, one level after the other by chance."""
    above = ((Place(unit, code, period, "total"), field.clean.numerator(unit, code, period, "total"),
              field.clean.denominator(unit, code, period, "total"))
             for unit, code, period in field.totals(province, RATIOS))
    below = places(field, province)
    yield from above if field.dice.random() < 0.4 else below
    yield from below


def _state(field: Field, kind: str, place: Place, rate: str, *, why: str, also: tuple[str, ...] = ("R02",),
           causes: tuple[str, ...] = (), rules: tuple[str, ...] = ("R01",)) -> bool:
    figure = field.clean.figures[place]
    field.plant(kind, place, Figure(figure.numerator, figure.denominator, rate), why=why, rules=rules, also=also,
                causes=causes)
    return True


def rate_of_neighbour(field: Field, province: str) -> bool:
    for place, numerator, denominator in _anywhere(field, province):
        right = scaled_rate(numerator, denominator)
        for indicator, rate in neighbours(field, place).items():
            if abs(rate - right) > _ERROR and rate not in swaps(right):
                return _state(field, "rate_of_neighbour", place, written_rate(rate, 2), causes=("rate_of_a_neighbour",),
                              why=f"the rate of {indicator}")
    return False


def rate_truncated(field: Field, province: str) -> bool:
    for place, numerator, denominator in _anywhere(field, province):
        decimals = field.dice.choice((1, 2))
        cut = truncated(numerator, denominator, decimals)
        if cut != percent(numerator, denominator, decimals):
            return _state(field, "rate_truncated", place, cut, causes=("truncated",), why="cut off, not rounded")
    return False


def rate_slip(field: Field, province: str) -> bool:
    """Off in the last digit or two: neither cut off, nor the rate of anything else, nor two digits swapped."""
    for place, numerator, denominator in _anywhere(field, province):
        right = scaled_rate(numerator, denominator)
        wrong = right + field.dice.choice((-1, 1)) * field.dice.randint(2, _SLIP - 5)
        known = {*neighbours(field, place).values(), *swaps(right)}
        if 0 < wrong < 10_000 and wrong not in known and not _is_possible(wrong, numerator, denominator):
            return _state(field, "rate_slip", place, written_rate(wrong, 2), why="a digit of the rate slipped")
    return False


def rate_digits_swapped(field: Field, province: str) -> bool:
    for place, numerator, denominator in _anywhere(field, province):
        right = scaled_rate(numerator, denominator)
        for wrong in swaps(right):
            is_other = wrong in neighbours(field, place).values()
            if abs(wrong - right) > _ERROR and wrong <= 10_000 and not is_other:
                return _state(field, "rate_digits_swapped", place, written_rate(wrong, 2), causes=("digits_swapped",),
                              why="two digits of the rate changed places")
    return False


def rate_comma_moved(field: Field, province: str) -> bool:
    """The comma was lost, stands one place too far left, or the rate is a fraction of one."""
    for place, numerator, denominator in _anywhere(field, province):
        if not 1_000 < scaled_rate(numerator, denominator) < 10_000:
            continue
        wrong = field.dice.choice((
            written_rate(scaled_rate(numerator, denominator), 0), percent(numerator, 10 * denominator, 2),
            percent(numerator, 10 * denominator, 3), percent(numerator, 100 * denominator, 4)))
        if all(abs(scaled_rate(numerator, each * denominator) - rate) > 1 for each in (10, 100)
               for rate in neighbours(field, place).values()):
            return _state(field, "rate_comma_moved", place, wrong, causes=("times_ten",), why="the comma in another place")
    return False


def rate_impossible(field: Field, province: str) -> bool:
    """A rate that no whole numerator gives over this denominator, and no denominator under this numerator."""
    for place, numerator, denominator in places(field, province):
        wrong, right = field.dice.randint(500, 9_900), scaled_rate(numerator, denominator)
        is_other = wrong in neighbours(field, place).values() or wrong in swaps(right)
        if abs(wrong - right) > _ERROR and not is_other and not _is_possible(wrong, numerator, denominator):
            return _state(field, "rate_impossible", place, written_rate(wrong, 2), rules=("R02",), also=("R01",),
                          why=f"no whole number over {denominator}, nor {numerator} over any, gives it")
    return False


def rate_alone_impossible(field: Field, province: str) -> bool:
    """A numerator left blank beside a rate that no whole number gives."""
    for place, _, denominator in places(field, province, ("model_branch",)):
        wrong = field.dice.randint(500, 9_900)
        if not _is_possible(wrong, None, denominator):
            field.plant("rate_alone_impossible", place, Figure(None, denominator, written_rate(wrong, 2)),
                        rules=["R02"], why=f"no whole number over {denominator} gives it")
            return True
    return False


def _is_possible(rate: int, numerator: int | None, denominator: int) -> bool:
    """Whether some whole numerator over this denominator, or some denominator under this numerator, gives a rate."""
    near = rate * denominator // 10_000
    if any(scaled_rate(each, denominator) == rate for each in (near, near + 1)):
        return True
    if numerator is None:
        return False
    below = numerator * 10_000 // rate
    return any(scaled_rate(numerator, each) == rate for each in range(max(1, below - 2), below + 3))


def rate_implies_other_denominator(field: Field, province: str) -> bool:
    """A count with a rate alone; the denominator it implies is far from the count of members."""
    for place, numerator, size in places(field, province, ("guest_member",)):
        other = round(size * field.dice.uniform(1.08, 1.3))
        field.plant("rate_implies_other_denominator", place, Figure(numerator, rate=percent(numerator, other, 2)),
                    why=f"of {other}, not of {size}", rules=["R03"])
        return True
    return False


def rate_implies_stale_denominator(field: Field, province: str) -> bool:
    for place, numerator, size in places(field, province, ("guest_member",), PERIODS[1:]):
        last = field.clean.counted(place.unit, "member", PERIODS[PERIODS.index(place.period) - 1])
        if scaled_rate(numerator, last) != scaled_rate(numerator, size):
            field.plant("rate_implies_stale_denominator", place, Figure(numerator, rate=percent(numerator, last, 2)),
                        why=f"of last month's {last}, not of {size}", rules=["R03"], causes=["stale_denominator"])
            return True
    return False
