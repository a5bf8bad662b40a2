-- Findings about provinces that the night leaves alone, as published and not corrected: what is found of them still holds.
select
    finding.finding_id,
    finding.group_id,
    finding.rule,
    finding.period,
    finding.unit_id,
    finding.indicator,
    finding.population,
    finding.actual,
    finding.imbalance
from {{ ref('stg_store__partition') }} as left_alone
inner join {{ source('store', 'finding') }} as finding
    on
        left_alone.period = finding.period
        and left_alone.province_unit_id = finding.sender_unit_id
where
    finding.last_release is null
    and finding.state <> 'corrected'
