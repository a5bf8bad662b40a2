{{ config(materialized='view') }}

-- Each standing observation beside what it must agree with: the ledger, its own rate, the other statements of its unit.
-- Without a WITH: the planner does not reach into a view that has one, and joins what few units are asked for last.
select
    observations.period,
    observations.unit_id,
    observations.province_unit_id,
    unit.department_unit_id,
    observations.sender_unit_id,
    observations.indicator,
    observations.fact_scope as scope,
    observations.kind,
    observations.population,
    observations.mark,
    observations.numerator,
    observations.denominator,
    observations.stated_rate,
    observations.rate_decimals,
    observations.stated_rate_text,
    submission.submission_id,
    observations.locator,
    observations.statements,
    observations.has_two_values,
    observations.values_text,
    indicators.nested_in is not null as is_nested,
    indicators.may_exceed_one,
    populations.name_vi as population_vi,
    populations.name_en as population_en,
    ledger.amount as ledger_count,
    ledger.source as ledger_source,
    100 * {{ safe_ratio('observations.numerator', 'observations.denominator') }} as exact_percent,
    100 * observations.stated_rate as stated_percent,
    concat_ws('|', observations.numerator, coalesce(observations.denominator::text, '-'),
        coalesce(observations.stated_rate::text, '-'), coalesce(ledger.amount::text, '-')) as values_key
from {{ ref('int_observation_standing') }} as observations
inner join {{ ref('stg_reference__indicator') }} as indicators on observations.indicator = indicators.indicator
left join {{ ref('stg_submissions__submission') }} as submission
    on observations.submission_seq = submission.submission_seq
left join {{ ref('int_population_defined') }} as populations
    on
        observations.period = populations.period
        and observations.population = populations.population
left join {{ ref('int_population_resolved') }} as ledger
    on
        observations.period = ledger.period
        and observations.unit_id = ledger.unit_id
        and observations.population = ledger.population
        and observations.reporter_class = ledger.reporter_class
-- Its key is unique, so that who does not ask for a department does not pay for it.
left join {{ ref('int_unit_hierarchized') }} as unit
    on
        observations.period = unit.period
        and observations.unit_id = unit.unit_id
where not observations.is_return
