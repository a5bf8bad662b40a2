-- Only periods whose tree is not today's: the others are read from fct_rollup.
with

final as (

    select
        restated.period,
        restated.unit_id,
        restated.indicator,
        today.department_unit_id,
        today.province_unit_id,
        restated.numerator,
        restated.denominator,
        restated.rate,
        restated.rate_low,
        restated.rate_high,
        restated.basis,
        restated.reporting_units,
        restated.expected_units,
        restated.withheld_units,
        restated.held_above,
        restated.restated_at,
        restated.may_exceed_one
    from {{ ref('int_rollup_restated') }} as restated
    inner join {{ ref('int_unit_restated') }} as today on restated.unit_id = today.unit_id
    inner join {{ ref('stg_reference__indicator_hierarchy') }} as climbing
        on
            restated.indicator = climbing.indicator
            and climbing.hierarchy = 'territorial'

)

select * from final
