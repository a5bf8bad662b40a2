-- Counts that count, of periods that the night leaves alone, by province: what a later period's are laid beside.
select
    period.period,
    unit.unit_id,
    counted.population,
    counted.amount,
    counted.source::text as source
from {{ source('store', 'population_statement') }} as counted
inner join {{ source('store', 'period_key') }} as period on counted.period_key = period.period_key
inner join {{ source('store', 'unit_key') }} as unit on counted.unit_key = unit.unit_key
left join {{ source('store', 'unit_key') }} as province on counted.province_key = province.unit_key
left join {{ ref('stg_ops__partition') }} as rebuilt
    on
        period.period = rebuilt.period
        and coalesce(province.unit_id, '-') = rebuilt.province_unit_id
where
    counted.last_release is null
    and counted.is_counted
    and rebuilt.period is null
    and period.period < (select max(period) from {{ ref('stg_ops__period') }})
