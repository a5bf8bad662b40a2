{{ config(
    pre_hook='set local enable_nestloop = off',
    post_hook='analyze {{ this }}'
) }}

-- One row per count of the ledger that differs from the latest earlier one of the same unit and population, with whether
-- quotes alone moved it: a count that is agreed, or is composed of a part that is.
with recursive

-- Of every period, tonight's or published before.
counted as (

    select
        period,
        unit_id,
        population,
        amount,
        source,
        true as is_judged
    from {{ ref('int_population_counted') }}

    union all

    select
        period,
        unit_id,
        population,
        amount,
        source,
        false as is_judged
    from {{ ref('stg_store__earlier_count') }}

),

beside as (

    select
        *,
        lag(amount) over earlier as amount_before,
        lag(period) over earlier as period_before
    from counted
    window earlier as (partition by unit_id, population order by period)

),

changed as (

    select
        *,
        source = 'agreed' and amount is distinct from amount_before as is_quoted_anew
    from beside
    where is_judged

),

moved as (

    select
        period,
        unit_id,
        population
    from changed
    where is_quoted_anew

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
    inner join changed as whole
        on
            part.period = whole.period
            and part.unit_id = whole.unit_id
            and defined.population = whole.population
            and whole.source = 'composition'

),

final as (

    select
        changed.period,
        changed.unit_id,
        unit.province_unit_id,
        coalesce(unit.province_unit_id, unit.unit_id) as sender_unit_id,
        changed.population,
        defined.name_vi as population_vi,
        defined.name_en as population_en,
        changed.amount,
        changed.source,
        changed.amount_before,
        changed.period_before,
        moved.unit_id is not null as is_moved_by_quotes,
        concat_ws('|', changed.amount, changed.source, changed.period_before, changed.amount_before) as values_key
    from changed
    inner join {{ ref('int_population_defined') }} as defined
        on
            changed.period = defined.period
            and changed.population = defined.population
    left join moved
        on
            changed.period = moved.period
            and changed.unit_id = moved.unit_id
            and changed.population = moved.population
    left join {{ ref('int_unit_hierarchized') }} as unit
        on
            changed.period = unit.period
            and changed.unit_id = unit.unit_id
    where changed.amount <> changed.amount_before

)

select * from final
