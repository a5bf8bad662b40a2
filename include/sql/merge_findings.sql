-- The night's findings into the lasting table. A finding keeps its id, its first sight and its due day; a waiver binds to
-- values. What became of each is told once in quality.finding_event, and only where something became of it.
drop table if exists pg_temp.merging;
create temporary table merging on commit drop as
with

-- Who looks after what a sender said: the department that it belonged to in the period, or that it is.
offices as (

    select
        said.sender_unit_id,
        said.period,
        office.unit_id
    from (
        select distinct
            coalesce(sender_unit_id, province_unit_id) as sender_unit_id,
            period,
            case
                when period ~ '^\d{4}-(0[1-9]|1[0-2])$'
                    then (to_date(period, 'YYYY-MM') + interval '1 month - 1 day')::date
                else ops.today()
            end as last_day
        from quality.run_finding
        where
            run_id = current_setting('tonghop.run_id')
            and (gate = any(%(gates)s) or is_waived)
    ) as said
    cross join lateral (
        select case when unit.level = 'department' then unit.unit_id else unit.parent_unit_id end as unit_id
        from reference.org_unit as unit
        where
            unit.unit_id = said.sender_unit_id
            and unit.level in ('department', 'province')
        order by
            unit.valid @> said.last_day desc,
            upper(unit.valid) desc nulls first
        limit 1
    ) as office
    where office.unit_id in (select department.unit_id from reference.org_unit as department where department.level = 'department')

),

judged as (

    select
        found.*,
        run.started_at,
        known.state as state_before,
        known.values_key as values_before,
        known.is_escalated as was_escalated,
        known.due_on as due_before,
        coalesce(known.owner, offices.unit_id) as owner,
        case
            when found.is_waived then 'waived'
            -- Sent back and not changed since: still returned. Anything else that is found again is open.
            when known.state = 'returned' and known.values_key = found.values_key then 'returned'
            else 'open'
        end as state_after
    from quality.run_finding as found
    inner join ops.run as run on found.run_id = run.run_id
    left join quality.finding as known on found.finding_id = known.finding_id
    left join offices
        on
            coalesce(found.sender_unit_id, found.province_unit_id) = offices.sender_unit_id
            and found.period is not distinct from offices.period
    where
        found.run_id = current_setting('tonghop.run_id')
        -- What an earlier gate of the night has merged, and no later one has added to, is as it is: but it may be waived since.
        and (found.gate = any(%(gates)s) or found.is_waived)
        and (
            known.last_run_id is distinct from found.run_id
            or (known.state = 'corrected')
            or (known.group_id, known.severity, known.values_key, known.explanation, known.explanations)
            is distinct from (found.group_id, found.severity, found.values_key, found.explanation, found.explanations)
            or found.is_waived <> (known.state = 'waived')
        )

),

told as (

    select
        judged.*,
        case
            when state_before is null then 'seen'
            when state_after = 'waived' and state_before <> 'waived' then 'waived'
            when state_before in ('corrected', 'waived') and state_after = 'open' then 'reopened'
            when values_before <> values_key then 'changed'
        end as event,
        ops.today() + case severity
            when 'error' then %(error_days)s::integer
            when 'warning' then %(warning_days)s::integer
        end as newly_due_on
    from judged

)

select
    told.*,
    -- What holds a release, or is answered for by a signature, waits for no day.
    case
        when rule like 'P%%' then null
        when event in ('seen', 'reopened') then newly_due_on
        else coalesce(due_before, newly_due_on)
    end as due_on,
    coalesce(was_escalated and severity = 'warning' and state_after <> 'waived' and event is distinct from 'reopened', false)
        as is_escalated
from told;

insert into quality.finding_event (finding_id, event, state_before, state_after, values_key, due_on, run_id)
select
    finding_id,
    event,
    state_before,
    state_after,
    values_key,
    due_on,
    run_id
from pg_temp.merging
where event is not null
order by finding_id;

insert into quality.finding as lasting (
    finding_id, group_id, rule, gate, severity, state, owner, due_on, is_escalated, sender_unit_id, province_unit_id,
    unit_id, indicator, population, period, scope, expected, actual, imbalance, message_vi, message_en, explanation, explanations,
    submission_id, locator, values_key, first_seen_at, last_seen_at, last_run_id)
select
    finding_id, group_id, rule, gate, severity, state_after, owner, due_on, is_escalated, sender_unit_id, province_unit_id,
    unit_id, indicator, population, period, scope, expected, actual, imbalance, message_vi, message_en, explanation, explanations,
    submission_id, locator, values_key, started_at, started_at, run_id
from pg_temp.merging
on conflict (finding_id) do update set
    group_id = excluded.group_id,
    gate = excluded.gate,
    severity = excluded.severity,
    state = excluded.state,
    owner = excluded.owner,
    due_on = excluded.due_on,
    is_escalated = excluded.is_escalated,
    sender_unit_id = excluded.sender_unit_id,
    province_unit_id = excluded.province_unit_id,
    unit_id = excluded.unit_id,
    indicator = excluded.indicator,
    population = excluded.population,
    period = excluded.period,
    scope = excluded.scope,
    expected = excluded.expected,
    actual = excluded.actual,
    imbalance = excluded.imbalance,
    message_vi = excluded.message_vi,
    message_en = excluded.message_en,
    explanation = excluded.explanation,
    explanations = excluded.explanations,
    submission_id = excluded.submission_id,
    locator = excluded.locator,
    values_key = excluded.values_key,
    last_seen_at = excluded.last_seen_at,
    last_run_id = excluded.last_run_id;

-- Corrected by itself: judged tonight by a gate that is done, and not found.
with corrected as (
    update quality.finding as lasting
    set
        state = 'corrected',
        is_escalated = false
    from quality.finding as before
    where
        lasting.finding_id = before.finding_id
        and lasting.state <> 'corrected'
        and lasting.last_run_id <> current_setting('tonghop.run_id')
        and lasting.gate = any(%(gates)s)
        and (
            lasting.period is null
            or (lasting.period, reference.partition_of(lasting.sender_unit_id)) in (
                select scope.period, scope.province_unit_id
                from ops.run_partition as scope
                where scope.run_id = current_setting('tonghop.run_id')
            )
        )
    returning lasting.finding_id, before.state as state_before, lasting.values_key, lasting.due_on
)

insert into quality.finding_event (finding_id, event, state_before, state_after, values_key, due_on, run_id)
select
    finding_id,
    'corrected',
    state_before,
    'corrected',
    values_key,
    due_on,
    current_setting('tonghop.run_id')
from corrected
order by finding_id;
