select
    period.period,
    period.first_day,
    period.last_day,
    restated.period is not null as is_restated
from {{ ref('stg_ops__period') }} as period
left join {{ ref('int_period_restated') }} as restated on period.period = restated.period
