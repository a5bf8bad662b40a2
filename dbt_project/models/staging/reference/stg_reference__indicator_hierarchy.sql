{{ config(materialized='table', post_hook='analyze {{ this }}') }}

select
    indicator.indicator,
    indicator.reported_by as reporter_class,
    tree.hierarchy,
    tree.position = 1 as is_first
from {{ source('reference', 'indicator') }} as indicator
cross join lateral unnest(indicator.hierarchies) with ordinality as tree (hierarchy, position)
