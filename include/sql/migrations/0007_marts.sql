-- What analysts read: the current release, with labels joined. Each statement sees one release.

create view marts.dim_release as
select
    release_id,
    published_at,
    run_id,
    note,
    rows_added,
    rows_closed,
    release_id = max(release_id) over () as is_current
from store.release;
comment on view marts.dim_release is 'One row per release: a published state of all marts';

create view marts.dim_org_unit as
select
    key.unit_id,
    unit.valid_from,
    unit.valid_to,
    unit.unit_code,
    unit.unit_name,
    unit.ascii_name,
    unit.unit_type,
    unit.level,
    unit.parent_unit_id
from store.org_unit as unit
inner join store.unit_key as key using (unit_key)
where unit.last_release is null;

create view marts.dim_indicator as
select
    indicator, indicator_group, name_vi, name_en, kind, population, reporter_class, is_cumulative, part_of,
    parts_are_all, complement_of, nested_in, may_exceed_one
from store.indicator
where last_release is null;

create view marts.dim_population as
select population, name_vi, name_en, counts, counted_from, unit_types, composed_of
from store.population
where last_release is null;

create view marts.dim_period as
select period, first_day, last_day
from store.period
where last_release is null;

create view marts.fct_observation as
select
    period.period,
    unit_key.unit_id,
    unit.unit_code,
    unit.unit_name,
    unit.level,
    department.unit_id as department_unit_id,
    province.unit_id as province_unit_id,
    sender.unit_id as sender_unit_id,
    indicator.indicator,
    observation.scope,
    observation.mark::text as mark,
    observation.numerator,
    observation.denominator,
    observation.numerator::numeric / nullif(observation.denominator, 0) as rate,
    observation.stated_rate,
    observation.stated_decimals,
    observation.is_reporter,
    observation.is_counted,
    observation.is_withheld,
    observation.withheld_by,
    submission.submission_id,
    statement.locator,
    (select max(release_id) from store.release) as release_id,
    observation.first_release as published_in_release_id
from store.observation as observation
inner join store.period_key as period using (period_key)
inner join store.indicator_key as indicator using (indicator_key)
inner join store.unit_key as unit_key using (unit_key)
left join store.org_unit as unit
    on observation.unit_key = unit.unit_key
    and unit.last_release is null
    and (unit.valid_from is null or unit.valid_from <= period.last_day)
    and (unit.valid_to is null or unit.valid_to > period.last_day)
left join store.unit_key as department on observation.department_key = department.unit_key
left join store.unit_key as province on observation.province_key = province.unit_key
left join store.unit_key as sender on observation.sender_key = sender.unit_key
left join raw.submission as submission on observation.submission_seq = submission.submission_seq
left join raw.statement as statement
    on observation.submission_seq = statement.submission_seq
    and observation.row_number = statement.row_number
where observation.last_release is null;

create view marts.fct_rollup as
with

-- A reporter's own figure is kept once, as its observation.
figures as (
    select
        period_key, unit_key, indicator_key, department_key, province_key, numerator, denominator, rate, rate_low,
        rate_high, basis::text as basis, reporting_units, expected_units, withheld_units, first_release
    from store.rollup
    where last_release is null

    union all

    select
        observation.period_key, observation.unit_key, observation.indicator_key, observation.department_key,
        observation.province_key, observation.numerator,
        case when indicator.kind = 'ratio' then observation.denominator end,
        rate.value, rate.value, rate.value, 'own', 1, 1, 0, observation.first_release
    from store.observation as observation
    inner join store.indicator_key as indicator_key using (indicator_key)
    inner join store.indicator as indicator
        on indicator_key.indicator = indicator.indicator
        and indicator.last_release is null
    cross join lateral (
        select case when indicator.kind = 'ratio'
            then observation.numerator::numeric / nullif(observation.denominator, 0) end as value
    ) as rate
    where
        observation.last_release is null
        and observation.is_reporter
        and observation.is_counted
)

select
    period.period,
    unit_key.unit_id,
    unit.unit_code,
    unit.unit_name,
    unit.level,
    department.unit_id as department_unit_id,
    province.unit_id as province_unit_id,
    indicator.indicator,
    figures.numerator,
    figures.denominator,
    figures.rate,
    figures.rate_low,
    figures.rate_high,
    figures.basis,
    figures.reporting_units,
    figures.expected_units,
    figures.reporting_units::numeric / nullif(figures.expected_units, 0) as coverage,
    figures.withheld_units,
    (select max(release_id) from store.release) as release_id,
    figures.first_release as published_in_release_id
from figures
inner join store.period_key as period using (period_key)
inner join store.indicator_key as indicator using (indicator_key)
inner join store.unit_key as unit_key using (unit_key)
left join store.org_unit as unit
    on figures.unit_key = unit.unit_key
    and unit.last_release is null
    and (unit.valid_from is null or unit.valid_from <= period.last_day)
    and (unit.valid_to is null or unit.valid_to > period.last_day)
