{{ config(
    materialized='table',
    indexes=[{'columns': ['old_unit_id']}],
    post_hook='analyze {{ this }}'
) }}

select
    old_unit_id,
    new_unit_id,
    relation = 'whole' as is_whole,
    effective_on
from {{ source('reference', 'succession') }}
