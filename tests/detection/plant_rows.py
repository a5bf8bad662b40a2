"""Errors of whole rows and files: unknown, of another time, of somebody else, twice, unreadable, missing, late."""

from __future__ import annotations

from dataclasses import replace

from tests.detection.book import Figure, Line, Place
from tests.detection.catalogue import COUNTS_DECLARED, EXTRA, EXTRA_DUE, PERIODS
from tests.detection.field import Field
from tests.detection.numbers import off_by
from tests.detection.truth import Planted


def duplicate_disagrees(field: Field, province: str) -> bool:
    for unit, code, period in field.communes(province, ("tree", *COUNTS_DECLARED)):
        figure = field.clean.figures[Place(unit, code, period, "own")]
        other = Figure(off_by(field.dice, max(0, figure.numerator or 0), 2, 9))
        if (figure.numerator or 0) > 0 and other.numerator:
            line = Line(province, period, field.nation.units[unit].code, code, "own", other)
            field.add("duplicate_disagrees", Place(unit, code, period, "own"), line, rules=["S06"],
                      why=f"{figure.numerator} on one row, {other.numerator} on another")
            return True
    return False


# Rows of nobody ---------------------------------------------------------------------------------------------------


_ALONE = ("tree", "course_hour", "ballot", "admitted")
"""Counts that communes state and nobody sums."""


def unknown_unit(field: Field, province: str) -> bool:
    code = f"{field.nation.units[province].code}X{field.dice.randint(10, 99)}"
    return _of_nobody(field, province, "unknown_unit", code, "S03", "nobody has this code")


def code_of_another_time(field: Field, province: str) -> bool:
    return _of_nobody(field, province, "code_of_another_time", field.nation.closed_code(province), "S10",
                      "the commune was closed in 2019")


def _of_nobody(field: Field, province: str, kind: str, code: str, rule: str, why: str) -> bool:
    for _, indicator, period in field.communes(province, _ALONE):
        line = Line(province, period, code, indicator, "own", Figure(field.dice.randint(20, 200)))
        field.add(kind, Place("", indicator, period, "own"), line, rules=[rule], why=f"{code}: {why}", senders=[province])
        return True
    return False


def unknown_indicator(field: Field, province: str) -> bool:
    for unit, code, period in field.communes(province, ("course_hour", "ballot", "admitted")):
        wrong = code[:-2] + code[-1] + code[-2]
        line = Line(province, period, field.nation.units[unit].code, wrong, "own", Figure(field.dice.randint(20, 200)))
        field.add("unknown_indicator", Place(unit, wrong, period, "own"), line, rules=["S04"], why=f"meant {code}")
        return True
    return False


def wrong_sender(field: Field, province: str) -> bool:
    """A province states a figure of the next province's commune."""
    others = field.nation.provinces
    other = others[(others.index(province) + 1) % len(others)]
    for unit, code, period in field.communes(other, _ALONE):
        if other == province:
            return False
        line = Line(province, period, field.nation.units[unit].code, code, "own", Figure(field.dice.randint(20, 200)))
        field.add("wrong_sender", Place(unit, code, period, "own"), line, rules=["S05"], why=f"{province} spoke for {other}")
        return True
    return False


def not_a_reporter(field: Field, province: str) -> bool:
    """A commune states what provinces state."""
    for unit, _, period in field.communes(province, _ALONE):
        line = Line(province, period, field.nation.units[unit].code, "committee_reviewed", "own", Figure(3, 7))
        field.add("not_a_reporter", Place(unit, "committee_reviewed", period, "own"), line, rules=["S11"],
                  why="communes do not state committee_reviewed")
        return True
    return False


def not_a_number(field: Field, province: str) -> bool:
    return _unreadable(field, province, "not_a_number", "S07", "{} cây", "words in a count's cell")


def negative_count(field: Field, province: str) -> bool:
    return _unreadable(field, province, "negative_count", "S08", "-{}", "a count below nought")


def _unreadable(field: Field, province: str, kind: str, rule: str, written: str, why: str) -> bool:
    """The finding is of a row: it names its sender, its indicator and its line, not the unit."""
    for unit, code, period in field.communes(province, ("tree",)):
        place = Place(unit, code, period, "own")
        figure = field.clean.figures[place]
        if (figure.numerator or 0) > 0:
            field.book.figures[place] = replace(figure, written=written.format(figure.numerator))
            now = field.book.figures[place].written
            field.note(Planted(field.id_of(kind), kind, unit, code, period, "own", str(figure.numerator), now, why,
                               [rule], units=[unit], indicators=[code], senders=[province]))
            return True
    return False


# What did not come ------------------------------------------------------------------------------------------------


def missing_unit(field: Field, province: str) -> bool:
    """A commune leaves a whole form out that it owes."""
    for unit, _, period in field.communes(province, ("admitted",), EXTRA_DUE):
        if field.is_free(province, "C01", period):
            field.reserve(province, ["C01"], [period])
            _leave_out(field, unit, period)
            _of_form(field, "missing_unit", unit, period, [unit, province], "C01", "stated nothing of the form 'extra'")
            return True
    return False


def missing_sender(field: Field, province: str) -> bool:
    """Nothing of a form comes from a whole province. Planted before all others: nothing else may stand there."""
    period = field.dice.choice(EXTRA_DUE)
    field.reserve(province, ["C01", *EXTRA], [period])
    for unit in field.nation.communes(province, period):
        _leave_out(field, unit, period)
    communes = field.nation.communes(province, period)
    _of_form(field, "missing_sender", province, period, [province, *communes], "C01", "sent nothing of the form 'extra'")
    return True


def _leave_out(field: Field, unit: str, period: str) -> None:
    for code in EXTRA:
        del field.book.figures[Place(unit, code, period, "own")]


def late(field: Field, province: str) -> bool:
    """The file of a period in which one form is due comes after its day."""
    period = field.dice.choice([each for each in PERIODS if each not in EXTRA_DUE])
    field.book.late.add((province, period))
    _of_form(field, "late", province, period, [province], "C02", "received after the due day")
    return True


def _of_form(field: Field, kind: str, unit: str, period: str, units: list[str], rule: str, why: str) -> None:
    field.note(Planted(field.id_of(kind), kind, unit, "", period, "", "", "", why, [rule], units=units,
                       is_of_whole_form=True), has_seat=False)
