-- Keep aside the gathered raw rows that break a statement rule, unless the finding is waived. Rows by their key, whatever a
-- gate has set for the relations that it reads whole.
set local enable_nestloop = on;

with

broken as (

    select
        judged.submission_id,
        judged.submission_seq,
        judged.row_number,
        judged.locator,
        {reason} as reason
    from pg_temp.broken as judged
    where
        judged.breaks_{number}
        and not exists (
            select 1
            from quality.run_finding as finding
            where
                finding.run_id = current_setting('tonghop.run_id')
                and finding.finding_id = {finding_id}
                and finding.is_waived
        )

),

noted as (

    insert into quality.rejected_row (submission_id, submission_seq, row_number, locator, rule, reason, raw, judged)
    select
        broken.submission_id,
        broken.submission_seq,
        broken.row_number,
        broken.locator,
        '{rule}',
        broken.reason,
        to_jsonb(statement) - 'submission_seq',
        'night'
    from broken
    inner join raw.statement as statement using (submission_seq, row_number)
    on conflict (submission_seq, row_number, rule, locator) do update set
        reason = excluded.reason,
        judged_at = now()

)

insert into quality.run_kept_aside (run_id, submission_seq, row_number, rule)
select
    current_setting('tonghop.run_id'),
    submission_seq,
    row_number,
    '{rule}'
from broken
on conflict do nothing;

set local enable_nestloop = off;
