-- What is off by as much at a unit and at the unit above it has one cause: the upper finding goes with the lowest one.
with recursive

off as (

    select
        finding.finding_id,
        finding.group_id,
        finding.rule,
        finding.period,
        finding.indicator,
        finding.unit_id,
        finding.imbalance,
        unit.parent_unit_id
    from quality.run_finding as finding
    inner join intermediate.int_unit_hierarchized as unit
        on
            finding.period = unit.period
            and finding.unit_id = unit.unit_id
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule in ('N01', 'D05')

),

-- A declaration says one thing by two measures: its numerator's group is its denominator's.
climbed as (

    select
        off.finding_id,
        off.group_id,
        off.rule,
        off.period,
        off.indicator,
        off.imbalance,
        off.parent_unit_id,
        0 as steps
    from off

    union all

    select
        above.finding_id,
        climbed.group_id,
        above.rule,
        above.period,
        above.indicator,
        above.imbalance,
        above.parent_unit_id,
        climbed.steps + 1
    from climbed
    inner join off as above
        on
            climbed.rule = above.rule
            and climbed.period = above.period
            and climbed.indicator = above.indicator
            and climbed.imbalance = above.imbalance
            and climbed.parent_unit_id = above.unit_id

),

lowest as (

    select distinct on (finding_id)
        finding_id,
        group_id
    from climbed
    order by finding_id, steps desc, group_id

)

update quality.run_finding as finding
set group_id = lowest.group_id
from lowest
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.finding_id = lowest.finding_id
    and finding.group_id <> lowest.group_id;
