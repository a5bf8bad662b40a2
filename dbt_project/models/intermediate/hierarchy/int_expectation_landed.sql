{{ config(
    indexes=[{'columns': ['period', 'unit_id', 'reporter_class'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- Who was expected in the period (topmost reporters, and provinces that declare for want of any), where it is today.
with

expected as (

    select
        period,
        reporter_class,
        unit_id,
        path,
        false as is_declarer
    from {{ ref('int_reporter_identified') }}
    where is_topmost

    union all

    select
        node.period,
        node.reporter_class,
        node.unit_id,
        unit.path,
        true as is_declarer
    from {{ ref('int_node_identified') }} as node
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            node.period = unit.period
            and node.unit_id = unit.unit_id
    where node.is_declarer

),

final as (

    select
        expected.period,
        era.era_period,
        expected.reporter_class,
        expected.unit_id,
        expected.path,
        expected.is_declarer,
        landed.landing_unit_id,
        landed.landing_path,
        landed.landing_depth,
        landed.is_divided
    from expected
    inner join {{ ref('int_period_restated') }} as era on expected.period = era.period
    inner join {{ ref('int_unit_landed') }} as landed
        on
            era.era_period = landed.era_period
            and expected.unit_id = landed.unit_id

)

select * from final
