-- marts_as_of.<mart>(release): every mart as it stood in a release, written anew from the marts' own definitions, so that
-- the two cannot differ. What a mart reads is replaced: a table of the store by its rows that were valid in the release, a
-- view by its own text. Nothing of a definition is understood beyond its names: what cannot be replaced stops "tonghop init".
--
-- Analysts read neither store nor raw. Views of exactly those columns that the marts read stand between (they are merged
-- into the query, so that its predicates reach the indexes; a security definer function would read whole marts).

-- An unknown release is an error, not an empty answer. The planner hoists the call: it runs once a query.
create or replace function marts_as_of.is_known(release integer) returns boolean
language plpgsql stable parallel safe as $$
begin
    if not exists (select 1 from marts.dim_release as known where known.release_id = is_known.release) then
        raise exception 'There is no release %: the newest is %.',
            coalesce(is_known.release::text, 'null'), (select max(known.release_id) from marts.dim_release as known)
            using errcode = 'invalid_parameter_value', hint = 'select * from marts.dim_release lists them.';
    end if;
    return true;
end
$$;
comment on function marts_as_of.is_known(integer) is 'True; an error where there is no such release';

-- What the marts read, directly or through other views: tables and views apart.
create or replace function pg_temp.read_by(of_view oid)
returns table (relation oid, kind "char", schema_name text, relation_name text, columns text[])
language sql stable set search_path = '' as $$
    select
        class.oid, class.relkind, class.relnamespace::regnamespace::text, class.relname::text,
        array_agg(distinct attribute.attname::text) filter (where attribute.attname is not null)
    from pg_catalog.pg_rewrite as rule
    inner join pg_catalog.pg_depend as depend
        on
            depend.classid = 'pg_catalog.pg_rewrite'::regclass
            and depend.objid = rule.oid
            and depend.refclassid = 'pg_catalog.pg_class'::regclass
            and depend.refobjid <> rule.ev_class
    inner join pg_catalog.pg_class as class on depend.refobjid = class.oid
    left join pg_catalog.pg_attribute as attribute
        on class.oid = attribute.attrelid and depend.refobjsubid = attribute.attnum and attribute.attnum > 0
    where rule.ev_class = of_view
    group by class.oid, class.relkind, class.relnamespace, class.relname
$$;

-- The definition of a view with everything that it reads replaced; $1 is the release.
create or replace function pg_temp.text_as_of(of_view oid) returns text
language plpgsql stable set search_path = '' as $$
declare
    body text := regexp_replace(pg_catalog.pg_get_viewdef(of_view), ';\s*$', '');
    each_read record;
    replacement text;
    named text;
    leftover text;
