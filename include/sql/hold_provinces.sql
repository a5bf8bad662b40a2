-- A province where more than a share of a period's observations (X apart) break an error rule is held whole.
create temporary table held on commit drop as
select
    standing.period,
    standing.province_unit_id
from intermediate.int_observation_standing as standing
left join quality.run_withheld as withheld
    on
        withheld.run_id = current_setting('tonghop.run_id')
        and standing.unit_id = withheld.unit_id
        and standing.indicator = withheld.indicator
        and standing.period = withheld.period
        and standing.fact_scope = withheld.scope
where
    not standing.is_return
    and standing.province_unit_id is not null
    and standing.mark <> 'not_applicable'
group by standing.period, standing.province_unit_id
having count(withheld.unit_id) > %(share)s * count(*);

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
inner join pg_temp.held as held using (period, province_unit_id)
where
    exists (select 1 from pg_temp.held)  -- as a rule none: then nothing is read
    and not standing.is_return
    and standing.mark <> 'not_applicable'
on conflict (run_id, unit_id, indicator, period, scope) do update set is_province_held = true;
