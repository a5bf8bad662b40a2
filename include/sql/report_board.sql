-- One row per period and sender (and those that only have findings, and departments that only have figures): what was
-- expected, what came, what was found.
with

found as (

    select
        period,
        coalesce(province_unit_id, sender_unit_id) as unit_id,
        count(*) filter (where severity = 'error' and state in ('open', 'returned')) as errors,
        count(*) filter (where severity = 'warning' and state in ('open', 'returned')) as warnings,
        count(*) filter (where severity = 'info' and state in ('open', 'returned')) as infos,
        count(*) filter (where state = 'waived') as waived
    from quality.finding
    where
        state <> 'corrected'
        and coalesce(province_unit_id, sender_unit_id) is not null
    group by period, coalesce(province_unit_id, sender_unit_id)

),

covered as (

    select
        period,
        unit_id,
        level,
        min(coverage) as coverage_low,
        max(coverage) as coverage_high,
        count(*) as figures
    from marts.fct_rollup
    where level in ('department', 'province')
    group by period, unit_id, level

),

senders as (

    select period, sender_unit_id as unit_id from marts.fct_submission
    union
    select period, unit_id from found
    union
    select period, unit_id
    from covered
    where level = 'department'

)

select
    senders.period,
    senders.unit_id,
    version.unit_code,
    version.unit_name,
    version.level,
    case when parent.level = 'department' then version.parent_unit_id end as department_unit_id,
    submission.forms,
    submission.due_on,
    coalesce(submission.is_expected, false) as is_expected,
    coalesce(submission.is_received, false) as is_received,
    submission.is_on_time,
    submission.last_received_at,
    submission.versions,
    submission.statements,
    submission.observations,
    submission.withheld,
    coalesce(found.errors, 0) as errors,      -- nothing found
    coalesce(found.warnings, 0) as warnings,  -- nothing found
    coalesce(found.infos, 0) as infos,        -- nothing found
    coalesce(found.waived, 0) as waived,      -- nothing found
    covered.coverage_low,
    covered.coverage_high,
    covered.figures
from senders
left join marts.fct_submission as submission
    on
        senders.period = submission.period
        and senders.unit_id = submission.sender_unit_id
left join found
    on
        senders.unit_id = found.unit_id
        and senders.period is not distinct from found.period
left join covered
    on
        senders.period = covered.period
        and senders.unit_id = covered.unit_id
left join marts.dim_period as period on senders.period = period.period
left join lateral (
    select unit.*
    from marts.dim_org_unit as unit
    where unit.unit_id = senders.unit_id
    order by
        (
            (unit.valid_from is null or unit.valid_from <= period.last_day)
            and (unit.valid_to is null or unit.valid_to > period.last_day)
        ) desc nulls last,
        unit.valid_from desc nulls last
    limit 1
) as version on true
left join lateral (
    select unit.level
    from marts.dim_org_unit as unit
    where unit.unit_id = version.parent_unit_id
    limit 1
) as parent on true
order by senders.period desc nulls last, version.level, version.unit_code, senders.unit_id;
