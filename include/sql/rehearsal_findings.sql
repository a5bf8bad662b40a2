-- One row per finding of a rehearsal about one sender, with the fields of the public contract and the names that its page
-- shows. The scratch warehouse publishes nothing, so names come from the register as of the finding's period.
select
    coalesce(finding.province_unit_id, finding.sender_unit_id) as page_unit_id,
    finding.finding_id,
    finding.group_id,
    finding.rule,
    finding.severity,
    finding.state,
    finding.sender_unit_id,
    finding.province_unit_id,
    finding.unit_id,
    finding.indicator,
    finding.population,
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
    finding.locator,
    finding.first_seen_at,
    finding.last_seen_at,
    finding.values_key,
    unit.code as unit_code,
    unit.name as unit_name,
    indicator.name_vi as indicator_vi,
    indicator.name_en as indicator_en,
    counted.name_vi as population_vi,
    submission.file_name,
    null as waived_because
from quality.finding as finding
left join raw.submission as submission on finding.submission_id = submission.submission_id
left join reference.indicator as indicator on finding.indicator = indicator.indicator
left join lateral (
    select version.code, version.name
    from reference.org_unit as version
    where version.unit_id = finding.unit_id
    order by
        version.valid @> (to_date(finding.period, 'YYYY-MM') + interval '1 month - 1 day')::date desc nulls last,
        lower(version.valid) desc nulls last
    limit 1
) as unit on true
left join lateral (
    select version.name_vi
    from reference.population as version
    where version.population = finding.population
    order by version.valid @> (to_date(finding.period, 'YYYY-MM') + interval '1 month - 1 day')::date desc nulls last
    limit 1
) as counted on true
where
    finding.state <> 'corrected'
    and (
        %(unit_id)s::text is null
        or finding.sender_unit_id = %(unit_id)s
        or finding.province_unit_id = %(unit_id)s
    )
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
