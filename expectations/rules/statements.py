"""S: what a statement must be before it is an observation.

Judged every night, so a unit registered tomorrow mends it.
"""

from typing import ClassVar

from expectations.rule import OnObservation, Rule


class OnStatement(Rule):
    """A rule whose subject is a raw row: it is kept aside, the rest loads."""

    relation = "intermediate.int_statement_compared"
    key = ("sender_name", "unit_code", "indicator", "period", "scope")
    columns: ClassVar[dict[str, str]] = {"province_unit_id": "sender_province_unit_id", "population": "null"}
    actual = "unit_code"


class ExpectUnitToBeKnown(OnStatement):
    """A statement names a unit that the register knows, by its code or by a name that only one unit can have.

    Guards against figures that belong to nobody, or to a guess. Bad: unit code 999; "Phường 1" from a province that has
    several. Good: 593 (Phan Thiết, in 2012); "Thành phố Phan Thiết" from Bình Thuận; "Phường 1, Quận 3".
    """

    rule = "S03"
    predicate = "unit_id is null and not is_code_of_some_time"
    expected = "'mã hoặc tên của một đơn vị trong danh mục / the code or the name of one unit of the register'"
    message_vi = (
        "Đơn vị «{unit_code}» không xác định được: không phải mã trong danh mục, cũng không phải tên của đúng một"
        " đơn vị trong kỳ.{unit_hint_vi}"
    )
    message_en = (
        "Unit '{unit_code}' is not known: neither a code of the register nor the name of just one unit in the period."
        "{unit_hint_en}"
    )


class ExpectIndicatorToBeKnown(OnStatement):
    """A statement names an indicator, or a population, of the catalogue.

    Bad: plan_isued_agency. Good: plan_issued_agency.
    """

    rule = "S04"
    predicate = "not is_in_catalogue"
    expected = "'một mã chỉ tiêu trong danh mục / an indicator code of the catalogue'"
    actual = "indicator"
    message_vi = "Mã chỉ tiêu «{indicator}» không có trong danh mục."
    message_en = "Indicator '{indicator}' is not in the catalogue."


class ExpectSenderToSpeakForUnit(OnStatement):
    """A province speaks for itself and the units under it, a department for itself alone.

    Bad: Bắc Giang states a figure of Bình Thuận. Good: Bình Thuận states one of Phan Thiết.
    """

    rule = "S05"
    predicate = "unit_id is not null and not is_spoken_for"
    expected = "'đơn vị thuộc nơi gửi / a unit of the sender'"
    message_vi = "Nơi gửi «{sender}» không báo cáo thay cho đơn vị {unit_code} ({unit_id})."
    message_en = "Sender '{sender}' does not speak for unit {unit_code} ({unit_id})."


class ExpectPeriodToBeOpen(OnStatement):
    """A statement arrives before a steward closed its period.

    Bad: a figure of 2012-05 received the day after 2012-05 was closed. Good: received the day before.
    """

    rule = "S09"
    predicate = "is_received_after_closing"
    expected = "'nhận trước khi khóa kỳ / received before the period was closed'"
    actual = "received_at::text"
    message_vi = "Kỳ {period} đã khóa trước khi nhận số liệu này."
    message_en = "Period {period} was closed before this figure was received."


class ExpectUnitToBeOpenInPeriod(OnStatement):
    """The code named a unit that was open at the end of the period.

    Bad: district 593 in 2025-08, when there are no districts. Good: 593 in 2012-05.
    """

    rule = "S10"
    predicate = "unit_id is null and is_code_of_some_time"
    expected = "'mã của đơn vị đang hoạt động trong kỳ / the code of a unit open in the period'"
    message_vi = "Mã «{unit_code}» là mã của thời kỳ khác: cuối kỳ {period} không có đơn vị nào mang mã này."
    message_en = "Code '{unit_code}' is of another time: no unit has it at the end of {period}."


class ExpectUnitToStateIndicator(OnStatement):
    """The unit is a reporter of the indicator, or stands above reporters and declares a total.

    Bad: a district states the province's own review; a district states scope own for figures of its communes.
    Good: a district states its own plan; a province declares the total of its agencies.
    """

    rule = "S11"
    predicate = (
        "unit_id is not null and is_in_catalogue and is_spoken_for"
        " and not (is_reporter or (is_above_reporters and scope = 'total'))"
    )
    expected = "'nơi báo cáo chỉ tiêu, hoặc cấp trên khai tổng / a reporter, or a unit above declaring a total'"
    actual = "unit_code || ', ' || scope"
    message_vi = "Đơn vị {unit_code} không phải nơi báo cáo chỉ tiêu {indicator} với phạm vi «{scope}»."
    message_en = "Unit {unit_code} does not state {indicator} with scope '{scope}'."


class ExpectOneValueAFact(OnObservation):
    """One fact has one value within a submission.

    Bad: 67/73 on line 4 and 66/73 on line 90 for the same unit, indicator and period. Good: the same value twice.
    """

    rule = "S06"
    level_is_fixed = "no sum can take two values in"
    predicate = "has_two_values"
    expected = "'một giá trị / one value'"
    actual = "values_text"
    message_vi = "Cùng một số liệu có nhiều giá trị trong một lần gửi: {values_text}."
    message_en = "One fact has several values within one submission: {values_text}."


class ExpectOneValueAReturn(ExpectOneValueAFact):
    """One returned count has one value within a submission.

    Bad: the count of members returned as 17.903 and as 17.930. Good: returned once.
    """

    relation = "intermediate.int_return_compared"
    withholds = ""
