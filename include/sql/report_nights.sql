-- One row per night that has Data Docs, newest first.
select
    run.run_id,
    run.kind,
    run.started_at,
    run.finished_at,
    run.status,
    run.release_id,
    run.problem,
    judged.rules,
    judged.observed,
    judged.failed,
    (select sum(step.seconds)::float from ops.step_run as step where step.run_id = run.run_id) as seconds,
    built.nodes,
    built.node_seconds,
    built.slowest
from ops.run as run
left join lateral (
    select
        count(*) as rules,
        sum(gate.observed) as observed,
        count(*) filter (where gate.verdict = 'failed') as failed
    from ops.gate_run as gate
    where gate.run_id = run.run_id
) as judged on true
left join lateral (
    select
        count(*) as nodes,
        sum(node.seconds)::float as node_seconds,
        (array_agg(node.node order by node.seconds desc))[1] as slowest
    from ops.dbt_node as node
    where node.run_id = run.run_id
) as built on true
where run.run_id = any(%(runs)s)
order by run.started_at desc;
