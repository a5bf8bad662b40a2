-- The candidate's observations as store.observed keeps them, in the view pg_temp.packed. They are read here, not in the
-- insert, because only a "create table as" reads with several processes (and only where no temporary table is read).
-- What has no key, or stands under another province than its unit, gets 0: the store refuses it.
set local work_mem = '256MB';          -- all rows are sorted once
set local parallel_tuple_cost = 0.01;  -- they are worked on more than they weigh

create temporary table read_once on commit drop as
select
    placed.period_key,
    placed.unit_key,
    indicator.indicator_key,
    case offered.scope when 'own' then 0 when 'total' then 1 end
    + case offered.mark when 'reported' then 0 when 'nil' then 2 when 'not_applicable' then 4 when 'missing' then 6 end
    + 8 * offered.is_reporter::integer
    + 16 * offered.is_counted::integer
    + 32 * offered.is_withheld::integer as traits,
    offered.numerator,
    offered.denominator,
    offered.stated_rate,
    offered.stated_decimals,
    offered.withheld_by,
    offered.submission_seq,
    offered.row_number,
    case when offered.sender_unit_id is not null then coalesce(sender.unit_key, 0) end as sender_key,
    placed.department_key,
    case
        when offered.province_unit_id is not distinct from placed.province_unit_id then placed.province_key else 0
    end as province_key
from candidate.fct_observation as offered
-- One look-up gives the keys of period, unit, department and province.
left join (
    select
        unit.period,
        unit.unit_id,
        unit.province_unit_id,
        period.period_key,
        key.unit_key,
        department.unit_key as department_key,
        province.unit_key as province_key
    from intermediate.int_unit_hierarchized as unit
    inner join store.period_key as period on unit.period = period.period
    inner join store.unit_key as key on unit.unit_id = key.unit_id
    left join store.unit_key as department on unit.department_unit_id = department.unit_id
    left join store.unit_key as province on unit.province_unit_id = province.unit_id
    offset 0  -- made once, of the units; the planner would join each observation with each of the four
) as placed on offered.period = placed.period and offered.unit_id = placed.unit_id
left join store.indicator_key as indicator on offered.indicator = indicator.indicator
left join (
    select key.unit_id, key.unit_key
    from store.unit_key as key
    where key.unit_id in (
        select unit.unit_id from candidate.dim_org_unit as unit where unit.level in ('department', 'province'))
) as sender on offered.sender_unit_id = sender.unit_id;

insert into store.source (submission_seq, sender_key, department_key, province_key)
select submission_seq, sender_key, department_key, province_key
from pg_temp.read_once
group by submission_seq, sender_key, department_key, province_key
on conflict do nothing;

create temporary view packed as
select read_once.*, source.source_key
from pg_temp.read_once as read_once
left join store.source as source
    on
        read_once.submission_seq = source.submission_seq
        and read_once.sender_key is not distinct from source.sender_key
        and read_once.department_key is not distinct from source.department_key
        and read_once.province_key is not distinct from source.province_key;
