-- Whatever was said of one indicator by or for the units under a root, and what became of each: `stands`, or why it does not.
create or replace function store.trace_versions(
    root text, said_for text, asked_period integer, said_of text, asked_indicator smallint, tree text, last_day date,
    reporter_class text
)
returns table (
    unit_id text, outcome text, scope text, numerator bigint, denominator bigint, said text[], is_taken_back boolean,
    submission_seq bigint, row_number integer, locator text, rule text, reason text
)
language sql stable rows 10000 set search_path = '' as $$
with

tree as materialized (

    select * from store.trace_tree($1, $7, $6, $8)

),

-- Who may have spoken: provinces for themselves and those under them, departments for themselves.
heard as materialized (

    select
        said.*,
        coalesce(coded.unit_id, named.unit_id, sender.unit_id) as unit_id,
        case when coalesce(coded.is_reporter, named.is_reporter, false) then 'own' else said.scope end as fact_scope
    from store.trace_statements($4, $2, array(
        select province_unit_id from tree where province_unit_id is not null
        union
        select unit_id from tree where level = 'department'
    )) as said
    left join tree as coded on said.unit_text = coded.unit_code
    left join tree as named on coalesce(said.named_unit_id, said.unit_text) = named.unit_id
    -- What is said of nobody known, or of somebody elsewhere, is told of its sender.
    left join tree as sender on said.rule is not null and said.sender_unit_id = sender.unit_id

),

-- Versions of one fact in their order: what followed a statement (its submission, and whether it took the fact back).
ordered as materialized (

    select
        heard.*,
        min(case when heard.rule is null and not heard.is_taken_back
            then 2 * heard.submission_seq + (heard.action = 'withdraw')::integer end) over (
            partition by heard.unit_id, heard.fact_scope
            order by heard.submission_seq range between 1 following and unbounded following
        ) as next_word
    from heard
    where heard.unit_id is not null

),

standing as materialized (

    select
        unit.unit_id, observation.scope, observation.submission_seq, observation.row_number,
        concat_ws('|', observation.mark, observation.numerator, coalesce(observation.denominator::text, '-'),
            coalesce(observation.stated_rate::text, '-')) as stated_values
    from tree as unit
    inner join store.observation as observation
        on
            observation.period_key = $3 and observation.indicator_key = $5
            and unit.unit_key = observation.unit_key and observation.last_release is null
            and observation.scope = case when unit.is_reporter then 'own' else 'total' end

),

settled as materialized (

    select
        said.*,
        case
            when said.rule is not null then 'kept_aside'
            when said.submission_seq = standing.submission_seq and said.row_number = standing.row_number then 'stands'
            when said.is_taken_back then 'submission_withdrawn'
            when
                said.submission_seq = standing.submission_seq
                and standing.stated_values = concat_ws('|', said.mark, said.numerator,
                    coalesce(said.denominator::text, '-'), coalesce(said.stated_rate::text, '-'))
                then 'repeated'
            when said.submission_seq = standing.submission_seq then 'conflict'
            when said.next_word % 2 = 1 then 'fact_withdrawn'
            when said.next_word is not null then 'superseded'
            when said.action = 'withdraw' then 'pending_withdrawal'
            else 'pending'
        end as outcome,
        said.next_word / 2 as next_seq
    from ordered as said
    left join standing on said.unit_id = standing.unit_id and said.fact_scope = standing.scope
    where
        -- A withdrawal that took effect is told where the statement is that it took back.
        said.action <> 'withdraw'
        or (said.next_word is null and said.submission_seq > standing.submission_seq)

)

select
    said.unit_id, said.outcome, said.scope, said.numerator, said.denominator,
    case
        when said.outcome = 'submission_withdrawn' then array[submission.withdrawn_why]
        when said.outcome in ('superseded', 'fact_withdrawn') then
            array[next.submission_id, to_char(next.received_at, 'YYYY-MM-DD HH24:MI'), taking.note]
    end,
    said.is_taken_back, said.submission_seq, case when said.was_read then said.row_number end, said.locator,
    case when said.outcome = 'conflict' then 'S06' else said.rule end, said.reason
from settled as said
inner join raw.submission as submission on said.submission_seq = submission.submission_seq
left join raw.submission as next on said.next_seq = next.submission_seq
left join lateral (
    select other.note
    from heard as other
    where
        said.outcome = 'fact_withdrawn' and other.submission_seq = said.next_seq
        and other.unit_id = said.unit_id and other.action = 'withdraw'
    limit 1
) as taking on said.outcome = 'fact_withdrawn'
$$;
comment on function store.trace_versions(text, text, integer, text, smallint, text, date, text) is
    'Behind marts.trace: every statement of an indicator by or for the units under a root, and what became of it';
revoke execute on function store.trace_versions(text, text, integer, text, smallint, text, date, text) from public;
