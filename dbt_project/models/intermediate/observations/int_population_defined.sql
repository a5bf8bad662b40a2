{{ config(
    indexes=[{'columns': ['period', 'population'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

-- The populations as they are defined at a period's end: what they count, who may count them, how they are composed, and
-- how deep their composition goes (parts are counted before the wholes they make).
with recursive

defined as (

    select
        period.period,
        population.population,
        population.name_vi,
        population.name_en,
        population.counted_from,
        population.unit_types,
        population.composed_of
    from {{ ref('stg_ops__period') }} as period
    inner join {{ ref('stg_reference__population') }} as population
        on {{ as_of('population.valid', 'period.last_day') }}

),

composed as (

    select
        period,
        population,
        0 as depth
    from defined

    union

    select
        whole.period,
        whole.population,
        part.depth + 1 as depth
    from defined as whole
    inner join composed as part
        on
            whole.period = part.period
            and part.population = any(whole.composed_of)
    where part.depth < {{ composition_depth() }}

),

final as (

    select
        defined.period,
        defined.population,
        defined.name_vi,
        defined.name_en,
        defined.counted_from,
        defined.unit_types,
        defined.composed_of,
        max(composed.depth) as depth
    from defined
    inner join composed
        on
            defined.period = composed.period
            and defined.population = composed.population
    group by
        defined.period, defined.population, defined.name_vi, defined.name_en, defined.counted_from, defined.unit_types,
        defined.composed_of

)

select * from final
