with

cascaded as (

    select
        cascaded.*,
        'territorial' as hierarchy
    from {{ ref('int_rollup_cascaded') }} as cascaded
    where cascaded.basis <> 'missing'

),

-- An indicator that climbs the territorial tree has its figures there. Of other trees the groupings are published, and the
-- nation of the first tree of an indicator that does not climb the territorial one.
figures as (

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
        indicator.may_exceed_one,
        cascaded.hierarchy
    from cascaded
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            cascaded.period = unit.period
            and cascaded.unit_id = unit.unit_id
    inner join {{ ref('stg_reference__indicator') }} as indicator on cascaded.indicator = indicator.indicator
    inner join {{ ref('stg_reference__indicator_hierarchy') }} as climbing
        on
            cascaded.indicator = climbing.indicator
            and cascaded.hierarchy = climbing.hierarchy

    union all

    select
        grouped.period,
        grouped.unit_id,
        grouped.indicator,
        null as department_unit_id,
        null as province_unit_id,
        grouped.numerator,
        grouped.denominator,
        grouped.rate,
        grouped.rate_low,
        grouped.rate_high,
        grouped.basis,
        grouped.reporting_units,
        grouped.expected_units,
        grouped.withheld_units,
        indicator.may_exceed_one,
        grouped.hierarchy
    from {{ ref('int_rollup_grouped') }} as grouped
    inner join {{ ref('int_unit_placed') }} as unit
        on
            grouped.period = unit.period
            and grouped.hierarchy = unit.hierarchy
            and grouped.unit_id = unit.unit_id
    inner join {{ ref('stg_reference__indicator') }} as indicator on grouped.indicator = indicator.indicator
    inner join {{ ref('stg_reference__indicator_hierarchy') }} as climbing
        on
            grouped.indicator = climbing.indicator
            and grouped.hierarchy = climbing.hierarchy
    where
        unit.level = 'grouping'
        or (
            unit.level = 'nation'
            and climbing.is_first
            and not exists (
                select 1
                from {{ ref('stg_reference__indicator_hierarchy') }} as territorial
                where
                    territorial.indicator = grouped.indicator
                    and territorial.hierarchy = 'territorial'
            )
        )

),

final as (

    select * from figures

)

select * from final
