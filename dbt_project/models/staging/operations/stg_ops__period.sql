{{ config(materialized='table', post_hook='analyze {{ this }}') }}

with

scope as (

    select
        period,
        to_date(period || '-01', 'YYYY-MM-DD') as first_day
    from {{ source('ops', 'run_period') }}
    where
        run_id = {{ running_run_id() }}
        and period ~ '^\d{4}-\d{2}$'

),

final as (

    select
        period,
        first_day,
        (first_day + interval '1 month' - interval '1 day')::date as last_day,
        replace(period, '-', '')::integer as period_key
    from scope

)

select * from final
