-- What C03 judges: the latest sending of a whole form beside the facts that stand from its earlier sendings, so that it
-- neither states nor withdraws. A delimited file only amends, so it is no whole form.
with

forms as (

    select
        form.period,
        submission.form,
        submission.submission_seq,
        submission.submission_id,
        submission.sender,
        submission.file_name
    from {{ ref('stg_submissions__form') }} as form
    inner join {{ ref('stg_submissions__submission') }} as submission
        on form.submission_seq = submission.submission_seq
    inner join {{ ref('stg_ops__period') }} as period
        on form.period = period.period
    where
        submission.kind = 'workbook'
        and form.submission_seq = form.form_latest_seq

),

-- Standing, though the form that states it was sent again.
unsaid as (

    select
        standing.period,
        form.form_latest_seq,
        count(*) as dropped,
        string_agg(
            unit.code || ' · ' || standing.indicator || ' · ' || standing.fact_scope, '; '
            order by unit.code, standing.indicator, standing.fact_scope
        ) as dropped_facts
    from {{ ref('int_observation_standing') }} as standing
    inner join {{ ref('stg_submissions__form') }} as form
        on
            standing.submission_seq = form.submission_seq
            and standing.period = form.period
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            standing.period = unit.period
            and standing.unit_id = unit.unit_id
    where standing.submission_seq < form.form_latest_seq
    group by standing.period, form.form_latest_seq

),

final as (

    select
        forms.period,
        forms.sender,
        sender.unit_id as sender_unit_id,
        case when sender.level = 'province' then sender.unit_id end as province_unit_id,
        forms.form,
        forms.submission_id,
        forms.file_name as locator,
        coalesce(unsaid.dropped, 0) as dropped,
        case
            when length(unsaid.dropped_facts) > 400 then left(unsaid.dropped_facts, 400) || ' …'
            else coalesce(unsaid.dropped_facts, '')
        end as dropped_facts,
        md5(coalesce(unsaid.dropped_facts, '')) as values_key
    from forms
    left join {{ ref('int_sender_resolved') }} as sender
        on
            forms.period = sender.period
            and forms.sender = sender.sender
    left join unsaid
        on
            forms.period = unsaid.period
            and forms.submission_seq = unsaid.form_latest_seq

)

select * from final
