-- The partitions that the night replaces, in the keys of the store, and a key for every unit, indicator and period that has
-- none yet. province_key is null for what is above the provinces.
insert into store.period_key (period_key, period, last_day)
select
    replace(period, '-', '')::integer,
    period,
    (to_date(period, 'YYYY-MM') + interval '1 month - 1 day')::date
from ops.run_period
where
    run_id = %(run_id)s
    and period ~ '^\d{4}-\d{2}$'
on conflict do nothing;

insert into store.unit_key (unit_id)
select distinct unit_id
from candidate.dim_org_unit as new
where not exists (select 1 from store.unit_key as known where known.unit_id = new.unit_id)
order by unit_id;

insert into store.indicator_key (indicator)
select indicator
from candidate.dim_indicator as new
where not exists (select 1 from store.indicator_key as known where known.indicator = new.indicator)
order by indicator;

create temporary table scope on commit drop as
select
    partition.period,
    period.period_key,
    partition.province_unit_id,
    province.unit_key as province_key
from ops.run_partition as partition
inner join store.period_key as period using (period)
left join store.unit_key as province on partition.province_unit_id = province.unit_id
where partition.run_id = %(run_id)s;
analyze pg_temp.scope;

create temporary table province on commit drop as
select distinct
    key.unit_key,
    key.unit_id
from reference.org_unit as unit
inner join store.unit_key as key using (unit_id)
where unit.level = 'province';
analyze pg_temp.province;
