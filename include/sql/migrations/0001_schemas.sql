-- The rooms of the warehouse, in the order data walks through them.
create extension if not exists btree_gist with schema public;

create schema if not exists raw;
create schema if not exists reference;
create schema if not exists staging;
create schema if not exists intermediate;
create schema if not exists quality;
create schema if not exists ops;
create schema if not exists candidate;
create schema if not exists store;
create schema if not exists marts;
create schema if not exists analyst_work;

comment on schema raw is 'What senders sent, as written, append-only';
comment on schema reference is 'Units, populations, indicators, reporters, calendar: loaded from include/reference and registrations';
comment on schema staging is 'Renamed and typed; no meaning yet (dbt)';
comment on schema intermediate is 'The statement that stands, beside what it must agree with; the cascade (dbt)';
comment on schema quality is 'Findings, waivers, rows kept aside';
comment on schema ops is 'Runs, gates, timings';
comment on schema candidate is 'The release that is being judged: only the periods that changed (dbt)';
comment on schema store is 'Every published row with the releases it was valid in';
comment on schema marts is 'What analysts read: the current release';
comment on schema analyst_work is 'Views and tables that analysts keep for themselves';
