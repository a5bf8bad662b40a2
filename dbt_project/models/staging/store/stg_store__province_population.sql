select
    partition.period,
    partition.province_unit_id as unit_id,
    counted.population,
    counted.reporter_class,
    counted.amount
from {{ ref('stg_store__partition') }} as partition
inner join {{ source('store', 'province_population') }} as counted
    on
        partition.period_key = counted.period_key
        and partition.province_key = counted.province_key
where counted.last_release is null
