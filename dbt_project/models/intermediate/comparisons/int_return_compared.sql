{{ config(materialized='view') }}

-- Returned counts, judged by S06 alone: a count that is stated twice with two values returns nothing.
select
    period,
    unit_id,
    province_unit_id,
    sender_unit_id,
    indicator,
    fact_scope as scope,
    population,
    numerator,
    submission_id,
    locator,
    statements,
    has_two_values,
    values_text,
    coalesce(values_text, numerator::text) as values_key
from {{ ref('int_observation_standing') }}
where is_return
