-- What a sender is to mend: one row per finding sent back, with the names that it knows them by.
select
    finding.finding_id,
    finding.group_id,
    finding.rule,
    finding.severity,
    finding.period,
    finding.scope,
    finding.indicator,
    finding.population,
    finding.expected,
    finding.actual,
    finding.message_vi,
    finding.message_en,
    finding.explanation,
    finding.explanations,
    finding.submission_id,
    finding.locator,
    finding.due_on,
    submission.file_name,
    unit.code as unit_code,
    unit.name as unit_name,
    indicator.name_vi as indicator_vi,
    indicator.name_en as indicator_en,
    counted.name_vi as population_vi,
    counted.name_en as population_en
from quality.finding as finding
left join raw.submission as submission on finding.submission_id = submission.submission_id
left join reference.indicator as indicator on finding.indicator = indicator.indicator
left join lateral (
    select
        version.code,
        version.name
    from reference.org_unit as version
    where version.unit_id = finding.unit_id
    order by
        version.valid @> (to_date(finding.period, 'YYYY-MM') + interval '1 month - 1 day')::date desc nulls last,
        lower(version.valid) desc nulls last
    limit 1
) as unit on true
left join lateral (
    select
        version.name_vi,
        version.name_en
    from reference.population as version
    where version.population = finding.population
    order by version.valid @> (to_date(finding.period, 'YYYY-MM') + interval '1 month - 1 day')::date desc nulls last
    limit 1
) as counted on true
where finding.finding_id = any(%(finding_ids)s)
order by
    min(case finding.severity when 'error' then 0 when 'warning' then 1 else 2 end)
        over (partition by finding.group_id),
    finding.period desc nulls first,
    finding.group_id,
    case finding.severity when 'error' then 0 when 'warning' then 1 else 2 end,
    finding.rule,
    unit.code,
    finding.indicator,
    finding.finding_id;
