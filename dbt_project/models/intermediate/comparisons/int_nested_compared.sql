{{ config(materialized='view') }}

-- One row per figure of a nested ratio beside the outer figure of the same unit and scope ("… trong đó 7/15").
select
    nested.period,
    nested.unit_id,
    nested.province_unit_id,
    nested.sender_unit_id,
    nested.indicator,
    nested.scope,
    nested.population,
    nested.submission_id,
    nested.locator,
    nested.numerator,
    nested.denominator,
    around.indicator as outer_indicator,
    around.numerator as outer_numerator,
    around.locator as outer_locator,
    concat_ws('|', nested.numerator, nested.denominator, around.numerator) as values_key
from {{ ref('int_observation_related') }} as nested
inner join {{ ref('int_observation_related') }} as around
    on
        nested.period = around.period
        and nested.unit_id = around.unit_id
        and nested.scope = around.scope
        and nested.nested_in = around.indicator
where nested.denominator is not null
