{{ config(materialized='view') }}

-- A view: its rows are written once, into the store. A declaration that the totals gate set aside is withheld as well: the
-- verdict of both gates is read here.
with

observations as not materialized (

    select * from {{ ref('int_observation_cleared') }}

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
        observations.is_withheld,
        array_to_string(observations.withheld_by, ',') as withheld_by,
        observations.submission_seq,
        observations.row_number
    from observations
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            observations.period = unit.period
            and observations.unit_id = unit.unit_id
)

select * from final
