select
    period,
    unit_id,
    population,
    source,
    indicator,
    amount,
    is_counted,
    reason,
    submission_seq,
    row_number
from {{ ref('int_population_stated') }}
