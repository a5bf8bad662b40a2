-- Indicators by the keys of the store.
select
    indicator,
    indicator_key
from {{ source('store', 'indicator_key') }}
