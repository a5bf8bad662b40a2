-- What is off by as much at a unit and at a unit above it has one cause: the upper findings go with the lowest ones, and
-- what was grouped with them. A unit between them that states nothing hides nothing. A part beyond its whole, and a count
-- that fell, are not off by as much above: they go with the one finding of the kind below, if there is one.
with recursive

off as (

    select
        finding.finding_id,
        finding.group_id,
        finding.rule,
        finding.period,
        coalesce(finding.indicator, finding.population) as what,
        finding.unit_id,
        finding.imbalance
    from quality.run_finding as finding
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule = any(%(rules)s)

    union all

    -- Below may be a province that the night leaves alone.
    select
        finding.finding_id,
        finding.group_id,
        finding.rule,
        finding.period,
        coalesce(finding.indicator, finding.population) as what,
        finding.unit_id,
        finding.imbalance
    from staging.stg_store__finding as finding
    where finding.rule = any(%(rules)s)

),

climbed as (

    select
        off.*,
        unit.parent_unit_id as above_unit_id,
        1 as steps
    from off
    inner join reference.org_unit as unit
        on
            off.unit_id = unit.unit_id
            and unit.valid @> (to_date(off.period, 'YYYY-MM') + interval '1 month - 1 day')::date

    union all

    select
        climbed.finding_id,
        climbed.group_id,
        climbed.rule,
        climbed.period,
        climbed.what,
        climbed.unit_id,
        climbed.imbalance,
        unit.parent_unit_id,
        climbed.steps + 1
    from climbed
    inner join reference.org_unit as unit
        on
            climbed.above_unit_id = unit.unit_id
            and unit.valid @> (to_date(climbed.period, 'YYYY-MM') + interval '1 month - 1 day')::date

),

paired as materialized (

    select
        upper_one.finding_id,
        upper_one.group_id,
        upper_one.rule,
        climbed.finding_id as lower_finding_id,
        climbed.group_id as lower_group_id,
        climbed.steps,
        upper_one.imbalance = climbed.imbalance as is_as_much
    from climbed
    inner join off as upper_one
        on
            climbed.rule = upper_one.rule
            and climbed.period = upper_one.period
            and climbed.what = upper_one.what
            and climbed.above_unit_id = upper_one.unit_id

),

lowermost as (

    select
        paired.*,
        above_others.finding_id is null as is_lowermost,
        count(*) filter (where above_others.finding_id is null) over (partition by paired.finding_id) as lowermost
    from paired
    left join (select distinct finding_id from paired) as above_others
        on paired.lower_finding_id = above_others.finding_id

),

-- A declaration says one thing by two measures, a whole is found with its parts: one group_id, which goes as one.
lowest as (

    select distinct on (group_id)
        group_id,
        lower_group_id
    from lowermost
    where
        is_as_much
        or (rule in ('N02', 'N04') and is_lowermost and lowermost = 1)
    order by group_id, steps desc, lower_group_id

)

update quality.run_finding as finding
set group_id = lowest.lower_group_id
from lowest
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.gate = %(gate)s  -- what an earlier gate grouped is merged already
    and finding.group_id = lowest.group_id
    and lowest.group_id <> lowest.lower_group_id;
