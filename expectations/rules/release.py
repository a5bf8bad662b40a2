"""P: what a release as a whole must be. An error holds it: nothing is published."""

from typing import ClassVar

from expectations.rule import Rule


class ExpectNationToEqualItsParts(Rule):
    """The nation is the sum of its departments, of its provinces, of its leaves by a second path, and of today's units.

    Bad: a nation of 222 over leaves that sum to 221. Good: 222 by every path, and on today's tree.
    """

    rule = "P01"
    level_is_fixed = "it decides whether the release is held"
    relation = "intermediate.int_nation_compared"
    predicate = (
        "nation is distinct from departments or nation is distinct from provinces or nation is distinct from leaves"
        " or nation is distinct from restated"
    )
    key = ("indicator", "period", "measure")
    columns: ClassVar[dict[str, str]] = {"scope": "null", "population": "null", "province_unit_id": "null",
                                         "sender_unit_id": "null", "submission_id": "null", "locator": "null"}
    values = "concat_ws('|', nation, departments, provinces, leaves, restated)"
    expected = "leaves::text"
    actual = "concat_ws(' / ', nation, departments, provinces, restated)"
    imbalance = "nation - leaves"
    message_vi = (
        "Cả nước {nation} khác tổng các vụ {departments}, các tỉnh {provinces}, cơ sở {leaves}"
        " hoặc trên cây hôm nay {restated}."
    )
    message_en = (
        "The nation, {nation}, differs from its departments {departments}, provinces {provinces}, leaves {leaves}"
        " or today's tree {restated}."
    )


class ExpectNothingWithheldInsideASum(Rule):
    """Nothing withheld is inside a sum.

    Bad: the 88 that D03 withholds counted in the department. Good: left out, and counted as withheld.
    """

    rule = "P03"
    level_is_fixed = "it decides whether the release is held"
    relation = "intermediate.int_terminal_traced"
    predicate = "is_withheld"
    key = ("unit_id", "indicator", "period")
    columns: ClassVar[dict[str, str]] = {"scope": "null", "population": "null", "sender_unit_id": "null",
                                         "submission_id": "null", "locator": "null"}
    values = "concat_ws('|', numerator, denominator)"
    expected = "'không nằm trong tổng nào / in no sum'"
    actual = "concat_ws('/', numerator, denominator)"
    message_vi = "Số liệu bị giữ lại vẫn nằm trong tổng."
    message_en = "A withheld figure is inside a sum."


class ExpectBoundsToHoldTheRate(Rule):
    """0 ≤ low ≤ rate ≤ high (≤ 1, unless the catalogue says that the ratio may exceed one).

    Bad: a rate of 0,3 between bounds 0,4 and 0,9. Good: 1 between 0,2063 and 1.
    """

    rule = "P04"
    level_is_fixed = "it decides whether the release is held"
    relation = "candidate.fct_rollup"
    predicate = (
        "(rate < 0 or rate_low < 0 or rate_low > rate or rate > rate_high"
        " or (rate_high > 1 and not may_exceed_one) or (rate > 1 and not may_exceed_one)) is true"
    )
    key: ClassVar[tuple[str, ...]] = ("unit_id", "indicator", "period")
    columns: ClassVar[dict[str, str]] = {"scope": "null", "population": "null", "sender_unit_id": "null",
                                         "submission_id": "null", "locator": "null"}
    values = "concat_ws('|', rate_low, rate, rate_high)"
    expected = "'0 ≤ low ≤ rate ≤ high'"
    actual = "concat_ws(' ≤ ', round(rate_low, 4), round(rate, 4), round(rate_high, 4))"
    message_vi = "Tỷ lệ nằm ngoài hai cận của nó."
    message_en = "The rate is outside its bounds."


class ExpectRestatedBoundsToHoldTheRate(ExpectBoundsToHoldTheRate):
    """0 ≤ low ≤ rate ≤ high on today's tree as on that of the period.

    Bad: a merged unit whose rate of 0,3 stands between 0,4 and 0,9. Good: 0,3 between 0,1 and 0,6.
    """

    relation = "candidate.fct_rollup_restated"
    key = ("unit_id", "indicator", "period", "held_above")  # another subject than the cell as reported


class ExpectNothingPublishedToVanish(Rule):
    """What was published does not vanish without a finding, a withdrawal or a change of the register.

    Bad: 38/67 published last month, and tonight nothing, though nobody took it back and no rule withholds it.
    Good: the same, after the province withdrew the file.
    """

    rule = "P02"
    level_is_fixed = "it decides whether the release is held"
    relation = "intermediate.int_vanished_compared"
    predicate = "reason is null"
    key = ("unit_id", "indicator", "period", "scope", "cell")
    columns: ClassVar[dict[str, str]] = {"population": "null", "sender_unit_id": "null", "submission_id": "null",
                                         "locator": "null"}
    values = "concat_ws('|', numerator, denominator)"
    expected = "concat_ws('/', numerator, denominator)"
    actual = "'không còn / gone'"
    message_vi = (
        "Số đã công bố không còn trong lần này, mà không có phát hiện, rút số hay thay đổi danh mục nào giải thích."
    )
    message_en = "A published figure is gone, and no finding, withdrawal or change of the register explains it."


class ExpectCoverageToReachItsThreshold(Rule):
    """Coverage of a period reaches its campaign's threshold; below it somebody must answer for the release.

    Bad: 13 of 63 provinces spoke, and the campaign asks for half. Good: 60 of 63; or 13 of 63, signed. Of a period in
    which nobody has spoken yet nothing is published, so nobody is asked.
    """

    rule = "P05"
    level_is_fixed = "it decides whether the release is held"
    level = "warning"
    relation = "intermediate.int_coverage_compared"
    predicate = "is_below"
    key = ("period", "hierarchy", "campaign")
    columns: ClassVar[dict[str, str]] = {
        "indicator": "null", "scope": "null", "population": "null", "province_unit_id": "null",
        "sender_unit_id": "null", "submission_id": "null", "locator": "null",
    }
    values = "concat_ws('|', reporting_units, expected_units, threshold)"
    expected = "concat('≥ ', round(threshold * 100, 1), '%')"
    actual = "concat(reporting_units, '/', expected_units, ' = ', round(coverage * 100, 1), '%')"
    imbalance = "coverage - threshold"
    message_vi = (
        "Đợt {campaign}, cây {hierarchy}: có {reporting_units} trên {expected_units} số liệu phải có"
        " ({silent_indicators} trên {indicators} chỉ tiêu chưa nơi nào báo), thấp hơn ngưỡng: cần ký duyệt."
    )
    message_en = (
        "Campaign {campaign}, tree {hierarchy}: {reporting_units} of {expected_units} figures due were reported"
        " ({silent_indicators} of {indicators} indicators by nobody), below the threshold: a signature is needed."
    )
