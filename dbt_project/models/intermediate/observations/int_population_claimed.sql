{{ config(
    pre_hook="set local work_mem = '128MB'",
    indexes=[{'columns': ['unit_id', 'population', 'period']}],
    post_hook='analyze {{ this }}'
) }}

-- What the register counts, what was returned and what a unit's statements agree on: each beside its population's
-- definition, with the reason why it may not count, and the first of its unit and population that may. Sums of parts are
-- not here: they stand on these.
with

populations as not materialized (

    select * from {{ ref('int_population_defined') }}

),

counted_types as (

    select
        period,
        population,
        unnest(unit_types) as type
    from populations

),

-- Open units of the population's types under a unit (a unit of its types counts one). Above the provinces the register
-- is complete only where every province is, so there the count is the sum over children, not this one.
registered as (

    select
        unit.period,
        ancestor.unit_id,
        counted_types.population,
        count(*) as amount
    from {{ ref('int_unit_hierarchized') }} as unit
    inner join counted_types
        on
            unit.period = counted_types.period
            and unit.type = counted_types.type
    cross join lateral unnest(unit.path[3:]) as ancestor (unit_id)
    where unit.is_rebuilt
    group by unit.period, ancestor.unit_id, counted_types.population

),

-- A return, or a stock indicator, which returns its population.
returned as (

    select
        period,
        unit_id,
        population,
        case when not is_return then indicator end as indicator,
        numerator as amount,
        has_two_values,
        submission_seq,
        row_number
    from {{ ref('int_observation_standing') }}
    where
        (is_return or kind = 'stock')
        and population is not null
        and numerator is not null

),

quoted as (

    select
        period,
        unit_id,
        population,
        denominator as amount,
        sum(votes)::int as votes
    from {{ ref('int_denominator_quoted') }}
    where votes > 0
    group by period, unit_id, population, denominator

),

polled as (

    select
        period,
        unit_id,
        population,
        sum(votes) as votes
    from quoted
    group by period, unit_id, population

),

-- At most one value has a strict majority; without one the unit's statements agree on nothing.
agreed as (

    select
        polled.period,
        polled.unit_id,
        polled.population,
        quoted.amount
    from polled
    left join quoted
        on
            polled.period = quoted.period
            and polled.unit_id = quoted.unit_id
            and polled.population = quoted.population
            and quoted.votes * 2 > polled.votes

),

claims as (

    select
        period, unit_id, population, 'register' as source, 1 as precedence, null as indicator, amount,
        false as has_two_values, null::bigint as submission_seq, null::int as row_number
    from registered

    union all

    select
        period, unit_id, population, 'return' as source, 2 as precedence, indicator, amount,
        has_two_values, submission_seq, row_number
    from returned

    union all

    select
        period, unit_id, population, 'agreed' as source, 4 as precedence, null as indicator, amount,
        false as has_two_values, null::bigint as submission_seq, null::int as row_number
    from agreed

),

judged as (

    select
        claims.*,
        populations.depth,
        case
            when populations.population is null then 'not_allowed'  -- not defined at the period's end
            when claims.source <> 'agreed' and claims.source <> all(populations.counted_from) then 'not_allowed'
            when claims.has_two_values then 'two_values'
            when claims.amount is null then 'no_majority'
        end as barred_by
    from claims
    left join populations
        on
            claims.period = populations.period
            and claims.population = populations.population

),

final as (

    select
        period,
        unit_id,
        population,
        depth,
        source,
        indicator,
        amount,
        has_two_values,
        barred_by,
        barred_by is null and row_number() over (
            partition by unit_id, population, period  -- what differs most is compared first: a sort of texts
            order by barred_by nulls first, precedence, indicator nulls first
        ) = 1 as is_first,
        submission_seq,
        row_number
    from judged

)

select * from final
