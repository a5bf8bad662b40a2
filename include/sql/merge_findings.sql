-- The night's findings into the lasting table. A finding keeps its id and its first sight; a waiver binds to values.
insert into quality.finding as lasting (
    finding_id, group_id, rule, severity, state, sender_unit_id, province_unit_id, unit_id, indicator, population,
    period, scope, expected, actual, imbalance, message_vi, message_en, explanation, explanations, submission_id,
    locator, values_key, first_seen_at, last_seen_at, last_run_id)
select
    found.finding_id, found.group_id, found.rule, found.severity,
    case when found.is_waived then 'waived' else 'open' end,
    found.sender_unit_id, found.province_unit_id, found.unit_id, found.indicator, found.population,
    found.period, found.scope, found.expected, found.actual, found.imbalance, found.message_vi, found.message_en,
    found.explanation, found.explanations, found.submission_id,
    found.locator, found.values_key, run.started_at, run.started_at, run.run_id
from quality.run_finding as found
inner join ops.run as run on found.run_id = run.run_id
where found.run_id = current_setting('tonghop.run_id')
on conflict (finding_id) do update set
    group_id = excluded.group_id,
    severity = excluded.severity,
    -- Sent back and not changed since: still returned. Anything else that is found again is open.
    state = case
        when excluded.state = 'waived' then 'waived'
        when lasting.state = 'returned' and lasting.values_key = excluded.values_key then 'returned'
        else 'open'
    end,
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
update quality.finding as lasting
set state = 'corrected'
where
    lasting.state <> 'corrected'
    and lasting.last_run_id <> current_setting('tonghop.run_id')
    and case when lasting.rule like 'P%%' then 'release' when lasting.rule in ('D05', 'N01') then 'totals' else 'figures' end
        = any(%(gates)s)
    and (
        lasting.period is null
        or (lasting.period, reference.partition_of(lasting.sender_unit_id)) in (
            select scope.period, scope.province_unit_id
            from ops.run_partition as scope
            where scope.run_id = current_setting('tonghop.run_id')
        )
    );
