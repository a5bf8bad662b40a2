-- Earlier releases are read, compared and brought back at the cost of what changed.

-- As of a release a table is its current rows and its closed ones. The partial indexes knew only the current: each key
-- looked up among the closed rows was a scan of the whole table.
do $$
declare
    each_index record;
begin
    for each_index in
        select
            pg_get_indexdef(index.indexrelid) as definition
        from pg_index as index
        inner join pg_class as stored on index.indrelid = stored.oid
        where
            stored.relnamespace = 'store'::regnamespace
            and not stored.relispartition
            and pg_get_expr(index.indpred, index.indrelid) like '%last_release IS NULL%'
    loop
        execute replace(
            regexp_replace(
                regexp_replace(each_index.definition, 'CREATE (UNIQUE )?INDEX \S+', 'CREATE INDEX'),
                ' NULLS NOT DISTINCT', ''
            ),
            'last_release IS NULL', 'last_release IS NOT NULL'
        );
    end loop;
end
$$;

-- What a release added or closed lies together: a few kilobytes say where.
create index on store.observation using brin (first_release int4_minmax_multi_ops, last_release int4_minmax_multi_ops);
create index on store.rollup using brin (first_release int4_minmax_multi_ops, last_release int4_minmax_multi_ops);
create index on store.rollup_restated
    using brin (first_release int4_minmax_multi_ops, last_release int4_minmax_multi_ops);
create index on store.reconciliation
    using brin (first_release int4_minmax_multi_ops, last_release int4_minmax_multi_ops);
create index on store.population_statement
    using brin (first_release int4_minmax_multi_ops, last_release int4_minmax_multi_ops);

-- A release may be made of an earlier one, by a run of its own kind, without steps.
alter table store.release add column restored_from integer references store.release;
comment on column store.release.restored_from is 'The release that this one was made equal to; null: a night built it';
alter table ops.run drop constraint run_kind_check;
alter table ops.run add constraint run_kind_check check (kind in ('night', 'hand', 'restore'));

-- The blast radius of a candidate, before anybody decides about it.
create table ops.run_effect (
    run_id                 text not null references ops.run on delete cascade,
    period                 text not null,
    unit_id                text not null,
    level                  text not null check (level in ('nation', 'department', 'province')),
    indicator              text not null,
    before_numerator       bigint,
    before_denominator     bigint,
    before_rate            numeric,
    before_basis           text,
    before_reporting_units bigint,
    before_expected_units  bigint,
    after_numerator        bigint,
    after_denominator      bigint,
    after_rate             numeric,
    after_basis            text,
    after_reporting_units  bigint,
    after_expected_units   bigint,
    primary key (run_id, period, unit_id, indicator),
    check (before_basis is not null or after_basis is not null)
);
comment on table ops.run_effect is 'What a night''s candidate would move at province, department and nation: one row per figure, kept of a held night too';
comment on column ops.run_effect.before_basis is 'Null: the figure is not published today; the after columns null: it would vanish';
