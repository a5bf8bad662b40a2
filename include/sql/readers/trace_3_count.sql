-- Who states a population's count of one unit, which of them counts, and why the others do not.
create or replace function store.trace_count(root text, said_for text, counted_population text)
returns table (
    place text, role text, unit_id text, numerator bigint, reason text, said text[], submission_seq bigint,
    row_number integer, locator text, indicator text
)
language sql stable rows 20 set search_path = '' set enable_nestloop = on as $$
select
    concat(case when said.is_counted then '93 ' else '94 ' end, said.source, ' ', said.indicator),
    case
        when said.is_counted then 'ledger'
        when said.amount = said.counted_amount then 'agrees'
        else 'outranked'
    end,
    said.unit_id,
    said.amount,
    'count_' || case
        when said.is_counted then said.source
        when said.amount = said.counted_amount then 'agrees'
        else said.reason
    end,
    array[
        catalogue.name_vi, catalogue.name_en, coalesce(said.indicator, said.source), said.counted_amount::text,
        said.counted_source
    ],
    said.submission_seq,
    said.row_number,
    statement.locator,
    said.indicator
from store.population_said as said
left join raw.statement as statement
    on said.submission_seq = statement.submission_seq and said.row_number = statement.row_number
left join store.population as catalogue
    on
        said.population = catalogue.population
        and catalogue.last_release is null
        and (catalogue.valid_from is null or catalogue.valid_from <= said.last_day)
        and (catalogue.valid_to is null or catalogue.valid_to > said.last_day)
where
    said.unit_id = $1
    and said.period = $2
    and said.population = $3
$$;
comment on function store.trace_count(text, text, text) is
    'Behind marts.trace: every statement of a population''s count of one unit';

-- The rows behind a count of the ledger: those who state it, the parts it is the sum of, and returns that were passed over.
create or replace function store.trace_population(root text, said_for text, population text)
returns table (
    place text[], role text, unit_id text, scope text, numerator bigint, denominator bigint, basis text,
    reporting_units bigint, expected_units bigint, withheld_units bigint, reason text, said text[], also text,
    submission_seq bigint, row_number integer, locator text, rule text, finding_id text, why_vi text, why_en text
)
language sql stable rows 20 set search_path = '' as $$
with recursive

day as (

    select (to_date($2, 'YYYY-MM') + interval '1 month - 1 day')::date as day

),

-- The unit and those above it: the province or department that may speak for it is the first of them.
above as (

    select key.unit_id, unit.unit_code, unit.level, unit.parent_unit_id, 0 as height
    from store.unit_key as key
    cross join day
    inner join store.org_unit as unit
        on
            key.unit_key = unit.unit_key and unit.last_release is null
            and (unit.valid_from is null or unit.valid_from <= day.day)
            and (unit.valid_to is null or unit.valid_to > day.day)
    where key.unit_id = $1

    union all

    select key.unit_id, unit.unit_code, unit.level, unit.parent_unit_id, above.height + 1
    from above
    cross join day
    inner join store.unit_key as key on above.parent_unit_id = key.unit_id
    inner join store.org_unit as unit
        on
            key.unit_key = unit.unit_key and unit.last_release is null
            and (unit.valid_from is null or unit.valid_from <= day.day)
            and (unit.valid_to is null or unit.valid_to > day.day)

),

reported as (

    select * from marts.rpt_population as report
    where report.unit_id = $1 and report.period = $2 and report.population = $3

),

said as materialized (

    select * from store.trace_count($1, $2, $3)

),

parts as (

    select
        part.population, part.position, counted.amount, counted.source, catalogue.name_vi, catalogue.name_en,
        counted.submission_seq, counted.row_number, statement.locator
    from reported
    cross join day
    inner join store.population as whole
        on
            whole.population = $3 and whole.last_release is null
            and (whole.valid_from is null or whole.valid_from <= day.day)
            and (whole.valid_to is null or whole.valid_to > day.day)
    cross join lateral unnest(string_to_array(nullif(whole.composed_of, ''), ' + '))
        with ordinality as part (population, position)
    inner join store.population_said as counted
        on
            counted.unit_id = $1 and counted.period = $2
            and part.population = counted.population and counted.is_counted
    left join raw.statement as statement
        on counted.submission_seq = statement.submission_seq and counted.row_number = statement.row_number
    left join store.population as catalogue
        on
            part.population = catalogue.population and catalogue.last_release is null
            and (catalogue.valid_from is null or catalogue.valid_from <= day.day)
            and (catalogue.valid_to is null or catalogue.valid_to > day.day)

),

