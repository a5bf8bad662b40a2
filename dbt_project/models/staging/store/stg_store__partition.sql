{{ config(materialized='table', post_hook='analyze {{ this }}') }}

-- Published, and not rebuilt tonight: of these provinces what is above them reads what was published.
select
    published.period,
    period.period_key,
    published.province_unit_id,
    key.unit_key as province_key
from {{ source('store', 'partition') }} as published
inner join {{ ref('stg_ops__period') }} as period on published.period = period.period
inner join {{ source('store', 'unit_key') }} as key on published.province_unit_id = key.unit_id
left join {{ ref('stg_ops__partition') }} as rebuilt
    on
        published.period = rebuilt.period
        and published.province_unit_id = rebuilt.province_unit_id
where rebuilt.period is null
