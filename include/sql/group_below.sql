-- A declared total that is not the sum may be right, and a figure below wrong, of which a rule said so already: where what
-- is wrong there is as much as the total is off by, both are one. A part beyond its whole and a count that fell say how much
-- is wrong at least: they answer for a total if nothing else below does. A count that fell is one with its whole likewise.
with

found as (

    select
        finding.group_id,
        finding.gate,
        finding.rule,
        finding.period,
        finding.unit_id,
        finding.indicator,
        finding.population,
        case finding.rule when 'D05' then 'denominator' else 'numerator' end as measure,
        finding.imbalance,
        indicator.part_of,
        indicator.nested_in,
        indicator.complement_of
    from quality.run_finding as finding
    left join staging.stg_reference__indicator as indicator on finding.indicator = indicator.indicator
    where
        finding.run_id = current_setting('tonghop.run_id')
        and (
            (finding.rule in ('N02', 'N03', 'N04', 'N05', 'D03', 'D07') and finding.scope = 'own')
            or finding.rule in ('N01', 'D05', 'D06', 'D08')
        )

),

-- By how much a figure would have to be more, were it the one that is wrong.
wrong as (

    select group_id, rule, period, unit_id, indicator, 'numerator' as measure, imbalance as amount, false as is_least
    from found where rule = 'N03'
    union all
    select found.group_id, found.rule, found.period, found.unit_id, part.indicator, 'numerator', -found.imbalance, false
    from found
    inner join staging.stg_reference__indicator as part on found.indicator = part.part_of
    where found.rule = 'N03'
    union all
    select group_id, rule, period, unit_id, named.indicator, 'numerator', -imbalance, false
    from found
    cross join lateral unnest(array[found.indicator, found.complement_of]) as named (indicator)
    where rule = 'N05'
    union all
    select group_id, rule, period, unit_id, indicator, 'denominator', -imbalance, false from found where rule = 'D07'
    union all
    select group_id, rule, period, unit_id, nested_in, 'numerator', imbalance, false from found where rule = 'D07'
    union all
    select group_id, rule, period, unit_id, indicator, 'numerator', -imbalance, true from found where rule in ('N02', 'N04')
    union all
    select group_id, rule, period, unit_id, part_of, 'numerator', imbalance, true from found where rule = 'N02'
    union all
    select found.group_id, found.rule, found.period, found.unit_id, ratio.indicator, 'denominator', -found.imbalance, false
    from found
    inner join staging.stg_reference__indicator as ratio on found.population = ratio.population
    where
        found.rule = 'D06'
        and ratio.kind = 'ratio'
        and ratio.nested_in is null
    union all
    -- Against the returned count: the total of the returns misses it by as much as the quotes do.
    select found.group_id, found.rule, found.period, found.unit_id, stock.indicator, 'numerator',
        case found.rule when 'D03' then found.imbalance else -found.imbalance end, false
    from found
    inner join staging.stg_reference__indicator as stock on found.population = stock.population
    where
        found.rule in ('D03', 'D08')
        and stock.kind = 'stock'

),

climbed as (

    select
        wrong.*,
        above.unit_id as above_unit_id
    from wrong
    inner join intermediate.int_unit_hierarchized as unit
        on
            wrong.period = unit.period
            and wrong.unit_id = unit.unit_id
    cross join lateral unnest(unit.path) as above (unit_id)

),

answering as (

    select
        later.group_id,
        climbed.group_id as first_group_id,
        not climbed.is_least and later.rule <> 'N04' as is_as_much
    from found as later
    inner join intermediate.int_unit_hierarchized as place
        on
            later.period = place.period
            and later.unit_id = place.unit_id
            and place.province_unit_id is not null  -- above it, the night may have left alone what is below
    inner join climbed
        on
            later.period = climbed.period
            and later.unit_id = climbed.above_unit_id
            and later.indicator = climbed.indicator
            and later.measure = climbed.measure
    where
        later.group_id <> climbed.group_id
        and case
            when later.rule = 'N04'
                then climbed.rule = 'N03' and climbed.unit_id = later.unit_id and climbed.amount >= -later.imbalance
            when later.rule not in ('D05', 'N01') or climbed.unit_id = later.unit_id then false
            when climbed.is_least
                then sign(later.imbalance) = sign(climbed.amount) and abs(later.imbalance) >= abs(climbed.amount)
            else later.imbalance = climbed.amount
        end
        -- What a figure of the unit itself explains is explained.
        and not exists (
            select
            from found as beside
            where
                beside.gate = 'figures'
                and beside.group_id = later.group_id
        )

),

first_of as (

    select
        group_id,
        coalesce(min(first_group_id) filter (where is_as_much), min(first_group_id)) as first_group_id
    from answering
    group by group_id
    having bool_or(is_as_much) or count(distinct first_group_id) = 1

)

update quality.run_finding as finding
set group_id = first_of.first_group_id
from first_of
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.gate = 'totals'
    and finding.group_id = first_of.group_id;
