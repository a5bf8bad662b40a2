-- Whatever was stated of one indicator (or population) in one period by the senders of some units, standing or not, and what
-- was kept aside of it whoever sent it. Found by the submissions that speak of the period: raw.statement needs no index.
create or replace function store.trace_statements(said_of text, said_for text, speakers text[])
returns table (
    submission_seq bigint, row_number integer, sender_unit_id text, named_unit_id text, unit_text text, scope text, action text,
    mark text, numerator bigint, denominator bigint, stated_rate numeric, locator text, note text, is_taken_back boolean,
    rule text, reason text, was_read boolean
)
language sql stable rows 10000 set search_path = '' as $$
with

day as (

    select (to_date($2, 'YYYY-MM') + interval '1 month - 1 day')::date as day

),

aside as materialized (

    select
        kept.submission_seq,
        kept.row_number,
        kept.judged,
        min(kept.raw ->> 'unit_code') as unit_text,
        min(coalesce(kept.raw ->> 'scope', '')) as scope,
        min(kept.raw ->> 'numerator_value')::bigint as numerator,
        min(kept.raw ->> 'denominator_value')::bigint as denominator,
        min(kept.raw ->> 'rate_value')::numeric as stated_rate,
        string_agg(distinct kept.locator, '; ') as locator,
        string_agg(distinct kept.rule, ',') as rule,
        min(kept.reason) as reason
    from quality.rejected_row as kept
    where kept.raw ->> 'period' = $2 and kept.raw ->> 'indicator' = $1
    group by kept.submission_seq, kept.row_number, kept.judged

),

-- The submissions that speak of the period, and who sent them: a code means who had it then.
received as materialized (

    select
        submission.submission_seq, submission.sender, submission.status,
        coalesce(by_id.unit_id, by_code.unit_id) as sender_unit_id,
        coalesce(by_id.unit_id, by_code.unit_id) = any($3) as is_heard
    from raw.submission as submission
    cross join day
    left join lateral (
        select key.unit_id
        from store.unit_key as key
        where key.unit_id = submission.sender
    ) as by_id on true
    left join lateral (
        select key.unit_id
        from store.org_unit as unit
        inner join store.unit_key as key on unit.unit_key = key.unit_key
        where
            unit.unit_code = submission.sender
            and unit.level in ('department', 'province')
            and unit.last_release is null
            and (unit.valid_from is null or unit.valid_from <= day.day)
            and (unit.valid_to is null or unit.valid_to > day.day)
    ) as by_code on true
    where
        submission.status in ('loaded', 'withdrawn')
        and submission.submission_seq in (
            select spoken.submission_seq from raw.submission_period as spoken where spoken.period = $2
            union all
            select aside.submission_seq from aside
        )

),

-- Units written by name, as the latest night that looked them up understood them.
looked_up as (

    select distinct on (written.sender, written.unit_text) written.sender, written.unit_text, written.unit_id
    from quality.run_unit_name as written
    inner join ops.run as run on written.run_id = run.run_id
    where written.period = $2 and written.unit_id is not null
    order by written.sender, written.unit_text, run.started_at desc

),

stated as (

    select
        statement.submission_seq, statement.row_number, received.sender, received.sender_unit_id, statement.unit_code,
        statement.scope, statement.action, statement.mark, statement.numerator_value, statement.denominator_value,
        statement.rate_value, statement.locator, statement.note, received.status = 'withdrawn' as is_taken_back,
        null::text as rule, null::text as reason, true as was_read
    from received
    -- By its key, submission by submission: a fence against reading the statements of every period.
    cross join lateral (
        select said.*
        from raw.statement as said
        where said.submission_seq = received.submission_seq and said.indicator = $1 and said.period = $2
        offset 0
    ) as statement
    where
        received.is_heard
        and not exists (
            select 1 from aside
            where
                aside.judged = 'night'
                and aside.submission_seq = statement.submission_seq
                and aside.row_number = statement.row_number
        )

    union all

    select
        aside.submission_seq, aside.row_number, received.sender, received.sender_unit_id, aside.unit_text, aside.scope,
        'state', 'reported', aside.numerator, aside.denominator, aside.stated_rate, aside.locator, null,
        received.status = 'withdrawn', aside.rule, aside.reason, aside.judged = 'night'
    from aside
    inner join received on aside.submission_seq = received.submission_seq

)

select
    stated.submission_seq, stated.row_number, stated.sender_unit_id, looked_up.unit_id,
    stated.unit_code, stated.scope, stated.action, stated.mark, stated.numerator_value, stated.denominator_value,
    stated.rate_value, stated.locator, stated.note, stated.is_taken_back, stated.rule, stated.reason, stated.was_read
from stated
left join looked_up on stated.sender = looked_up.sender and stated.unit_code = looked_up.unit_text
$$;
comment on function store.trace_statements(text, text, text[]) is
    'Behind marts.trace: every statement of an indicator in a period, by whom it was sent and whether it was kept aside';
revoke execute on function store.trace_statements(text, text, text[]) from public;
