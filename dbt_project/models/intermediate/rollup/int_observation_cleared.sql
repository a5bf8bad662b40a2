{{ config(materialized='view') }}

-- Each standing observation with the verdict of the figures gate. A figure counts in a sum when it is stated in full and
-- not withheld: a ratio needs its numerator and its denominator.
select
    standing.*,
    withheld.unit_id is not null as is_withheld,
    withheld.rules as withheld_by,
    coalesce(withheld.is_province_held, false) as is_province_held,
    (
        withheld.unit_id is null
        and standing.numerator is not null
        and (standing.kind <> 'ratio' or standing.denominator is not null)
    ) as is_usable,
    case when standing.kind = 'ratio' then standing.denominator end as summed_denominator
from {{ ref('int_observation_standing') }} as standing
left join {{ source('quality', 'run_withheld') }} as withheld
    on
        withheld.run_id = {{ running_run_id() }}
        and standing.period = withheld.period
        and standing.unit_id = withheld.unit_id
        and standing.indicator = withheld.indicator
        and standing.fact_scope = withheld.scope
where not standing.is_return
