-- One row per period that exists (the calendar's, those reported, those published): the fingerprint of its inputs now,
-- and that of the published release. The period '-' stands for what belongs to no period.
with

frozen as (

    select
        spoken.period,
        spoken.submission_seq
    from ops.run_submission as frozen
    inner join raw.submission_period as spoken using (submission_seq)
    where frozen.run_id = %(run_id)s

),

rejected as (

    select distinct
        case when rejected.raw ->> 'period' ~ '^\d{4}-(0[1-9]|1[0-2])$' then rejected.raw ->> 'period' else '-' end as period,
        rejected.submission_seq
    from ops.run_submission as frozen
    inner join quality.rejected_row as rejected using (submission_seq)
    where
        frozen.run_id = %(run_id)s
        and rejected.judged = 'reading'

),

-- A report that does not say its period is still held against itself.
undated as (

    select
        '-' as period,
        frozen.submission_seq
    from ops.run_submission as frozen
    inner join raw.report_text as report using (submission_seq)
    where
        frozen.run_id = %(run_id)s
        and report.period is null

),

inputs as (

    select period, submission_seq from frozen
    union
    select period, submission_seq from rejected
    union
    select period, submission_seq from undated

),

periods as (

    select period from inputs
    union
    select period from reference.calendar
    union
    select period from store.partition

),

waived as (

    select
        coalesce(finding.period, '-') as period,
        string_agg(waiver.finding_id || waiver.values_key, ',' order by waiver.finding_id, waiver.values_key) as waivers
    from quality.waiver as waiver
    inner join quality.finding as finding using (finding_id)
    where waiver.valid_until >= current_date
    group by 1

),

-- Every period is restated on today's tree, so each day on which the register changes is an input of them all.
changes as (

    select lower(valid) as changed_on from reference.org_unit
    union
    select upper(valid) as changed_on from reference.org_unit
    union
    select effective_on as changed_on from reference.succession

),

stated as (

    select
        period,
        string_agg(submission_seq::text, ',' order by submission_seq) as submissions
    from inputs
    group by period

)

select
    periods.period,
    md5(concat_ws('|',
        stated.submissions,
        waived.waivers,
        (select content_hash from reference.load order by load_id desc limit 1),
        (select max(changed_on)::text from changes where changed_on <= (select tree_on from ops.run where run_id = %(run_id)s)),
        (select closed_at::text from quality.closed_period as closed where closed.period = periods.period),
        %(code)s
    )) as fingerprint,
    published.fingerprint as published_fingerprint
from periods
left join stated using (period)
left join waived using (period)
left join store.partition as published using (period)
order by periods.period;
