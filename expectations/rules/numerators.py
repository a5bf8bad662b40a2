"""N: what a numerator must agree with."""

from typing import ClassVar

from expectations import predicates
from expectations.rule import Level, OnObservation
from expectations.rules.denominators import ExpectDeclaredDenominatorToEqualChildren


class ExpectDeclaredNumeratorToEqualChildren(ExpectDeclaredDenominatorToEqualChildren):
    """A declared numerator is the sum of its children's, where all are whole.

    Bad: 68 declared over 73 agencies of which 67 say yes. Good: 67. A child that is not whole: no verdict.
    """

    rule = "N01"
    predicate = "measure = 'numerator' and " + predicates.out_of_balance("imbalance")
    message_vi = "Tử số tổng khai {declared} khác tổng các đơn vị trực thuộc {computed} (chênh {imbalance})."
    message_en = "Declared numerator {declared} differs from the sum of the units below, {computed} (by {imbalance})."


class ExpectDoneAndNotDoneToBeAll(OnObservation):
    """Done and not done are all.

    Bad: 67 of 73 done, 05 not. Good: 67 + 06 = 73.
    """

    rule = "N05"
    relation = "intermediate.int_complement_compared"
    predicate = predicates.not_the_sum("everyone", "done", "not_done")
    expected = "(everyone - done)::text"
    actual = "not_done::text"
    imbalance = "done + not_done - everyone"
    message_vi = "Số chưa thực hiện {not_done} không khớp: {done} + {not_done} ≠ {everyone}."
    message_en = "The count of those who did not, {not_done}, does not fit: {done} + {not_done} ≠ {everyone}."


class ExpectPartWithinWhole(OnObservation):
    """A part is not more than its whole.

    Bad: 90 admitted, of them 95 women. Good: 90, of them 40.
    """

    rule = "N02"
    level: ClassVar[Level] = "warning"
    relation = "intermediate.int_part_compared"
    predicate = "numerator > whole_numerator"
    group = ("parts", "unit_id", "whole_indicator", "period", "scope")
    expected = "'≤ ' || whole_numerator"
    actual = "numerator::text"
    imbalance = "numerator - whole_numerator"
    message_vi = "Phần ({numerator}) lớn hơn toàn bộ ({whole_indicator}: {whole_numerator})."
    message_en = "The part ({numerator}) is more than its whole ({whole_indicator}: {whole_numerator})."


class ExpectPartsToBeTheWhole(OnObservation):
    """The parts are the whole, where the catalogue says that they are all of it.

    Bad: 3.484 + 18.634 + 23.540 = 45.658 beside 43.240. Good: parts that add up. One part not stated: no verdict.
    """

    rule = "N03"
    level: ClassVar[Level] = "warning"
    relation = "intermediate.int_whole_compared"
    predicate = "numerator <> parts_numerator"
    group = ("parts", "unit_id", "whole_indicator", "period", "scope")
    expected = "parts_numerator::text"
    actual = "numerator::text"
    imbalance = "parts_numerator - numerator"
    message_vi = "Các phần không bằng toàn bộ: {parts_text} = {parts_numerator}, toàn bộ ghi {numerator}."
    message_en = "The parts are not the whole: {parts_text} = {parts_numerator}, the whole says {numerator}."


class ExpectCumulativeCountNotToFall(OnObservation):
    """A count that is cumulative does not fall.

    Bad: 120 classes by May, 112 by June. Good: 120, then 120. Silence, earlier figures that an error withholds and
    earlier declarations that were set aside are looked past; what is held with its province is not. Of a ratio nothing
    is said: who is asked may change.
    """

    rule = "N04"
    level: ClassVar[Level] = "warning"
    relation = "intermediate.int_fall_compared"
    predicate = "numerator < numerator_before"
    expected = "'≥ ' || numerator_before"
    actual = "numerator::text"
    imbalance = "numerator - numerator_before"
    message_vi = "Số lũy kế giảm: {numerator}, trong khi kỳ {period_before} đã là {numerator_before}."
    message_en = "A cumulative count falls: {numerator}, where it was {numerator_before} in {period_before}."
