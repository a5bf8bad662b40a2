"""Errors in counts that must hang together: over time, as parts, as complements, nested, composed."""

from __future__ import annotations

from collections.abc import Callable

from tests.detection.book import Figure, Place
from tests.detection.catalogue import BALLOTS, KEY, PERIODS
from tests.detection.field import Field
from tests.detection.numbers import drops, looks_like, off_by, swaps
from tests.detection.plant_ratios import Spoil, places


def _before(period: str) -> str:
    return PERIODS[PERIODS.index(period) - 1]


# Over time --------------------------------------------------------------------------------------------------------


def cumulative_falls(field: Field, province: str) -> bool:
    def lower(value: int) -> list[int]:
        return [value - field.dice.randint(3, 9)]

    return _falling(field, province, "cumulative_falls", lower, [])


def cumulative_digit_dropped(field: Field, province: str) -> bool:
    return _falling(field, province, "cumulative_digit_dropped", lambda value: [each for each in drops(value) if each * 10 != value],
                    ["digit_dropped"])


def cumulative_nil(field: Field, province: str) -> bool:
    return _falling(field, province, "cumulative_nil", lambda _: [0], ["nil_for_missing"])


def _falling(field: Field, province: str, kind: str, spoil: Spoil, causes: list[str]) -> bool:
    """Below last month's; the month after is right again, and so above it."""
    for unit, code, period in field.communes(province, ("course_hour",), PERIODS[1:]):
        right, last = field.clean.numerator(unit, code, period), field.clean.numerator(unit, code, _before(period))
        start = right if causes else last
        for wrong in spoil(start):
            if wrong < last and looks_like(right, wrong) <= set(causes) and (causes or not looks_like(last, wrong)):
                field.plant(kind, Place(unit, code, period, "own"), Figure(wrong), rules=["N04"], causes=causes,
                            why=f"{wrong} after {last}; it was {right}")
                return True
    return False


def ledger_moves(field: Field, province: str) -> bool:
    return _moving(field, province, "ledger_moves", lambda size: [size + field.dice.randint(2, 5)], [])


def ledger_digits_swapped(field: Field, province: str) -> bool:
    return _moving(field, province, "ledger_digits_swapped", swaps, ["digits_swapped"])


def _moving(field: Field, province: str, kind: str, spoil: Spoil, causes: list[str]) -> bool:
    """From a month on all statements of a commune agree on another count, which nobody registered or returned."""
    for unit, _, period in field.communes(province, ("rotated",), PERIODS[1:]):
        at, size = PERIODS.index(period), field.clean.denominator(unit, "rotated", period)
        if not all(field.is_free(province, code, each) for code in KEY for each in PERIODS[at - 1:at + 1]):
            continue
        for wrong in spoil(size):
            most = max(field.clean.numerator(unit, code, each) for code in KEY for each in PERIODS[at:])
            if wrong >= most and looks_like(size, wrong) <= set(causes):
                _quote(field, unit, wrong, at)
                place = Place(unit, "rotated", period, "own")
                field.plant(kind, place, field.book.figures[place], rules=["D06"], causes=causes, indicators=KEY,
                            why=f"{size} key cadres became {wrong}, and nobody said why")
                return True
    return False


def _quote(field: Field, unit: str, size: int, at: int) -> None:
    for period in PERIODS[at:]:
        for code in KEY:
            place = Place(unit, code, period, "own")
            if place in field.book.figures:  # its province may have sent no such form
                field.book.figures[place] = Figure(field.clean.figures[place].numerator, size)


# Parts ------------------------------------------------------------------------------------------------------------


def part_beyond_whole(field: Field, province: str) -> bool:
    def more(part: int, whole: int) -> int:
        wrong = whole + field.dice.randint(1, 9)
        return 0 if looks_like(part, wrong) or looks_like(wrong, part) else wrong

    return _women(field, province, "part_beyond_whole", more, [])


def part_times_ten(field: Field, province: str) -> bool:
    return _women(field, province, "part_times_ten", lambda part, whole: part * 10 if part * 10 > whole else 0, ["times_ten"])


def _women(field: Field, province: str, kind: str, spoil: Callable[[int, int], int], causes: list[str]) -> bool:
    for unit, code, period in field.communes(province, ("admitted_women",)):
        part, whole = field.clean.numerator(unit, code, period), field.clean.numerator(unit, "admitted", period)
        wrong = spoil(part, whole)
        if wrong > whole:
            field.plant(kind, Place(unit, code, period, "own"), Figure(wrong), rules=["N02"], causes=causes,
                        why=f"{wrong} women of {whole} admitted", indicators=("admitted_women", "admitted"))
            return True
    return False


def part_digits_swapped(field: Field, province: str) -> bool:
    return _ballots(field, province, "part_digits_swapped", lambda part: [each for each in swaps(part) if each < part],
                    ["digits_swapped"])


def part_digit_dropped(field: Field, province: str) -> bool:
    return _ballots(field, province, "part_digit_dropped", lambda part: [each for each in drops(part) if each * 10 != part],
                    ["digit_dropped"])


def parts_overlap(field: Field, province: str) -> bool:
    """Some are counted in two parts: fewer than the smallest part has."""
    return _ballots(field, province, "parts_overlap", lambda part: [off_by(field.dice, part, 3, 12)], ["overlap"])


