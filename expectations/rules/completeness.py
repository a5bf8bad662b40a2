"""C: whether all that was expected, and all that was said before, is there."""

from typing import ClassVar

from expectations.rule import Rule


class ExpectFormToRestateItsFacts(Rule):
    """A whole form sent again states what its last sending stated, or withdraws it.

    Guards against figures that go on standing only because a row was forgotten. Bad: the form of May names 15
    committees, sent again it names 14, and the fifteenth was not withdrawn. Good: all 15 again, or a withdrawal.
    """

    rule = "C03"
    level = "warning"
    relation = "intermediate.int_form_compared"
    predicate = "dropped > 0"
    key = ("sender", "form", "period")
    columns: ClassVar[dict[str, str]] = {
        "unit_id": "sender_unit_id", "indicator": "null", "population": "null", "scope": "null",
    }
    expected = "'0'"
    actual = "dropped::text"
    imbalance = "-dropped"
    message_vi = (
        "Biểu gửi lại không nhắc {dropped} số liệu của lần gửi trước, chúng vẫn đang đứng: {dropped_facts}."
        " Hãy ghi lại, hoặc rút bằng 'tonghop withdraw'."
    )
    message_en = (
        "The form, sent again, leaves out {dropped} figure(s) of its last sending, which still stand: {dropped_facts}."
        " State them again, or take them back with 'tonghop withdraw'."
    )
