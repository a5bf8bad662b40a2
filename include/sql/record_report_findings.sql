-- What a standing report in prose contradicts in itself, as findings: until the same report is sent again or withdrawn.
-- They withhold nothing: a claim is evidence and enters no sum.
insert into quality.run_finding (
    run_id, gate, rule, severity, finding_id, group_id, sender_unit_id, province_unit_id, period, submission_id, locator,
    expected, actual, message_vi, message_en, explanation, explanations, values_key)
select
    current_setting('tonghop.run_id'),
    'figures',
    found.rule,
    found.severity,
    found.rule || '-' || left(md5(concat_ws('|', found.rule, submission.sender, submission.form, report.period, found.quote)), 12),
    found.rule || '-' || left(md5(concat_ws('|', found.rule, submission.sender, submission.form, report.period, found.quote)), 12),
    sender.unit_id,
    case when sender.level = 'province' then sender.unit_id end,
    report.period,
    submission.submission_id,
    (
        select string_agg(format('%s–%s', claim.char_start, claim.char_end), '; ' order by claim.char_start)
        from raw.claim as claim
        where claim.submission_seq = found.submission_seq and claim.claim_number = any(found.claims)
    ),
    null,
    found.quote,
    found.message_vi,
    found.message_en,
    found.explanations -> 0 ->> 'text_vi',
    found.explanations,
    md5(found.quote)
from raw.report_finding as found
inner join staging.stg_submissions__submission as submission using (submission_seq)
inner join raw.report_text as report using (submission_seq)
left join lateral (
    select
        unit.unit_id,
        unit.level
    from staging.stg_reference__org_unit as unit
    cross join lateral (
        select coalesce(to_date(report.period, 'YYYY-MM') + interval '1 month - 1 day', submission.received_at)::date as day
    ) as spoken_of
    where submission.sender in (unit.unit_id, unit.code)
    order by
        unit.valid @> spoken_of.day desc,
        upper(unit.valid) desc nulls first
    limit 1
) as sender on true
where
    ops.is_judged_tonight(report.period, submission.sender)
    and not exists (
        select 1
        from staging.stg_submissions__submission as later
        inner join raw.report_text as again on later.submission_seq = again.submission_seq
        where
            later.sender = submission.sender
            and later.form = submission.form
            and later.submission_seq > submission.submission_seq
            and (report.period is null or report.period = again.period)
    )
on conflict (run_id, finding_id) do nothing;
