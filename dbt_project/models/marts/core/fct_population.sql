select
    period,
    unit_id,
    population,
    amount,
    source
from {{ ref('int_population_counted') }}
