with

-- Which senders the calendar expects in which period; a form without named senders expects every unit of its level.
-- Districts and grassroots units speak through their province.
expected as (

    select
        period.period,
        unit.unit_id as sender_unit_id,
        max(calendar.due_on) as due_on,
        max(calendar.first_loaded_on) as first_loaded_on,
        string_agg(calendar.form, '; ' order by calendar.form) as forms
    from {{ ref('stg_reference__calendar') }} as calendar
    inner join {{ ref('stg_ops__period') }} as period
        on calendar.period = period.period
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            period.period = unit.period
            and (
                case
                    when cardinality(calendar.senders) > 0
                        then unit.unit_id = any(calendar.senders) or unit.code = any(calendar.senders)
                    when calendar.sender_level = 'department' then unit.level = 'department'
                    else unit.level = 'province'
                end
            )
    group by period.period, unit.unit_id

),

received as (

    select
        resolved.period,
        resolved.sender_unit_id,
        count(distinct resolved.submission_seq) as versions,
        count(*) as statements,
        min(resolved.received_at) as first_received_at,
        max(resolved.received_at) as last_received_at
    from {{ ref('int_statement_resolved') }} as resolved
    where
        resolved.sender_unit_id is not null
        and resolved.action = 'state'
    group by resolved.period, resolved.sender_unit_id

),

standing as (

    select
        period,
        sender_unit_id,
        count(*) as observations,
        count(*) filter (where is_withheld) as withheld
    from {{ ref('fct_observation') }}
    group by period, sender_unit_id

),

final as (

    select
        period,
        sender_unit_id,
        expected.forms,
        expected.due_on,
        expected.sender_unit_id is not null as is_expected,
        received.versions is not null as is_received,
        -- A deadline that had passed before the calendar was loaded is history: it cannot be missed.
        case
            when expected.due_on >= expected.first_loaded_on and received.first_received_at is not null
                then (received.first_received_at at time zone 'Asia/Ho_Chi_Minh')::date <= expected.due_on
        end as is_on_time,
        received.first_received_at,
        received.last_received_at,
        coalesce(received.versions, 0) as versions,  -- nothing received is no version
        coalesce(received.statements, 0) as statements,
        coalesce(standing.observations, 0) as observations,
        coalesce(standing.withheld, 0) as withheld
    from expected
    full join received using (period, sender_unit_id)
    left join standing using (period, sender_unit_id)

)

select * from final
