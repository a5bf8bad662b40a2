"""What is wrong with a numerator, a denominator or a rate: SQL, true where it is broken, shared by the rules of the
nightly gates and by the expectations for any table. Arguments are SQL expressions: a column, or more.
"""

from __future__ import annotations


def numerator_above(numerator: str, denominator: str) -> str:
    """More were counted than there are: 74/73."""
    return f"{denominator} > 0 and {numerator} > {denominator}"


def denominator_off(denominator: str, population: str) -> str:
    """The denominator is not its population's count, where one is known: 41/88 where there are 73."""
    return f"{denominator} > 0 and {population} is not null and {denominator} <> {population}"


def several(denominators: str) -> str:
    """One population was counted in several ways: 73 here and 88 there."""
    return f"{denominators} > 1"


def out_of_balance(imbalance: str) -> str:
    """A declared total is not the sum below it; a sum that is not known gives no verdict."""
    return f"{imbalance} <> 0"


def not_the_sum(whole: str, *parts: str) -> str:
    """The parts do not add up to the whole: 67 + 05 beside 73."""
    return f"{' + '.join(parts)} <> {whole}"


def rate_differs(numerator: str, denominator: str, stated: str, rounded: str) -> str:
    """The stated rate is not the fraction, rounded half-up at as many decimals: 38/73 written 52,07%."""
    return (f"{denominator} > 0 and {numerator} is not null and {stated} is not null"
            f" and {rounded} <> {stated}")
