{{ config(
    indexes=[
        {'columns': ['period', 'code'], 'unique': true},
        {'columns': ['period', 'unit_id'], 'unique': true}
    ],
    post_hook='analyze {{ this }}'
) }}

-- What a code means in a period: the unit, and what it may state. One lookup a statement, where a join each would be five.
with

units as (

    select
        period,
        code,
        unit_id,
        province_unit_id
    from {{ ref('int_unit_hierarchized') }}

    union all

    select
        period,
        code,
        unit_id,
        province_unit_id
    from {{ ref('int_unit_addressed') }}

),

reporting as (

    select
        period,
        unit_id,
        array_agg(reporter_class order by reporter_class) as classes
    from {{ ref('int_reporter_identified') }}
    group by period, unit_id

),

above as (

    select
        period,
        unit_id,
        array_agg(reporter_class order by reporter_class) as classes
    from {{ ref('int_node_identified') }}
    group by period, unit_id

),

final as (

    select
        units.period,
        units.code,
        units.unit_id,
        units.province_unit_id,
        coalesce(reporting.classes, '{}') as reporter_classes,
        coalesce(above.classes, '{}') as classes_below
    from units
    left join reporting
        on
            units.period = reporting.period
            and units.unit_id = reporting.unit_id
    left join above
        on
            units.period = above.period
            and units.unit_id = above.unit_id

)

select * from final
