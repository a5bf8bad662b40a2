-- One row per step of a night, in the order they began: how long its last attempt took.
select
    last.step,
    last.seconds
from (
    select distinct on (step.step)
        step.step,
        step.started_at,
        step.seconds::float as seconds
    from ops.step_run as step
    where step.run_id = %(run_id)s
    order by step.step, step.attempt desc
) as last
order by last.started_at;
