-- The current release, the night that asks for the pages, and the newest night.
select
    (select max(release.release_id) from marts.dim_release as release) as release_id,
    (select release.published_at from marts.dim_release as release where release.is_current) as published_at,
    (select release.run_id from marts.dim_release as release where release.is_current) as release_run_id,
    newest.run_id as newest_run_id,
    newest.status as newest_status,
    newest.problem as newest_problem,
    newest.started_at as newest_started_at,
    (
        select run.run_id
        from ops.run as run
        where run.run_id = coalesce(%(run_id)s, newest.run_id)
    ) as run_id
from (values (1)) as always (one)
left join lateral (
    select run.*
    from ops.run as run
    order by run.started_at desc
    limit 1
) as newest on true;
