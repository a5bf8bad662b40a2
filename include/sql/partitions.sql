-- One row per partition: a period that exists (the calendar's, those reported, those published) and a province that was
-- open at its end, or was published; '-' is what stands above the provinces or belongs to none. Beside the fingerprint of
-- its inputs now: that of the published release, and the last day up to the period's end on which units moved: of two periods
-- with the same such day the tree is the same. The period '-' stands for what belongs to no period.
with

frozen as (

    select submission_seq
    from ops.run_submission
    where run_id = %(run_id)s

),

spoken as (

    select
        spoken.period,
        submission.sender,
        submission.submission_seq
    from frozen
    inner join raw.submission as submission using (submission_seq)
    inner join raw.submission_period as spoken using (submission_seq)

    union

    select
        case when rejected.raw ->> 'period' ~ '^\d{4}-(0[1-9]|1[0-2])$' then rejected.raw ->> 'period' else '-' end,
        submission.sender,
        submission.submission_seq
    from frozen
    inner join raw.submission as submission using (submission_seq)
    inner join quality.rejected_row as rejected using (submission_seq)
    where rejected.judged = 'reading'

    union

    -- A report that does not say its period is still held against itself.
    select
        '-',
        submission.sender,
        submission.submission_seq
    from frozen
    inner join raw.submission as submission using (submission_seq)
    inner join raw.report_text as report using (submission_seq)
    where report.period is null

),

periods as (

    select
        period,
        case when period <> '-' then (to_date(period, 'YYYY-MM') + interval '1 month - 1 day')::date end as last_day
    from (
        select period from spoken
        union
        select period from reference.calendar
        union
        select period from store.partition
    ) as existing

),

senders as (

    select
        said.period,
        said.sender,
        coalesce(case when speaker.level = 'province' then speaker.unit_id end, '-') as province_unit_id
    from (select distinct period, sender from spoken) as said
    inner join periods using (period)
    left join lateral reference.speaker(said.sender, periods.last_day) as speaker on periods.period <> '-'

),

stated as (

    select
        spoken.period,
        senders.province_unit_id,
        string_agg(spoken.submission_seq::text, ',' order by spoken.submission_seq) as submissions
    from spoken
    inner join senders using (period, sender)
    group by spoken.period, senders.province_unit_id

),

provinces as (

    select distinct unit_id
    from reference.org_unit
    where level = 'province'

),

waived as (

    select
        coalesce(finding.period, '-') as period,
        case when finding.period is not null then provinces.unit_id end as province_unit_id,
        string_agg(waiver.finding_id || waiver.values_key, ',' order by waiver.finding_id, waiver.values_key) as waivers
    from quality.waiver as waiver
    inner join quality.finding as finding using (finding_id)
    left join provinces on finding.sender_unit_id = provinces.unit_id
    where waiver.valid_until >= ops.today()
    group by 1, 2

),

-- What was sent back is published as returned; only ever more of it, so that a correction later is no change of its own.
returned as (

    select
        coalesce(finding.period, '-') as period,
        case when finding.period is not null then provinces.unit_id end as province_unit_id,
        'returned ' || max(event.event_id)::text as last_returned
    from quality.finding_event as event
    inner join quality.finding as finding using (finding_id)
    left join provinces on finding.sender_unit_id = provinces.unit_id
    where event.event = 'returned'
    group by 1, 2

),

partitions as (

    select period, '-' as province_unit_id from periods
    union
    select periods.period, unit.unit_id
    from periods
    inner join reference.org_unit as unit on unit.level = 'province' and unit.valid @> periods.last_day
    union
    select period, province_unit_id from store.partition

),

-- What the calendar expects of a period; and a day that passes is an input: who has not reported by then is missing.
expected as (

    select
        period,
        md5(string_agg((to_jsonb(entry) - 'source')::text, E'\n' order by (to_jsonb(entry) - 'source')::text)) as forms,
        max(due_on) filter (where due_on >= first_loaded_on and due_on < ops.today())::text as passed_on
    from reference.calendar as entry
    group by period

),

-- Every period is restated on today's tree, so each day on which the register changes is an input of them all.
changes as (

    select lower(valid) as changed_on from reference.org_unit
    union
    select upper(valid) as changed_on from reference.org_unit
    union
    select effective_on as changed_on from reference.succession

),

tree as (

    select
        run.tree_on,
        max(changes.changed_on)::text as changed_on
    from ops.run as run
    left join changes on changes.changed_on <= run.tree_on
    where run.run_id = %(run_id)s
    group by run.tree_on

),

-- The days on which a unit opened, closed, got another parent or was succeeded: after one of them a period has another tree.
moves as (

    select distinct lower(version.valid) as moved_on
    from reference.org_unit as version
    where
        not exists (
            select 1
            from reference.org_unit as before
            where
                before.unit_id = version.unit_id
                and upper(before.valid) = lower(version.valid)
                and before.parent_unit_id is not distinct from version.parent_unit_id
        )

    union

    select upper(version.valid)
    from reference.org_unit as version
    where
        not exists (
            select 1
            from reference.org_unit as after
            where
                after.unit_id = version.unit_id
                and lower(after.valid) = upper(version.valid)
        )

    union

    select effective_on
    from reference.succession

),

trees as (

    select
        periods.period,
        max(moves.moved_on) as moved_on
    from periods
    left join moves on moves.moved_on <= periods.last_day
    group by periods.period

)

select
    partitions.period,
    partitions.province_unit_id,
    md5(concat_ws('|',
        stated.submissions,
        waived.waivers,
        returned.last_returned,
        coalesce(register.fingerprint, 'gone'),
        tree.changed_on,
        closed.closed_at::text,
        expected.forms,
        expected.passed_on,
        %(code)s
    )) as fingerprint,
    published.fingerprint as published_fingerprint,
    trees.moved_on
from partitions
cross join tree
left join trees using (period)
left join stated using (period, province_unit_id)
left join waived
    on
        partitions.period = waived.period
        and partitions.province_unit_id = coalesce(waived.province_unit_id, '-')
left join returned
    on
        partitions.period = returned.period
        and partitions.province_unit_id = coalesce(returned.province_unit_id, '-')
left join ops.register_fingerprint as register
    on
        register.content_hash = %(content_hash)s
        and partitions.province_unit_id = register.province_unit_id
left join quality.closed_period as closed on partitions.period = closed.period
left join expected on partitions.period = expected.period
left join store.partition as published
    on
        partitions.period = published.period
        and partitions.province_unit_id = published.province_unit_id
order by partitions.period, partitions.province_unit_id;
