-- Who may do what. Idempotent: runs after every migration.
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect, temporary on database %I to tonghop_loader, tonghop_builder, tonghop_steward',
                   current_database());
    execute format('grant connect on database %I to tonghop_analyst', current_database());
end
$$;
revoke create on schema public from public;

-- loader: what came in, and the register
grant usage on schema raw, reference, quality, ops, store to tonghop_loader;
grant select, insert, update, delete on all tables in schema raw, reference to tonghop_loader;
grant usage, select on all sequences in schema raw, reference to tonghop_loader;
grant select, insert, update, delete on quality.rejected_row to tonghop_loader;
grant select on all tables in schema ops, store to tonghop_loader;

-- builder: dbt, gates, publication
grant usage on schema raw, reference, quality, ops, store, marts to tonghop_builder;
grant usage, create on schema staging, intermediate, candidate to tonghop_builder;
grant select on all tables in schema raw, reference, marts to tonghop_builder;
grant select, insert, update, delete, truncate on all tables in schema quality, ops, store to tonghop_builder;
grant usage, select on all sequences in schema quality, ops, store to tonghop_builder;

-- steward: findings, waivers, marts; reads what was sent
grant usage on schema raw, reference, quality, ops, store, marts to tonghop_steward;
grant select on all tables in schema raw, reference, ops, store, marts to tonghop_steward;
grant select on all tables in schema quality to tonghop_steward;
grant update (state) on quality.finding to tonghop_steward;
grant insert on quality.waiver to tonghop_steward;
grant insert, delete on quality.closed_period to tonghop_steward;
grant usage, select on all sequences in schema quality to tonghop_steward;
-- Who builds a release does not sign it; publication notes beside a signature which release it became.
grant insert on ops.sign_off to tonghop_steward;
revoke insert, update, delete, truncate on ops.sign_off from tonghop_builder;
grant update (release_id) on ops.sign_off to tonghop_builder;

-- analyst: the published marts, read only, and a room of their own
grant usage on schema marts to tonghop_analyst;
grant select on all tables in schema marts to tonghop_analyst;
grant usage, create on schema analyst_work to tonghop_analyst;

-- Earlier releases. Its views pass on exactly those columns of the store that the marts read (readers/as_of.sql).
-- The store's own types (of a basis, a source) are named by its definitions; its tables stay closed to analysts.
grant usage on schema store to tonghop_analyst;
grant usage on schema marts_as_of to tonghop_analyst, tonghop_steward, tonghop_builder;
grant select on all tables in schema marts_as_of to tonghop_analyst, tonghop_steward, tonghop_builder;

alter role tonghop_analyst set search_path = marts, analyst_work;
