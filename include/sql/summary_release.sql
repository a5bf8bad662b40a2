-- The current release, and how many rows each mart has.
select
    release.release_id,
    release.published_at,
    counted.mart,
    counted.amount
from (
    select 1 as place, 'fct_observation' as mart, (select count(*) from marts.fct_observation) as amount
    union all
    select 2, 'fct_rollup', (select count(*) from marts.fct_rollup)
    union all
    select 3, 'fct_reconciliation', (select count(*) from marts.fct_reconciliation)
    union all
    select 4, 'fct_population', (select count(*) from marts.fct_population)
    union all
    select 5, 'fct_submission', (select count(*) from marts.fct_submission)
    union all
    select 6, 'fct_finding', (select count(*) from marts.fct_finding)
) as counted
left join marts.dim_release as release on release.is_current
order by counted.place;
