{{ config(
    indexes=[{'columns': ['period', 'indicator', 'landing_unit_id']}],
    post_hook='analyze {{ this }}'
) }}

-- Each figure that speaks for itself in its period (a topmost reporter's own, or a declaration that was taken), where it
-- lands in today's tree. It counts from there upward, down to below the depth at which a declaration above it counts.
with

spoken as (

    select
        observation.period,
        observation.indicator,
        observation.reporter_class,
        observation.unit_id,
        observation.numerator,
        observation.summed_denominator as denominator,
        false as is_declaration
    from {{ ref('int_observation_cleared') }} as observation
    inner join {{ ref('int_reporter_identified') }} as reporter
        on
            observation.period = reporter.period
            and observation.unit_id = reporter.unit_id
            and observation.reporter_class = reporter.reporter_class
    where
        reporter.is_topmost
        and observation.is_usable

    union all

    select
        cascaded.period,
        cascaded.indicator,
        indicator.reporter_class,
        cascaded.unit_id,
        cascaded.numerator,
        cascaded.denominator,
        true as is_declaration
    from {{ ref('int_rollup_cascaded') }} as cascaded
    inner join {{ ref('stg_reference__indicator') }} as indicator on cascaded.indicator = indicator.indicator
    where cascaded.basis = 'declared'

),

landed as (

    select
        spoken.*,
        era.era_period,
        unit.path,
        coalesce(scattered.landing_path, landed.landing_path) as landing_path,
        scattered.unit_id is not null as is_scattered,
        landed.is_divided,
        landed.is_exact and scattered.unit_id is null as is_exact
    from spoken
    inner join {{ ref('int_period_restated') }} as era on spoken.period = era.period
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            spoken.period = unit.period
            and spoken.unit_id = unit.unit_id
    inner join {{ ref('int_unit_landed') }} as landed
        on
            era.era_period = landed.era_period
            and spoken.unit_id = landed.unit_id
    left join {{ ref('int_node_scattered') }} as scattered
        on
            spoken.is_declaration
            and spoken.period = scattered.period
            and spoken.reporter_class = scattered.reporter_class
            and spoken.unit_id = scattered.unit_id

),

covers as (

    select
        landed.period,
        landed.indicator,
        landed.unit_id,
        max({{ common_depth('landed.landing_path', 'cover.landing_path') }}) as covered_depth
    from landed
    inner join landed as cover
        on
            cover.is_declaration
            and landed.period = cover.period
            and landed.indicator = cover.indicator
            and cover.unit_id <> landed.unit_id
            and cover.unit_id = any(landed.path)
    group by landed.period, landed.indicator, landed.unit_id

),

final as (

    select
        landed.period,
        landed.era_period,
        landed.indicator,
        landed.unit_id,
        landed.reporter_class,
        landed.landing_path[cardinality(landed.landing_path)] as landing_unit_id,
        landed.landing_path,
        cardinality(landed.landing_path) - 1 as landing_depth,
        coalesce(covers.covered_depth, -1) as covered_depth,
        landed.numerator,
        landed.denominator,
        landed.is_declaration,
        landed.is_divided,
        landed.is_scattered,
        landed.is_exact
    from landed
    left join covers
        on
            landed.period = covers.period
            and landed.indicator = covers.indicator
            and landed.unit_id = covers.unit_id

)

select * from final
