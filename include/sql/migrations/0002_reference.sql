create table reference.load (
    load_id      bigint generated always as identity primary key,
    loaded_at    timestamptz not null default now(),
    content_hash text not null,
    sources      text not null
);
comment on table reference.load is 'One row per change of the loaded reference data; content_hash is of all files together';

create table reference.org_unit (
    unit_id        text not null,
    code           text not null,
    name           text not null,
    ascii_name     text not null,
    type           text not null,
    level          text not null check (level in ('nation', 'department', 'province', 'district', 'grassroots')),
    parent_unit_id text,
    valid          daterange not null,
    source         text not null,
    primary key (unit_id, valid),
    constraint one_version_a_day exclude using gist (unit_id with =, valid with &&),
    constraint one_unit_a_code exclude using gist (code with =, valid with &&)
);
comment on table reference.org_unit is 'One row per dated version of a unit; valid is half-open; source is file:line';
create index on reference.org_unit (code);

create table reference.succession (
    old_unit_id  text not null,
    new_unit_id  text not null,
    relation     text not null check (relation in ('whole', 'part')),
    effective_on date not null,
    primary key (old_unit_id, new_unit_id, effective_on)
);

create table reference.department_assignment (
    province_unit_id   text primary key,
    department_unit_id text not null,
    certainty          text not null
);

create table reference.population (
    population   text primary key,
    name_vi      text not null,
    name_en      text not null,
    counts       text not null,
    counted_from text[] not null,
    unit_types   text[] not null,
    composed_of  text[] not null,
    note         text not null
);

create table reference.indicator (
    indicator       text primary key,
    indicator_group text not null,
    name_vi         text not null,
    name_en         text not null,
    kind            text not null check (kind in ('ratio', 'count', 'stock')),
    population      text references reference.population,
    reported_by     text not null,
    is_cumulative   boolean not null,
    part_of         text,
    parts_are_all   boolean not null,
    complement_of   text,
    nested_in       text,
    may_exceed_one  boolean not null,
    source_report   text not null
);

create table reference.reporter (
    reporter     text primary key,
    unit_types   text[] not null,
    parent_level text,
    note         text not null
);

create table reference.calendar (
    campaign         text not null,
    form             text not null,
    indicator_groups text[] not null,
    sender_level     text not null,
    senders          text[] not null,
    period           text not null,
    due_on           date not null,
    source_report    text not null,
    first_loaded_on  date not null default current_date,
    primary key (campaign, form, sender_level, period)
);
comment on column reference.calendar.senders is 'Unit ids or codes that are expected; empty: every unit of the level';
comment on column reference.calendar.first_loaded_on is 'A deadline before this day is history loaded later: never late';

create table reference.name_variant (
    unit_id text not null,
    name_a  text not null,
    name_b  text not null,
    kind    text not null,
    primary key (unit_id, name_a, name_b)
);
