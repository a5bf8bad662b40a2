"""Errors that show in sums: in what districts and provinces declare, and in what communes state below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.detection.book import Figure, Line, Place
from tests.detection.catalogue import COUNTS_DECLARED, HOME, PERIODS
from tests.detection.field import Field
from tests.detection.nation import MOVE_AT
from tests.detection.numbers import drops, looks_like, off_by, swaps
from tests.detection.plant_ratios import Spoil

_RATIOS = ("fee_member", "volunteer_member", "donate_member", "train_cadre", "plan_cadre", "inspect_cadre", "train_civil")
_SUM = ["N01"]
_COUNTED = ["D03", "D04", "D05", "N01"]


def _sums(field: Field, province: str, indicators: tuple[str, ...] = COUNTS_DECLARED,
          periods: tuple[str, ...] = PERIODS) -> Iterator[tuple[Place, int, dict[str, int]]]:
    """Free totals: their place, their sum, and what each unit below states."""
    for unit, code, period in field.totals(province, indicators, periods):
        yield Place(unit, code, period, "total"), field.clean.numerator(unit, code, period, "total"), field.shares(unit, code, period)


def _is_readable(right: int, wrong: int, shares: dict[str, int], causes: set[str]) -> bool:
    """Whether an imbalance is no unit's figure by chance, and no other slip of the hand."""
    return wrong != right and abs(wrong - right) not in shares.values() and looks_like(right, wrong) <= causes


# What is declared -------------------------------------------------------------------------------------------------


def total_digits_swapped(field: Field, province: str) -> bool:
    return _slipped(field, province, "total_digits_swapped", swaps, {"digits_swapped"})


def total_digit_dropped(field: Field, province: str) -> bool:
    return _slipped(field, province, "total_digit_dropped", lambda value: [each for each in drops(value) if each * 10 != value],
                    {"digit_dropped"})


def total_times_ten(field: Field, province: str) -> bool:
    return _slipped(field, province, "total_times_ten", lambda value: [value * 10], {"times_ten"})


def _slipped(field: Field, province: str, kind: str, spoil: Spoil, causes: set[str]) -> bool:
    for place, total, shares in _sums(field, province):
        for wrong in spoil(total):
            if _is_readable(total, wrong, shares, causes):
                field.plant(kind, place, Figure(wrong), why=f"the sum {total} became {wrong}", rules=_SUM,
                            causes=sorted(causes))
                return True
    return False


