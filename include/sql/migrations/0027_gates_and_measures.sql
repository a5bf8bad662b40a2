-- Which gate judges by a rule no longer follows from the rule's id: rules of a user's own sit in any of them.
alter table quality.finding
    add column gate text not null default 'figures' check (gate in ('figures', 'totals', 'release'));
update quality.finding
set gate = case
    when rule like 'P%' then 'release'
    when rule in ('D05', 'N01') then 'totals'
end
where rule like 'P%' or rule in ('D05', 'N01');
comment on column quality.finding.gate is 'The gate that found it last: figures, totals or release';

-- What a night froze is measured, too: of a run that PostgreSQL has not seen it expects one row, and looks for it two million times.
create or replace function ops.measure(relation regclass) returns void
language plpgsql security definer set search_path = '' set lock_timeout = '5s'
as $$
begin
    if relation not in (
        'raw.submission'::regclass, 'raw.submission_period'::regclass, 'raw.statement'::regclass,
        'ops.run_submission'::regclass, 'ops.run_partition'::regclass, 'quality.run_finding'::regclass
    ) and relation not in (select oid from pg_catalog.pg_class where relnamespace = 'store'::regnamespace) then
        raise exception '% is not measured by a night', relation using errcode = 'insufficient_privilege';
    end if;
    execute format('analyze %s', relation);
exception
    when lock_not_available then null;  -- a vacuum that must not be disturbed: the night goes on with what is known
end;
$$;
comment on function ops.measure(regclass) is
'Gather statistics of what a night has just been given, or has just written, before it reads it.';

comment on table ops.register_fingerprint is
'Of each loaded state of the register (reference.load.content_hash): a hash of every version of every unit under a province; "-": of the nation, the departments, the provinces themselves and the catalogue. The calendar is an input of the periods it names';
