-- Findings of the partitions in the night's scope (by sender: see reference.partition_of), and those that belong to no period.
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
left join (
    select distinct unit_id
    from {{ ref('stg_reference__org_unit') }}
    where level = 'province'
) as province on finding.sender_unit_id = province.unit_id
left join {{ ref('stg_ops__partition') }} as rebuilt
    on
        finding.period = rebuilt.period
        and coalesce(province.unit_id, '-') = rebuilt.province_unit_id
where
    -- The release gate sits after this: what it finds holds the release, or is answered for by a signature (ops.sign_off).
    finding.gate <> 'release'
    and (finding.period is null or rebuilt.period is not null)
