{{ config(materialized='table', post_hook='analyze {{ this }}') }}

select
    unit_id,
    code,
    name,
    ascii_name,
    type,
    hierarchy,
    parent_unit_id,
    valid
from {{ source('reference', 'grouping') }}
