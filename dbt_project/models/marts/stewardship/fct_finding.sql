-- Findings of the periods in the night's scope, and those that belong to no period.
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
    finding.last_seen_at
from {{ source('quality', 'finding') }} as finding
left join {{ ref('stg_ops__period') }} as period
    on finding.period = period.period
where
    finding.period is null
    or period.period is not null
