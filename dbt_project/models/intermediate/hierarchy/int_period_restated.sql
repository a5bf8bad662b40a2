{{ config(
    indexes=[{'columns': ['period'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- The periods whose tree is not today's. Periods between the same two days on which the register changes have one tree:
-- what follows is found once for all of them, for the first.
with

changes as (

    select lower(valid) as changed_on
    from {{ ref('stg_reference__org_unit') }}
    union
    select upper(valid) as changed_on
    from {{ ref('stg_reference__org_unit') }}
    union
    select effective_on as changed_on
    from {{ ref('stg_reference__succession') }}

),

changed as (

    select
        period.period,
        min(period.last_day) as last_day,
        min(changes.changed_on) as next_change_on
    from {{ ref('stg_ops__period') }} as period
    inner join changes
        on
            changes.changed_on > period.last_day
            and changes.changed_on <= {{ running_tree_on() }}
    group by period.period

),

eras as (

    select
        next_change_on,
        min(period) as era_period,
        min(last_day) as last_day
    from changed
    group by next_change_on

),

-- A change of a name alone, or of a code, moves nobody.
moved as (

    select eras.next_change_on
    from eras
    where
        exists (
            select 1
            from {{ ref('stg_reference__succession') }} as succession
            where
                succession.effective_on > eras.last_day
                and succession.effective_on <= {{ running_tree_on() }}
        )
        or exists (
            select 1
            from (
                select
                    unit_id,
                    parent_unit_id
                from {{ ref('stg_reference__org_unit') }}
                where {{ as_of('valid', 'eras.last_day') }}
            ) as before
            full join {{ ref('int_unit_restated') }} as today on before.unit_id = today.unit_id
            where
                before.unit_id is null
                or today.unit_id is null
                or before.parent_unit_id is distinct from today.parent_unit_id
        )

),

final as (

    select
        changed.period,
        eras.era_period,
        eras.last_day as era_last_day
    from changed
    inner join eras on changed.next_change_on = eras.next_change_on
    inner join moved on changed.next_change_on = moved.next_change_on

)

select * from final
