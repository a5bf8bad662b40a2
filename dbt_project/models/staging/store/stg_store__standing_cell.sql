-- The cells of the provinces that the night leaves alone and of the units under them, as they were published.
select
    partition.period,
    unit.unit_id,
    indicator.indicator,
    cell.basis::text as basis,
    cell.numerator,
    cell.denominator
from {{ ref('stg_store__partition') }} as partition
inner join {{ source('store', 'rollup') }} as cell
    on
        partition.period_key = cell.period_key
        and partition.province_key = cell.province_key
inner join {{ source('store', 'unit_key') }} as unit on cell.unit_key = unit.unit_key
inner join {{ source('store', 'indicator_key') }} as indicator on cell.indicator_key = indicator.indicator_key
where
    cell.last_release is null
    and cell.hierarchy = 'territorial'
