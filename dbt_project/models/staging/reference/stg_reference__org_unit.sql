{{ config(
    materialized='table',
    indexes=[{'columns': ['unit_id']}],
    post_hook='analyze {{ this }}'
) }}

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
