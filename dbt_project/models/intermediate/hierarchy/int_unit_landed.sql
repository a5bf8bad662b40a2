{{ config(
    indexes=[{'columns': ['era_period', 'unit_id'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- The deepest unit of today's tree that holds all of a unit of an earlier tree.
with

parts as (

    select
        part.era_period,
        part.unit_id,
        part.is_divided,
        part.is_raised,
        today.path,
        count(*) over (partition by part.era_period, part.unit_id) as parts
    from {{ ref('int_unit_succeeded') }} as part
    inner join {{ ref('int_unit_restated') }} as today on part.part_unit_id = today.unit_id

),

shared as (

    select
        era_period,
        unit_id,
        max(position) as position
    from (
        select
            parts.era_period,
            parts.unit_id,
            ancestor.position,
            ancestor.unit_id as holder_unit_id
        from parts
        cross join lateral unnest(parts.path) with ordinality as ancestor (unit_id, position)
        where parts.parts > 1
        group by parts.era_period, parts.unit_id, ancestor.position, ancestor.unit_id, parts.parts
        having count(*) = parts.parts
    ) as held
    group by era_period, unit_id

),

landed as (

    select
        parts.era_period,
        parts.unit_id,
        min(parts.path) as any_path,
        coalesce(shared.position, min(cardinality(parts.path))) as position,
        bool_or(parts.is_divided) as is_divided,
        bool_or(parts.is_raised) as is_raised
    from parts
    left join shared
        on
            parts.era_period = shared.era_period
            and parts.unit_id = shared.unit_id
    group by parts.era_period, parts.unit_id, shared.position

),

final as (

    select
        era_period,
        unit_id,
        any_path[position] as landing_unit_id,
        any_path[:position] as landing_path,
        position - 1 as landing_depth,
        is_divided,
        not is_divided and not is_raised as is_exact
    from landed

)

select * from final
