"""What a stated rate says: the exact quotients that are written so."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def is_written_as(exact: Fraction, stated: Decimal) -> bool:
    """Whether a quotient, in percent, is the stated rate at the decimals stated, half-up."""
    digit = Fraction(Decimal(1).scaleb(int(stated.as_tuple().exponent)))
    return (exact / digit + Fraction(1, 2)).__floor__() * digit == Fraction(stated)
