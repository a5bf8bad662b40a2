{{ config(
    indexes=[{'columns': ['unit_id'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- Today's tree: the territorial one of the day of the release.
with recursive

opened as (

    select
        unit_id,
        level,
        parent_unit_id
    from {{ ref('stg_reference__org_unit') }}
    where {{ as_of('valid', running_tree_on()) }}

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
    inner join climbed as parent on opened.parent_unit_id = parent.unit_id

),

final as (

    select
        unit_id,
        level,
        parent_unit_id,
        department_unit_id,
        province_unit_id,
        depth,
        path
    from climbed

)

select * from final
