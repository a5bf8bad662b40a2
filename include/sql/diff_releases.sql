-- The releases from the earlier of two to the later, and what each was built on. A restored release stands on what the one
-- that it equals was built on.
with recursive

origin as (

    select
        release.release_id,
        release.release_id as built_as
    from store.release as release
    where release.release_id between %(low)s and %(high)s

    union all

    select
        origin.release_id,
        made.restored_from
    from origin
    inner join store.release as made on origin.built_as = made.release_id
    where made.restored_from is not null

)

select
    release.release_id,
    release.published_at,
    release.note,
    release.rows_added,
    release.rows_closed,
    release.restored_from,
    release.run_id,
    -- What it was built on was frozen between these two. Without its run (a store that was filled by hand) the moment of
    -- publication has to do.
    coalesce(run.started_at, built.published_at) as built_from,
    coalesce(step.started_at, run.started_at, built.published_at) as built_until,
    run.reference_load_id
from store.release as release
inner join (select release_id, min(built_as) as built_as from origin group by release_id) as origin using (release_id)
inner join store.release as built on origin.built_as = built.release_id
left join ops.run as run on built.run_id = run.run_id
left join lateral (
    select min(step_run.started_at) as started_at from ops.step_run as step_run where step_run.run_id = run.run_id
) as step on true
order by release.release_id;
