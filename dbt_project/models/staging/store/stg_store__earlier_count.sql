-- Counts that count, of earlier periods that the night leaves alone, by province: what a later period's are laid beside.
select
    earlier.period,
    earlier.period_before,
    earlier.is_directly_before,
    counted.period_key,
    counted.unit_key,
    unit.unit_id,
    counted.population,
    counted.amount
from {{ ref('stg_store__earlier_period') }} as earlier
inner join {{ source('store', 'population_statement') }} as counted on earlier.period_key_before = counted.period_key
inner join {{ source('store', 'unit_key') }} as unit on counted.unit_key = unit.unit_key
left join {{ source('store', 'unit_key') }} as province on counted.province_key = province.unit_key
left join {{ ref('stg_ops__partition') }} as rebuilt
    on
        earlier.period_before = rebuilt.period
        and coalesce(province.unit_id, '-') = rebuilt.province_unit_id
where
    counted.last_release is null
    and counted.is_counted
    and rebuilt.period is null
