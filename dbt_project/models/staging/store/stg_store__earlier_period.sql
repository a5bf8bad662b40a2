{{ config(materialized='table', post_hook='analyze {{ this }}') }}

-- For each of the night's periods those published before it, and which of them is the one directly before.
select
    period.period,
    published.period as period_before,
    key.period_key as period_key_before,
    published.period = max(published.period) over (partition by period.period) as is_directly_before
from {{ ref('stg_ops__period') }} as period
inner join (select distinct period from {{ source('store', 'partition') }}) as published
    on published.period < period.period
inner join {{ source('store', 'period_key') }} as key on published.period = key.period
where published.period <> '-'
