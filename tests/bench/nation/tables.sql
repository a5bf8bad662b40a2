create table unit (
    unit_code text primary key,
    unit_id text not null,
    district_id text not null,
    province_id text not null,
    department_id text not null
);
create table statement (
    unit_code text not null,
    indicator text not null,
    period text not null,
    scope text not null,
    numerator bigint,
    denominator bigint,
    stated_rate text,
    note text
);
