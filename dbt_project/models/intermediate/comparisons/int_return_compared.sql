{{ config(materialized='view') }}

-- Returned counts, judged by S06 alone: a count that is stated twice with two values returns nothing.
select
    standing.period,
    standing.unit_id,
    standing.province_unit_id,
    standing.sender_unit_id,
    standing.indicator,
    standing.fact_scope as scope,
    standing.population,
    standing.numerator,
    submission.submission_id,
    standing.locator,
    standing.statements,
    standing.has_two_values,
    standing.values_text,
    coalesce(standing.values_text, standing.numerator::text) as values_key
from {{ ref('int_observation_standing') }} as standing
left join {{ ref('stg_submissions__submission') }} as submission
    on standing.submission_seq = submission.submission_seq
where standing.is_return
