{{ config(
    indexes=[{'columns': ['period', 'indicator', 'unit_id'], 'unique': true}],
    pre_hook='set local enable_nestloop = off',
    post_hook='analyze {{ this }}'
) }}

-- Earlier periods on today's tree. Nothing is apportioned: what was divided counts from the first unit that holds all of it.
with

figures as not materialized (

    select * from {{ ref('int_figure_landed') }}

),

summed as (

    select
        figures.period,
        figures.indicator,
        unit.unit_id,
        count(*) as speakers,
        count(*) filter (where figures.is_declaration) as declarations,
        bool_and(figures.is_exact and figures.landing_unit_id = unit.unit_id) as is_landed_exactly,
        bool_or(not figures.is_exact and figures.landing_unit_id = unit.unit_id) as is_raised_to,
        sum(figures.numerator)::bigint as numerator,
        sum(figures.denominator)::bigint as denominator
    from figures
    cross join lateral unnest(figures.landing_path) with ordinality as unit (unit_id, position)
    where unit.position - 1 > figures.covered_depth
    group by figures.period, figures.indicator, unit.unit_id

),

-- The units of today that would have received a part of a figure: they are below where it counts.
parts as (

    select
        figures.period,
        figures.indicator,
        figures.unit_id as speaker_unit_id,
        figures.landing_unit_id,
        figures.landing_depth,
        part.receiver_unit_id as unit_id
    from figures
    inner join {{ ref('int_part_retained') }} as part
        on
            figures.era_period = part.era_period
            and figures.unit_id = part.unit_id
    where
        figures.is_divided
        and not figures.is_scattered

    union all

    select distinct
        figures.period,
        figures.indicator,
        figures.unit_id as speaker_unit_id,
        figures.landing_unit_id,
        figures.landing_depth,
        receiver.unit_id
    from figures
    inner join {{ ref('int_node_scattered') }} as scattered
        on
            figures.period = scattered.period
            and figures.reporter_class = scattered.reporter_class
            and figures.unit_id = scattered.unit_id
    cross join lateral unnest(scattered.part_unit_ids) as part (unit_id)
    inner join {{ ref('int_unit_restated') }} as today on part.unit_id = today.unit_id
    cross join lateral unnest(today.path) with ordinality as receiver (unit_id, position)
    where
        figures.is_scattered
        and receiver.position - 1 > figures.landing_depth

),

held as (

    select
        period,
        indicator,
        unit_id,
        count(*) as held_above,
        (array_agg(landing_unit_id order by landing_depth, landing_unit_id))[1] as held_at
    from parts
    group by period, indicator, unit_id

),

cells as (

    select
        coalesce(summed.period, held.period) as period,
        coalesce(summed.indicator, held.indicator) as indicator,
        coalesce(summed.unit_id, held.unit_id) as unit_id,
        summed.speakers,
        summed.declarations,
        summed.is_landed_exactly,
        summed.numerator,
        summed.denominator,
        coalesce(held.held_above, 0) as held_above,
        coalesce(held.held_at, case when summed.is_raised_to then summed.unit_id end) as restated_at
    from summed
    full join held
        on
            summed.period = held.period
            and summed.indicator = held.indicator
            and summed.unit_id = held.unit_id

),

based as (

    select
        cells.*,
        indicator.kind,
        indicator.reporter_class,
        indicator.population,
        indicator.nested_in,
        indicator.may_exceed_one,
        coalesce(coverage.expected_units, 0) as expected_units,  -- nobody expected is landed in or under it
        coalesce(coverage.reporting_units, 0) as reporting_units,
        coalesce(coverage.withheld_units, 0) as withheld_units,
        case
            when
                cells.held_above > 0
                or coverage.waiting_units > 0
                or coverage.reporting_units < coverage.expected_units
                then 'partial'
            when cells.speakers = 1 and cells.declarations = 0 and cells.is_landed_exactly then 'own'
            when cells.speakers = 1 and cells.declarations = 1 and cells.is_landed_exactly then 'declared'
            when cells.declarations > 0 then 'mixed'
            else 'complete'
        end as basis
    from cells
    inner join {{ ref('stg_reference__indicator') }} as indicator on cells.indicator = indicator.indicator
    left join {{ ref('int_coverage_restated') }} as coverage
        on
            cells.period = coverage.period
            and cells.indicator = coverage.indicator
            and cells.unit_id = coverage.unit_id

),

-- The whole population of a nested ratio is the outer numerator, where that is whole.
populated as (

    select
        based.*,
        case
            when based.nested_in is not null then outer_figure.numerator
            else ledger.amount
        end as population_count,
        case when based.kind = 'ratio' then {{ safe_ratio('based.numerator', 'based.denominator') }} end as rate
    from based
    left join (
        select *
        from based
        where indicator in (select each.nested_in from {{ ref('stg_reference__indicator') }} as each)
    ) as outer_figure
        on
            based.period = outer_figure.period
            and based.unit_id = outer_figure.unit_id
            and based.nested_in = outer_figure.indicator
            and outer_figure.basis <> 'partial'
    left join {{ ref('int_population_restated') }} as ledger
        on
            based.period = ledger.period
            and based.unit_id = ledger.unit_id
            and based.population = ledger.population
            and based.reporter_class = ledger.reporter_class

),

final as (

    select
        period,
        indicator,
        unit_id,
        basis,
        numerator,
        denominator,
        rate,
        case
            when kind <> 'ratio' then null
            when basis <> 'partial' then rate
            when denominator <= population_count then {{ safe_ratio('numerator', 'population_count') }}
        end as rate_low,
        case
            when kind <> 'ratio' then null
            when basis <> 'partial' then rate
            when denominator <= population_count and not may_exceed_one
                then {{ safe_ratio('numerator + population_count - denominator', 'population_count') }}
        end as rate_high,
        reporting_units,
        expected_units,
        withheld_units,
        held_above,
        restated_at,
        may_exceed_one
    from populated

)

select * from final
