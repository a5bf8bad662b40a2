-- Rows that could not be read (S01, S02, S07, S08), as findings: until the same form is sent again for the same period,
-- or the same fact is stated later.
insert into quality.run_finding (
    run_id, gate, rule, severity, finding_id, group_id, sender_unit_id, province_unit_id, unit_id, indicator, population,
    period, scope, submission_id, locator, expected, actual, message_vi, message_en, values_key)
select
    current_setting('tonghop.run_id'),
    'figures',
    rejected.rule,
    'error',
    rejected.rule || '-' || left(md5(concat_ws('|', rejected.sender, rejected.form, rejected.locator)), 12),
    rejected.rule || '-' || left(md5(concat_ws('|', rejected.sender, rejected.form, rejected.locator)), 12),
    sender.unit_id,
    case when sender.level = 'province' then sender.unit_id end,
    named.unit_id,
    rejected.indicator,
    null,
    rejected.period,
    rejected.scope,
    rejected.submission_id,
    rejected.file_name || ' · ' || rejected.locator,
    'đọc được / readable',
    rejected.raw_text,
    split_part(rejected.reason, ' / ', 1),
    coalesce(nullif(split_part(rejected.reason, ' / ', 2), ''), rejected.reason),
    md5(rejected.raw_text)
from staging.stg_submissions__rejected_row as rejected
left join lateral (
    select
        unit.unit_id,
        unit.level
    from staging.stg_reference__org_unit as unit
    cross join lateral (
        select coalesce(
            to_date(rejected.period || '-01', 'YYYY-MM-DD'),
            -- A row without a readable period belongs where the rest of its file does.
            (
                select max(to_date(spoken.period || '-01', 'YYYY-MM-DD'))
                from raw.submission_period as spoken
                where spoken.submission_seq = rejected.submission_seq
            ),
            rejected.received_at::date
        ) as day
    ) as spoken_of
    where rejected.sender in (unit.unit_id, unit.code)
    -- A code that nobody has on that day still names whoever had it last.
    order by
        unit.unit_id = rejected.sender desc,
        unit.valid @> spoken_of.day desc,
        upper(unit.valid) desc nulls first
    limit 1
) as sender on true
-- Whom the row speaks of, if that could be read and is the sender's to speak of.
left join lateral (
    select coded.unit_id
    from intermediate.int_unit_coded as coded
    where
        coded.period = rejected.period
        and rejected.unit_code in (coded.code, coded.unit_id)
        and sender.unit_id in (coded.unit_id, coded.province_unit_id)
    order by coded.unit_id = rejected.unit_code desc
    limit 1
) as named on true
where
    ops.is_judged_tonight(rejected.period, rejected.sender)
    and not exists (
        select 1
        from raw.submission as later
        inner join ops.run_submission as frozen
            on
                frozen.run_id = current_setting('tonghop.run_id')
                and later.submission_seq = frozen.submission_seq
        left join raw.submission_period as spoken
            on
                later.submission_seq = spoken.submission_seq
                and rejected.period = spoken.period
        where
            later.sender = rejected.sender
            and later.form = rejected.form
            and later.submission_seq > rejected.submission_seq
            and (rejected.period is null or spoken.period is not null)
    )
    and not exists (
        select 1
        from raw.statement as restated
        inner join staging.stg_submissions__submission as later
            on restated.submission_seq = later.submission_seq
        where
            later.sender = rejected.sender
            and restated.submission_seq > rejected.submission_seq
            and restated.unit_code = rejected.unit_code
            and restated.indicator = rejected.indicator
            and restated.period = rejected.period
            and restated.scope = rejected.scope
    )
on conflict (run_id, finding_id) do nothing;