def total_zero_dropped(field: Field, province: str) -> bool:
    return _slipped(field, province, "total_zero_dropped", lambda value: [value // 10] if value % 10 == 0 else [],
                    {"digit_dropped", "times_ten"})


def total_numerator_swapped(field: Field, province: str) -> bool:
    for place, total, shares in _sums(field, province, _RATIOS):
        under = field.clean.figures[place].denominator or 0
        for wrong in swaps(total):
            if wrong <= under and _is_readable(total, wrong, shares, {"digits_swapped"}):
                field.plant("total_numerator_swapped", place, Figure(wrong, under), rules=_SUM, causes=["digits_swapped"],
                            why=f"the summed numerator {total} became {wrong}")
                return True
    return False


def total_denominator_swapped(field: Field, province: str) -> bool:
    for place, total, _ in _sums(field, province, _RATIOS):
        under = field.clean.figures[place].denominator or 0
        for wrong in swaps(under):
            if wrong >= total:
                field.plant("total_denominator_swapped", place, Figure(total, wrong), rules=_COUNTED,
                            causes=["digits_swapped"], why=f"the summed denominator {under} became {wrong}")
                return True
    return False


def missing_child(field: Field, province: str) -> bool:
    return _left_out(field, province, "missing_child", -1, "missing_children", "{} was left out of the sum")


def double_count(field: Field, province: str) -> bool:
    return _left_out(field, province, "double_count", 1, "double_count", "{} was counted twice in the sum")


def _left_out(field: Field, province: str, kind: str, sign: int, cause: str, why: str) -> bool:
    for place, total, shares in _sums(field, province):
        for child, share in shares.items():
            wrong = total + sign * share
            if _is_one(share, shares) and not looks_like(total, wrong) and wrong > 0:
                field.plant(kind, place, Figure(wrong), why=why.format(child), rules=_SUM, causes=[cause])
                return True
    return False


def _is_one(share: int, shares: dict[str, int]) -> bool:
    return share > 0 and list(shares.values()).count(share) == 1


def missing_child_of_ratio(field: Field, province: str) -> bool:
    return _ratio_left_out(field, province, "missing_child_of_ratio", -1, "missing_children", "{} was left out of the sums")


def double_count_of_ratio(field: Field, province: str) -> bool:
    return _ratio_left_out(field, province, "double_count_of_ratio", 1, "double_count", "{} was counted twice in the sums")


def missing_child_beyond_ledger(field: Field, province: str) -> bool:
    return _ratio_left_out(field, province, "missing_child_beyond_ledger", -1, "missing_children", "{} was left out of the sums",
                           (HOME,), PERIODS[:1])


def double_count_beyond_ledger(field: Field, province: str) -> bool:
    return _ratio_left_out(field, province, "double_count_beyond_ledger", 1, "double_count", "{} was counted twice in the sums",
                           (HOME,), PERIODS[:1])


def _ratio_left_out(field: Field, province: str, kind: str, sign: int, cause: str, why: str,
                    indicators: tuple[str, ...] = _RATIOS, periods: tuple[str, ...] = PERIODS) -> bool:
    """Numerator and denominator lack, or repeat, the same unit."""
    for place, total, shares in _sums(field, province, indicators, periods):
        under = field.clean.figures[place].denominator or 0
        for child, share in shares.items():
            size = field.clean.denominator(child, place.indicator, place.period, field.scope(child))
            sizes = [field.clean.denominator(each, place.indicator, place.period, field.scope(each)) for each in shares]
            wrong = under + sign * size
            if _is_one(share, shares) and sizes.count(size) == 1 and not looks_like(under, wrong):
                rules = _COUNTED if place.indicator != HOME else ["D05", "N01"]
                field.plant(kind, place, Figure(total + sign * share, wrong), why=why.format(child), rules=rules,
                            causes=[cause])
                return True
    return False


# Units that moved -------------------------------------------------------------------------------------------------


def moved_unit_still_counted(field: Field, province: str) -> bool:
    return _moved(field, province, "moved_unit_still_counted", "before", 1, ["moved_unit"])


def moved_unit_not_counted(field: Field, province: str) -> bool:
    return _moved(field, province, "moved_unit_not_counted", "after", -1, ["moved_unit", "missing_children"])


def _moved(field: Field, province: str, kind: str, side: str, sign: int, causes: list[str]) -> bool:
    """A commune went to another district (of this province, or of the next): one of the two counts it wrongly."""
    for unit, above in field.moved(province, side):
        for place, total, shares in _sums(field, field.nation.province(above, PERIODS[MOVE_AT]), periods=PERIODS[MOVE_AT:]):
            if place.unit != above:
                continue
            share = field.clean.numerator(unit, place.indicator, place.period)
            others = [amount for each, amount in shares.items() if each != unit]
            wrong = total + sign * share
            if share > 0 and share not in others and not looks_like(total, wrong):
                field.plant(kind, place, Figure(wrong), why=f"{unit} moved in {PERIODS[MOVE_AT]}", rules=_SUM,
                            causes=causes)
                return True
    return False


# What communes state ----------------------------------------------------------------------------------------------


def child_times_ten(field: Field, province: str) -> bool:
    return _child(field, province, "child_times_ten", lambda value: [value * 10] if value % 10 else [], ["times_ten"])


def child_zero_dropped(field: Field, province: str) -> bool:
    def tenth(value: int) -> list[int]:
        # Nine times a single digit (and noughts) is also what two digits changing places would make.
        return [value // 10] if value % 10 == 0 and value >= 100 and value % 100 else []

    return _child(field, province, "child_zero_dropped", tenth, ["times_ten", "digit_dropped"])


def child_digits_swapped(field: Field, province: str) -> bool:
    return _child(field, province, "child_digits_swapped", swaps, ["digits_swapped"])


def nil_for_missing(field: Field, province: str) -> bool:
    return _child(field, province, "nil_for_missing", lambda _: [0], ["nil_for_missing"])


def _child(field: Field, province: str, kind: str, spoil: Callable[[int], list[int]], causes: list[str]) -> bool:
    """A commune's count is wrong; its district and its province declare the true sums, so both differ by the same."""
    for unit, code, period in field.communes(province, COUNTS_DECLARED):
        place, right = Place(unit, code, period, "own"), field.clean.numerator(unit, code, period)
        district = field.nation.parent(unit, period)
        for wrong in spoil(right):
            if all(_is_hidden_from(field, above, place, right - wrong) for above in (district, province)):
                written = field.dice.choice(("0", "-", "không")) if wrong == 0 else ""
                field.plant(kind, place, Figure(wrong, written=written), why=f"{right} became {wrong}", rules=_SUM,
                            causes=causes, units=[unit, district, province])
                return True
    return False


def _is_hidden_from(field: Field, above: str, place: Place, imbalance: int) -> bool:
    """Whether a sum above says nothing but that a figure below is wrong."""
    total = field.clean.numerator(above, place.indicator, place.period, "total")
    shares = {**field.shares(above, place.indicator, place.period), place.unit: -1}
    return _is_readable(total - imbalance, total, shares, set())


def later_version(field: Field, province: str) -> bool:
    """A commune's figure is corrected by a later file; its district had summed the first, its province the second."""
    for unit, code, period in field.communes(province, COUNTS_DECLARED):
        district, right = field.nation.parent(unit, period), field.clean.numerator(unit, code, period)
        first = off_by(field.dice, right, 4, 12)
        place = Place(district, code, period, "total")
        total, shares = field.clean.numerator(district, code, period, "total"), field.shares(district, code, period)
        wrong = total - right + first
        if not field.is_seat_free(district, period) or not _is_readable(total, wrong, shares, set()) or not first:
            continue
        field.book.figures[place._replace(unit=unit, scope="own")] = Figure(first)
        field.book.lines.append(Line(province, period, field.nation.units[unit].code, code, "own", Figure(right),
                                     is_amendment=True))
        field.take(unit)
        field.plant("later_version", place, replace(field.clean.figures[place], numerator=wrong, written=""), rules=_SUM,
                    why=f"{unit} said {first}, and {right} later; the sum has the first", causes=["later_version"])
        return True
    return False
