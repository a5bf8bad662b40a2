-- The largest table of the store, narrow: what many rows have in common stands once in store.source, flags are bits, and the
-- columns lie without padding. Current and closed rows are two partitions, each with whole indexes: as of a release a key is
-- looked up in two small trees, never by a scan. store.observation and store.rollup read as before.
alter table store.observation rename to observation_before;
alter table store.rollup rename to rollup_before;

create table store.source (
    source_key     integer generated always as identity primary key,
    submission_seq bigint not null,
    sender_key     integer check (sender_key > 0),
    department_key integer check (department_key > 0),
    province_key   integer check (province_key > 0),
    unique nulls not distinct (submission_seq, sender_key, department_key, province_key)
);
comment on table store.source is
    'What the observations of one submission and province have in common: who sent them, and under whom their units stood';

create table store.observed (
    numerator       bigint,
    denominator     bigint,
    unit_key        integer not null,
    period_key      integer not null,
    source_key      integer not null,
    row_number      integer not null,
    first_release   integer not null,
    indicator_key   smallint not null,
    traits          smallint not null,
    last_release    integer,
    stated_decimals smallint,
    stated_rate     numeric,
    withheld_by     text
) partition by list (last_release);
comment on table store.observed is 'Rows of store.observation as they are kept: 76 bytes a figure';
comment on column store.observed.traits is
    'Bits: 1 its scope is total; 6 its mark (0 reported, 2 nil, 4 not_applicable, 6 missing); 8 is_reporter; 16 is_counted; 32 is_withheld';
create table store.observed_current partition of store.observed for values in (null);
create table store.observed_closed partition of store.observed default;

insert into store.source (submission_seq, sender_key, department_key, province_key)
select distinct submission_seq, sender_key, department_key, province_key
from store.observation_before;

-- In the order of their key: all units of an indicator lie together, and the index grows at its end.
insert into store.observed (
    numerator, denominator, unit_key, period_key, source_key, row_number, first_release, indicator_key, traits,
    last_release, stated_decimals, stated_rate, withheld_by)
select
    before.numerator,
    before.denominator,
    before.unit_key,
    before.period_key,
    source.source_key,
    before.row_number,
    before.first_release,
    before.indicator_key,
    case before.scope when 'own' then 0 when 'total' then 1 end
    + case before.mark when 'reported' then 0 when 'nil' then 2 when 'not_applicable' then 4 when 'missing' then 6 end
    + 8 * before.is_reporter::integer
    + 16 * before.is_counted::integer
    + 32 * before.is_withheld::integer,
    before.last_release,
    before.stated_decimals,
    before.stated_rate,
    before.withheld_by
from store.observation_before as before
inner join store.source as source
    on
        before.submission_seq = source.submission_seq
        and before.sender_key is not distinct from source.sender_key
        and before.department_key is not distinct from source.department_key
        and before.province_key is not distinct from source.province_key
order by before.period_key, before.indicator_key, before.unit_key;

create unique index observed_current_key on store.observed_current (period_key, indicator_key, unit_key, (traits & 1));
create index observed_closed_key on store.observed_closed (period_key, indicator_key, unit_key, (traits & 1));
-- A province's units lie together within each indicator, as their keys do: small ranges tell them apart in a few kilobytes.
create index observed_current_source on store.observed_current
    using brin (source_key int4_minmax_multi_ops, first_release int4_minmax_multi_ops) with (pages_per_range = 16);
create index observed_closed_releases on store.observed_closed
    using brin (first_release int4_minmax_multi_ops, last_release int4_minmax_multi_ops);

create view store.observation as
select
    observed.period_key,
    observed.unit_key,
    observed.indicator_key,
    case when observed.traits & 1 = 0 then 'own' else 'total' end as scope,
    source.sender_key,
    source.department_key,
    source.province_key,
    case observed.traits & 6
        when 0 then 'reported'::store.mark
        when 2 then 'nil'::store.mark
        when 4 then 'not_applicable'::store.mark
        else 'missing'::store.mark
    end as mark,
    observed.numerator,
    observed.denominator,
    observed.stated_rate,
    observed.stated_decimals::integer as stated_decimals,
    observed.traits & 8 <> 0 as is_reporter,
    observed.traits & 16 <> 0 as is_counted,
    observed.traits & 32 <> 0 as is_withheld,
    observed.withheld_by,
    source.submission_seq,
    observed.row_number,
    observed.first_release,
    observed.last_release,
    observed.source_key
from store.observed as observed
-- "left": who does not ask for the source does not pay for it. Every row has one.
left join store.source as source on observed.source_key = source.source_key;
comment on view store.observation is 'One row per unit, indicator, period, scope and the releases it was valid in';
comment on column store.observation.source_key is
    'The way to the rows of a province: its sources are few, and lead to them by an index';

create table store.rollup (like store.rollup_before including defaults including comments) partition by list (last_release);
create table store.rollup_current partition of store.rollup for values in (null);
create table store.rollup_closed partition of store.rollup default;
insert into store.rollup
select * from store.rollup_before order by period_key, indicator_key, unit_key;
create unique index rollup_current_key on store.rollup_current (period_key, indicator_key, unit_key);
create index rollup_closed_key on store.rollup_closed (period_key, indicator_key, unit_key);
create index rollup_current_province on store.rollup_current (period_key, province_key);
create index rollup_closed_province on store.rollup_closed (period_key, province_key);
create index rollup_current_releases on store.rollup_current
    using brin (first_release int4_minmax_multi_ops, last_release int4_minmax_multi_ops);
create index rollup_closed_releases on store.rollup_closed
    using brin (first_release int4_minmax_multi_ops, last_release int4_minmax_multi_ops);

-- Reports ask for the units above the grassroots, which are few: each indicator of a report looked through all of them.
create index org_unit_above on store.org_unit (level) where last_release is null and level <> 'grassroots';

-- What read the old tables reads the new ones, in its own words: views over these, their owners, comments and grants stay.
do $$
declare
    each_view record;
begin
    for each_view in
        select distinct rule.ev_class::regclass as name, pg_get_viewdef(rule.ev_class) as body
        from pg_depend as depend
        inner join pg_rewrite as rule on depend.classid = 'pg_rewrite'::regclass and depend.objid = rule.oid
        where
            depend.refclassid = 'pg_class'::regclass
            and depend.refobjid in ('store.observation_before'::regclass, 'store.rollup_before'::regclass)
    loop
        execute format(
            'create or replace view %s as %s', each_view.name,
            regexp_replace(each_view.body, '\m(observation|rollup)_before\M', '\1', 'g'));
    end loop;
end
$$;
drop table store.observation_before, store.rollup_before;

-- Its owner may gather statistics and summarise ranges: publication does, as the builder.
grant create on schema store to tonghop_builder;
alter table store.observed owner to tonghop_builder;
alter table store.observed_current owner to tonghop_builder;
alter table store.observed_closed owner to tonghop_builder;
alter table store.rollup owner to tonghop_builder;
alter table store.rollup_current owner to tonghop_builder;
alter table store.rollup_closed owner to tonghop_builder;
revoke create on schema store from tonghop_builder;
analyze store.observed, store.rollup, store.source;
