-- A province where more than a share of a period's observations (X apart) break an error rule is held whole.
with

observations as (

    select
        standing.period,
        standing.province_unit_id,
        standing.unit_id,
        standing.indicator,
        standing.fact_scope as scope,
        standing.mark,
        withheld.unit_id is not null as is_withheld
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

),

held as (

    select
        period,
        province_unit_id
    from observations
    where mark <> 'not_applicable'
    group by period, province_unit_id
    having count(*) filter (where is_withheld) > %(share)s * count(*)

)

insert into quality.run_withheld (run_id, unit_id, indicator, period, scope, rules, is_province_held)
select
    current_setting('tonghop.run_id'),
    observations.unit_id,
    observations.indicator,
    observations.period,
    observations.scope,
    array['HELD'],
    true
from observations
inner join held using (period, province_unit_id)
where observations.mark <> 'not_applicable'
on conflict (run_id, unit_id, indicator, period, scope) do update set is_province_held = true;
