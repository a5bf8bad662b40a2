select
    partition.period,
    partition.province_unit_id as unit_id,
    indicator.indicator,
    cell.basis,
    cell.numerator,
    cell.denominator,
    cell.reporting_units,
    cell.expected_units,
    cell.withheld_units
from {{ ref('stg_store__partition') }} as partition
inner join {{ source('store', 'province_cell') }} as cell
    on
        partition.period_key = cell.period_key
        and partition.province_key = cell.province_key
inner join {{ source('store', 'indicator_key') }} as indicator on cell.indicator_key = indicator.indicator_key
where cell.last_release is null
