-- What is off by as much at a unit and at the unit above it has one cause: the upper findings go with the lowest ones, and
-- what was grouped with them.
with recursive

off as (

    select
        finding.group_id,
        finding.rule,
        finding.period,
        finding.indicator,
        finding.unit_id,
        finding.imbalance
    from quality.run_finding as finding
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule = any(%(rules)s)

    union all

    -- Below may be a province that the night leaves alone.
    select
        finding.group_id,
        finding.rule,
        finding.period,
        finding.indicator,
        finding.unit_id,
        finding.imbalance
    from staging.stg_store__finding as finding
    where finding.rule = any(%(rules)s)

),

placed as (

    select
        off.*,
        unit.parent_unit_id
    from off
    inner join reference.org_unit as unit
        on
            off.unit_id = unit.unit_id
            and unit.valid @> (to_date(off.period, 'YYYY-MM') + interval '1 month - 1 day')::date

),

climbed as (

    select
        placed.group_id,
        placed.group_id as lowest_group_id,
        placed.rule,
        placed.period,
        placed.indicator,
        placed.imbalance,
        placed.parent_unit_id,
        0 as steps
    from placed

    union all

    select
        above.group_id,
        climbed.lowest_group_id,
        above.rule,
        above.period,
        above.indicator,
        above.imbalance,
        above.parent_unit_id,
        climbed.steps + 1
    from climbed
    inner join placed as above
        on
            climbed.rule = above.rule
            and climbed.period = above.period
            and climbed.indicator = above.indicator
            and climbed.imbalance = above.imbalance
            and climbed.parent_unit_id = above.unit_id

),

-- A declaration says one thing by two measures, a whole is found with its parts: one group_id, which goes as one.
lowest as (

    select distinct on (group_id)
        group_id,
        lowest_group_id
    from climbed
    order by group_id, steps desc, lowest_group_id

)

update quality.run_finding as finding
set group_id = lowest.lowest_group_id
from lowest
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.gate = %(gate)s  -- what an earlier gate grouped is merged already
    and finding.group_id = lowest.group_id
    and lowest.group_id <> lowest.lowest_group_id;
