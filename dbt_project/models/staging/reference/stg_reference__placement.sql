{{ config(materialized='table', post_hook='analyze {{ this }}') }}

select
    hierarchy,
    unit_id,
    unit_type,
    parent_unit_id,
    valid
from {{ source('reference', 'placement') }}
