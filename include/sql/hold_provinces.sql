-- A province where more than a share of a period's observations (X apart) break an error rule is held whole.
create temporary table observed on commit drop as
select
    period,
    province_unit_id,
    count(*) as observations
from intermediate.int_observation_standing
where
    not is_return
    and province_unit_id is not null
    and mark <> 'not_applicable'
group by period, province_unit_id;

create temporary table held on commit drop as
select
    standing.period,
    standing.province_unit_id
from quality.run_withheld as withheld
inner join intermediate.int_observation_standing as standing
    on
        withheld.unit_id = standing.unit_id
        and withheld.indicator = standing.indicator
        and withheld.period = standing.period
        and withheld.scope = standing.fact_scope
inner join observed
    on
        standing.period = observed.period
        and standing.province_unit_id = observed.province_unit_id
where
    withheld.run_id = current_setting('tonghop.run_id')
    and not standing.is_return
    and standing.mark <> 'not_applicable'
group by standing.period, standing.province_unit_id, observed.observations
having count(*) > %(share)s * observed.observations;

insert into quality.run_withheld (run_id, unit_id, indicator, period, scope, rules, is_province_held)
select
    current_setting('tonghop.run_id'),
    standing.unit_id,
    standing.indicator,
    standing.period,
    standing.fact_scope,
    array['HELD'],
    true
from intermediate.int_observation_standing as standing
inner join held using (period, province_unit_id)
where
    not standing.is_return
    and standing.mark <> 'not_applicable'
on conflict (run_id, unit_id, indicator, period, scope) do update set is_province_held = true;
