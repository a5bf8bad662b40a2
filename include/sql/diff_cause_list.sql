-- Every cause once: what it is, who answers for it, and how many figures of each level it moved.
with

counted as (

    select
        cause.cause_key,
        moved.level,
        count(*) as figures
    from pg_temp.cause as cause
    inner join pg_temp.moved as moved using (period_key, unit_key, indicator_key)
    where %(level)s::text is null or moved.level = %(level)s
    group by cause.cause_key, moved.level

),

summed as (

    select
        cause_name.kind,
        cause_name.reference,
        sum(counted.figures)::bigint as figures,
        jsonb_object_agg(counted.level, counted.figures) as by_level
    from counted
    inner join pg_temp.cause_name as cause_name using (cause_key)
    group by cause_name.kind, cause_name.reference

)

select
    summed.kind,
    summed.reference,
    summed.figures,
    summed.by_level,
    submission.submission_id,
    submission.sender,
    submission.file_name,
    submission.received_at,
    submission.sent_by,
    submission.withdrawn_why,
    case
        -- A withdrawal of one fact is an entry of its own; its reason stands in the statement.
        when submission.kind = 'withdrawal' then (
            select max(statement.note) from raw.statement as statement
            where statement.submission_seq = submission.submission_seq
        )
    end as fact_withdrawn_why,
    waiver.finding_id,
    coalesce(waiver.author, closed.closed_by) as author,
    coalesce(waiver.reason, closed.reason) as reason,
    waiver.valid_until
from summed
left join raw.submission as submission
    on
        summed.kind in ('submission', 'withdrawal')
        and summed.reference = submission.submission_seq::text
left join quality.waiver as waiver
    on
        summed.kind = 'waiver'
        and summed.reference = waiver.waiver_id::text
left join quality.closed_period as closed
    on
        summed.kind = 'closing'
        and summed.reference = closed.period
order by summed.figures desc, summed.kind, summed.reference;