begin
    -- The rows put in place of a table are those that were current in the release: there is no last_release to ask for.
    body := regexp_replace(body, '(?:(?:\w+|"[^"]+")\.)?last_release IS NULL', 'TRUE', 'g');
    -- Nor does a view of the store, which only marts read, pass it on.
    if (select relnamespace = 'store'::regnamespace from pg_catalog.pg_class where oid = of_view) then
        body := regexp_replace(body, ',\s+(?:\w+\.)?last_release(?=\s*,|\s+FROM\M)', '', 'g');
    end if;
    for each_read in select * from pg_temp.read_by(of_view) loop
        if each_read.kind = 'v' then
            replacement := pg_temp.text_as_of(each_read.relation);
        else
            replacement := pg_temp.rows_as_of(each_read.schema_name, each_read.relation_name);
        end if;
        replacement := replace(replacement, '\', '\\');
        -- A name is where a table may stand: after FROM, JOIN or a comma. Aliases are printed in lower case, keywords are not.
        named := format('((?:\mFROM|\mJOIN|,)[\s(]*)%s\.%s', each_read.schema_name, each_read.relation_name);
        body := regexp_replace(body, named || '(?=\s+[a-z_"])', format('\1(%s)', replacement), 'g');
        body := regexp_replace(
            body, named || '(?![\w.])', format('\1(%s) %s', replacement, each_read.relation_name), 'g');
    end loop;
    leftover := substring(
        regexp_replace(body, '''(?:[^'']|'''')*''', '', 'g') from '(?<![:\w])((?:store|raw|marts|reference|quality|ops)\.\w+)');
    if leftover is not null then
        raise exception '% cannot be read as of a release: % was not replaced in its definition.',
            of_view::regclass, leftover using hint = 'See include/sql/readers/as_of.sql.';
    end if;
    return body;
end
$$;

-- The rows of a table that were valid in a release. Of a table in two partitions one condition asks both, and each has its
-- whole index to look keys up in. Of the others there are two halves, as their indexes on current and on closed rows are two.
create or replace function pg_temp.rows_as_of(schema_name text, relation_name text) returns text
language plpgsql stable set search_path = '' as $$
declare
    between_them text := format('marts_as_of.%I', schema_name || '_' || relation_name);
    listed text;
begin
    select string_agg(quote_ident(attname), ', ' order by attnum) into listed
    from pg_catalog.pg_attribute
    where attrelid = between_them::regclass and attnum > 0 and attname <> 'last_release';
    if exists (
        select 1 from pg_catalog.pg_attribute where attrelid = between_them::regclass and attname = 'last_release'
    ) then
        if (select relkind = 'p' from pg_catalog.pg_class where oid = format('%I.%I', schema_name, relation_name)::regclass) then
            return format(
                'SELECT %s FROM %s WHERE first_release <= $1 AND (last_release IS NULL OR last_release >= $1)',
                listed, between_them);
        end if;
        return format(
            'SELECT %1$s FROM %2$s WHERE last_release IS NULL AND first_release <= $1'
            ' UNION ALL SELECT %1$s FROM %2$s WHERE last_release >= $1 AND first_release <= $1', listed, between_them);
    elsif relation_name in ('release', 'finding_change', 'finding_day') then
        return format('SELECT %s FROM %s WHERE release_id <= $1', listed, between_them);
    end if;
    return format('SELECT %s FROM %s', listed, between_them);
end
$$;

do $made$
declare
    -- These have no releases: keys never change, and what was sent is only added to.
    timeless constant text[] := array[
        'store.unit_key', 'store.indicator_key', 'store.period_key', 'store.source', 'store.release', 'raw.submission',
        'raw.statement', 'store.finding_change', 'store.finding_day'
    ];
    each_table record;
    each_mart record;
    has_releases boolean;
begin
    for each_table in
        with recursive reached as (
            select class.oid as relation, class.relkind as kind, null::text as schema_name, null::text as relation_name,
                null::text[] as columns
            from pg_class as class
            where class.relnamespace = 'marts'::regnamespace and class.relkind = 'v'
            union
            select read.relation, read.kind, read.schema_name, read.relation_name, read.columns
            from reached
            cross join lateral pg_temp.read_by(reached.relation) as read
            where reached.kind = 'v'
        )
        select
            reached.relation, reached.schema_name, reached.relation_name,
            array_agg(distinct used.column_name) as columns
        from reached
        left join lateral unnest(reached.columns) as used (column_name) on true
        where reached.kind <> 'v'
        group by reached.relation, reached.schema_name, reached.relation_name
    loop
        has_releases := exists (
            select 1 from pg_attribute where attrelid = each_table.relation and attname = 'last_release');
        if not has_releases and not format('%s.%s', each_table.schema_name, each_table.relation_name) = any(timeless) then
            raise exception 'A mart reads %.%, which has no releases: as of a release it cannot be told.',
                each_table.schema_name, each_table.relation_name
                using hint = 'Keep it in the store, or add it to "timeless" in include/sql/readers/as_of.sql.';
        end if;
        execute format(
            'create or replace view marts_as_of.%I as select %s from %I.%I',
            each_table.schema_name || '_' || each_table.relation_name,
            (
                select string_agg(quote_ident(attname), ', ' order by attnum)
                from pg_attribute
                where
                    attrelid = each_table.relation
                    and attnum > 0
                    and not attisdropped
                    and (attname::text = any(each_table.columns) or attname in ('first_release', 'last_release', 'release_id'))
            ),
            each_table.schema_name, each_table.relation_name
        );
    end loop;

    for each_mart in
        select
            class.oid, class.relname,
            string_agg(format('%I %s', attribute.attname, format_type(attribute.atttypid, attribute.atttypmod)), ', '
                order by attribute.attnum) as columns
        from pg_class as class
        inner join pg_attribute as attribute on class.oid = attribute.attrelid and attribute.attnum > 0
        where class.relnamespace = 'marts'::regnamespace and class.relkind in ('v', 'm', 'r', 'p', 'f')
        group by class.oid, class.relname
    loop
        -- $1, not the parameter's name: in a query a column's name would win over it.
        execute format(
            'create or replace function marts_as_of.%I(release integer) returns table (%s)'
            ' language sql stable parallel safe as %L',
            each_mart.relname, each_mart.columns,
            format('SELECT * FROM (%s) AS mart WHERE marts_as_of.is_known($1)', pg_temp.text_as_of(each_mart.oid))
        );
        execute format(
            'comment on function marts_as_of.%I(integer) is %L', each_mart.relname,
            format('marts.%s as it stood in a release; an error where there is no such release', each_mart.relname)
        );
    end loop;

    -- A view behind the marts that a trace asks by its keys.
    execute format(
        'create or replace function store.population_said_as_of(release integer) returns table (%s) language sql stable as %L',
        (
            select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum)
            from pg_attribute
            where attrelid = 'store.population_said'::regclass and attnum > 0
        ),
        pg_temp.text_as_of('store.population_said'::regclass)
    );
    revoke execute on function store.population_said_as_of(integer) from public;
end
$made$;

drop function pg_temp.text_as_of(oid);
drop function pg_temp.rows_as_of(text, text);
drop function pg_temp.read_by(oid);
