"""Slips of the pen in SQL beside the obvious reading of them in Python, over random numbers and their neighbours."""

from __future__ import annotations

import random

from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows


def dropped(number: int) -> set[str]:
    """What is left of a number without any one of its digits."""
    text = str(number)
    return {text[:place] + text[place + 1:] for place in range(len(text))}


def swapped(number: int) -> set[str]:
    """A number with any two neighbouring digits changed round."""
    text = str(number)
    return {text[:place] + text[place + 1] + text[place] + text[place + 2:] for place in range(len(text) - 1)}


def slip(meant: int, written: int) -> str | None:
    """The slip by trying each at each place."""
    m, w = str(meant), str(written)
    if meant == written or min(meant, written) < 0:
        return None
    if written == 10 * meant or meant == 10 * written:
        return "times_ten"
    if len(m) == len(w) and w in swapped(meant):
        return "digits_swapped"
    if len(m) == len(w) > 2 and sum(a != b for a, b in zip(m, w, strict=True)) == 1:
        return "digit_mistyped"
    if len(m) == len(w) + 1 and w in dropped(meant):
        return "digit_dropped"
    return "digit_added" if len(w) == len(m) + 1 and m in dropped(written) else None


def possibly_meant(written: int) -> set[int]:
    """Every number with one digit put in, one left out, two changed round."""
    text = str(written)
    longer = {int(text[:place] + digit + text[place:]) for place in range(len(text) + 1) for digit in "0123456789"}
    shorter = {int(one) for one in dropped(written) if one}
    return longer | shorter | {int(one) for one in swapped(written)}


def near(number: int, draw: random.Random) -> int:
    """A number that a slip, two of them, or nothing at all could have made."""
    text = list(str(number))
    for _ in range(draw.choice((0, 1, 1, 1, 2))):
        place = draw.randrange(len(text))
        what = draw.choice(("drop", "add", "swap", "mistype", "nought"))
        if what == "drop" and len(text) > 1:
            text.pop(place)
        elif what == "add":
            text.insert(place, draw.choice("0123456789"))
        elif what == "swap":
            other = min(place + 1, len(text) - 1)
            text[place], text[other] = text[other], text[place]
        elif what == "mistype":
            text[place] = draw.choice("0123456789")
        else:
            text.append("0")
    return int("".join(text))


def test_a_slip_is_what_trying_every_place_says(warehouse: Settings) -> None:
    draw = random.Random(20261123)
    numbers = [0, 1, 9, 10, 11, 100, 101, 110, *(draw.randrange(10 ** draw.randint(1, 7)) for _ in range(4000))]
    pairs = [(number, near(number, draw)) for number in numbers] + [(-5, 5), (5, -5), (-5, -50), (73, 37), (73, 73)]
    with connect(warehouse) as connection:
        found = rows(connection, "select quality.slip(meant, written) from unnest(%s::bigint[], %s::bigint[])"
                                 " with ordinality as said (meant, written, place) order by place",
                     tuple(map(list, zip(*pairs, strict=True))))
    expected = [slip(*pair) for pair in pairs]
    assert [row[0] for row in found] == expected
    assert len(set(expected)) == 6, "every slip is among them, and none"


def test_what_was_possibly_meant_is_every_number_one_slip_away(warehouse: Settings) -> None:
    draw = random.Random(7)
    numbers = [0, 7, 10, 100, 999, *(draw.randrange(10 ** draw.randint(1, 6)) for _ in range(200))]
    with connect(warehouse) as connection:
        for number in numbers:
            found = [row[0] for row in rows(connection, "select quality.possibly_meant(%s)", (number,))]
            assert len(found) == len(set(found))
            assert set(found) == possibly_meant(number), number


def test_no_number_is_too_large_to_be_asked_of(warehouse: Settings) -> None:
    largest, tenth = 2**63 - 1, 922337203685477580
    with connect(warehouse) as connection:
        assert rows(connection, "select quality.slip(%s, %s), quality.slip(%s, %s), quality.slip(1, %s)",
                    (tenth, largest, tenth, 10 * tenth, largest)) == [("digit_added", "times_ten", None)]
        assert rows(connection, "select quality.possibly_meant(%s)", (largest,)) == []
        assert rows(connection, "select quality.as_count(1e18), quality.as_count(999999999999999999), quality.as_count(-1),"
                                " quality.as_count(66.5)") == [(None, 10**18 - 1, None, 67)]


def test_the_words_name_both_numbers(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        assert rows(connection, "select * from quality.slip_words('digit_dropped', '603', '63')") == [
            ("Giả thuyết: 603 bị ghi thành 63 (thiếu một chữ số).", "Hypothesis: 603 was written as 63 (a digit dropped).")]
