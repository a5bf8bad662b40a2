-- What a trace of an earlier release reads where the current one reads what has no releases: the submissions that its night
-- had frozen, what was kept aside, how units written by name were understood, and prose.

-- Everything received and not taken back when the release was built, and what had been taken back by then (`withdrawn`).
-- What a night froze is kept of the last 30 runs; of an older release the moments in the ledger of receipt tell the same.
create or replace function store.trace_submissions(as_of integer)
returns table (submission_seq bigint, submission_id text, sender text, status text)
language sql stable rows 10000 set search_path = '' as $$
with recursive

-- A restored release stands on what the one that it equals was built on.
origin as (

    select release.release_id, release.run_id, release.restored_from, release.published_at
    from store.release as release
    where release.release_id = $1

    union all

    select made.release_id, made.run_id, made.restored_from, made.published_at
    from origin
    inner join store.release as made on origin.restored_from = made.release_id

),

built as (

    select
        coalesce(run.started_at, origin.published_at) as built_from,
        coalesce(step.started_at, run.started_at, origin.published_at) as built_until
    from origin
    left join ops.run as run on origin.run_id = run.run_id
    left join (
        select run_id, min(started_at) as started_at from ops.step_run group by run_id
    ) as step on run.run_id = step.run_id
    where origin.restored_from is null

),

frozen as materialized (

    select distinct each.submission_seq
    from origin
    inner join ops.run_submission as each on origin.run_id = each.run_id

),

known as (

    select
        submission.submission_seq, submission.submission_id, submission.sender, submission.status,
        submission.withdrawn_at <= built.built_until as was_taken_back,
        case
            when exists (select 1 from frozen) then frozen.submission_seq is not null
            else
                submission.loaded_at <= built.built_from
                and (submission.withdrawn_at is null or submission.withdrawn_at > built.built_from)
        end as was_frozen
    from raw.submission as submission
    cross join built
    left join frozen on submission.submission_seq = frozen.submission_seq

)

select
    submission_seq, submission_id, sender,
    case when was_frozen and status = 'withdrawn' then 'loaded' else status end
from known
where was_frozen or (status = 'withdrawn' and was_taken_back)
$$;
comment on function store.trace_submissions(integer) is
    'Behind marts.trace of a release: the submissions that it was built on, and those taken back before it';

-- What a night keeps aside is judged again every night, and only the latest judgement is kept. What stood in the release
-- was not aside then, whatever was judged since.
create or replace function store.trace_aside(as_of integer, said_of text, said_for text)
returns setof quality.rejected_row
language sql stable rows 100 set search_path = '' as $$
select kept.*
from quality.rejected_row as kept
where
    kept.raw ->> 'period' = $3
    and kept.raw ->> 'indicator' = $2
    and not (
        kept.judged = 'night'
        and (kept.submission_seq, kept.row_number) in (
            select stood.submission_seq, stood.row_number
            from store.period_key as period
            inner join store.indicator_key as indicator on indicator.indicator = $2
            inner join store.observation as stood using (period_key, indicator_key)
            where
                period.period = $3
                and stood.first_release <= $1 and (stood.last_release is null or stood.last_release >= $1)

            union all

            select counted.submission_seq, counted.row_number
            from store.period_key as period
            inner join store.population_statement as counted using (period_key)
            where
                period.period = $3
                and counted.population = $2
                and counted.submission_seq is not null and counted.row_number is not null
                and counted.first_release <= $1 and (counted.last_release is null or counted.last_release >= $1)
        )
    )
$$;
comment on function store.trace_aside(integer, text, text) is
    'Behind marts.trace of a release: what is kept aside of an indicator and a period, but for what stood in the release';

-- The nights in the order in which they are asked what a name means: that of the release and those before it, the latest
-- first; should none be known any more, the nearest after it.
create or replace function store.trace_runs(as_of integer)
returns table (run_id text, started_at timestamptz)
language sql stable rows 100 set search_path = '' as $$
select
    run.run_id,
    case
        when run.started_at <= release.published_at then run.started_at
        else to_timestamp(-extract(epoch from run.started_at))
    end
from store.release as release
cross join ops.run as run
where release.release_id = $1
$$;
comment on function store.trace_runs(integer) is
    'Behind marts.trace of a release: the nights, those that began before it first when ordered backwards';

-- How prose compares with the tables is kept of the latest comparison alone: of an earlier release it is not told.
create or replace function store.trace_claims(as_of integer, said_of text, said_for text)
returns table (
    submission_id text, claim_number integer, period text, sender_unit_id text, indicator text, quote text,
    char_start integer, char_end integer, numerator bigint, denominator bigint, verdict text
)
language sql stable rows 100 set search_path = '' as $$
select
    claim.submission_id, claim.claim_number, claim.period, claim.sender_unit_id, claim.indicator, claim.quote,
    claim.char_start, claim.char_end, claim.numerator, claim.denominator, 'then'
from quality.report_claim as claim
inner join store.trace_submissions($1) as submission on claim.submission_id = submission.submission_id
where
    claim.period = $3
    and claim.indicator = $2
    and submission.status <> 'withdrawn'
$$;
comment on function store.trace_claims(integer, text, text) is
    'Behind marts.trace of a release: what the reports it knew say of an indicator in a period';

revoke execute on function
    store.trace_submissions(integer), store.trace_aside(integer, text, text), store.trace_runs(integer),
    store.trace_claims(integer, text, text)
from public;
