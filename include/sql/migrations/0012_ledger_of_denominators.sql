-- The ledger of denominators: every statement of a population's count, the one that counts and why, and who disagrees.
create type store.population_source as enum ('register', 'return', 'composition', 'agreed');
create type store.population_reason as enum ('counts', 'not_allowed', 'outranked', 'two_values', 'no_majority');

create table store.population_statement (
    period_key     integer not null,
    unit_key       integer not null,
    amount         bigint,
    submission_seq bigint,
    row_number     integer,
    source         store.population_source not null,
    reason         store.population_reason not null,
    indicator_key  smallint,
    is_counted     boolean not null,
    population     text not null,
    first_release  integer not null,
    last_release   integer,
    check (is_counted = (reason = 'counts'))
);
comment on column store.population_statement.is_counted is 'reason = counts, as a boolean: before a table has statistics the planner takes half of its rows for true, but nearly none for an enum value';
comment on table store.population_statement is 'Statements of the ledger''s sources; the denominators that indicators quote are read from store.observation';

insert into store.population_statement (
    period_key, unit_key, amount, source, reason, is_counted, population, first_release, last_release)
select
    period_key, unit_key, amount, source::store.population_source, 'counts', true, population, first_release,
    last_release
from store.population_count;

create unique index on store.population_statement (period_key, unit_key, population, source, indicator_key)
    nulls not distinct where last_release is null;
-- One count counts. Also the way to the one that counts, and to that of an earlier period.
create unique index on store.population_statement (unit_key, population, period_key)
    where last_release is null and is_counted;

drop view marts.fct_population;
drop table store.population_count;

-- Populations are dated.
alter table store.population add column valid_from date, add column valid_to date;
drop index store.population_population_idx;
create unique index on store.population (population, valid_from) nulls not distinct where last_release is null;

drop view marts.dim_population;
create view marts.dim_population as
select population, valid_from, valid_to, name_vi, name_en, counts, counted_from, unit_types, composed_of
from store.population
where last_release is null;

-- Every statement with the count that counts beside it. Period and unit are joined in each half, so that a reader who asks
-- for one unit, or for the provinces, reads them alone.
create view store.population_said as
select
    period.period_key,
    period.period,
    period.last_day,
    unit_key.unit_key,
    unit_key.unit_id,
    unit.unit_code,
    unit.unit_name,
    unit.level,
    statement.population,
    statement.source::text as source,
    indicator_key.indicator,
    statement.amount,
    statement.is_counted,
    statement.reason::text as reason,
    counted.amount as counted_amount,
    counted.source::text as counted_source,
    -- Where nothing counts, those who conflict are why.
    coalesce(
        statement.amount <> counted.amount, statement.amount is not null and statement.reason = 'two_values'
    ) as is_disagreeing,
    statement.submission_seq,
    statement.row_number
from store.population_statement as statement
inner join store.period_key as period using (period_key)
inner join store.unit_key as unit_key using (unit_key)
left join store.org_unit as unit
    on statement.unit_key = unit.unit_key
    and unit.last_release is null
    and (unit.valid_from is null or unit.valid_from <= period.last_day)
    and (unit.valid_to is null or unit.valid_to > period.last_day)
left join store.indicator_key as indicator_key using (indicator_key)
left join store.population_statement as counted
    on statement.period_key = counted.period_key
    and statement.unit_key = counted.unit_key
    and statement.population = counted.population
    and counted.last_release is null
    and counted.is_counted
where statement.last_release is null

union all

-- A quote never counts by itself: what a strict majority quotes is stated once more, as agreed.
select
    period.period_key,
    period.period,
    period.last_day,
    unit_key.unit_key,
    unit_key.unit_id,
    unit.unit_code,
    unit.unit_name,
    unit.level,
    catalogue.population,
    'quoted',
    catalogue.indicator,
    observation.denominator,
    false,
    judged.reason,
    counted.amount,
    counted.source::text,
    coalesce(observation.denominator <> counted.amount, true),
    observation.submission_seq,
    observation.row_number
from store.observation as observation
inner join store.period_key as period using (period_key)
inner join store.unit_key as unit_key using (unit_key)
inner join store.indicator_key as indicator_key using (indicator_key)
inner join store.indicator as catalogue
    on indicator_key.indicator = catalogue.indicator
    and catalogue.last_release is null
    and catalogue.population is not null
    and catalogue.nested_in is null
