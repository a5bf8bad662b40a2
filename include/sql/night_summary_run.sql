-- One night: how it ended, what it rebuilt, what it kept back. Named by its id, by who began it, or the newest.
with night as (
    select *
    from ops.run as run
    where case
        when %(run_id)s::text is not null then run.run_id = %(run_id)s
        when %(begun_by)s::text is not null then starts_with(run.owner, %(begun_by)s || ' ')
        else true
    end
    order by run.started_at desc
    limit 1
),

-- What the last sitting of a gate said: kept for ever, unlike the lines themselves.
judged as (
    select (step.detail ->> 'withheld')::bigint as withheld
    from ops.step_run as step
    inner join night using (run_id)
    where
        step.step in ('judge_figures', 'judge_totals')
        and step.detail ? 'withheld'
    order by step.started_at desc
    limit 1
)

select
    night.run_id,
    night.kind,
    night.status,
    night.step,
    night.problem,
    night.release_id,
    night.started_at,
    night.finished_at,
    (select coalesce(sum(step.seconds), 0)::float from ops.step_run as step where step.run_id = night.run_id) as seconds,
    scope.periods,
    scope.first_period,
    scope.last_period,
    scope.provinces,
    (select judged.withheld from judged) as withheld,
    (select max(release.release_id) from store.release as release) as current_release_id,
    request.due_at,
    request.signatures
from night
left join ops.sign_off_request as request using (run_id)
cross join lateral (
    select
        count(distinct partition.period) filter (where partition.period <> '-') as periods,
        min(partition.period) filter (where partition.period <> '-') as first_period,
        max(partition.period) filter (where partition.period <> '-') as last_period,
        count(distinct partition.province_unit_id) filter (where partition.province_unit_id <> '-') as provinces
    from ops.run_partition as partition
    where partition.run_id = night.run_id
) as scope;
