{{ config(materialized='view') }}

-- One row per figure that enters the nation's sums, found from the leaves upward without the cascade's sums: a topmost
-- reporter's own figure, or a declaration that was taken, with no taken declaration above it.
with

taken as not materialized (

    select
        period,
        indicator,
        unit_id
    from {{ ref('int_rollup_cascaded') }}
    where basis = 'declared'

),

-- What stands under a declaration that was taken, unit by unit, so that it is looked up by its key.
covered as (

    select
        taken.period,
        taken.indicator,
        below.unit_id
    from taken
    inner join (
        select
            unit.period,
            unit.unit_id,
            unnest(unit.path) as ancestor_unit_id
        from {{ ref('int_unit_hierarchized') }} as unit
    ) as below
        on
            taken.period = below.period
            and taken.unit_id = below.ancestor_unit_id
            and taken.unit_id <> below.unit_id

),

candidates as (

    select
        observation.period,
        observation.indicator,
        observation.unit_id,
        reporter.level,
        reporter.department_unit_id,
        reporter.province_unit_id,
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
        unit.level,
        unit.department_unit_id,
        unit.province_unit_id,
        observation.numerator,
        observation.summed_denominator as denominator,
        observation.is_withheld
    from taken
    inner join {{ ref('int_observation_cleared') }} as observation
        on
            taken.period = observation.period
            and taken.indicator = observation.indicator
            and taken.unit_id = observation.unit_id
    inner join {{ ref('int_unit_hierarchized') }} as unit
        on
            taken.period = unit.period
            and taken.unit_id = unit.unit_id
    where
        observation.fact_scope = 'total'
        and not observation.is_reporter

)

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
from candidates
where
    not exists (
        select 1
        from covered
        where
            covered.period = candidates.period
            and covered.indicator = candidates.indicator
            and covered.unit_id = candidates.unit_id
    )
