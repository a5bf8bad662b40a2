-- Figures of one unit that do not fit one another are found by several rules. A nested ratio and a complement that miss the
-- same numerator by as much are one; and so is a count that is not the sum of its composition with the denominators that it,
-- or what it is a part of, was to be.
with

found as (

    select
        finding.finding_id,
        finding.group_id,
        finding.rule,
        finding.period,
        finding.unit_id,
        finding.population,
        finding.scope,
        finding.imbalance,
        indicator.nested_in,
        indicator.complement_of
    from quality.run_finding as finding
    left join staging.stg_reference__indicator as indicator on finding.indicator = indicator.indicator
    where
        finding.run_id = current_setting('tonghop.run_id')
        and finding.rule in ('N05', 'D03', 'D04', 'D07', 'D08')

),

composed as (

    select distinct
        quote.group_id,
        part.group_id as first_group_id
    from found as quote
    inner join intermediate.int_population_defined as defined
        on
            quote.rule = 'D03'
            and quote.period = defined.period
            and quote.population = defined.population
    inner join found as part
        on
            part.rule = 'D08'
            and quote.period = part.period
            and quote.unit_id = part.unit_id
            and part.population = any(defined.composed_of || quote.population)
            and quote.imbalance = -part.imbalance

),

related as (

    -- The other nested ratios of the province may have been misread.
    select
        inner_one.finding_id,
        complement.group_id as first_group_id
    from found as inner_one
    inner join found as complement
        on
            inner_one.rule = 'D07'
            and complement.rule = 'N05'
            and inner_one.period = complement.period
            and inner_one.unit_id = complement.unit_id
            and inner_one.scope = complement.scope
            and inner_one.nested_in = complement.complement_of
            and inner_one.imbalance = -complement.imbalance

    union all

    select
        found.finding_id,
        composed.first_group_id
    from found
    inner join composed on found.group_id = composed.group_id

),

first_of as (

    select
        finding_id,
        min(first_group_id) as group_id
    from related
    group by finding_id

)

update quality.run_finding as finding
set group_id = first_of.group_id
from first_of
where
    finding.run_id = current_setting('tonghop.run_id')
    and finding.finding_id = first_of.finding_id;
