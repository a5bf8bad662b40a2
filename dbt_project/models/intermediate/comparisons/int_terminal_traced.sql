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

-- What stands under a declaration that was taken, by whom it stands directly below: of 55,000 units the parents are hundreds.
covered as (

    select
        taken.period,
        taken.indicator,
        above.unit_id as parent_unit_id
    from taken
    inner join (
        select
            parent.period,
            parent.unit_id,
            unnest(parent.path) as ancestor_unit_id
        from {{ ref('int_unit_hierarchized') }} as parent
        where
            (parent.period, parent.unit_id) in (
                select
                    child.period,
                    child.parent_unit_id
                from {{ ref('int_unit_hierarchized') }} as child
            )
    ) as above
        on
            taken.period = above.period
            and taken.unit_id = above.ancestor_unit_id

),

candidates as (

    select
        observation.period,
        observation.indicator,
        observation.unit_id,
        reporter.parent_unit_id,
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
        unit.parent_unit_id,
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
            and covered.parent_unit_id = candidates.parent_unit_id
    )
