{{ config(
    indexes=[{'columns': ['period', 'unit_id', 'population'], 'unique': true}],
    post_hook='analyze {{ this }}'
) }}

{#- The ledger of denominators: for each unit and population the one count that counts, and where it came from.
    Precedence: register, return, composition, the value a strict majority of the unit's statements quotes. -#}

with recursive

populations as not materialized (

    select * from {{ ref('stg_reference__population') }}

),

-- Open units of the population's types under a unit (a unit of its types counts one). Above the provinces the register
-- is complete only where every province is, so there the count is the sum over children, not this one.
registered as (

    select
        unit.period,
        ancestor.unit_id,
        populations.population,
        count(*) as amount
    from {{ ref('int_unit_hierarchized') }} as unit
    inner join populations
        on
            'register' = any(populations.counted_from)
            and unit.type = any(populations.unit_types)
    cross join lateral unnest(unit.path[3:]) as ancestor (unit_id)
    group by unit.period, ancestor.unit_id, populations.population

),

-- A return, or a stock indicator, which returns its population. Two values in one submission return nothing.
returned as (

    select distinct on (standing.period, standing.unit_id, standing.population)
        standing.period,
        standing.unit_id,
        standing.population,
        standing.numerator as amount
    from {{ ref('int_observation_standing') }} as standing
    inner join populations
        on
            standing.population = populations.population
            and 'return' = any(populations.counted_from)
    where
        (standing.is_return or standing.kind = 'stock')
        and standing.numerator is not null
        and not standing.has_two_values
    order by standing.period, standing.unit_id, standing.population, standing.is_return desc

),

quoted as (

    select
        standing.period,
        standing.unit_id,
        standing.population,
        standing.denominator as amount,
        count(*) as quotes,
        sum(count(*)) over (partition by standing.period, standing.unit_id, standing.population) as statements
    from {{ ref('int_observation_standing') }} as standing
    left join {{ ref('stg_reference__indicator') }} as indicator
        on standing.indicator = indicator.indicator
    where
        not standing.is_return
        and standing.population is not null
        and standing.denominator > 0
        and not standing.has_two_values
        and indicator.nested_in is null
    group by standing.period, standing.unit_id, standing.population, standing.denominator

),

agreed as (

    select
        period,
        unit_id,
        population,
        amount
    from quoted
    where quotes * 2 > statements

),

stated as (

    select
        period, unit_id, population, amount, 'register' as source, 1 as precedence
    from registered

    union all

    select
        period, unit_id, population, amount, 'return' as source, 2 as precedence
    from returned

    union all

    select
        period, unit_id, population, amount, 'agreed' as source, 4 as precedence
    from agreed

),

-- Populations by how deep their composition goes: parts are counted before the wholes they make.
composition_depth as (

    select
        population,
        0 as depth
    from populations
    where cardinality(composed_of) = 0

    union

    select
        populations.population,
        composition_depth.depth + 1
    from populations
    inner join composition_depth on composition_depth.population = any(populations.composed_of)
    where composition_depth.depth < 4

),

depths as (

    select
        population,
        max(depth) as depth
    from composition_depth
    group by population

),

counted_0 as (

    select distinct on (stated.period, stated.unit_id, stated.population)
        stated.period, stated.unit_id, stated.population, stated.amount, stated.source
    from stated
    inner join depths
        on
            stated.population = depths.population
            and depths.depth = 0
    order by stated.period, stated.unit_id, stated.population, stated.precedence

),

{% for depth in range(1, 4) -%}
composed_{{ depth }} as (

    select
        part.period,
        part.unit_id,
        populations.population,
        sum(part.amount)::bigint as amount,
        'composition' as source,
        3 as precedence
    from populations
    inner join depths
        on
            populations.population = depths.population
            and depths.depth = {{ depth }}
    inner join (
        {% for below in range(depth) -%}
        select * from counted_{{ below }}{{ " union all " if not loop.last }}
        {%- endfor %}
    ) as part on part.population = any(populations.composed_of)
    group by part.period, part.unit_id, populations.population, populations.composed_of
    having count(*) = cardinality(populations.composed_of)

),

counted_{{ depth }} as (

    select distinct on (candidate.period, candidate.unit_id, candidate.population)
        candidate.period, candidate.unit_id, candidate.population, candidate.amount, candidate.source
    from (
        select stated.* from stated
        inner join depths
            on
                stated.population = depths.population
                and depths.depth = {{ depth }}
        union all
        select period, unit_id, population, amount, source, precedence from composed_{{ depth }}
    ) as candidate
    order by candidate.period, candidate.unit_id, candidate.population, candidate.precedence

),

{% endfor -%}
final as (

    {% for depth in range(4) -%}
    select * from counted_{{ depth }}{{ " union all " if not loop.last }}
    {% endfor %}
)

select * from final
