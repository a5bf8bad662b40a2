with

final as (

    select
        cascaded.period,
        cascaded.unit_id,
        cascaded.indicator,
        unit.department_unit_id,
        unit.province_unit_id,
        cascaded.numerator,
        cascaded.denominator,
        cascaded.rate,
        cascaded.rate_low,
        cascaded.rate_high,
        cascaded.basis,
        cascaded.reporting_units,
        cascaded.expected_units,
        cascaded.withheld_units,
        indicator.may_exceed_one
    from {{ ref('int_rollup_cascaded') }} as cascaded
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            cascaded.period = unit.period
            and cascaded.unit_id = unit.unit_id
    inner join {{ ref('stg_reference__indicator') }} as indicator
        on cascaded.indicator = indicator.indicator

)

select * from final
