-- A unit that moved within a province is missed by one total and still in another: both are one.
with

moved as (

    select distinct
        group_id,
        min(group_id) over (
            partition by period, indicator, province_unit_id, explanations -> 0 ->> 'unit_id', abs(imbalance), rule
        ) as first_group_id
    from quality.run_finding
    where
        run_id = current_setting('tonghop.run_id')
        and rule in ('D05', 'N01')
        and province_unit_id is not null
        and explanations -> 0 ->> 'cause' = 'moved_unit'

),

first_of as (

    select
        group_id,
        min(first_group_id) as first_group_id
    from moved
    group by group_id

)

update quality.run_finding as finding
set group_id = first_of.first_group_id
from first_of
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.gate = 'totals'
    and finding.group_id = first_of.group_id
    and first_of.group_id <> first_of.first_group_id;
