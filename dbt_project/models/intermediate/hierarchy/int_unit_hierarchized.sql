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

),

final as (

    select
        period,
        unit_id,
        code,
        name,
        type,
        level,
        parent_unit_id,
        department_unit_id,
        province_unit_id,
        depth,
        path
    from climbed

)

select * from final
