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
    judged.failed
from ops.run as run
left join lateral (
    select
        count(*) as rules,
        sum(gate.observed) as observed,
        count(*) filter (where gate.verdict = 'failed') as failed
    from ops.gate_run as gate
    where gate.run_id = run.run_id
) as judged on true
where run.run_id = any(%(runs)s)
order by run.started_at desc;
