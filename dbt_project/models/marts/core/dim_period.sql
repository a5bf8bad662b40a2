select
    period,
    first_day,
    last_day
from {{ ref('stg_ops__period') }}
