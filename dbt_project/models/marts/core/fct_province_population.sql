select
    resolved.period,
    resolved.unit_id as province_unit_id,
    resolved.population,
    resolved.reporter_class,
    resolved.amount
from {{ ref('int_population_resolved') }} as resolved
inner join {{ ref('int_node_identified') }} as node
    on
        resolved.period = node.period
        and resolved.unit_id = node.unit_id
        and resolved.reporter_class = node.reporter_class
where
    node.level = 'province'
    and node.is_cascaded
    and node.is_rebuilt
