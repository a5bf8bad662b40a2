"""C: whether all that was expected, and all that was said before, is there."""

from typing import ClassVar

from expectations.rule import Level, Rule


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


class ExpectEveryExpectedUnitToReport(Rule):
    """Every unit that the calendar expects has reported by its day.

    Bad: the form of May was due on the 20th, and one of 15 committees has said nothing. Good: all 15 spoke, be it with
    an X. What was due before the calendar was loaded is history.
    """

    rule = "C01"
    level: ClassVar[Level] = "warning"
    relation = "intermediate.int_sending_compared"
    predicate = "missing_units > 0"
    key = ("sender_unit_id", "campaign", "form", "period")
    columns: ClassVar[dict[str, str]] = {
        "unit_id": "coalesce(missing_unit_id, sender_unit_id)", "indicator": "null", "population": "null",
        "scope": "null", "submission_id": "null", "locator": "null",
    }
    values = "missing_codes"
    expected = "expected_units::text"
    actual = "(expected_units - missing_units)::text"
    imbalance = "-missing_units"
    message_vi = (
        "Biểu {form} ({campaign}) đến hạn {due_on}: còn {missing_units}/{expected_units} đơn vị chưa báo cáo:"
        " {missing_codes}."
    )
    message_en = (
        "Form {form} ({campaign}) was due on {due_on}: {missing_units} of {expected_units} unit(s) have not reported:"
        " {missing_codes}."
    )


class ExpectReportsOnTime(ExpectEveryExpectedUnitToReport):
    """A unit reports by the day that the calendar names for its level.

    Bad: due on the 20th, received on the 23rd. Good: received on the 20th, in Vietnam. History that is loaded later is
    never late.
    """

    rule = "C02"
    predicate = "late_units > 0"
    columns: ClassVar[dict[str, str]] = {
        "unit_id": "sender_unit_id", "indicator": "null", "population": "null", "scope": "null",
        "submission_id": "null", "locator": "null",
    }
    values = "late_codes"
    expected = "due_on::text"
    actual = "late_on::text"
    imbalance = "late_on - due_on"
    message_vi = (
        "Biểu {form} ({campaign}) đến hạn {due_on}: {late_units}/{expected_units} đơn vị gửi trễ: {late_codes}."
    )
    message_en = (
        "Form {form} ({campaign}) was due on {due_on}: {late_units} of {expected_units} unit(s) were late:"
        " {late_codes}."
    )
