{{ config(post_hook='analyze {{ this }}') }}

-- What C03 judges: the latest sending of a whole form beside the facts that still stand from its earlier sendings and
-- that it neither states nor withdraws. A delimited file only amends, so it is no whole form.
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

-- The newest row of each fact of a sender, by whatever name the unit was written.
newest as (

    select distinct on (sender_name, coalesce(unit_id, unit_code), indicator, period, fact_scope)
        sender,
        period,
        unit_code,
        indicator,
        scope,
        action,
        submission_seq,
        form_latest_seq,
        locator
    from {{ ref('int_statement_resolved') }}
    order by
        sender_name, coalesce(unit_id, unit_code), indicator, period, fact_scope,
        submission_seq desc, row_number desc

),

-- Still standing, though the whole form was sent again after it.
unsaid as (

    select
        newest.sender,
        newest.period,
        newest.form_latest_seq,
        count(*) as dropped,
        string_agg(
            newest.unit_code || ' · ' || newest.indicator || ' · ' || newest.scope, '; '
            order by newest.unit_code, newest.indicator, newest.scope
        ) as dropped_facts
    from newest
    where
        newest.action = 'state'
        and newest.submission_seq < newest.form_latest_seq
    group by newest.sender, newest.period, newest.form_latest_seq

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
            and forms.sender = unsaid.sender
            and forms.submission_seq = unsaid.form_latest_seq

)

select * from final
