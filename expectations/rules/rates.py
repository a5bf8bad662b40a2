"""R: what a stated rate must agree with."""

from typing import ClassVar

from expectations import predicates
from expectations.rule import Level, OnObservation

_DIFFERS = predicates.rate_differs("numerator", "denominator", "stated_percent", "round(exact_percent, rate_decimals)")
_ASKED = (
    "denominator > 0 and stated_percent is not null"
    " and (round(exact_percent, rate_decimals) <> stated_percent or (numerator is null and kind = 'ratio'))"
)
# The whole numerators beside the one that would give the rate exactly: if none of the two gives it, none does.
_BELOW = "floor(stated_percent * denominator / 100)"
_GIVES_NOT = (
    " and not (({whole} <= denominator or may_exceed_one)"
    " and round(100 * {whole} / denominator, rate_decimals) = stated_percent)"
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


class ExpectStatedRateToFit(ExpectStatedRateToFitNearly):
    """A stated rate more than half a point off means that one of the three numbers is wrong.

    Bad: 709/724 written 99,55% (it is 97,93). Good: 709/724 written 97,93%.
    """

    level = "error"
    predicate = _DIFFERS + " and abs(stated_percent - exact_percent) > {tolerance_points}"
    message_vi = "Tỷ lệ ghi {stated_rate_text} không khớp {numerator}/{denominator}: một trong ba số sai."
    message_en = "The stated rate {stated_rate_text} does not fit {numerator}/{denominator}: one of the three is wrong."


class ExpectSomeNumeratorToGiveTheRate(ExpectStatedRateToFitNearly):
    """Some whole numerator of the stated denominator could give the stated rate: else the two cannot both be right.

    Asked where R01 is found, or where the numerator is left out. Bad: 709/724 written 99,55%: no n/724 gives it. Good:
    38/73 written 53,42%, as 39/73 is.
    """

    rule = "R02"
    level: ClassVar[Level] = "info"
    predicate = _ASKED + _GIVES_NOT.format(whole=_BELOW) + _GIVES_NOT.format(whole=f"({_BELOW} + 1)")
    expected = "'n/' || denominator"
    message_vi = "Không có tử số nguyên nào trên {denominator} cho tỷ lệ {stated_rate_text}: mẫu số hoặc tỷ lệ sai."
    message_en = "No whole numerator over {denominator} gives {stated_rate_text}: the denominator or the rate is wrong."


class ExpectImpliedDenominatorToHoldTheLedgers(OnObservation):
    """A count stated with a rate alone implies its denominator, which holds the ledger's count.

    Bad: 3.484 (96%) where 5.000 are registered: it implies 3.611 … 3.648. Good: where 3.630 are.
    """

    rule = "R03"
    level: ClassVar[Level] = "warning"
    predicate = (
        "kind = 'ratio' and not is_nested and denominator is null and numerator is not null and stated_rate is not null"
        " and ledger_count is not null and (ledger_count = 0"
        " or round(100.0 * numerator / nullif(ledger_count, 0), rate_decimals) <> stated_percent)"
    )
    expected = "ledger_count::text"
    actual = "numerator || ' (' || stated_rate_text || ')'"
    message_vi = (
        "{numerator} ({stated_rate_text}) không thể là của {ledger_count} {population_vi}, như sổ mẫu số ghi"
        " (nguồn: {ledger_source})."
    )
    message_en = (
        "{numerator} ({stated_rate_text}) cannot be of {ledger_count} {population_en}, which the ledger knows"
        " (source: {ledger_source})."
    )
