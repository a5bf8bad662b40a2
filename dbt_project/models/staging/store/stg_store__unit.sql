-- Units by the keys of the store: who has many to look up there asks by key.
select
    unit_id,
    unit_key
from {{ source('store', 'unit_key') }}
