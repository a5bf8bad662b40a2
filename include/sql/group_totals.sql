-- What the totals gate finds of a figure has the cause of what is found of the same figure otherwise: a count that fell goes
-- with its declaration that is not the sum, and both with what the figures gate found of it, or of it as a whole of parts, or
-- of a complement that misses it by as much.
with

found as (

    select
        finding.group_id,
        finding.rule,
        finding.gate,
        finding.period,
        finding.unit_id,
        finding.indicator,
        finding.scope,
        finding.imbalance,
        null::numeric as missed_by
    from quality.run_finding as finding
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.scope is not null
        and (finding.gate = 'figures' or finding.rule in ('D05', 'N01', 'N04'))

    union all

    select
        finding.group_id,
        finding.rule,
        finding.gate,
        finding.period,
        finding.unit_id,
        coalesce(indicator.part_of, indicator.complement_of),
        finding.scope,
        finding.imbalance,
        case finding.rule when 'N05' then finding.imbalance end as missed_by
    from quality.run_finding as finding
    inner join staging.stg_reference__indicator as indicator on finding.indicator = indicator.indicator
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule in ('N02', 'N05')

),

-- Of several groups beside a figure of the totals gate: what the figures gate found, then the declaration's.
beside as (

    select distinct on (later.group_id)
        later.group_id,
        first.group_id as first_group_id
    from found as later
    inner join found as first
        on
            later.unit_id = first.unit_id
            and later.indicator = first.indicator
            and later.period = first.period
            and later.scope = first.scope
            and (first.missed_by is null or (first.missed_by = later.imbalance and later.rule = 'N01'))
    where
        later.gate = 'totals'
        and (first.gate = 'figures' or (first.rule <> 'N04' and later.rule = 'N04'))
    order by later.group_id, first.gate, first.rule, first.group_id

)

update quality.run_finding as finding
set group_id = beside.first_group_id
from beside
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.group_id = beside.group_id
    and beside.group_id <> beside.first_group_id;
