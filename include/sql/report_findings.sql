-- One row per finding that is not corrected, with the names a reader needs; those of one cause follow one another.
select
    coalesce(finding.province_unit_id, finding.sender_unit_id) as page_unit_id,
    finding.group_id,
    finding.finding_id,
    finding.rule,
    finding.severity,
    finding.state,
    finding.unit_id,
    unit.unit_code,
    unit.unit_name,
    finding.indicator,
    catalogue.name_vi as indicator_vi,
    catalogue.name_en as indicator_en,
    finding.population,
    counted.name_vi as population_vi,
    counted.name_en as population_en,
    finding.period,
    finding.scope,
    finding.expected,
    finding.actual,
    finding.imbalance,
    finding.message_vi,
    finding.message_en,
    finding.explanation,
    finding.explanations,
    finding.submission_id,
    submission.file_name,
    submission.received_at,
    finding.locator,
    finding.first_seen_at,
    finding.owner,
    finding.due_on,
    finding.is_escalated,
    waiver.reason as waived_because,
    waiver.author as waived_by,
    waiver.valid_until as waived_until
from quality.finding as finding
left join marts.dim_indicator as catalogue on finding.indicator = catalogue.indicator
left join raw.submission as submission on finding.submission_id = submission.submission_id
left join marts.dim_period as period on finding.period = period.period
left join marts.dim_population as counted
    on
        finding.population = counted.population
        and (counted.valid_from is null or counted.valid_from <= period.last_day)
        and (counted.valid_to is null or counted.valid_to > period.last_day)
left join lateral (
    select
        version.unit_code,
        version.unit_name
    from marts.dim_org_unit as version
    where version.unit_id = finding.unit_id
    order by
        (
            (version.valid_from is null or version.valid_from <= period.last_day)
            and (version.valid_to is null or version.valid_to > period.last_day)
        ) desc nulls last,
        version.valid_from desc nulls last
    limit 1
) as unit on true
left join lateral (
    select
        given.reason,
        given.author,
        given.valid_until
    from quality.waiver as given
    where
        given.finding_id = finding.finding_id
        and given.values_key = finding.values_key
        and given.valid_until >= ops.today()
    order by given.created_at desc
    limit 1
) as waiver on finding.state = 'waived'
where finding.state <> 'corrected'
order by
    1,
    bool_or(finding.is_escalated) over (partition by finding.group_id) desc,
    min(case finding.severity when 'error' then 0 when 'warning' then 1 else 2 end)
        over (partition by finding.group_id),
    finding.period desc nulls first,
    finding.group_id,
    case finding.severity when 'error' then 0 when 'warning' then 1 else 2 end,
    finding.rule,
    unit.unit_code,
    finding.indicator,
    finding.finding_id;
