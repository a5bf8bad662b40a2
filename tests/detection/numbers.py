"""How the corpus writes counts and rates, and the ways in which a hand spoils a number."""

from __future__ import annotations

from itertools import pairwise
from random import Random


def percent(numerator: int, denominator: int, decimals: int) -> str:
    """A rate as it is written: half-up, with a decimal comma (``91,78%``)."""
    return written_rate((200 * numerator * 10**decimals + denominator) // (2 * denominator), decimals)


def truncated(numerator: int, denominator: int, decimals: int) -> str:
    """A rate whose further digits were cut off."""
    return written_rate(100 * numerator * 10**decimals // denominator, decimals)


def written_rate(scaled: int, decimals: int) -> str:
    whole, rest = divmod(scaled, 10**decimals)
    return f"{whole},{rest:0{decimals}d}%" if decimals else f"{whole}%"


def scaled_rate(numerator: int, denominator: int) -> int:
    """A rate in hundredths of a per cent, half-up."""
    return (20_000 * numerator + denominator) // (2 * denominator)


def grouped(value: int) -> str:
    """A count with its thousands grouped by dots."""
    return f"{value:,}".replace(",", ".")


def swaps(value: int) -> list[int]:
    """What a number becomes when two neighbouring digits change places."""
    text = str(value)
    found = [text[:at] + text[at + 1] + text[at] + text[at + 2:] for at in range(len(text) - 1)]
    return sorted({int(each) for each in found if each[0] != "0" and each != text})


def drops(value: int) -> list[int]:
    """What a number becomes when one of its digits is left out."""
    text = str(value)
    found = [text[:at] + text[at + 1:] for at in range(len(text))] if len(text) > 1 else []
    return sorted({int(each) for each in found if each[0] != "0"})


def looks_like(meant: int, wrong: int) -> set[str]:
    """The causes by which a slip of the hand alone would make ``wrong`` of ``meant``."""
    found = set()
    if wrong in swaps(meant):
        found.add("digits_swapped")
    if wrong in drops(meant):
        found.add("digit_dropped")
    if meant and wrong in (meant * 10, meant / 10):
        found.add("times_ten")
    return found


def off_by(dice: Random, value: int, least: int, most: int) -> int:
    """Another number nearby, which no slip of the hand makes of ``value``; zero only where nothing is found.

    Never nine or a multiple apart: two digits that change places anywhere in a sum move it by just that.
    """
    tries = [value + sign * step for step in range(least, most + 1) for sign in (-1, 1)]
    good = [each for each in tries if each > 0 and (each - value) % 9
            and not looks_like(value, each) and not looks_like(each, value)]
    return dice.choice(good) if good else 0


def rises(values: list[int]) -> bool:
    return all(before <= after for before, after in pairwise(values))
