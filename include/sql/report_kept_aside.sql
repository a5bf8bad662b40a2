-- One row per line or cell kept aside that has not been mended since, with the page it belongs to.
select
    sender.unit_id as page_unit_id,
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
left join lateral (
    select max(spoken.period) as period
    from raw.submission_period as spoken
    where spoken.submission_seq = aside.submission_seq
) as near on true
left join lateral (
    select version.unit_id
    from marts.dim_org_unit as version
    where
        version.unit_id = submission.sender
        or (
            version.unit_code = submission.sender
            and coalesce(version.valid_from, '-infinity'::date)
            <= coalesce(to_date(near.period || '-01', 'YYYY-MM-DD'), submission.received_at::date)
            and coalesce(version.valid_to, 'infinity'::date)
            > coalesce(to_date(near.period || '-01', 'YYYY-MM-DD'), submission.received_at::date)
        )
    order by version.unit_id = submission.sender desc
    limit 1
) as sender on true
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
