{{ config(materialized='table', post_hook='analyze {{ this }}') }}

select
    period,
    province_unit_id
from {{ source('ops', 'run_partition') }}
where
    run_id = {{ running_run_id() }}
    and period ~ '^\d{4}-\d{2}$'
