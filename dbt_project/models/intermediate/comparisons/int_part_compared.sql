{{ config(materialized='view') }}

-- One row per figure that is part of another, beside its whole.
select
    part.period,
    part.unit_id,
    part.province_unit_id,
    part.sender_unit_id,
    part.indicator,
    part.scope,
    part.population,
    part.submission_id,
    part.locator,
    part.numerator,
    whole.indicator as whole_indicator,
    whole.numerator as whole_numerator,
    whole.locator as whole_locator,
    concat_ws('|', part.numerator, whole.numerator) as values_key
from {{ ref('int_observation_related') }} as part
inner join {{ ref('int_observation_related') }} as whole
    on
        part.period = whole.period
        and part.unit_id = whole.unit_id
        and part.scope = whole.scope
        and part.part_of = whole.indicator
