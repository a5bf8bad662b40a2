-- Statistics are their owner's to gather, and PostgreSQL itself looks at a table about once a minute. A night reads what was
-- written a moment ago: the planner took 115,000 rows of last evening's files for one, and 70,000 findings for a handful.
create function ops.measure(relation regclass) returns void
language plpgsql security definer set search_path = '' set lock_timeout = '5s'
as $$
begin
    if relation not in ('raw.statement'::regclass, 'quality.run_finding'::regclass)
        and relation not in (select oid from pg_catalog.pg_class where relnamespace = 'store'::regnamespace) then
        raise exception '% is not measured by a night', relation using errcode = 'insufficient_privilege';
    end if;
    execute format('analyze %s', relation);
exception
    when lock_not_available then null;  -- a vacuum that must not be disturbed: the night goes on with what is known
end;
$$;

comment on function ops.measure(regclass) is
'Gather statistics of raw.statement, quality.run_finding or a table of store, before a night reads what was just written.';

revoke all on function ops.measure(regclass) from public;
grant execute on function ops.measure(regclass) to tonghop_builder;