left join store.unit_key as department on figures.department_key = department.unit_key
left join store.unit_key as province on figures.province_key = province.unit_key;

create view marts.fct_reconciliation as
select
    period.period,
    unit_key.unit_id,
    indicator.indicator,
    reconciliation.measure,
    department.unit_id as department_unit_id,
    province.unit_id as province_unit_id,
    reconciliation.declared,
    reconciliation.computed,
    reconciliation.imbalance,
    reconciliation.verdict,
    (select max(release_id) from store.release) as release_id
from store.reconciliation as reconciliation
inner join store.period_key as period using (period_key)
inner join store.indicator_key as indicator using (indicator_key)
inner join store.unit_key as unit_key using (unit_key)
left join store.unit_key as department on reconciliation.department_key = department.unit_key
left join store.unit_key as province on reconciliation.province_key = province.unit_key
where reconciliation.last_release is null;

create view marts.fct_population as
select
    period.period,
    unit_key.unit_id,
    count.population,
    count.amount,
    count.source,
    (select max(release_id) from store.release) as release_id
from store.population_count as count
inner join store.period_key as period using (period_key)
inner join store.unit_key as unit_key using (unit_key)
where count.last_release is null;

create view marts.fct_submission as
select
    period.period,
    sender.unit_id as sender_unit_id,
    submission.forms,
    submission.due_on,
    submission.is_expected,
    submission.is_received,
    submission.is_on_time,
    submission.first_received_at,
    submission.last_received_at,
    submission.versions,
    submission.statements,
    submission.observations,
    submission.withheld,
    (select max(release_id) from store.release) as release_id
from store.submission as submission
inner join store.period_key as period using (period_key)
inner join store.unit_key as sender on submission.sender_key = sender.unit_key
where submission.last_release is null;

create view marts.fct_finding as
select
    finding_id, group_id, rule, severity, state, sender_unit_id, province_unit_id, unit_id, indicator, population,
    period, scope, expected, actual, imbalance, message_vi, message_en, explanation, explanations, submission_id,
    locator, first_seen_at, last_seen_at
from store.finding
where last_release is null;

-- Reports: the roll-up of one level with every label an analyst quotes.
create view marts.rpt_nation as
select
    rollup.period, indicator.indicator_group, rollup.indicator, indicator.name_vi, indicator.name_en,
    rollup.numerator, rollup.denominator, rollup.rate, rollup.rate_low, rollup.rate_high, rollup.basis,
    rollup.reporting_units, rollup.expected_units, rollup.coverage, rollup.withheld_units, rollup.release_id
from marts.fct_rollup as rollup
inner join marts.dim_indicator as indicator using (indicator)
where rollup.level = 'nation';
comment on view marts.rpt_nation is 'One row per period and indicator: the nation''s figure with its labels';

create view marts.rpt_department as
select
    rollup.period, rollup.unit_id as department_unit_id, rollup.unit_name as department_name,
    indicator.indicator_group, rollup.indicator, indicator.name_vi, indicator.name_en,
    rollup.numerator, rollup.denominator, rollup.rate, rollup.rate_low, rollup.rate_high, rollup.basis,
    rollup.reporting_units, rollup.expected_units, rollup.coverage, rollup.withheld_units, rollup.release_id
from marts.fct_rollup as rollup
inner join marts.dim_indicator as indicator using (indicator)
where rollup.level = 'department';
comment on view marts.rpt_department is 'One row per period, Vụ Địa phương and indicator, with labels';

create view marts.rpt_province as
select
    rollup.period, rollup.department_unit_id, rollup.unit_id as province_unit_id, rollup.unit_name as province_name,
    indicator.indicator_group, rollup.indicator, indicator.name_vi, indicator.name_en,
    rollup.numerator, rollup.denominator, rollup.rate, rollup.rate_low, rollup.rate_high, rollup.basis,
    rollup.reporting_units, rollup.expected_units, rollup.coverage, rollup.withheld_units, rollup.release_id
from marts.fct_rollup as rollup
inner join marts.dim_indicator as indicator using (indicator)
where rollup.level = 'province';
comment on view marts.rpt_province is 'One row per period, province and indicator, with labels';

-- The builder publishes: it carries column comments over from dbt, which only an owner may do.
do $$
declare
    each_view regclass;
begin
    for each_view in
        select oid::regclass from pg_class where relnamespace = 'marts'::regnamespace and relkind = 'v'
    loop
        execute format('grant create on schema marts to tonghop_builder');
        execute format('alter view %s owner to tonghop_builder', each_view);
        execute format('revoke create on schema marts from tonghop_builder');
    end loop;
end
$$;
