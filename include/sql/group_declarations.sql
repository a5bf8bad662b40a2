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
        finding.imbalance
    from quality.run_finding as finding
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule in ('N01', 'D05')

    union all

    -- Below may be a province that the night leaves alone: what was published of it still holds.
    select
        finding.finding_id,
        finding.group_id,
        finding.rule,
        finding.period,
        finding.indicator,
        finding.unit_id,
        finding.imbalance
    from staging.stg_store__partition as left_alone
    inner join store.finding as finding
        on
            left_alone.period = finding.period
            and left_alone.province_unit_id = finding.sender_unit_id
    where
        finding.last_release is null
        and finding.rule in ('N01', 'D05')
        and finding.state <> 'corrected'

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

-- A declaration says one thing by two measures: its numerator's group is its denominator's.
climbed as (

    select
        placed.finding_id,
        placed.group_id,
        placed.rule,
        placed.period,
        placed.indicator,
        placed.imbalance,
        placed.parent_unit_id,
        0 as steps
    from placed

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
    inner join placed as above
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
