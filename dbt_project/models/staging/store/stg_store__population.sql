-- The counts that count, of the provinces that the night leaves alone and of the units under them.
select
    partition.period,
    unit.unit_id,
    counted.population,
    counted.amount,
    counted.unit_key = counted.province_key as is_of_province,
    counted.source::text as source
from {{ ref('stg_store__partition') }} as partition
inner join {{ source('store', 'population_statement') }} as counted
    on
        partition.period_key = counted.period_key
        and partition.province_key = counted.province_key
inner join {{ source('store', 'unit_key') }} as unit on counted.unit_key = unit.unit_key
where
    counted.last_release is null
    and counted.is_counted
