{{ config(
    pre_hook='set local enable_nestloop = off',
    post_hook='analyze {{ this }}'
) }}

-- One row per count of the ledger that may have been moved by quotes (it is agreed, or composed) and differs from the
-- latest earlier one of the same unit and population, with whether quotes alone moved it: a count that is agreed anew, or
-- is composed of a part that is. What the register moved below the unit, or a count returned there, moves its own.
with recursive

counted as materialized (

    select
        period,
        unit_id,
        population,
        amount,
        source
    from {{ ref('int_population_counted') }}
    where source in ('agreed', 'composition')

),

-- The latest earlier count of the night's own periods, whatever its source.
within as (

    select
        period,
        unit_id,
        population,
        lag(period) over earlier as period_before,
        lag(amount) over earlier as amount_before
    from {{ ref('int_population_counted') }}
    where (select count(*) > 1 from {{ ref('stg_ops__period') }})
    window earlier as (partition by unit_id, population order by period)

),

-- And of what was published. The period directly before says it of nearly all, whatever stands behind it.
directly as materialized (

    select
        earlier.period,
        earlier.unit_id,
        earlier.population,
        earlier.period_before,
        earlier.amount
    from {{ ref('stg_store__earlier_count') }} as earlier
    inner join counted
        on
            earlier.period = counted.period
            and earlier.unit_id = counted.unit_id
            and earlier.population = counted.population
    where
        earlier.is_directly_before
        and earlier.period_key = any(array(
            select period_key_before from {{ ref('stg_store__earlier_period') }} where is_directly_before
        ))

),

sought as materialized (

    select
        counted.period,
        counted.unit_id,
        counted.population
    from counted
    left join directly
        on
            counted.period = directly.period
            and counted.unit_id = directly.unit_id
            and counted.population = directly.population
    where directly.unit_id is null

),

-- The latest of all before, found by the few units that are left.
longer_ago as (

    select distinct on (earlier.period, earlier.unit_id, earlier.population)
        earlier.period,
        earlier.unit_id,
        earlier.population,
        earlier.period_before,
        earlier.amount
    from {{ ref('stg_store__earlier_count') }} as earlier
    inner join sought
        on
            earlier.period = sought.period
            and earlier.unit_id = sought.unit_id
            and earlier.population = sought.population
    where
        earlier.unit_key = any(array(
            select key.unit_key
            from sought
            inner join {{ ref('stg_store__unit') }} as key on sought.unit_id = key.unit_id
        ))
        and earlier.population = any(array(select population from sought))
    order by earlier.period, earlier.unit_id, earlier.population, earlier.period_before desc

),

published as (

    select * from directly
    union all
    select * from longer_ago

),

beside as materialized (

    select
        counted.*,
        case when within.period_before > published.period_before then within.period_before
            else coalesce(published.period_before, within.period_before) end as period_before,
        case when within.period_before > published.period_before then within.amount_before
            else coalesce(published.amount, within.amount_before) end as amount_before
    from counted
    left join within
        on
            counted.period = within.period
            and counted.unit_id = within.unit_id
            and counted.population = within.population
    left join published
        on
            counted.period = published.period
            and counted.unit_id = published.unit_id
            and counted.population = published.population

),

agreed_anew as materialized (

    select
        beside.period,
        beside.unit_id,
        beside.population,
        beside.period_before
    from beside
    where
        beside.source = 'agreed'
        and beside.amount is distinct from beside.amount_before
        and not exists (
            select 1
            from {{ ref('int_subtree_changed') }} as changed
            where
                beside.unit_id = changed.unit_id
                and changed.changed_on >= (to_date(beside.period_before, 'YYYY-MM') + interval '1 month')::date
                and changed.changed_on < (to_date(beside.period, 'YYYY-MM') + interval '1 month')::date
        )

),

below as materialized (

    select
        agreed_anew.*,
        unit.unit_id as below_unit_id,
        now.amount
    from agreed_anew
    inner join (
        select
            unit.period,
            unit.unit_id,
            above.unit_id as above_unit_id
        from {{ ref('int_unit_hierarchized') }} as unit
        cross join lateral unnest(unit.path) as above (unit_id)
        where exists (select 1 from agreed_anew)
    ) as unit
        on
            agreed_anew.period = unit.period
            and agreed_anew.unit_id = unit.above_unit_id
    inner join {{ ref('int_population_counted') }} as now
        on
            agreed_anew.period = now.period
            and unit.unit_id = now.unit_id
            and agreed_anew.population = now.population
            and now.source in ('register', 'return')
    where agreed_anew.period_before is not null

),

moved_below as (

    select distinct
        below.period,
        below.unit_id,
        below.population
    from below
    left join {{ ref('int_population_counted') }} as tonight
        on
            below.period_before = tonight.period
            and below.below_unit_id = tonight.unit_id
            and below.population = tonight.population
    left join {{ ref('stg_store__earlier_count') }} as published
        on
            below.period = published.period
            and below.period_before = published.period_before
            and below.below_unit_id = published.unit_id
            and below.population = published.population
            and published.unit_key = any(array(
                select key.unit_key
                from below
                inner join {{ ref('stg_store__unit') }} as key on below.below_unit_id = key.unit_id
            ))
    where below.amount is distinct from coalesce(tonight.amount, published.amount)

),

moved as (

    select
        agreed_anew.period,
        agreed_anew.unit_id,
        agreed_anew.population
    from agreed_anew
    left join moved_below
        on
            agreed_anew.period = moved_below.period
            and agreed_anew.unit_id = moved_below.unit_id
            and agreed_anew.population = moved_below.population
    where moved_below.unit_id is null

    union

    select
        whole.period,
        whole.unit_id,
        whole.population
    from moved as part
    inner join {{ ref('int_population_defined') }} as defined
        on
            part.period = defined.period
            and part.population = any(defined.composed_of)
    inner join beside as whole
        on
            part.period = whole.period
            and part.unit_id = whole.unit_id
            and defined.population = whole.population
            and whole.source = 'composition'

),

final as (

    select
        beside.period,
        beside.unit_id,
        unit.province_unit_id,
        coalesce(unit.province_unit_id, unit.unit_id) as sender_unit_id,
        beside.population,
        defined.name_vi as population_vi,
        defined.name_en as population_en,
        beside.amount,
        beside.source,
        beside.amount_before,
        beside.period_before,
        moved.unit_id is not null as is_moved_by_quotes,
        concat_ws('|', beside.amount, beside.source, beside.period_before, beside.amount_before) as values_key
    from beside
    inner join {{ ref('int_population_defined') }} as defined
        on
            beside.period = defined.period
            and beside.population = defined.population
    left join moved
        on
            beside.period = moved.period
            and beside.unit_id = moved.unit_id
            and beside.population = moved.population
    left join {{ ref('int_unit_hierarchized') }} as unit
        on
            beside.period = unit.period
            and beside.unit_id = unit.unit_id
    where beside.amount <> beside.amount_before

)

select * from final
