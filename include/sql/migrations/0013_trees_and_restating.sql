-- Figures on other trees, and earlier periods on today's tree.
alter table store.rollup add column hierarchy text not null default 'territorial';
alter table store.indicator add column hierarchies text not null default 'territorial';
alter table store.period add column is_restated boolean not null default false;
alter table store.release add column tree_on date not null default (now() at time zone 'Asia/Ho_Chi_Minh')::date;
comment on column store.release.tree_on is 'Day whose territorial tree fct_rollup_restated shows';

create table store.rollup_restated (
    period_key      integer not null,
    unit_key        integer not null,
    indicator_key   smallint not null,
    department_key  integer,
    province_key    integer,
    numerator       bigint,
    denominator     bigint,
    rate            numeric,
    rate_low        numeric,
    rate_high       numeric,
    basis           store.basis not null,
    reporting_units bigint not null,
    expected_units  bigint not null,
    withheld_units  bigint not null,
    held_above      bigint not null,
    restated_at_key integer,
    may_exceed_one  boolean not null,
    first_release   integer not null,
    last_release    integer
);
comment on table store.rollup_restated is 'Periods whose tree was another than that of the release''s day; the others are read from store.rollup';
create unique index on store.rollup_restated (period_key, indicator_key, unit_key) where last_release is null;

create or replace view marts.dim_release as
select
    release_id,
    published_at,
    run_id,
    note,
    rows_added,
    rows_closed,
    release_id = max(release_id) over () as is_current,
    tree_on
from store.release;

create or replace view marts.dim_period as
select period, first_day, last_day, is_restated
from store.period
where last_release is null;

create or replace view marts.dim_indicator as
select
    indicator, indicator_group, name_vi, name_en, kind, population, reporter_class, is_cumulative, part_of,
    parts_are_all, complement_of, nested_in, may_exceed_one, hierarchies
from store.indicator
where last_release is null;

create or replace view marts.fct_rollup as
with

-- A reporter's own figure is kept once, as its observation.
figures as (

    select
        period_key, unit_key, indicator_key, department_key, province_key, numerator, denominator, rate, rate_low,
        rate_high, basis::text as basis, reporting_units, expected_units, withheld_units, first_release, hierarchy
    from store.rollup
    where last_release is null

    union all

    select
        observation.period_key, observation.unit_key, observation.indicator_key, observation.department_key,
        observation.province_key, observation.numerator,
        case when indicator.kind = 'ratio' then observation.denominator end,
        rate.value, rate.value, rate.value, 'own', 1, 1, 0, observation.first_release,
        split_part(indicator.hierarchies, ', ', 1)
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
    figures.first_release as published_in_release_id,
    figures.hierarchy
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

create view marts.fct_rollup_restated as
with

today as (
    select coalesce(max(tree_on), current_date) as tree_on
    from store.release
    where release_id = (select max(release_id) from store.release)
),

figures as (

    select
        period_key, unit_key, indicator_key, department_key, province_key, numerator, denominator, rate, rate_low,
        rate_high, basis::text as basis, reporting_units, expected_units, withheld_units, held_above, restated_at_key,
        first_release
    from store.rollup_restated
    where last_release is null

    union all

    -- Where a period's tree is today's, restated is as reported.
    select
        rollup.period_key, rollup.unit_key, rollup.indicator_key, rollup.department_key, rollup.province_key,
        rollup.numerator, rollup.denominator, rollup.rate, rollup.rate_low, rollup.rate_high, rollup.basis::text,
        rollup.reporting_units, rollup.expected_units, rollup.withheld_units, 0, null, rollup.first_release
    from store.rollup as rollup
    inner join store.period_key as period_key using (period_key)
    inner join store.period as period
        on period_key.period = period.period
        and period.last_release is null
        and not period.is_restated
    where
        rollup.last_release is null
        and rollup.hierarchy = 'territorial'

    union all

    select
        observation.period_key, observation.unit_key, observation.indicator_key, observation.department_key,
        observation.province_key, observation.numerator,
        case when indicator.kind = 'ratio' then observation.denominator end,
        rate.value, rate.value, rate.value, 'own', 1, 1, 0, 0, null, observation.first_release
    from store.observation as observation
    inner join store.period_key as period_key using (period_key)
    inner join store.period as period
        on period_key.period = period.period
        and period.last_release is null
        and not period.is_restated
    inner join store.indicator_key as indicator_key using (indicator_key)
    inner join store.indicator as indicator
        on indicator_key.indicator = indicator.indicator
        and indicator.last_release is null
        and 'territorial' = any(string_to_array(indicator.hierarchies, ', '))
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
    figures.held_above,
    restated_at.unit_id as restated_at,
    (select max(release_id) from store.release) as release_id,
    figures.first_release as published_in_release_id
from figures
cross join today
inner join store.period_key as period using (period_key)
inner join store.indicator_key as indicator using (indicator_key)
inner join store.unit_key as unit_key using (unit_key)
left join store.org_unit as unit
    on figures.unit_key = unit.unit_key
    and unit.last_release is null
    and (unit.valid_from is null or unit.valid_from <= today.tree_on)
    and (unit.valid_to is null or unit.valid_to > today.tree_on)
left join store.unit_key as department on figures.department_key = department.unit_key
left join store.unit_key as province on figures.province_key = province.unit_key
left join store.unit_key as restated_at on figures.restated_at_key = restated_at.unit_key;

-- The builder owns it, as it owns every mart: only an owner may comment on its columns.
grant create on schema marts to tonghop_builder;
alter view marts.fct_rollup_restated owner to tonghop_builder;
revoke create on schema marts from tonghop_builder;

comment on column marts.dim_release.tree_on is 'Day whose territorial tree fct_rollup_restated shows.';
comment on column marts.fct_rollup_restated.unit_code is 'Code of the unit on the day of the release.';
comment on column marts.fct_rollup_restated.unit_name is 'Name of the unit on the day of the release.';
comment on column marts.fct_rollup_restated.level is 'nation, department, province, district or grassroots.';
comment on column marts.fct_rollup_restated.coverage is 'reporting_units / expected_units.';
comment on column marts.fct_rollup_restated.release_id is 'The release that this statement reads: the current one.';
comment on column marts.fct_rollup_restated.published_in_release_id is 'The release in which this row was published first.';
