-- marts.trace of an earlier release. What stands behind it is written anew from the functions of the current release, so that
-- the two cannot differ and the current one costs what it did: each gets the release as a further first argument (marts.trace
-- as its last), reads the rows of the store that were valid in it, and hands it on. A name that is not known here stops
-- "tonghop init". What is replaced is the text of trace_1 to trace_6: names of tables in lower case, after from or join.
do $made$
declare
    -- In the order in which they call each other.
    behind constant text[] := array[
        'trace_tree', 'trace_statements', 'trace_count', 'trace_population', 'trace_versions', 'trace_figure', 'trace'
    ];
    -- These have no releases: keys and what was sent are only added to; whom a class of indicators is asked of, and other
    -- trees, are told as they are now.
    timeless constant text[] := array[
        'store.unit_key', 'store.indicator_key', 'store.period_key', 'raw.submission', 'raw.submission_period',
        'raw.statement', 'reference.reporter', 'reference.placement', 'reference.grouping', 'quality.run_unit_name'
    ];
    dated constant text[] := array[
        'store.org_unit', 'store.indicator', 'store.population', 'store.finding', 'store.observation', 'store.rollup'
    ];
    each_function record;
    body text;
    asked text;
    rows_then text;
    unknown text;
begin
    for each_function in
        select function.oid, function.proname, language.lanname
        from pg_proc as function
        inner join pg_language as language on function.prolang = language.oid
        where
            function.oid = 'marts.trace(text, text, text)'::regprocedure
            or (
                function.pronamespace = 'store'::regnamespace
                and function.proname = any(behind)
                and function.proargtypes[0] = 'text'::regtype
                and function.proname <> 'trace'
            )
        order by array_position(behind, function.proname::text)
    loop
        body := pg_get_functiondef(each_function.oid);
        select min(read.name[1]) into unknown
        from regexp_matches(
            regexp_replace(body, '''(?:[^'']|'''')*''', '', 'g'), '\m(?:from|join)\s+([a-z_]+\.\w+)\M(?!\()', 'g'
        ) as read (name)
        where read.name[1] <> all(timeless || dated || array[
            'store.population_said', 'store.release', 'marts.rpt_population', 'quality.rejected_row', 'quality.report_claim',
            'ops.run'
        ]);
        body := regexp_replace(body, '\m\w+\.last_release is null\M', 'true', 'g');
        unknown := coalesce(unknown, substring(body from 'last_release.*'));
        if unknown is not null then
            raise exception '% cannot be told of a release: % was not replaced in its text.',
                each_function.oid::regprocedure, unknown
                using hint = 'See include/sql/readers/trace_8_as_of.sql.';
        end if;

        if each_function.lanname = 'sql' then
            asked := '$1';
            for number in reverse 8 .. 1 loop
                body := regexp_replace(body, format('\$%s\M', number), format('$%s', number + 1), 'g');
            end loop;
            body := regexp_replace(body, '^(CREATE OR REPLACE FUNCTION store\.\w+)\(', '\1(as_of integer, ');
        else
            asked := 'trace.release';
            body := regexp_replace(body, '^CREATE OR REPLACE FUNCTION marts\.trace\(([^()]*)\)',
                'CREATE OR REPLACE FUNCTION store.trace(\1, release integer)');
        end if;

        body := regexp_replace(body, '(?<!FUNCTION )store\.(trace_(?!words)\w+)\(', format('store.\1(%s, ', asked), 'g');
        if each_function.proname = 'trace_statements' then
            body := replace(body, 'from raw.submission as', format('from store.trace_submissions(%s) as', asked));
        end if;
        body := replace(body, 'quality.rejected_row as', format('store.trace_aside(%s, $2, $3) as', asked));
        body := replace(body, 'quality.report_claim as', format('store.trace_claims(%s, $5, $3) as', asked));
        body := replace(body, 'ops.run as', format('store.trace_runs(%s) as', asked));
        body := replace(body, 'store.population_said as', format('store.population_said_as_of(%s) as', asked));
        body := replace(body, 'marts.rpt_population as', format('marts_as_of.rpt_population(%s) as', asked));
        body := replace(body, 'from store.release as', format('from (select %s as release_id) as', asked));
        for number in 1 .. cardinality(dated) loop
            -- Two halves where the indexes on current and on closed rows are two (as in as_of.sql).
            rows_then := format(
                case
                    when dated[number] in ('store.observation', 'store.rollup')
                        then 'select * from %1$s where first_release <= %2$s and (last_release is null or last_release >= %2$s)'
                    else
                        'select * from %1$s where last_release is null and first_release <= %2$s union all'
                        ' select * from %1$s where last_release >= %2$s and first_release <= %2$s'
                end, dated[number], asked);
            body := regexp_replace(
                body, format('\m(from|join)(\s+)%s\M(?=\s+as\M)', dated[number]), format('\1\2(%s)', rows_then), 'g');
        end loop;
        execute body;
    end loop;

    for each_function in
        select function.oid
        from pg_proc as function
        where
            function.pronamespace = 'store'::regnamespace
            and (
                function.oid = 'store.trace(text, text, text, integer)'::regprocedure
                or (function.proname like 'trace\_%' and function.proargtypes[0] = 'integer'::regtype)
            )
    loop
        execute format('revoke execute on function %s from public', each_function.oid::regprocedure);
    end loop;
