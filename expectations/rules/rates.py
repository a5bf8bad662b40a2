"""R: what a stated rate must agree with."""

from typing import ClassVar

from expectations.rule import Level, OnObservation

_DIFFERS = (
    "denominator > 0 and numerator is not null and stated_rate is not null"
    " and round(exact_percent, rate_decimals) <> stated_percent"
)


class ExpectStatedRateToFitNearly(OnObservation):
    """A stated rate is numerator over denominator at its own decimals; up to half a point off is a slip.

    Bad: 38/73 written 52,07% (it is 52,05). Good: 67/73 written 91,78%. The counts stand.
    """

    rule = "R01"
    level: ClassVar[Level] = "warning"
    tolerance_points: float = 0.5
    predicate = _DIFFERS + " and abs(stated_percent - exact_percent) <= {tolerance_points}"
    expected = "round(exact_percent, rate_decimals) || '%'"
    actual = "stated_rate_text"
    imbalance = "stated_percent - exact_percent"
    message_vi = "Tỷ lệ ghi {stated_rate_text} lệch nhẹ so với {numerator}/{denominator}."
    message_en = "The stated rate {stated_rate_text} is slightly off {numerator}/{denominator}."
    withholds = ""


class ExpectStatedRateToFit(ExpectStatedRateToFitNearly):
    """A stated rate more than half a point off means that one of the three numbers is wrong.

    Bad: 709/724 written 99,55% (it is 97,93). Good: 709/724 written 97,93%.
    """

    level = "error"
    predicate = _DIFFERS + " and abs(stated_percent - exact_percent) > {tolerance_points}"
    message_vi = "Tỷ lệ ghi {stated_rate_text} không khớp {numerator}/{denominator}: một trong ba số sai."
    message_en = "The stated rate {stated_rate_text} does not fit {numerator}/{denominator}: one of the three is wrong."
    withholds = OnObservation.withholds