heard as (

    select
        statement.*,
        min(case when statement.rule is null and not statement.is_taken_back
            then 2 * statement.submission_seq + (statement.action = 'withdraw')::integer end) over (
            order by statement.submission_seq range between 1 following and unbounded following
        ) as next_word,
        max(standing.submission_seq) over () as standing_seq
    from store.trace_statements($3, $2, array(
        select above.unit_id from above
        where above.level = 'province' or (above.level = 'department' and above.height = 0)
    )) as statement
    left join said as standing
        on
            standing.indicator is null
            and statement.submission_seq = standing.submission_seq and statement.row_number = standing.row_number
    where
        statement.unit_text in ($1, (select above.unit_code from above where above.height = 0))
        or statement.named_unit_id = $1
        or (statement.rule is not null and statement.sender_unit_id = $1)

),

passed_over as (

    select
        heard.*,
        case
            when heard.rule is not null then 'kept_aside'
            when heard.is_taken_back then 'submission_withdrawn'
            when heard.submission_seq = heard.standing_seq then 'repeated'
            when heard.next_word % 2 = 1 then 'fact_withdrawn'
            when heard.next_word is not null then 'superseded'
            when heard.action = 'withdraw' then 'pending_withdrawal'
            else 'pending'
        end as outcome
    from heard
    where
        not exists (
            select 1 from said
            where said.submission_seq = heard.submission_seq and said.row_number = heard.row_number
        )
        and not (
            heard.action = 'withdraw'
            and (heard.next_word is not null or heard.standing_seq is null or heard.submission_seq < heard.standing_seq)
        )

)

select
    array['1'], case when reported.counted_amount is null then 'missing' else 'figure' end, $1, null::text,
    reported.counted_amount, null::bigint, null::text, null::bigint, null::bigint, null::bigint,
    'count_unstated', null::text[], null::text, null::bigint, null::integer, null::text, null::text, null::text,
    reported.why_vi, reported.why_en
from (values (1)) as always (one)
left join reported on true

union all

select
    array['1', said.place], said.role, said.unit_id, null, said.numerator, null, null, null, null, null, said.reason,
    said.said, null, said.submission_seq, said.row_number, said.locator, null, null, null, null
from said

union all

select
    array['1', '92 ' || parts.position], case when reported.counted_source = 'composition' then 'summed' else 'part' end,
    $1, null, parts.amount, null, null, null, null, null, 'part',
    array[parts.name_vi, parts.name_en, parts.source], null, parts.submission_seq, parts.row_number, parts.locator,
    null, null, null, null
from parts
cross join reported

union all

select
    array['1', concat('96 ', lpad((9999999999 - said.submission_seq)::text, 10, '0'), said.row_number)],
    case
        when said.outcome in ('submission_withdrawn', 'fact_withdrawn') then 'withdrawn'
        when said.outcome = 'pending_withdrawal' then 'pending'
        else said.outcome
    end,
    $1, said.scope, said.numerator, said.denominator, null, null, null, null, said.outcome,
    case
        when said.outcome = 'submission_withdrawn' then array[submission.withdrawn_why]
        when next.submission_id is not null
            then array[next.submission_id, to_char(next.received_at, 'YYYY-MM-DD HH24:MI'), taking.note]
    end,
    null, said.submission_seq, case when said.was_read then said.row_number end, said.locator, said.rule, null,
    split_part(said.reason, ' / ', 1), coalesce(nullif(split_part(said.reason, ' / ', 2), ''), said.reason)
from passed_over as said
inner join raw.submission as submission on said.submission_seq = submission.submission_seq
left join raw.submission as next on said.next_word / 2 = next.submission_seq and said.rule is null
left join heard as taking
    on
        said.outcome = 'fact_withdrawn'
        and said.next_word / 2 = taking.submission_seq and taking.action = 'withdraw'
$$;
comment on function store.trace_population(text, text, text) is
    'Behind marts.trace: the rows behind a count of the ledger, in no order and not yet in words';
revoke execute on function store.trace_count(text, text, text), store.trace_population(text, text, text) from public;
