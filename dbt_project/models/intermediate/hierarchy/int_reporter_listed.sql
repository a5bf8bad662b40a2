{{ config(
    indexes=[{'columns': ['period', 'unit_id', 'reporter_class'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- A table of its own, with statistics: joined to itself without them, the planner may go through it row by row.
with

final as (

    select
        unit.period,
        reporter.reporter_class,
        unit.unit_id,
        unit.parent_unit_id,
        unit.level,
        unit.department_unit_id,
        unit.province_unit_id,
        unit.depth,
        unit.path
    from {{ ref('int_unit_hierarchized') }} as unit
    inner join {{ ref('stg_reference__reporter') }} as reporter
        on unit.type = any(reporter.unit_types)
    left join {{ ref('int_unit_hierarchized') }} as parent
        on
            unit.period = parent.period
            and unit.parent_unit_id = parent.unit_id
    where
        reporter.parent_level is null
        or parent.level = reporter.parent_level

)

select * from final
