{{ config(materialized='table') }}

select
    unit_id,
    code,
    name,
    ascii_name,
    type,
    level,
    parent_unit_id,
    valid
from {{ source('reference', 'org_unit') }}