left join store.org_unit as unit
    on observation.unit_key = unit.unit_key
    and unit.last_release is null
    and (unit.valid_from is null or unit.valid_from <= period.last_day)
    and (unit.valid_to is null or unit.valid_to > period.last_day)
left join store.population_statement as counted
    on observation.period_key = counted.period_key
    and observation.unit_key = counted.unit_key
    and catalogue.population = counted.population
    and counted.last_release is null
    and counted.is_counted
cross join lateral (
    select
        case
            when (unit_key.unit_id, indicator_key.indicator, period.period, observation.scope) in (
                select finding.unit_id, finding.indicator, finding.period, finding.scope
                from store.finding as finding
                where finding.rule = 'S06' and finding.state <> 'corrected' and finding.last_release is null
            ) then 'two_values'
            when observation.denominator = counted.amount then 'agrees'
            when counted.source is null or counted.source = 'agreed' then 'no_majority'
            else 'outranked'
        end as reason
) as judged
where
    observation.last_release is null
    and observation.denominator > 0;
comment on view store.population_said is 'One row per unit, population, period, source and indicator: behind marts.fct_population and marts.rpt_population';

create view marts.fct_population as
select
    said.period,
    said.unit_id,
    said.unit_code,
    said.unit_name,
    said.level,
    said.population,
    said.amount,
    said.source,
    said.indicator,
    said.is_counted,
    said.reason,
    said.counted_amount,
    said.counted_source,
    said.is_disagreeing,
    submission.submission_id,
    statement.locator,
    (select max(release_id) from store.release) as release_id
from store.population_said as said
left join raw.submission as submission on said.submission_seq = submission.submission_seq
left join raw.statement as statement
    on said.submission_seq = statement.submission_seq
    and said.row_number = statement.row_number;

create view marts.rpt_population as
with

-- All that is said of one population under one unit at one period's end. "agreed" repeats quotes: it is no voice of its own.
told as (
    select
        said.period_key,
        said.period,
        said.last_day,
        said.unit_key,
        said.unit_id,
        said.unit_code,
        said.unit_name,
        said.level,
        said.population,
        max(said.counted_amount) as counted_amount,
        max(said.counted_source) as counted_source,
        count(*) filter (where said.source <> 'agreed') as statements,
        count(*) filter (where said.source <> 'agreed' and said.is_disagreeing) as disagreeing_statements,
        string_agg(
            coalesce(said.indicator, said.source) || ': ' || said.amount, '; '
            order by said.source = 'quoted', coalesce(said.indicator, said.source)
        ) filter (where said.source <> 'agreed' and said.is_disagreeing) as disagreeing,
        count(*) filter (where said.source = 'quoted' and said.reason <> 'two_values') as quotes,
        count(*) filter (where said.source = 'quoted' and said.reason = 'agrees') as agreeing_quotes,
        bool_or(said.reason = 'not_allowed') as is_not_allowed,
        bool_or(said.reason = 'two_values') as has_two_values,
        bool_or(said.source = 'agreed' and said.reason = 'no_majority') as has_no_majority
    from store.population_said as said
    group by
        said.period_key, said.period, said.last_day, said.unit_key, said.unit_id, said.unit_code, said.unit_name,
        said.level, said.population
)

select
    told.period,
    told.unit_id,
    told.unit_code,
    told.unit_name,
    told.level,
    told.population,
    catalogue.name_vi,
    catalogue.name_en,
    told.counted_amount,
    told.counted_source,
    case told.counted_source
        when 'register' then format('Đếm theo danh mục: %s đơn vị đang hoạt động vào cuối kỳ.', told.counted_amount)
        when 'return' then format('Theo số đã báo cáo: %s.', told.counted_amount)
        when 'composition' then format('Cộng các phần: %s = %s.', told.counted_amount, parts.text_vi)
        when 'agreed' then format(
            'Không nguồn nào đếm; %s trong %s chỉ tiêu của đơn vị nêu %s.',
            told.agreeing_quotes, told.quotes, told.counted_amount)
        else concat('Chưa biết: ', concat_ws('; ',
            case when told.is_not_allowed then 'nguồn nêu số không được phép đếm' end,
            case when told.has_two_values then 'có số được nêu hai giá trị trong một lần gửi' end,
            case when told.has_no_majority then 'không mẫu số nào được quá nửa số chỉ tiêu nêu' end), '.')
    end as why_vi,
    case told.counted_source
        when 'register' then format('Counted in the register: %s open at the end of the period.', told.counted_amount)
        when 'return' then format('As returned: %s.', told.counted_amount)
        when 'composition' then format('The sum of its parts: %s = %s.', told.counted_amount, parts.text_en)
        when 'agreed' then format(
            'No source counts it; %s of %s indicators of the unit quote %s.',
            told.agreeing_quotes, told.quotes, told.counted_amount)
        else concat('Unknown: ', concat_ws('; ',
            case when told.is_not_allowed then 'the source that states it may not count it' end,
            case when told.has_two_values then 'a statement gives two values in one submission' end,
            case when told.has_no_majority then 'no denominator is quoted by a majority of the indicators' end), '.')
    end as why_en,
    told.statements,
    told.disagreeing_statements,
    told.disagreeing,
    previous.period as previous_period,
    previous.amount as previous_amount,
    told.counted_amount - previous.amount as drift,
    moved.explained_by as drift_explained_by,
    coalesce(told.counted_amount <> previous.amount, false) and moved.explained_by is null as is_drift_unexplained,
    (select max(release_id) from store.release) as release_id
