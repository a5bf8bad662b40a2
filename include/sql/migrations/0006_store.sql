-- Every published row with the releases it was valid in. Large tables carry integer keys and no text.
create type store.basis as enum ('own', 'complete', 'mixed', 'declared', 'partial');
create type store.mark as enum ('reported', 'nil', 'not_applicable', 'missing');

create table store.release (
    release_id   integer primary key,
    published_at timestamptz not null default clock_timestamp(),
    run_id       text not null,
    note         text not null default '',
    rows_added   bigint not null default 0,
    rows_closed  bigint not null default 0
);
comment on table store.release is 'One row per published state of all marts';

create table store.unit_key (
    unit_key integer generated always as identity primary key,
    unit_id  text not null unique
);
create table store.indicator_key (
    indicator_key smallint generated always as identity primary key,
    indicator     text not null unique
);
create table store.period_key (
    period_key integer primary key,
    period     text not null unique,
    last_day   date not null
);

create table store.partition (
    period       text primary key,
    fingerprint  text not null,
    release_id   integer not null,
    published_at timestamptz not null default now()
);
comment on table store.partition is 'Fingerprint of the inputs of each published period: a night rebuilds those that differ';

create table store.org_unit (
    unit_key       integer not null,
    valid_from     date,
    valid_to       date,
    unit_code      text not null,
    unit_name      text not null,
    ascii_name     text not null,
    unit_type      text not null,
    level          text not null,
    parent_unit_id text,
    first_release  integer not null,
    last_release   integer
);
create index on store.org_unit (unit_key) where last_release is null;
create index on store.org_unit (unit_code) where last_release is null;

create table store.indicator (
    indicator       text not null,
    indicator_group text not null,
    name_vi         text not null,
    name_en         text not null,
    kind            text not null,
    population      text,
    reporter_class  text not null,
    is_cumulative   boolean not null,
    part_of         text,
    parts_are_all   boolean not null,
    complement_of   text,
    nested_in       text,
    may_exceed_one  boolean not null,
    first_release   integer not null,
    last_release    integer
);
create unique index on store.indicator (indicator) where last_release is null;

create table store.population (
    population    text not null,
    name_vi       text not null,
    name_en       text not null,
    counts        text not null,
    counted_from  text not null,
    unit_types    text not null,
    composed_of   text not null,
    first_release integer not null,
    last_release  integer
);
create unique index on store.population (population) where last_release is null;

create table store.period (
    period        text not null,
    first_day     date not null,
    last_day      date not null,
    first_release integer not null,
    last_release  integer
);
create unique index on store.period (period) where last_release is null;

create table store.observation (
    period_key        integer not null,
    unit_key          integer not null,
    indicator_key     smallint not null,
    scope             text not null,
    sender_key        integer,
    department_key    integer,
    province_key      integer,
    mark              store.mark not null,
    numerator         bigint,
    denominator       bigint,
    stated_rate       numeric,
    stated_decimals   integer,
    is_reporter       boolean not null,
    is_counted        boolean not null,
    is_withheld       boolean not null,
    withheld_by       text,
    submission_seq    bigint not null,
    row_number        integer not null,
    first_release     integer not null,
    last_release      integer
);
create unique index on store.observation (period_key, indicator_key, unit_key, scope) where last_release is null;

create table store.rollup (
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
    may_exceed_one  boolean not null,
    first_release   integer not null,
    last_release    integer
);
create unique index on store.rollup (period_key, indicator_key, unit_key) where last_release is null;

create table store.reconciliation (
    period_key     integer not null,
    unit_key       integer not null,
    indicator_key  smallint not null,
    measure        text not null,
    department_key integer,
    province_key   integer,
    declared       bigint,
    computed       bigint,
    imbalance      bigint,
    verdict        boolean,
    first_release  integer not null,
    last_release   integer
);
create unique index on store.reconciliation (period_key, indicator_key, unit_key, measure) where last_release is null;

create table store.population_count (
    period_key    integer not null,
    unit_key      integer not null,
    population    text not null,
    amount        bigint not null,
    source        text not null,
    first_release integer not null,
    last_release  integer
);
create unique index on store.population_count (period_key, unit_key, population) where last_release is null;

create table store.submission (
    period_key        integer not null,
    sender_key        integer not null,
    forms             text,
    due_on            date,
    is_expected       boolean not null,
    is_received       boolean not null,
    is_on_time        boolean,
    first_received_at timestamptz,
    last_received_at  timestamptz,
    versions          bigint not null,
    statements        bigint not null,
    observations      bigint not null,
    withheld          bigint not null,
    first_release     integer not null,
    last_release      integer
);
create unique index on store.submission (period_key, sender_key) where last_release is null;

create table store.finding (
    finding_id       text not null,
    group_id         text not null,
    rule             text not null,
    severity         text not null,
    state            text not null,
    sender_unit_id   text,
    province_unit_id text,
    unit_id          text,
    indicator        text,
    population       text,
    period           text,
    scope            text,
    expected         text,
    actual           text,
    imbalance        numeric,
    message_vi       text not null,
    message_en       text not null,
    explanation      text,
    explanations     jsonb not null,
    submission_id    text,
    locator          text,
    first_seen_at    timestamptz not null,
    last_seen_at     timestamptz not null,
    first_release    integer not null,
    last_release     integer
);
create unique index on store.finding (finding_id) where last_release is null;
create index on store.finding (rule) where last_release is null;
