-- One row per period and sender that the calendar expects and nothing was received from. The calendar's logic is that of
-- dbt_project/models/marts/stewardship/fct_submission.sql, without a night: districts and grassroots units speak through
-- their province, and a deadline before the calendar was loaded is history, so never late.
with

named as (

    select
        calendar.period,
        calendar.due_on,
        calendar.first_loaded_on,
        calendar.form,
        calendar.senders,
        calendar.sender_level,
        (to_date(calendar.period || '-01', 'YYYY-MM-DD') + interval '1 month - 1 day')::date as last_day
    from reference.calendar as calendar

),

expected as (

    select
        named.period,
        unit.unit_id,
        unit.code as unit_code,
        unit.name as unit_name,
        unit.level,
        case when parent.level = 'department' then parent.unit_id end as department_unit_id,
        max(named.due_on) as due_on,
        max(named.first_loaded_on) as first_loaded_on,
        string_agg(named.form, '; ' order by named.form) as forms
    from named
    inner join reference.org_unit as unit
        on
            unit.valid @> named.last_day
            and case
                when cardinality(named.senders) > 0
                    then unit.unit_id = any(named.senders) or unit.code = any(named.senders)
                when named.sender_level = 'department' then unit.level = 'department'
                else unit.level = 'province'
            end
    left join reference.org_unit as parent
        on
            unit.parent_unit_id = parent.unit_id
            and parent.valid @> named.last_day
    group by named.period, unit.unit_id, unit.code, unit.name, unit.level, parent.level, parent.unit_id

),

received as (

    select distinct
        spoken.period,
        unit.unit_id
    from raw.submission_period as spoken
    inner join raw.submission as submission using (submission_seq)
    inner join reference.org_unit as unit
        on
            (unit.code = submission.sender or unit.unit_id = submission.sender)
            and unit.valid @> (to_date(spoken.period || '-01', 'YYYY-MM-DD') + interval '1 month - 1 day')::date
    where submission.status = 'loaded'

)

select
    expected.*,
    expected.due_on < %(today)s as is_late,
    %(today)s::date - expected.due_on as days_late
from expected
left join received using (period, unit_id)
where
    received.unit_id is null
    and expected.due_on >= expected.first_loaded_on
    and expected.due_on <= %(today)s::date + %(soon)s
order by expected.due_on, expected.period, expected.department_unit_id nulls first, expected.unit_code;
