-- Dated versions of every population; intervals are half-open.
select
    population,
    lower(valid) as valid_from,
    upper(valid) as valid_to,
    name_vi,
    name_en,
    counts,
    array_to_string(counted_from, ', ') as counted_from,
    array_to_string(unit_types, ', ') as unit_types,
    array_to_string(composed_of, ' + ') as composed_of
from {{ ref('stg_reference__population') }}
