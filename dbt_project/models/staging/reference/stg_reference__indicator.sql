{{ config(materialized='table', post_hook='analyze {{ this }}') }}

select
    indicator,
    indicator_group,
    name_vi,
    name_en,
    kind,
    population,
    reported_by as reporter_class,
    is_cumulative,
    part_of,
    parts_are_all,
    complement_of,
    nested_in,
    may_exceed_one,
    source_report
from {{ source('reference', 'indicator') }}
