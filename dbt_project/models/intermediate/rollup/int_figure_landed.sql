{{ config(pre_hook='set local enable_nestloop = off', post_hook='analyze {{ this }}') }}

-- Each figure that speaks for itself in its period (a topmost reporter's own, or a declaration that was taken), where it
-- lands in today's tree; of the provinces that the night leaves alone as well, as they were published. It counts from there upward, down to below the depth at which a declaration above it counts.
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
        published.period,
        published.indicator,
        published.reporter_class,
        published.unit_id,
        published.numerator,
        published.summed_denominator as denominator,
        false as is_declaration
    from {{ ref('stg_store__standing_observation') }} as published
    inner join {{ ref('int_reporter_identified') }} as reporter
        on
            published.period = reporter.period
            and published.unit_id = reporter.unit_id
            and published.reporter_class = reporter.reporter_class
    where
        reporter.is_topmost
        and published.is_usable
        and published.period in (select restated.period from {{ ref('int_period_restated') }} as restated)

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

    union all

    select
        declared.period,
        declared.indicator,
        indicator.reporter_class,
        declared.unit_id,
        declared.numerator,
        declared.denominator,
        true as is_declaration
    from {{ ref('stg_store__standing_cell') }} as declared
    inner join {{ ref('stg_reference__indicator') }} as indicator on declared.indicator = indicator.indicator
    where
        declared.basis = 'declared'
        and declared.period in (select restated.period from {{ ref('int_period_restated') }} as restated)

),

landed as (

    select
        spoken.*,
        era.era_period,
        coalesce(scattered.landing_path, landed.landing_path) as landing_path,
        scattered.unit_id is not null as is_scattered,
        landed.is_divided,
        landed.is_exact and scattered.unit_id is null as is_exact
    from spoken
    inner join {{ ref('int_period_restated') }} as era on spoken.period = era.period
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

-- What stands under a declaration, unit by unit, so that it is looked up by its key.
covers as (

    select
        cover.period,
        cover.indicator,
        below.unit_id,
        cover.landing_path
    from landed as cover
    inner join (
        select
            unit.period,
            unit.unit_id,
            unnest(unit.path) as ancestor_unit_id
        from {{ ref('int_unit_hierarchized') }} as unit
    ) as below
        on
            cover.period = below.period
            and cover.unit_id = below.ancestor_unit_id
            and cover.unit_id <> below.unit_id
    where cover.is_declaration

),

covered as (

    select
        landed.period,
        landed.indicator,
        landed.unit_id,
        max({{ common_depth('landed.landing_path', 'covers.landing_path') }}) as covered_depth
    from landed
    inner join covers
        on
            landed.period = covers.period
            and landed.indicator = covers.indicator
            and landed.unit_id = covers.unit_id
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
        coalesce(covered.covered_depth, -1) as covered_depth,
        landed.numerator,
        landed.denominator,
        landed.is_declaration,
        landed.is_divided,
        landed.is_scattered,
        landed.is_exact
    from landed
    left join covered
        on
            landed.period = covered.period
            and landed.indicator = covered.indicator
            and landed.unit_id = covered.unit_id

)

select * from final
