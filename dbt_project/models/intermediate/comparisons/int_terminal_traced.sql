{{ config(post_hook='analyze {{ this }}') }}

-- One row per figure that enters the nation's sums, found from the leaves upward without the cascade's sums: a topmost
-- reporter's own figure, or a declaration that was taken, with no taken declaration above it.
with

taken as (

    select
        period,
        indicator,
        unit_id
    from {{ ref('int_rollup_cascaded') }}
    where basis = 'declared'

),

candidates as (

    select
        observation.period,
        observation.indicator,
        observation.unit_id,
        observation.numerator,
        observation.summed_denominator as denominator,
        observation.is_withheld
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
        observation.period,
        observation.indicator,
        observation.unit_id,
        observation.numerator,
        observation.summed_denominator as denominator,
        observation.is_withheld
    from {{ ref('int_observation_cleared') }} as observation
    inner join taken
        on
            observation.period = taken.period
            and observation.indicator = taken.indicator
            and observation.unit_id = taken.unit_id
    where
        observation.fact_scope = 'total'
        and not observation.is_reporter

),

placed as (

    select
        candidates.*,
        unit.department_unit_id,
        unit.province_unit_id,
        unit.path,
        unit.level
    from candidates
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            candidates.period = unit.period
            and candidates.unit_id = unit.unit_id

),

final as (

    select
        period,
        indicator,
        unit_id,
        level,
        department_unit_id,
        province_unit_id,
        numerator,
        denominator,
        is_withheld
    from placed
    where
        not exists (
            select 1
            from taken
            where
                taken.period = placed.period
                and taken.indicator = placed.indicator
                and taken.unit_id <> placed.unit_id
                and taken.unit_id = any(placed.path)
        )

)

select * from final
