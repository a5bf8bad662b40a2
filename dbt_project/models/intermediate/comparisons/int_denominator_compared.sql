-- One row per unit, population and period: the denominators that the unit's indicators quote for one population.
with

quotes as (

    select * from {{ ref('int_observation_compared') }}
    where
        population is not null
        and denominator > 0
        and not is_nested

),

final as (

    select
        period,
        unit_id,
        population,
        min(province_unit_id) as province_unit_id,
        min(sender_unit_id) as sender_unit_id,
        min(population_vi) as population_vi,
        min(population_en) as population_en,
        max(ledger_count) as ledger_count,
        count(*) as quotes,
        count(distinct denominator) as denominators,
        string_agg(numerator || '/' || denominator, ', ' order by denominator, numerator desc, indicator) as values_text,
        string_agg(distinct denominator::text, ', ') as denominators_text,
        min(submission_id) as submission_id,
        string_agg(locator, '; ' order by denominator, numerator desc, indicator) as locator,
        string_agg(indicator || '=' || numerator || '/' || denominator, '|' order by indicator)
        || '|' || coalesce(max(ledger_count)::text, '-') as values_key
    from quotes
    group by period, unit_id, population

)

select * from final
