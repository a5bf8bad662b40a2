{{ config(
    indexes=[
        {'columns': ['period', 'unit_id'], 'unique': true},
        {'columns': ['period', 'code'], 'unique': true}
    ],
    post_hook='analyze {{ this }}'
) }}

with recursive

opened as (

    select
        period.period,
        unit.unit_id,
        unit.code,
        unit.name,
        unit.type,
        unit.level,
        unit.parent_unit_id
    from {{ ref('stg_ops__period') }} as period
    inner join {{ ref('stg_reference__org_unit') }} as unit
        on {{ as_of('unit.valid', 'period.last_day') }}

),

climbed as (

    select
        opened.*,
        0 as depth,
        array[opened.unit_id] as path,
        case when opened.level = 'department' then opened.unit_id end as department_unit_id,
        case when opened.level = 'province' then opened.unit_id end as province_unit_id
    from opened
    where opened.parent_unit_id is null

    union all

    select
        opened.*,
        parent.depth + 1,
        parent.path || opened.unit_id,
        case when opened.level = 'department' then opened.unit_id else parent.department_unit_id end,
        case when opened.level = 'province' then opened.unit_id else parent.province_unit_id end
    from opened
    inner join climbed as parent
        on
            opened.period = parent.period
            and opened.parent_unit_id = parent.unit_id
    left join {{ ref('stg_ops__partition') }} as rebuilt
        on
            parent.period = rebuilt.period
            and parent.unit_id = rebuilt.province_unit_id
    -- What is under a province that is left alone is not laid out, unless another tree needs it, or today's.
    where
        parent.level <> 'province'
        or rebuilt.period is not null
        or {{ is_laid_out_whole('parent.period') }}

),

final as (

    select
        climbed.period,
        climbed.unit_id,
        climbed.code,
        climbed.name,
        climbed.type,
        climbed.level,
        climbed.parent_unit_id,
        climbed.department_unit_id,
        climbed.province_unit_id,
        climbed.depth,
        climbed.path,
        climbed.province_unit_id is null or rebuilt.period is not null as is_rebuilt
    from climbed
    left join {{ ref('stg_ops__partition') }} as rebuilt
        on
            climbed.period = rebuilt.period
            and climbed.province_unit_id = rebuilt.province_unit_id

)

select * from final