from told
left join store.population as catalogue
    on told.population = catalogue.population
    and catalogue.last_release is null
    and (catalogue.valid_from is null or catalogue.valid_from <= told.last_day)
    and (catalogue.valid_to is null or catalogue.valid_to > told.last_day)
left join lateral (
    select
        string_agg(part.amount || ' ' || part_catalogue.name_vi, ' + ' order by below.place) as text_vi,
        string_agg(part.amount || ' ' || part_catalogue.name_en, ' + ' order by below.place) as text_en
    from unnest(string_to_array(catalogue.composed_of, ' + ')) with ordinality as below (population, place)
    inner join store.population_statement as part
        on part.period_key = told.period_key
        and part.unit_key = told.unit_key
        and part.population = below.population
        and part.last_release is null
        and part.is_counted
    left join store.population as part_catalogue
        on below.population = part_catalogue.population
        and part_catalogue.last_release is null
        and (part_catalogue.valid_from is null or part_catalogue.valid_from <= told.last_day)
        and (part_catalogue.valid_to is null or part_catalogue.valid_to > told.last_day)
) as parts on told.counted_source = 'composition'
left join lateral (
    select
        earlier.period_key,
        period.period,
        earlier.amount
    from store.population_statement as earlier
    inner join store.period_key as period using (period_key)
    where
        earlier.unit_key = told.unit_key
        and earlier.population = told.population
        and earlier.period_key < told.period_key
        and earlier.last_release is null
        and earlier.is_counted
    order by earlier.period_key desc
    limit 1
) as previous on true
-- What moved the count: the register, where its own count moved as much; a return, where one states the later count. A sum
-- of parts moves with them: each part that moved must be explained, and all of them together must give the drift. A part
-- that was not known before has no drift: a return that states it explains it, and then nothing is left to add up.
left join lateral (
    with recursive

    part as (
        select told.population, told.counted_amount as amount, told.counted_source as source, 0 as depth

        union all

        select below.population, counted.amount, counted.source::text, part.depth + 1
        from part
        inner join store.population as whole
            on part.source = 'composition'
            and part.population = whole.population
            and whole.last_release is null
            and (whole.valid_from is null or whole.valid_from <= told.last_day)
            and (whole.valid_to is null or whole.valid_to > told.last_day)
        cross join lateral unnest(string_to_array(whole.composed_of, ' + ')) as below (population)
        inner join store.population_statement as counted
            on counted.period_key = told.period_key
            and counted.unit_key = told.unit_key
            and counted.population = below.population
            and counted.last_release is null
            and counted.is_counted
        where part.depth < 5
    ),

    drifted as (
        select
            part.depth,
            part.source,
            part.amount - earlier.amount as drift,
            case
                when register_now.amount - register_then.amount = part.amount - earlier.amount then 'register'
                when exists (
                    select from store.population_statement as returned
                    where
                        returned.period_key = told.period_key
                        and returned.unit_key = told.unit_key
                        and returned.population = part.population
                        and returned.source = 'return'
                        and returned.amount = part.amount
                        and returned.reason <> 'two_values'
                        and returned.last_release is null
                ) then 'return'
            end as explained_by
        from part
        left join store.population_statement as earlier
            on earlier.period_key = previous.period_key
            and earlier.unit_key = told.unit_key
            and earlier.population = part.population
            and earlier.last_release is null
            and earlier.is_counted
        left join store.population_statement as register_now
            on register_now.period_key = told.period_key
            and register_now.unit_key = told.unit_key
            and register_now.population = part.population
            and register_now.source = 'register'
            and register_now.last_release is null
        left join store.population_statement as register_then
            on register_then.period_key = previous.period_key
            and register_then.unit_key = told.unit_key
            and register_then.population = part.population
            and register_then.source = 'register'
            and register_then.last_release is null
    )

    select
        coalesce(
            max(explained_by) filter (where depth = 0),
            case
                when
                    bool_and(coalesce(drift = 0, false) or explained_by is not null)
                        filter (where source <> 'composition')
                    and (
                        bool_or(drift is null) filter (where source <> 'composition')
                        or sum(drift) filter (where source <> 'composition') = told.counted_amount - previous.amount
                    )
                    then string_agg(distinct explained_by, ', ')
                        filter (where source <> 'composition' and drift is distinct from 0)
            end
        ) as explained_by
    from drifted
) as moved on told.counted_amount <> previous.amount;

