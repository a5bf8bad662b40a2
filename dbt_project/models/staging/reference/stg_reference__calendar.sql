{{ config(materialized='table', post_hook='analyze {{ this }}') }}

select
    campaign,
    form,
    indicator_groups,
    sender_level,
    senders,
    period,
    due_on,
    first_loaded_on
from {{ source('reference', 'calendar') }}
