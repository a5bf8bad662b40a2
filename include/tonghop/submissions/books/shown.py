"""What a number looks like in its format, as far as it changes what was said."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite

_FRACTION = re.compile(r"[#0]*\s*\\?\s*([?#0]+)/([?#0]+|[0-9]+)")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def number_shown(value: float) -> str:
    """A number as plain digits: whole without a point, else the ten digits that Excel shows."""
    if not isfinite(value):
        return str(value)
    return str(int(value)) if value == int(value) else f"{value:.10g}"


def fraction_shown(value: float, number_format: str) -> str:
    """The text "7/15" where the format draws the number as a fraction, else nothing."""
    if "/" not in number_format or not isfinite(value) or value == int(value):
        return ""
    found = _FRACTION.fullmatch(_QUOTED.sub("", number_format.split(";", maxsplit=1)[0]).strip())
    if found is None:
        return ""
    largest = int(found[2]) if found[2].isdigit() and found[2].strip("0") else 10 ** len(found[2]) - 1
    return str(Fraction(value).limit_denominator(max(largest, 1)))
