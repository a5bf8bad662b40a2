"""D: what a denominator must agree with."""

from typing import ClassVar

from expectations import predicates
from expectations.rule import Level, OnObservation, Rule


class ExpectDenominatorAboveZero(OnObservation):
    """A denominator that is stated is above zero; a ratio has a denominator or a rate.

    Bad: 5/0; 5 without denominator and rate. Good: 5/7; 3.484 with 96%; 0/0 inside a ratio that is nested and nil.
    """

    rule = "D01"
    level_is_fixed = "no sum can take such a figure in"
    predicate = (
        "mark <> 'not_applicable' and ("
        "(denominator <= 0 and not (is_nested and numerator is not distinct from 0)) is true"
        " or (kind = 'ratio' and denominator is null and stated_rate is null))"
    )
    expected = "'> 0'"
    actual = "coalesce(denominator::text, 'thiếu / missing')"
    message_vi = (
        "Mẫu số phải lớn hơn 0 và không được để trống khi không có tỷ lệ"
        " (đang ghi: tử {numerator}, mẫu {denominator})."
    )
    message_en = (
        "The denominator must be above zero, and be there where no rate is"
        " (numerator {numerator}, denominator {denominator})."
    )


class ExpectNumeratorWithinDenominator(OnObservation):
    """The numerator is not above the denominator, unless the catalogue says that the ratio may exceed one.

    Bad: 74/73. Good: 73/73.
    """

    rule = "D02"
    level_is_fixed = "no sum can take such a figure in"
    predicate = predicates.numerator_above("numerator", "denominator") + " and not may_exceed_one"
    expected = "'≤ ' || denominator"
    actual = "numerator::text"
    imbalance = "numerator - denominator"
    message_vi = "Tử số {numerator} lớn hơn mẫu số {denominator}."
    message_en = "Numerator {numerator} is above denominator {denominator}."


class ExpectDenominatorToEqualLedger(OnObservation):
    """The denominator is the count of its population in the ledger.

    Bad: 41/88 where 73 agencies are registered. Good: 67/73. Nested ratios are left to D07.
    """

    rule = "D03"
    predicate = predicates.denominator_off("denominator", "ledger_count") + " and not is_nested"
    group = ("denominator", "unit_id", "population", "period")
    expected = "ledger_count::text"
    actual = "denominator::text"
    imbalance = "denominator - ledger_count"
    message_vi = (
        "Mẫu số {denominator} (số liệu {numerator}/{denominator}) khác sổ mẫu số:"
        " {population_vi} là {ledger_count} (nguồn: {ledger_source})."
    )
    message_en = (
        "Denominator {denominator} (of {numerator}/{denominator}) differs from the ledger:"
        " {population_en} are {ledger_count} (source: {ledger_source})."
    )


class ExpectOneDenominatorAPopulation(Rule):
    """One population has one denominator across a unit's indicators in a period.

    Bad: 67/73 and 38/73 beside 41/88 and 17/88. Good: all of 73. Withholds those that differ from the ledger; where the
    ledger knows no count, all that conflict.
    """

    rule = "D04"
    relation = "intermediate.int_denominator_compared"
    predicate = predicates.several("denominators")
    key = ("unit_id", "population", "period")
    group = ("denominator", "unit_id", "population", "period")
    columns: ClassVar[dict[str, str]] = {"indicator": "null", "scope": "null"}
    expected = "coalesce(ledger_count::text, 'một mẫu số / one denominator')"
    actual = "denominators_text"
    message_vi = "Một tập mẫu số ({population_vi}) có nhiều mẫu số trong kỳ: {values_text}."
    message_en = "One population ({population_en}) has several denominators in the period: {values_text}."
    withholds = (
        "select quote.unit_id, quote.indicator, quote.period, quote.scope from {broken} as broken"
        " inner join {nearby} as quote"
        " on quote.unit_id = broken.unit_id and quote.population = broken.population and quote.period = broken.period"
        " where quote.denominator > 0 and not quote.is_nested"
        " and broken.ledger_count is distinct from quote.denominator"
    )


