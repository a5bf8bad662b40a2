{{ config(
    indexes=[{'columns': ['period', 'unit_id', 'reporter_class'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

with

reporters as not materialized (

    select * from {{ ref('int_reporter_listed') }}

),

-- Reporters that stand under a reporter of the same class keep their own page and are not summed.
overshadowed as (

    select distinct
        below.period,
        below.reporter_class,
        below.unit_id
    from reporters as below
    cross join lateral unnest(below.path) as ancestor (unit_id)
    inner join reporters as above
        on
            below.period = above.period
            and below.reporter_class = above.reporter_class
            and ancestor.unit_id = above.unit_id
    where ancestor.unit_id <> below.unit_id

),

final as (

    select
        reporters.period,
        reporters.reporter_class,
        reporters.unit_id,
        reporters.parent_unit_id,
        reporters.level,
        reporters.department_unit_id,
        reporters.province_unit_id,
        reporters.depth,
        reporters.path,
        overshadowed.unit_id is null as is_topmost
    from reporters
    left join overshadowed
        on
            reporters.period = overshadowed.period
            and reporters.reporter_class = overshadowed.reporter_class
            and reporters.unit_id = overshadowed.unit_id

)

select * from final
