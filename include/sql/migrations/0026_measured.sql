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

-- Nobody looks for a finding by what it says: long texts are not sampled, sorted and counted. Of the rest of a night's, measured
-- twice a night, 9,000 rows say enough.
alter table quality.run_finding
    alter column expected set statistics 0,
    alter column actual set statistics 0,
    alter column imbalance set statistics 0,
    alter column message_vi set statistics 0,
    alter column message_en set statistics 0,
    alter column explanation set statistics 0,
    alter column explanations set statistics 0,
    alter column locator set statistics 0,
    alter column values_key set statistics 0;
alter table quality.run_finding
    alter column run_id set statistics 30,
    alter column gate set statistics 30,
    alter column finding_id set statistics 30,
    alter column group_id set statistics 30,
    alter column rule set statistics 30,
    alter column severity set statistics 30,
    alter column is_waived set statistics 30,
    alter column sender_unit_id set statistics 30,
    alter column province_unit_id set statistics 30,
    alter column unit_id set statistics 30,
    alter column indicator set statistics 30,
    alter column population set statistics 30,
    alter column period set statistics 30,
    alter column scope set statistics 30,
    alter column submission_id set statistics 30;
alter table store.finding
    alter column expected set statistics 0,
    alter column actual set statistics 0,
    alter column imbalance set statistics 0,
    alter column message_vi set statistics 0,
    alter column message_en set statistics 0,
    alter column explanation set statistics 0,
    alter column explanations set statistics 0,
    alter column locator set statistics 0;

comment on function ops.measure(regclass) is
'Gather statistics of raw.statement, quality.run_finding or a table of store, before a night reads what was just written.';

revoke all on function ops.measure(regclass) from public;
grant execute on function ops.measure(regclass) to tonghop_builder;