def parts_overlap_widely(field: Field, province: str) -> bool:
    """More are counted in the two largest parts than the smallest has."""
    for unit, code, period in field.communes(province, BALLOTS[:1]):
        parts = {each: field.clean.numerator(unit, each, period) for each in BALLOTS}
        least, second = sorted(parts.values())[:2]
        if parts[code] < second or second - least < 2:
            continue
        twice, whole = field.dice.randint(least + 1, second), field.clean.numerator(unit, "ballot", period)
        wrong = parts[code] + twice
        meant = {(parts[code], wrong), (whole + twice, whole),
                 *((part - twice, part) for each, part in parts.items() if each != code and part >= twice)}
        if not any(looks_like(*each) | looks_like(*reversed(each)) for each in meant):
            field.plant("parts_overlap_widely", Place(unit, code, period, "own"), Figure(wrong), rules=["N03"],
                        causes=["overlap"], why=f"{parts[code]} of {whole} ballots became {wrong}", indicators=("ballot", *BALLOTS))
            return True
    return False


def _ballots(field: Field, province: str, kind: str, spoil: Spoil, causes: list[str]) -> bool:
    for unit, code, period in field.communes(province, BALLOTS):
        parts = {each: field.clean.numerator(unit, each, period) for each in BALLOTS}
        whole = field.clean.numerator(unit, "ballot", period)
        for wrong in spoil(parts[code]):
            is_more = wrong > parts[code]
            others = [amount for each, amount in parts.items() if each != code]
            slips = looks_like(parts[code], wrong) | looks_like(whole, sum(others) + wrong)
            if wrong > 0 and is_more == (causes == ["overlap"]) and slips <= set(causes):
                field.plant(kind, Place(unit, code, period, "own"), Figure(wrong), rules=["N03"], causes=causes,
                            why=f"{parts[code]} of {whole} ballots became {wrong}", indicators=("ballot", *BALLOTS))
                return True
    return False


# Complements and nested ratios ------------------------------------------------------------------------------------


def complement_off(field: Field, province: str) -> bool:
    return _complement(field, province, "complement_off", lambda rest: [off_by(field.dice, rest, 1, 4)], [])


def complement_digits_swapped(field: Field, province: str) -> bool:
    return _complement(field, province, "complement_digits_swapped", swaps, ["digits_swapped"])


def _complement(field: Field, province: str, kind: str, spoil: Spoil, causes: list[str]) -> bool:
    for unit, code, period in field.communes(province, ("no_resolution_branch",)):
        rest = field.clean.numerator(unit, code, period)
        done, size = (field.clean.numerator(unit, "resolution_branch", period),
                      field.clean.denominator(unit, "resolution_branch", period))
        for wrong in spoil(rest):
            if wrong and looks_like(rest, wrong) <= set(causes):
                field.plant(kind, Place(unit, code, period, "own"), Figure(wrong), rules=["N05"], causes=causes,
                            why=f"{done} did, {wrong} did not, of {size}", indicators=(code, "resolution_branch"))
                return True
    return False


def nested_stale(field: Field, province: str) -> bool:
    def last(place: Place, _: int) -> list[int]:
        period = _before(place.period)
        is_there = Place(place.unit, "course_member", period, "own") in field.book.figures
        return [field.clean.numerator(place.unit, "course_member", period)] if is_there else []

    return _nested(field, province, "nested_stale", last, ["stale_denominator"], PERIODS[1:])


def nested_digits_swapped(field: Field, province: str) -> bool:
    return _nested(field, province, "nested_digits_swapped", lambda _, size: swaps(size), ["digits_swapped"])


def nested_over_everyone(field: Field, province: str) -> bool:
    """Of all members, where those of the course are asked."""
    return _nested(field, province, "nested_over_everyone",
                   lambda place, _: [field.clean.counted(place.unit, "member", place.period)], ["scope_mixed"])


def nested_off(field: Field, province: str) -> bool:
    return _nested(field, province, "nested_off", lambda _, size: [off_by(field.dice, size, 3, 9)], [])


def _nested(field: Field, province: str, kind: str, spoil: Callable[[Place, int], list[int]], causes: list[str],
            periods: tuple[str, ...] = PERIODS) -> bool:
    for place, numerator, size in places(field, province, ("pass_member",), periods):
        for wrong in spoil(place, size):
            if numerator <= wrong != size and looks_like(size, wrong) <= set(causes):
                field.plant(kind, place, Figure(numerator, wrong), rules=["D07"], causes=causes,
                            why=f"of {wrong}, where {size} took the course", indicators=("pass_member", "course_member"))
                return True
    return False


# Compositions -----------------------------------------------------------------------------------------------------


def composition_off(field: Field, province: str) -> bool:
    """A returned count that its returned parts do not make: of a commune's bodies, or of a province's committees."""
    for period in field.seats(province):
        if field.dice.random() < 0.5:
            break
        place = Place(province, "other_committee", period, "total")
        right = field.clean.numerator(*place)
        field.plant("composition_off", place, Figure(right + 3), rules=["D08"], indicators=_COMMITTEES,
                    why=f"{right} other committees became {right + 3}; all committees did not")
        return True
    return _composed(field, province, "composition_off", lambda size: [off_by(field.dice, size, 2, 5)], [])


def composition_digits_swapped(field: Field, province: str) -> bool:
    return _composed(field, province, "composition_digits_swapped", swaps, ["digits_swapped"])


_COMMITTEES = ("direct_committee", "district_committee", "other_committee")
_BODIES = ("body", "body_standing", "body_support")


def _composed(field: Field, province: str, kind: str, spoil: Spoil, causes: list[str]) -> bool:
    for unit, code, period in field.communes(province, _BODIES[1:]):
        right = field.clean.counted(unit, code, period)
        for wrong in spoil(right):
            whole = field.clean.counted(unit, "body", period)
            other = whole - right
            if wrong and (looks_like(right, wrong) | looks_like(whole, other + wrong)) <= set(causes):
                field.plant(kind, Place(unit, code, period, "total"), Figure(wrong), rules=["D08"], causes=causes,
                            why=f"{right} became {wrong}; the whole is {whole}", indicators=_BODIES)
                return True
    return False
