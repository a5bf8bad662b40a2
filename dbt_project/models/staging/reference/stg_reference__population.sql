{{ config(materialized='table', post_hook='analyze {{ this }}') }}

select
    population,
    name_vi,
    name_en,
    counts,
    counted_from,
    unit_types,
    composed_of,
    note,
    valid
from {{ source('reference', 'population') }}
