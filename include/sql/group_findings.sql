-- Findings of one cause are one: what is found of one observation by several rules goes with its wrong denominator, or with
-- the first rule that found it.
with

-- Of one observation: D03's group is also that of the unit's other denominators.
of_observation as (

    select
        finding_id,
        first_value(group_id) over (
            partition by unit_id, indicator, period, scope  -- what differs most first
            order by rule <> 'D03', rule, finding_id
        ) as group_id
    from quality.run_finding
    where
        run_id = current_setting('tonghop.run_id')
        and rule in ('S06', 'D01', 'D02', 'D03', 'R01', 'R02', 'R03')
        and scope is not null

)

update quality.run_finding as finding
set group_id = of_observation.group_id
from of_observation
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.finding_id = of_observation.finding_id
    and finding.group_id <> of_observation.group_id;
