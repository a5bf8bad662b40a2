{{ config(materialized='view') }}

-- A view: its rows are written once, into the store.
with

observations as not materialized (

    select * from {{ ref('int_observation_cleared') }}

),

-- A declaration that disagrees with children that are all whole is set aside after the cascade.
set_aside as not materialized (

    select
        unit_id,
        indicator,
        period,
        scope,
        rules
    from {{ source('quality', 'run_withheld') }}
    where run_id = {{ running_run_id() }}

),

final as (

    select
        observations.period,
        observations.unit_id,
        observations.indicator,
        observations.fact_scope as scope,
        observations.sender_unit_id,
        unit.department_unit_id,
        observations.province_unit_id,
        observations.mark,
        observations.numerator,
        observations.denominator,
        observations.stated_rate,
        observations.rate_decimals::int as stated_decimals,
        observations.is_reporter,
        observations.is_usable as is_counted,
        set_aside.unit_id is not null as is_withheld,
        array_to_string(set_aside.rules, ',') as withheld_by,
        observations.submission_seq,
        observations.row_number
    from observations
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            observations.period = unit.period
            and observations.unit_id = unit.unit_id
    left join set_aside
        on
            observations.period = set_aside.period
            and observations.unit_id = set_aside.unit_id
            and observations.indicator = set_aside.indicator
            and observations.fact_scope = set_aside.scope

)

select * from final
