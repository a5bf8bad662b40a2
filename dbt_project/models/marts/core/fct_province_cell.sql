select
    period,
    unit_id as province_unit_id,
    indicator,
    numerator,
    denominator,
    reporting_units,
    expected_units,
    withheld_units,
    basis
from {{ ref('int_rollup_cascaded') }}
where is_province
