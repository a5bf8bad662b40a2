-- One row per line or cell kept aside that has not been mended since, with the page it belongs to.
with

sent as (

    select
        submission.submission_id,
        submission.sender,
        coalesce(to_date(max(spoken.period), 'YYYY-MM'), submission.received_at::date) as day
    from raw.submission as submission
    left join raw.submission_period as spoken on submission.submission_seq = spoken.submission_seq
    where submission.submission_id in (select aside.submission_id from quality.rejected_row as aside)
    group by submission.submission_seq

),

-- Whose page it is, once for each file: a unit id, or a code on the day of what it speaks of.
senders as materialized (

    select
        sent.submission_id,
        coalesce(by_id.unit_id, by_code.unit_id) as unit_id
    from sent
    left join (select distinct unit_id from marts.dim_org_unit) as by_id on sent.sender = by_id.unit_id
    left join marts.dim_org_unit as by_code
        on
            sent.sender = by_code.unit_code
            and coalesce(by_code.valid_from <= sent.day, true)
            and coalesce(by_code.valid_to > sent.day, true)

)

select
    senders.unit_id as page_unit_id,
    aside.submission_id,
    submission.file_name,
    submission.received_at,
    aside.row_number,
    aside.locator,
    aside.rule,
    aside.reason,
    aside.raw
from quality.rejected_row as aside
inner join raw.submission as submission on aside.submission_id = submission.submission_id
inner join senders on aside.submission_id = senders.submission_id
where
    submission.status <> 'withdrawn'
    -- What was judged while reading stands for ever; its finding says whether it was mended since.
    and (
        aside.judged = 'night'
        or not exists (
            select 1
            from quality.finding as finding
            where
                finding.submission_id = aside.submission_id
                and finding.rule = aside.rule
                and finding.state = 'corrected'
                and (finding.locator = aside.locator or finding.locator = submission.file_name || ' · ' || aside.locator)
        )
    )
order by 1, submission.received_at desc, aside.submission_id, aside.row_number, aside.rule, aside.locator;
