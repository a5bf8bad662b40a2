-- The dbt nodes of a night that took longest (all of them: nodes is null).
select
    node.phase,
    node.node,
    node.resource_type,
    node.status,
    node.seconds::float as seconds,
    node.rows_affected,
    node.message,
    node.recorded_at
from ops.dbt_node as node
where node.run_id = %(run_id)s
order by node.seconds desc, node.node
limit %(nodes)s;
