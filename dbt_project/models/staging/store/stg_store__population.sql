-- The counts that count, of the provinces themselves; of the units under them only where other trees are climbed.
select
    partition.period,
    unit.unit_id,
    counted.population,
    counted.amount,
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
    and (counted.unit_key = partition.province_key or {{ climbs_other_trees() }})
