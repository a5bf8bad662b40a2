{{ config(
    pre_hook='set local enable_nestloop = off',
    post_hook='analyze {{ this }}'
) }}

-- What C01 and C02 judge: for each sender, form of the calendar and period, of how many units it was expected and who has
-- not spoken, or spoke late. A province or department is itself expected where the form is of its level; a form of districts
-- or grassroots units is expected of each of them, and their province is its sender. What was due before the calendar was
-- loaded is history: it can be neither missing nor late.
with

expected as (

    select
        calendar.period,
        calendar.campaign,
        calendar.form,
        calendar.indicator_groups,
        calendar.due_on,
        unit.unit_id,
        unit.code,
        unit.level,
        coalesce(unit.province_unit_id, unit.unit_id) as sender_unit_id,
        unit.province_unit_id
    from {{ ref('stg_reference__calendar') }} as calendar
    inner join {{ ref('stg_ops__period') }} as period on calendar.period = period.period
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            calendar.period = unit.period
            and unit.is_rebuilt
            and (
                case
                    when cardinality(calendar.senders) > 0
                        then unit.unit_id = any(calendar.senders) or unit.code = any(calendar.senders)
                    else unit.level = calendar.sender_level
                end
            )
    where
        calendar.due_on >= calendar.first_loaded_on
        and calendar.due_on < ops.today()

),

-- When a unit first spoke of a group of indicators, whatever became of what it said.
said as (

    select
        resolved.period,
        resolved.unit_id,
        resolved.province_unit_id,
        resolved.sender_unit_id,
        indicator.indicator_group,
        min(submission.received_at) as received_at
    from {{ ref('int_statement_resolved') }} as resolved
    inner join {{ ref('stg_reference__indicator') }} as indicator on resolved.indicator = indicator.indicator
    inner join {{ ref('stg_submissions__submission') }} as submission
        on resolved.submission_seq = submission.submission_seq
    where
        resolved.action = 'state'
        and resolved.unit_id is not null
        and exists (select 1 from expected)
    group by
        resolved.period, resolved.unit_id, resolved.province_unit_id, resolved.sender_unit_id, indicator.indicator_group

),

-- Each expected unit's own word; for a province or a department whatever it sent, of whichever unit.
spoken as (

    select
        expected.period,
        expected.campaign,
        expected.form,
        expected.unit_id,
        min(said.received_at) as received_at
    from expected
    inner join said
        on
            expected.period = said.period
            and expected.unit_id = said.unit_id
            and said.indicator_group = any(expected.indicator_groups)
    where expected.level not in ('department', 'province')
    group by expected.period, expected.campaign, expected.form, expected.unit_id

    union all

    select
        expected.period,
        expected.campaign,
        expected.form,
        expected.unit_id,
        min(said.received_at) as received_at
    from expected
    inner join said
        on
            expected.period = said.period
            and expected.unit_id = said.sender_unit_id
            and said.indicator_group = any(expected.indicator_groups)
    where expected.level in ('department', 'province')
    group by expected.period, expected.campaign, expected.form, expected.unit_id

),

judged as (

    select
        expected.*,
        (spoken.received_at at time zone 'Asia/Ho_Chi_Minh')::date as received_on
    from expected
    left join spoken
        on
            expected.period = spoken.period
            and expected.campaign = spoken.campaign
            and expected.form = spoken.form
            and expected.unit_id = spoken.unit_id

),

final as (

    select
        period,
        campaign,
        form,
        sender_unit_id,
        min(province_unit_id) as province_unit_id,
        min(due_on) as due_on,
        count(*) as expected_units,
        count(*) filter (where received_on is null) as missing_units,
        count(*) filter (where received_on > due_on) as late_units,
        max(received_on) filter (where received_on > due_on) as late_on,
        string_agg(code, ', ' order by code) filter (where received_on is null) as missing_codes,
        string_agg(code || ' (' || received_on || ')', ', ' order by code) filter (where received_on > due_on) as late_codes,
        -- One unit that is missing is the finding's own.
        case when count(*) filter (where received_on is null) = 1
            then min(unit_id) filter (where received_on is null) end as missing_unit_id
    from judged
    group by period, campaign, form, sender_unit_id

)

select * from final
