select
    campaign,
    period,
    coverage,
    reason
from {{ source('ops', 'coverage_threshold') }}
