"""Errors in a ratio's numerator or denominator, and in the counts that denominators must agree with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.detection.book import Figure, Place
from tests.detection.catalogue import KEY, PERIODS
from tests.detection.field import Field
from tests.detection.numbers import drops, looks_like, off_by, percent, scaled_rate, swaps

RATIOS = ("fee_member", "volunteer_member", "donate_member", "meeting_branch", "library_branch", "train_cadre", "plan_cadre",
          "inspect_cadre", "train_civil")
"""Declared ratios that go up and down and that no complement completes."""
Spoil = Callable[[int], list[int]]
"""What a slip of the hand makes of a number."""
_HALF_A_POINT = 60
"""Hundredths of a per cent; beyond it a rate is no slip (half a point, and a little for the rounding)."""


def places(field: Field, province: str, indicators: tuple[str, ...] = RATIOS,
           periods: tuple[str, ...] = PERIODS) -> Iterator[tuple[Place, int, int]]:
    """Free figures of communes with the clean numerator and denominator."""
    for unit, code, period in field.communes(province, indicators, periods):
        figure = field.clean.figures[Place(unit, code, period, "own")]
        if figure.denominator is not None and figure.numerator is not None:
            yield Place(unit, code, period, "own"), figure.numerator, figure.denominator


def neighbours(field: Field, place: Place) -> dict[str, int]:
    """The rates (hundredths of a per cent) of what else its unit states in the period."""
    found = {}
    for other, figure in field.by_unit(place.unit, place.period):
        if other != place and figure.denominator and (figure.numerator or 0) >= 0:
            found[other.indicator] = scaled_rate(figure.numerator or 0, figure.denominator)
    return found


def _fits_a_neighbour(field: Field, place: Place, numerator: int, denominator: int) -> bool:
    return scaled_rate(numerator, denominator) in neighbours(field, place).values()


# Numerators -------------------------------------------------------------------------------------------------------


def numerator_digits_swapped(field: Field, province: str) -> bool:
    return _numerator(field, province, "numerator_digits_swapped", swaps, ["digits_swapped"])


def numerator_digit_dropped(field: Field, province: str) -> bool:
    def inner(value: int) -> list[int]:
        return [each for each in drops(value) if each * 10 != value]

    return _numerator(field, province, "numerator_digit_dropped", inner, ["digit_dropped"])


def numerator_divided_ten(field: Field, province: str) -> bool:
    def tenth(value: int) -> list[int]:
        return [value // 10] if value % 10 == 0 and value >= 100 else []

    return _numerator(field, province, "numerator_divided_ten", tenth, ["times_ten", "digit_dropped"],
                      (*RATIOS, "guest_member"))


def _numerator(field: Field, province: str, kind: str, spoil: Spoil, causes: list[str],
               indicators: tuple[str, ...] = RATIOS) -> bool:
    """A numerator that still fits under its denominator, beside the rate of the true one."""
    for place, numerator, denominator in places(field, province, indicators):
        for wrong in spoil(numerator):
            is_far = abs(scaled_rate(wrong, denominator) - scaled_rate(numerator, denominator)) > _HALF_A_POINT
            slips = looks_like(numerator, wrong)
            is_clear = slips <= set(causes) and not _fits_a_neighbour(field, place, numerator, denominator)
            if wrong <= denominator and is_far and is_clear:
                field.plant(kind, place, Figure(wrong, denominator, percent(numerator, denominator, 2)),
                            why=f"{numerator} became {wrong}; the rate is that of the true one",
                            rules=["R01"], also=["R02"], causes=causes)
                return True
    return False


def numerator_times_ten(field: Field, province: str) -> bool:
    for place, numerator, denominator in places(field, province):
        wrong = numerator * 10
        if wrong > denominator and not _fits_a_neighbour(field, place, numerator, denominator):
            rate = percent(numerator, denominator, 2) if field.dice.random() < 0.5 else ""
            field.plant("numerator_times_ten", place, Figure(wrong, denominator, rate),
                        why=f"{numerator} was written with a zero too many", rules=["D02"], also=["R01", "R02"],
                        causes=["times_ten"])
            return True
    return False


def numerator_above_denominator(field: Field, province: str) -> bool:
    for place, _, denominator in places(field, province):
        wrong = denominator + field.dice.randint(1, 9)
        if not looks_like(denominator, wrong):
            field.plant("numerator_above_denominator", place, Figure(wrong, denominator),
                        why=f"more ({wrong}) did it than there are ({denominator})", rules=["D02"])
            return True
    return False


def swapped(field: Field, province: str) -> bool:
    for place, numerator, denominator in places(field, province):
        is_clear = not looks_like(numerator, denominator) and not looks_like(denominator, numerator)
        if numerator < denominator and is_clear:
            rate = percent(numerator, denominator, 2) if field.dice.random() < 0.5 else ""
            field.plant("swapped", place, Figure(denominator, numerator, rate),
                        why="numerator and denominator changed places", rules=["D02", "D03", "D04"],
                        also=["R01", "R02"], causes=["swapped"])
            return True
    return False


_SAID = (["scope_mixed"], ["stale_denominator"])
"""Where the wrong denominator is a count that is known for something else, which is the point."""


def _known(field: Field, place: Place) -> set[int]:
    """Counts of other populations of the unit, and of last month."""
    at = PERIODS.index(place.period)
    return {figure.numerator or 0 for period in PERIODS[max(0, at - 1):at + 1]
            for other, figure in field.by_unit(place.unit, period) if other.scope == "total"}


# Denominators -----------------------------------------------------------------------------------------------------


def _denominator(field: Field, province: str, kind: str, why: str, causes: list[str],
                 spoil: Callable[[Place, int], list[int]], indicators: tuple[str, ...] = RATIOS, periods: tuple[str, ...] = PERIODS) -> bool:
    """A denominator that its numerator still fits under. Half of them beside the rate of what was written."""
    for place, numerator, denominator in places(field, province, indicators, periods):
        for wrong in spoil(place, denominator):
            is_clear = looks_like(denominator, wrong) <= set(causes) and (causes in _SAID or wrong not in _known(field, place))
            if numerator <= wrong != denominator and is_clear:
                rate = percent(numerator, wrong, 2) if field.dice.random() < 0.5 else ""
                field.plant(kind, place, Figure(numerator, wrong, rate), why=why.format(denominator, wrong),
                            rules=["D03", "D04"], causes=causes)
                return True
    return False


def denominator_digits_swapped(field: Field, province: str) -> bool:
    return _denominator(field, province, "denominator_digits_swapped", "{} became {}", ["digits_swapped"],
                        lambda _, size: swaps(size))


def denominator_digit_dropped(field: Field, province: str) -> bool:
    return _shortened(field, province, "denominator_digit_dropped", lambda size: [each for each in drops(size) if each * 10 != size],
                      ["digit_dropped"])


def denominator_zero_dropped(field: Field, province: str) -> bool:
    return _shortened(field, province, "denominator_zero_dropped", lambda size: [size // 10] if size % 10 == 0 else [],
                      ["times_ten", "digit_dropped"])


def _shortened(field: Field, province: str, kind: str, spoil: Spoil, causes: list[str]) -> bool:
    """Of few only: other numerators are above such a denominator as well. The figure is withheld, so no sum has it."""
    for place, _, denominator in places(field, province):
        for wrong in spoil(denominator):
            if wrong >= 4 and wrong not in _known(field, place):
                field.plant(kind, place, Figure(field.dice.randint(1, wrong), wrong), why=f"{denominator} became {wrong}",
                            rules=["D03", "D04"], causes=causes)
                return True
    return False


def denominator_times_ten(field: Field, province: str) -> bool:
    return _denominator(field, province, "denominator_times_ten", "{} became {}", ["times_ten"],
                        lambda _, size: [size * 10])


def denominator_off(field: Field, province: str) -> bool:
    return _denominator(field, province, "denominator_off", "of {} only {} were asked", [],
                        lambda _, size: [off_by(field.dice, size, 3, 9)])


def denominator_of_row_above(field: Field, province: str) -> bool:
    """The count of the commune one row above: no word of the vocabulary names it."""
    def above(place: Place, _: int) -> list[int]:
        others = field.nation.communes(province, place.period)
        other = others[others.index(place.unit) - 1]
        return [field.clean.denominator(other, place.indicator, place.period)]

    return _denominator(field, province, "denominator_of_row_above", "{} was overwritten by the row above, {}", [], above)


def stale_denominator(field: Field, province: str) -> bool:
    def last(place: Place, _: int) -> list[int]:
        before = PERIODS[PERIODS.index(place.period) - 1]
        return [field.clean.counted(place.unit, "member", before)]

    return _denominator(field, province, "stale_denominator", "of {} members; the form still had {} of last month",
                        ["stale_denominator"], last, ("fee_member", "volunteer_member", "donate_member"), PERIODS[1:])


def wrong_population(field: Field, province: str) -> bool:
    """Cadres and civil servants together, where one of the two is asked."""
    return _denominator(field, province, "wrong_population", "of {}; {} are cadres and civil servants together",
                        ["scope_mixed"],
                        lambda place, _: [field.clean.denominator(place.unit, "rated_staff", place.period)],
                        ("train_cadre", "plan_cadre", "inspect_cadre", "train_civil"))


def wrong_population_of_province(field: Field, province: str) -> bool:
    """Agencies and committees together, where agencies are asked."""
    for period in field.seats(province):
        place = Place(province, field.dice.choice(("agency_reviewed", "agency_inspected")), period, "own")
        figure, everyone = field.clean.figures[place], field.clean.denominator(province, "unit_reviewed", period)
        field.plant("wrong_population_of_province", place, Figure(figure.numerator, everyone),
                    why=f"of {figure.denominator} agencies; {everyone} are agencies and committees together",
                    rules=["D03", "D04"], causes=["scope_mixed"])
        return True
    return False


def denominator_zero(field: Field, province: str) -> bool:
    for place, numerator, _ in places(field, province, ("model_branch",)):
        field.plant("denominator_zero", place, Figure(numerator, 0), why="of nought", rules=["D01"], causes=["nil_for_missing"])
        return True
    return False


def denominator_missing(field: Field, province: str) -> bool:
    for place, numerator, _ in places(field, province, ("model_branch",)):
        field.plant("denominator_missing", place, Figure(numerator), why="neither denominator nor rate", rules=["D01"])
        return True
    return False


def denominators_conflict(field: Field, province: str) -> bool:
    """Three statements of one commune name three counts of key cadres, so none counts."""
    for place, _, size in places(field, province, ("rotated",)):
        if not all(field.is_free(province, code, place.period) for code in KEY):
            continue
        _quote_three(field, "denominators_conflict", place, (size, size + 1, size + 3), [])
        return True
    return False


def denominators_conflict_by_slips(field: Field, province: str) -> bool:
    """Two of a commune's three counts of key cadres slipped, each in its own way."""
    for place, numerator, size in places(field, province, ("rotated",)):
        swapped_sizes = [each for each in swaps(size) if each >= numerator]
        if swapped_sizes and all(field.is_free(province, code, place.period) for code in KEY):
            _quote_three(field, "denominators_conflict_by_slips", place, (size, 10 * size, swapped_sizes[0]),
                         ["times_ten", "digits_swapped"])
            return True
    return False


