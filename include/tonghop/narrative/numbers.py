"""How a count and a rate are written in prose. Pure.

A dot (or a space) before exactly three digits groups thousands, in counts only; a comma before exactly three digits
does where a count must stand (12,480/12,951). A rate has a decimal comma or point and keeps its decimals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

LARGEST = 2**63 - 1
"""A PostgreSQL bigint: what the warehouse can keep."""

_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+|(?: [0-9]{3})+)")
_DECIMAL = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,15}))?")


def parse_count(text: str) -> int | None:
    """The whole number that digits and groups write; None where they write none the warehouse can keep."""
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    digits = re.sub(r"[., ]", "", text).lstrip("0") or "0"
    if len(digits) > 19 or int(digits) > LARGEST:
        return None
    return int(digits)


@dataclass(frozen=True)
class Rate:
    """A rate in per cent, and the decimals it was written with."""

    value: Decimal
    decimals: int

    @property
    def exact(self) -> Fraction:
        return Fraction(self.value)

    def rounds(self, quotient: Fraction) -> bool:
        """Whether a quotient (in per cent) is this rate at its decimals, half up."""
        return rounded(quotient, self.decimals) == self.exact

    def truncates(self, quotient: Fraction) -> bool:
        """Whether a quotient (in per cent) cut off after the decimals is this rate."""
        step = 10**self.decimals
        return Fraction(quotient * step // 1, step) == self.exact


def parse_rate(text: str) -> Rate | None:
    """The rate that digits with a decimal mark write; None where they write none."""
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    decimals = found[2] or ""
    return Rate(Decimal(f"{found[1]}.{decimals or 0}"), len(decimals))


def rounded(quotient: Fraction, decimals: int) -> Fraction:
    """A quotient rounded half up at some decimals, exactly: no float stands between."""
    step = 10**decimals
    return Fraction((quotient * step * 2 + 1) // 2, step)


def percent(numerator: int, denominator: int) -> Fraction:
    """A ratio in per cent, exact; the denominator is above zero."""
    return Fraction(100 * numerator, denominator)


def shown_count(value: int) -> str:
    """43240 as 43.240."""
    return f"{value:,}".replace(",", ".")


def shown_rate(quotient: Fraction | Decimal, decimals: int = 2) -> str:
    """A rate in per cent with a decimal comma: 97,93%."""
    digits = str(int(rounded(Fraction(quotient), decimals) * 10**decimals)).zfill(decimals + 1)
    return f"{digits[: len(digits) - decimals]},{digits[len(digits) - decimals :]}%" if decimals else f"{digits}%"


def implied_denominators(numerator: int, rate: Rate) -> tuple[int, int] | None:
    """The least and the largest denominator of which ``numerator`` is ``rate`` at its decimals.

    Returns:
        Both ends; the first above the last where no whole denominator gives the rate. None where any would.
    """
    half = Fraction(1, 2 * 10**rate.decimals)
    low, high = rate.exact - half, rate.exact + half
    if high <= 0:
        return None
    first = int(-(-100 * numerator // high))
    if 100 * numerator == first * high:  # half up: the upper end belongs to the next rate
        first += 1
    if low <= 0:
        return None
    last = int(100 * numerator // low)
    return first, last


def possible_numerators(denominator: int, rate: Rate) -> int | None:
    """A numerator that gives ``rate`` over ``denominator`` at its decimals; None where none does."""
    near = int(rate.exact * denominator / 100)
    for numerator in (near, near + 1):
        if rate.rounds(percent(numerator, denominator)):
            return numerator
    return None
