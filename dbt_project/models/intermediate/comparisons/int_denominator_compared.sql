{{ config(
    pre_hook="set local work_mem = '128MB'; set local enable_nestloop = off; set local enable_mergejoin = off",
    post_hook='analyze {{ this }}'
) }}

-- One row per unit, population and period: the denominators that the unit's indicators quote for one population. What they
-- were is spelled out where they differ from one another, or from the ledger: few, but how few the planner cannot know.
with

-- Twice by hashes, where "count(distinct …)" would sort a row for every population of every unit.
quoted_once as (

    select
        quoted.period,
        quoted.unit_id,
        quoted.population,
        quoted.denominator,
        sum(quoted.quotes) as quotes,
        max(ledger.amount) as ledger_count
    from {{ ref('int_denominator_quoted') }} as quoted
    left join {{ ref('int_population_resolved') }} as ledger
        on
            quoted.period = ledger.period
            and quoted.unit_id = ledger.unit_id
            and quoted.population = ledger.population
            and quoted.reporter_class = ledger.reporter_class
    group by quoted.period, quoted.unit_id, quoted.population, quoted.denominator

),

counted as materialized (

    select
        period,
        unit_id,
        population,
        sum(quotes)::bigint as quotes,
        count(*) as denominators,
        min(denominator) as least,
        max(denominator) as greatest,
        max(ledger_count) as ledger_count
    from quoted_once
    group by period, unit_id, population

),

-- As an equation: of one the planner expects that few fulfil it, and reads the statements for few.
suspected as (

    select * from counted
    where (least <> greatest or coalesce(least <> ledger_count, false))::integer = 1

),

spelled_out as (

    select
        standing.period,
        standing.unit_id,
        standing.population,
        min(standing.province_unit_id) as province_unit_id,
        min(standing.sender_unit_id) as sender_unit_id,
        min(populations.name_vi) as population_vi,
        min(populations.name_en) as population_en,
        string_agg(
            standing.numerator || '/' || standing.denominator, ', '
            order by standing.denominator, standing.numerator desc, standing.indicator
        ) as values_text,
        string_agg(distinct standing.denominator::text, ', ') as denominators_text,
        min(submission.submission_id) as submission_id,
        string_agg(
            standing.locator, '; ' order by standing.denominator, standing.numerator desc, standing.indicator
        ) as locator,
        string_agg(
            standing.indicator || '=' || standing.numerator || '/' || standing.denominator, '|' order by standing.indicator
        ) || '|' || coalesce(max(suspected.ledger_count)::text, '-') as values_key
    from suspected
    inner join {{ ref('int_observation_standing') }} as standing
        on
            suspected.period = standing.period
            and suspected.unit_id = standing.unit_id
            and suspected.population = standing.population
    inner join {{ ref('stg_reference__indicator') }} as indicator on standing.indicator = indicator.indicator
    left join {{ ref('stg_submissions__submission') }} as submission
        on standing.submission_seq = submission.submission_seq
    left join {{ ref('int_population_defined') }} as populations
        on
            standing.period = populations.period
            and standing.population = populations.population
    where
        not standing.is_return
        and standing.denominator > 0
        and indicator.nested_in is null
    group by standing.period, standing.unit_id, standing.population

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
        counted.denominators,
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
