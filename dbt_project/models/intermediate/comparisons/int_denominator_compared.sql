{{ config(
    pre_hook="set local work_mem = '128MB'; set local enable_sort = off; set local enable_mergejoin = off",
    post_hook='analyze {{ this }}'
) }}

-- One row per unit, population and period: the denominators that the unit's indicators quote for one population. What they
-- were is spelled out where they differ from one another, or from the ledger: few, which the planner cannot know, so it is
-- told to hash.
with

quotes as not materialized (

    select * from {{ ref('int_observation_compared') }}
    where
        population is not null
        and denominator > 0
        and not is_nested

),

counted as materialized (

    select
        period,
        unit_id,
        population,
        count(*) as quotes,
        min(denominator) as least,
        max(denominator) as greatest,
        max(ledger_count) as ledger_count
    from quotes
    group by period, unit_id, population

),

spelled_out as (

    select
        quotes.period,
        quotes.unit_id,
        quotes.population,
        min(quotes.province_unit_id) as province_unit_id,
        min(quotes.sender_unit_id) as sender_unit_id,
        min(quotes.population_vi) as population_vi,
        min(quotes.population_en) as population_en,
        count(distinct quotes.denominator) as denominators,
        string_agg(
            quotes.numerator || '/' || quotes.denominator, ', '
            order by quotes.denominator, quotes.numerator desc, quotes.indicator
        ) as values_text,
        string_agg(distinct quotes.denominator::text, ', ') as denominators_text,
        min(quotes.submission_id) as submission_id,
        string_agg(
            quotes.locator, '; ' order by quotes.denominator, quotes.numerator desc, quotes.indicator
        ) as locator,
        string_agg(
            quotes.indicator || '=' || quotes.numerator || '/' || quotes.denominator, '|' order by quotes.indicator
        ) || '|' || coalesce(max(counted.ledger_count)::text, '-') as values_key
    from quotes
    inner join counted
        on
            quotes.period = counted.period
            and quotes.unit_id = counted.unit_id
            and quotes.population = counted.population
    where
        counted.least <> counted.greatest
        or counted.least <> counted.ledger_count
    group by quotes.period, quotes.unit_id, quotes.population

),

final as (

    select
        counted.period,
        counted.unit_id,
        counted.population,
        spelled_out.province_unit_id,
        spelled_out.sender_unit_id,
        spelled_out.population_vi,
        spelled_out.population_en,
        counted.ledger_count,
        counted.quotes,
        coalesce(spelled_out.denominators, 1) as denominators,
        spelled_out.values_text,
        spelled_out.denominators_text,
        spelled_out.submission_id,
        spelled_out.locator,
        spelled_out.values_key
    from counted
    left join spelled_out
        on
            counted.period = spelled_out.period
            and counted.unit_id = spelled_out.unit_id
            and counted.population = spelled_out.population

)

select * from final
