-- Findings with the fields of the public contract, those that escalated first. A sender is meant by unit id, or by the code it has in the period.
select
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
    finding.owner,
    finding.due_on,
    finding.is_escalated
from quality.finding as finding
where
    finding.state = any(%(states)s)
    and (%(finding_ids)s::text[] is null or finding.finding_id = any(%(finding_ids)s))
    and (%(rule)s::text is null or finding.rule = %(rule)s)
    and (%(owner)s::text is null or lower(finding.owner) = lower(%(owner)s))
    and (
        not %(overdue)s
        or (finding.due_on < ops.today() and finding.state in ('open', 'returned'))
    )
    and (
        %(sender)s::text is null
        or %(sender)s in (finding.sender_unit_id, finding.province_unit_id)
        or exists (
            select 1
            from reference.org_unit as unit
            where
                unit.unit_id in (finding.sender_unit_id, finding.province_unit_id)
                and unit.code = %(sender)s
                and (
                    finding.period is null
                    or unit.valid @> (to_date(finding.period || '-01', 'YYYY-MM-DD') + interval '1 month - 1 day')::date
                )
        )
    )
order by
    finding.is_escalated desc,
    case finding.severity when 'error' then 0 when 'warning' then 1 else 2 end,
    finding.period,
    finding.sender_unit_id,
    finding.group_id,
    finding.rule,
    finding.finding_id;
