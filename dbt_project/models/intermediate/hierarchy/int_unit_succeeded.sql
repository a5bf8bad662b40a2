{{ config(
    indexes=[{'columns': ['era_period', 'unit_id']}],
    post_hook='analyze {{ this }}'
) }}

-- Where a unit of an earlier tree is today: followed from succession to succession; where it ended without one, as its
-- parent of its last day.
with recursive

eras as (

    select distinct
        era_period,
        era_last_day
    from {{ ref('int_period_restated') }}

),

successions as not materialized (

    select
        old_unit_id,
        new_unit_id,
        effective_on,
        is_whole
    from {{ ref('stg_reference__succession') }}
    where effective_on <= {{ running_tree_on() }}

),

-- A unit that has ended: its parent of its last day.
ended as not materialized (

    select distinct on (unit.unit_id)
        unit.unit_id,
        unit.parent_unit_id,
        upper(unit.valid) as ended_on
    from {{ ref('stg_reference__org_unit') }} as unit
    where
        upper(unit.valid) <= {{ running_tree_on() }}
        and not exists (
            select 1
            from {{ ref('int_unit_restated') }} as today
            where today.unit_id = unit.unit_id
        )
    order by unit.unit_id asc, upper(unit.valid) desc

),

followed as (

    select
        eras.era_period,
        unit.unit_id,
        unit.unit_id as part_unit_id,
        eras.era_last_day as since,
        false as is_divided,
        false as is_raised,
        false as is_settled
    from eras
    inner join {{ ref('int_unit_hierarchized') }} as unit on eras.era_period = unit.period

    union

    select
        followed.era_period,
        followed.unit_id,
        step.part_unit_id,
        step.since,
        followed.is_divided or step.is_divided,
        followed.is_raised or step.is_raised,
        step.is_settled
    from followed
    cross join lateral (
        select min(effective_on) as event_on
        from successions
        where
            old_unit_id = followed.part_unit_id
            and effective_on > followed.since
    ) as next
    cross join lateral (
        -- the heirs of the day
        select
            successions.new_unit_id as part_unit_id,
            next.event_on as since,
            not successions.is_whole as is_divided,
            false as is_raised,
            false as is_settled
        from successions
        where
            successions.old_unit_id = followed.part_unit_id
            and successions.effective_on = next.event_on

        union all

        -- a unit that gave a part away and goes on
        select
            followed.part_unit_id,
            next.event_on,
            true,
            false,
            false
        from {{ ref('stg_reference__org_unit') }} as unit
        where
            unit.unit_id = followed.part_unit_id
            and {{ as_of('unit.valid', 'next.event_on') }}

        union all

        select
            ended.parent_unit_id,
            ended.ended_on - 1,
            false,
            true,
            false
        from ended
        where
            next.event_on is null
            and ended.unit_id = followed.part_unit_id

        union all

        select
            today.unit_id,
            followed.since,
            false,
            false,
            true
        from {{ ref('int_unit_restated') }} as today
        where
            next.event_on is null
            and today.unit_id = followed.part_unit_id
    ) as step
    where not followed.is_settled

),

final as (

    select
        era_period,
        unit_id,
        part_unit_id,
        bool_or(is_divided) as is_divided,
        bool_or(is_raised) as is_raised
    from followed
    where is_settled
    group by era_period, unit_id, part_unit_id

)

select * from final
