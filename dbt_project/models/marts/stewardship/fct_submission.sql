{%- set is_standing = 'resolved.may_stand and not resolved.is_return and discarded.statement_key is null' %}
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
            and unit.is_rebuilt
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

-- What each submission stated, what of it stands and what of that is withheld, in one pass.
said as (

    select
        resolved.period,
        resolved.sender_unit_id,
        resolved.submission_seq,
        count(*) filter (where resolved.action = 'state') as statements,
        count(*) filter (where {{ is_standing }}) as observations,
        count(withheld.unit_id) filter (where {{ is_standing }}) as withheld
    from {{ ref('int_statement_resolved') }} as resolved
    left join {{ ref('int_statement_discarded') }} as discarded on resolved.statement_key = discarded.statement_key
    left join {{ source('quality', 'run_withheld') }} as withheld
        on
            withheld.run_id = {{ running_run_id() }}
            and resolved.period = withheld.period
            and resolved.unit_id = withheld.unit_id
            and resolved.indicator = withheld.indicator
            and resolved.fact_scope = withheld.scope
    group by resolved.period, resolved.sender_unit_id, resolved.submission_seq

),

received as (

    select
        said.period,
        said.sender_unit_id,
        count(*) as versions,
        sum(said.statements)::bigint as statements,
        sum(said.observations)::bigint as observations,
        sum(said.withheld)::bigint as withheld,
        min(submission.received_at) as first_received_at,
        max(submission.received_at) as last_received_at
    from said
    inner join {{ ref('stg_submissions__submission') }} as submission
        on said.submission_seq = submission.submission_seq
    where
        said.sender_unit_id is not null
        and said.statements > 0
    group by said.period, said.sender_unit_id

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
        coalesce(received.observations, 0) as observations,
        coalesce(received.withheld, 0) as withheld
    from expected
    full join received using (period, sender_unit_id)

)

select * from final