class ExpectDeclaredDenominatorToEqualChildren(Rule):
    """A declared denominator is the sum of its children's, where all are whole.

    Bad: 224 declared over children that sum to 222. Good: 222. A child that is not whole: no verdict.
    """

    rule = "D05"
    level_is_fixed = "a declaration cannot stand beside another sum"
    relation = "intermediate.int_declaration_compared"
    predicate = "measure = 'denominator' and " + predicates.out_of_balance("imbalance")
    key = ("unit_id", "indicator", "period", "scope")
    group = ("declaration", "unit_id", "indicator", "period")
    expected = "computed::text"
    actual = "declared::text"
    imbalance = "imbalance"
    message_vi = "Mẫu số tổng khai {declared} khác tổng các đơn vị trực thuộc {computed} (chênh {imbalance})."
    message_en = "Declared denominator {declared} differs from the sum of the units below, {computed} (by {imbalance})."
    withholds = "select unit_id, indicator, period, scope from {broken} as broken"


class ExpectNestedDenominatorToBeTheOuterNumerator(OnObservation):
    """A nested ratio counts within those whom the outer one counted.

    Bad: 13/15 have a plan, "trong đó" 7/15 are approved. Good: 7/13. Both zero is nil.
    """

    rule = "D07"
    level: ClassVar[Level] = "warning"
    relation = "intermediate.int_nested_compared"
    predicate = "denominator <> outer_numerator"
    group = ("nested", "province_unit_id", "indicator", "period")  # who filled in the form misread "trong đó" once
    expected = "outer_numerator::text"
    actual = "denominator::text"
    imbalance = "denominator - outer_numerator"
    message_vi = (
        "Mẫu số của tỷ lệ lồng ({numerator}/{denominator}) khác tử số bên ngoài"
        " ({outer_indicator}: {outer_numerator})."
    )
    message_en = (
        "The denominator of the nested ratio ({numerator}/{denominator}) differs from the outer numerator"
        " ({outer_indicator}: {outer_numerator})."
    )


class ExpectCountToBeTheSumOfItsComposition(Rule):
    """A returned count is the sum of its parts' counts, where each is known.

    Bad: 222 committees returned beside 143 and 78. Good: 222 = 143 + 79. Nothing is withheld, and a return that may not
    count, or does not, is laid beside the sum all the same.
    """

    rule = "D08"
    level: ClassVar[Level] = "warning"
    relation = "intermediate.int_composition_compared"
    predicate = "amount <> composed_amount"
    key = ("unit_id", "population", "period")
    columns: ClassVar[dict[str, str]] = {"indicator": "null", "scope": "null"}
    expected = "composed_amount::text"
    actual = "amount::text"
    imbalance = "amount - composed_amount"
    message_vi = "Số đếm {population_vi} là {amount}, tổng các phần của nó là {composed_amount}."
    message_en = "The count of {population_en} is {amount}, the sum of its parts {composed_amount}."


class ExpectCountToMoveForAReason(Rule):
    """A count of the ledger moves between periods only when the register or a return moves it.

    Bad: the unit's statements agreed on 899 members in May and on 998 in June, and nobody returned a count. Good: 998
    were returned; or a unit below returned more members than in May, or came to be below since.
    """

    rule = "D06"
    level: ClassVar[Level] = "warning"
    relation = "intermediate.int_count_compared"
    predicate = "is_moved_by_quotes"
    key = ("unit_id", "population", "period")
    columns: ClassVar[dict[str, str]] = {
        "indicator": "null", "scope": "null", "submission_id": "null", "locator": "null",
    }
    expected = "amount_before::text"
    actual = "amount::text"
    imbalance = "amount - amount_before"
    message_vi = (
        "Sổ mẫu số: {population_vi} là {amount}, kỳ {period_before} là {amount_before}; không có danh mục hay số đếm"
        " mới nào giải thích."
    )
    message_en = (
        "The ledger: {population_en} are {amount}, {amount_before} in {period_before}; neither the register nor a"
        " returned count says why."
    )
