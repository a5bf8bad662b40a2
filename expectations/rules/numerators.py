"""N: what a numerator must agree with."""

from expectations.rule import OnObservation
from expectations.rules.denominators import ExpectDeclaredDenominatorToEqualChildren


class ExpectDeclaredNumeratorToEqualChildren(ExpectDeclaredDenominatorToEqualChildren):
    """A declared numerator is the sum of its children's, where all are whole.

    Bad: 68 declared over 73 agencies of which 67 say yes. Good: 67. A child that is not whole: no verdict.
    """

    rule = "N01"
    predicate = "measure = 'numerator' and imbalance <> 0"
    message_vi = "Tử số tổng khai {declared} khác tổng các đơn vị trực thuộc {computed} (chênh {imbalance})."
    message_en = "Declared numerator {declared} differs from the sum of the units below, {computed} (by {imbalance})."


class ExpectDoneAndNotDoneToBeAll(OnObservation):
    """Done and not done are all.

    Bad: 67 of 73 done, 05 not. Good: 67 + 06 = 73.
    """

    rule = "N05"
    relation = "intermediate.int_complement_compared"
    predicate = "done + not_done <> everyone"
    expected = "(everyone - done)::text"
    actual = "not_done::text"
    imbalance = "done + not_done - everyone"
    message_vi = "Số chưa thực hiện {not_done} không khớp: {done} + {not_done} ≠ {everyone}."
    message_en = "The count of those who did not, {not_done}, does not fit: {done} + {not_done} ≠ {everyone}."