end
$made$;

create or replace function marts.trace(unit text, indicator text, period text, release integer)
returns table (
    line bigint, parent_line bigint, depth integer, role text, unit_id text, unit_code text, unit_name text, level text,
    scope text, numerator bigint, denominator bigint, rate numeric, basis text, reporting_units bigint,
    expected_units bigint, withheld_units bigint, why_vi text, why_en text, rule text, finding_id text,
    submission_id text, file_name text, sender text, received_at timestamptz, locator text, row_number integer,
    release_id integer
)
language plpgsql stable security definer rows 1000 set search_path = '' set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
    -- Of the current one, what has come since is told too.
    if trace.release is null or trace.release = (select max(known.release_id) from store.release as known) then
        return query select each.* from marts.trace(trace.unit, trace.indicator, trace.period) as each;
        return;
    end if;
    perform marts_as_of.is_known(trace.release);
    if not exists (select 1 from marts_as_of.dim_period(trace.release) as known where known.period = trace.period) then
        raise exception 'Release % has no period ''%''.', trace.release, trace.period
            using
                errcode = 'invalid_parameter_value',
                hint = format('select period from marts_as_of.dim_period(%s) lists them.', trace.release);
    end if;

    return query
    select
        each.line, each.parent_line, each.depth,
        case when told.is_uncounted then 'kept_aside' else each.role end,
        each.unit_id, each.unit_code, each.unit_name, each.level, each.scope, each.numerator, each.denominator, each.rate,
        each.basis, each.reporting_units, each.expected_units, each.withheld_units,
        concat_ws(' ', case when told.is_uncounted then uncounted.vi else each.why_vi end, since.vi),
        concat_ws(' ', case when told.is_uncounted then uncounted.en else each.why_en end, since.en),
        each.rule, each.finding_id, each.submission_id, each.file_name, each.sender, each.received_at, each.locator,
        each.row_number, each.release_id
    from store.trace(trace.unit, trace.indicator, trace.period, trace.release) as each
    left join raw.submission as sent on each.submission_id = sent.submission_id
    left join store.trace_submissions(trace.release) as heard on sent.submission_seq = heard.submission_seq
    -- What the release had frozen, nothing followed and yet does not stand was kept aside by its night: nothing is pending.
    cross join lateral (
        select each.role = 'pending' as is_uncounted, sent.status = 'withdrawn' and heard.status <> 'withdrawn' as is_taken_back
    ) as told
    left join store.trace_words() as since on told.is_taken_back and since.reason = 'taken_back'
    left join store.trace_words() as uncounted on told.is_uncounted and uncounted.reason = 'uncounted'
    order by each.line;
end
$$;
comment on function marts.trace(text, text, text, integer) is
    'How a figure of an earlier release came about, as marts.trace(unit, indicator, period) tells it of the current one; an error where there is no such release';

revoke execute on function marts.trace(text, text, text, integer) from public;
grant execute on function marts.trace(text, text, text, integer) to tonghop_analyst, tonghop_steward, tonghop_builder;
