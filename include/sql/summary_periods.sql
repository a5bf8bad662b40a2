-- One row per period, newest first: roll-ups by level, what is withheld, and how far the nation is covered.
select
    period.period,
    counted.nation,
    counted.department,
    counted.province,
    counted.whole,
    coalesce(withheld.amount, 0) as withheld,  -- nothing withheld
    covered.coverage_low,
    covered.coverage_high
from marts.dim_period as period
left join lateral (
    select
        count(*) filter (where rollup.level = 'nation') as nation,
        count(*) filter (where rollup.level = 'department') as department,
        count(*) filter (where rollup.level = 'province') as province,
        count(*) filter (where rollup.level = 'province' and rollup.basis <> 'partial') as whole
    from marts.fct_rollup as rollup
    where rollup.period = period.period
) as counted on true
left join lateral (
    select count(*) as amount
    from marts.fct_observation as observation
    where
        observation.period = period.period
        and observation.is_withheld
) as withheld on true
left join lateral (
    select
        min(nation.coverage) as coverage_low,
        max(nation.coverage) as coverage_high
    from marts.rpt_nation as nation
    where nation.period = period.period
) as covered on true
order by period.period desc
limit %(periods)s;