def _quote_three(field: Field, kind: str, place: Place, sizes: tuple[int, ...], causes: list[str]) -> None:
    for code, size in zip(KEY, sizes, strict=True):
        here = place._replace(indicator=code)
        field.book.figures[here] = Figure(field.clean.figures[here].numerator, size)
    field.plant(kind, place, field.book.figures[place], indicators=KEY, rules=["D04"], causes=causes,
                why=f"three counts of one population: {', '.join(map(str, sizes))}")


# Returned counts --------------------------------------------------------------------------------------------------

_OF_MEMBERS = ("attend_member", "fee_member", "volunteer_member", "donate_member", "course_member", "guest_member")


def return_times_ten(field: Field, province: str) -> bool:
    return _returned(field, province, "return_times_ten", "times_ten", lambda count: [count * 10])


def return_digits_swapped(field: Field, province: str) -> bool:
    return _returned(field, province, "return_digits_swapped", "digits_swapped", swaps)


def _returned(field: Field, province: str, kind: str, cause: str, spoil: Spoil) -> bool:
    """The count itself is returned wrong: everything that quotes the true one differs from the ledger."""
    declared = _OF_MEMBERS[:4]
    for unit, _, period in field.communes(province, ("fee_member",)):
        is_bare = field.clean.figures[Place(unit, "guest_member", period, "own")].denominator is None
        place = Place(unit, "member", period, "total")
        count = field.clean.counted(unit, "member", period)
        wrong = [each for each in spoil(count) if each > count]
        if is_bare or not wrong or not all(field.is_free(province, code, period) for code in declared):
            continue
        field.reserve(province, declared, [period])
        figure = replace(field.clean.figures[place], numerator=wrong[0], written="")
        field.plant(kind, place, figure, why=f"the returned count {count} became {wrong[0]}", rules=["D03"],
                    causes=[cause], indicators=("member", *_OF_MEMBERS))
        return True
    return False
