{{ config(materialized='table', post_hook='analyze {{ this }}') }}

select
    reporter as reporter_class,
    unit_types,
    parent_level
from {{ source('reference', 'reporter') }}
