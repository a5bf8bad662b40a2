-- A night rebuilds (period, province) partitions: what a province sent, what was decided about it, and its register.
-- '-' stands for what is above the provinces, and for what belongs to none.

-- The province or department that a sender was on a day: by its unit id, or by the code it had then.
create function reference.speaker(sender text, day date, out unit_id text, out level text) returns setof record
language sql stable rows 1 as $$
    select unit.unit_id, unit.level
    from reference.org_unit as unit
    where
        $1 in (unit.unit_id, unit.code)
        and unit.level in ('department', 'province')
        and unit.valid @> $2
    order by unit.unit_id = $1 desc
    limit 1
$$;
comment on function reference.speaker(text, date) is 'The province or department that a sender was on a day; no row where nobody was called so';

create function reference.partition_of(unit text) returns text
language sql stable as $$
    select coalesce((select unit_id from reference.org_unit where unit_id = $1 and level = 'province' limit 1), '-')
$$;
comment on function reference.partition_of(text) is 'The partition of what a sender (unit id) said: itself where it is a province, else "-"';

create view raw.submission_speaker as
select
    spoken.submission_seq,
    spoken.period,
    spoken.rows_kept,
    speaker.unit_id as sender_unit_id,
    speaker.level as sender_level,
    case when speaker.level = 'province' then speaker.unit_id else '-' end as province_unit_id
from raw.submission_period as spoken
inner join raw.submission as submission using (submission_seq)
left join lateral reference.speaker(
    submission.sender, (to_date(spoken.period, 'YYYY-MM') + interval '1 month - 1 day')::date
) as speaker on true;
comment on view raw.submission_speaker is 'One row per submission and period it speaks of: the province or department that its sender was at the period''s end, and the partition that this makes it an input of';

create table ops.register_fingerprint (
    content_hash     text not null,
    province_unit_id text not null,
    fingerprint      text not null,
    primary key (content_hash, province_unit_id)
);
comment on table ops.register_fingerprint is 'Of each loaded state of the register (reference.load.content_hash): a hash of every version of every unit under a province; "-": of the nation, the departments, the provinces themselves and the catalogue';

create table ops.run_partition (
    run_id           text not null references ops.run on delete cascade,
    period           text not null,
    province_unit_id text not null,
    fingerprint      text not null,
    primary key (run_id, period, province_unit_id)
);
comment on table ops.run_partition is 'The partitions this night rebuilds: those whose inputs differ from the published release, and above them "-"';
insert into ops.run_partition (run_id, period, province_unit_id, fingerprint)
select run_id, period, '-', fingerprint from ops.run_period;

drop table ops.run_period;
create view ops.run_period as
select run_id, period
from ops.run_partition
group by run_id, period;
comment on view ops.run_period is 'The periods of which a night rebuilds at least one partition';

-- The first night after this migration rebuilds everything, and publishes what differs.
drop table store.partition;
create table store.partition (
    period           text not null,
    province_unit_id text not null,
    fingerprint      text not null,
    release_id       integer not null,
    published_at     timestamptz not null default now(),
    primary key (period, province_unit_id)
);
comment on table store.partition is 'Fingerprint of the inputs of each published (period, province): a night rebuilds those that differ';

-- What the levels above need of a province that is not rebuilt: its cell of every indicator, the missing ones too (they are
-- expected), and its populations. Not for analysts.
create table store.province_cell (
    period_key      integer not null,
    province_key    integer not null,
    indicator_key   smallint not null,
    numerator       bigint,
    denominator     bigint,
    reporting_units bigint not null,
    expected_units  bigint not null,
    withheld_units  bigint not null,
    basis           text not null,
    first_release   integer not null,
    last_release    integer
);
create unique index on store.province_cell (period_key, province_key, indicator_key) where last_release is null;
comment on table store.province_cell is 'Per period, province and indicator of the catalogue: what its department sums, with basis missing where nothing was said';

create table store.province_population (
    period_key     integer not null,
    province_key   integer not null,
    population     text not null,
    reporter_class text not null,
    amount         bigint not null,
    first_release  integer not null,
    last_release   integer
);
create unique index on store.province_population (period_key, province_key, population, reporter_class)
    where last_release is null;
comment on table store.province_population is 'Per period, province, population and reporter class: D of the province, where it is known';

alter table store.population_statement add column province_key integer;

-- The way to a partition's current rows. Few distinct values: a btree keeps them in a few bytes a row.
create index on store.observation (period_key, province_key) where last_release is null;
create index on store.rollup (period_key, province_key) where last_release is null;
create index on store.population_statement (period_key, province_key) where last_release is null;