comment on view marts.rpt_population is 'One row per period, unit and population of which anything is stated: the count that counts and why, who disagrees, and how it moved since the period before';

do $$
declare
    each_view text;
    described record;
begin
    foreach each_view in array array['marts.dim_population', 'marts.fct_population', 'marts.rpt_population'] loop
        execute 'grant create on schema marts to tonghop_builder';
        execute format('alter view %s owner to tonghop_builder', each_view);
        execute 'revoke create on schema marts from tonghop_builder';
    end loop;
    -- Columns that only the views have: all others carry dbt's descriptions.
    for described in
        select * from (values
            ('fct_population', 'unit_code', 'Code of the unit in the period. Codes were reused: a code means nothing without its period.'),
            ('fct_population', 'unit_name', 'Name of the unit in the period.'),
            ('fct_population', 'level', 'nation, department, province, district or grassroots.'),
            ('fct_population', 'counted_amount', 'The count that counts for the unit, population and period; null where none is known.'),
            ('fct_population', 'counted_source', 'Source of the count that counts.'),
            ('fct_population', 'is_disagreeing', 'Whether the amount differs from the one that counts; where nothing counts, whether it is one of those in conflict.'),
            ('fct_population', 'submission_id', 'The submission that states it; null where no sender does.'),
            ('fct_population', 'locator', 'Where it stands in the file: a line, or sheet and cell.'),
            ('fct_population', 'release_id', 'The release that this statement reads: the current one.'),
            ('rpt_population', 'period', 'Month the figures stand at the end of, YYYY-MM.'),
            ('rpt_population', 'unit_id', 'The unit, as in the register; never reused.'),
            ('rpt_population', 'unit_code', 'Code of the unit in the period. Codes were reused: a code means nothing without its period.'),
            ('rpt_population', 'unit_name', 'Name of the unit in the period.'),
            ('rpt_population', 'level', 'nation, department, province, district or grassroots.'),
            ('rpt_population', 'population', 'Code of the population that a denominator counts.'),
            ('rpt_population', 'name_vi', 'Vietnamese name of the population.'),
            ('rpt_population', 'name_en', 'English name of the population.'),
            ('rpt_population', 'counted_amount', 'The one count that counts; null is unknown, never zero.'),
            ('rpt_population', 'counted_source', 'register, return, composition or agreed; null where unknown.'),
            ('rpt_population', 'why_vi', 'Why it counts, or why nothing does, in Vietnamese.'),
            ('rpt_population', 'why_en', 'Why it counts, or why nothing does, in English.'),
            ('rpt_population', 'statements', 'How many state it: the register, returns, the sum of parts, and each indicator that quotes it.'),
            ('rpt_population', 'disagreeing_statements', 'How many of them differ from the count that counts, or conflict where nothing counts.'),
            ('rpt_population', 'disagreeing', 'Who says what: source or indicator, and its amount.'),
            ('rpt_population', 'previous_period', 'Latest earlier period in which the unit has a count of the population.'),
            ('rpt_population', 'previous_amount', 'The count that counted then.'),
            ('rpt_population', 'drift', 'counted_amount - previous_amount.'),
            ('rpt_population', 'drift_explained_by', 'register (its count moved as much), return (one states the new count), or both for a sum of parts; null: nothing explains it.'),
            ('rpt_population', 'is_drift_unexplained', 'Whether the count moved and neither the register nor a return moved it.'),
            ('rpt_population', 'release_id', 'The release that this statement reads: the current one.')
        ) as label (view_name, column_name, meaning)
    loop
        execute format(
            'comment on column marts.%I.%I is %L', described.view_name, described.column_name, described.meaning);
    end loop;
end
$$;
