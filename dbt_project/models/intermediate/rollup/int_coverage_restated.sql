{{ config(
    indexes=[{'columns': ['period', 'indicator', 'unit_id'], 'unique': true}],
    pre_hook="set local enable_nestloop = off; set local work_mem = '256MB'",
    post_hook='analyze {{ this }}'
) }}

-- Expected, reporting and withheld units of the period, by the unit of today's tree that they landed in or under. (What each
-- unit said has no statistics beside who was expected: a nested loop over it would be guessed right only by luck.)
with

-- What stands tonight, and what was published of provinces that the night leaves alone.
standing as not materialized (

    select
        observation.period,
        observation.indicator,
        observation.reporter_class,
        observation.unit_id,
        observation.fact_scope,
        observation.is_reporter,
        observation.mark,
        observation.is_usable,
        observation.is_withheld
    from {{ ref('int_observation_cleared') }} as observation
    inner join {{ ref('int_period_restated') }} as era on observation.period = era.period

    union all

    select
        published.period,
        published.indicator,
        published.reporter_class,
        published.unit_id,
        published.fact_scope,
        published.is_reporter,
        published.mark,
        published.is_usable,
        published.is_withheld
    from {{ ref('stg_store__standing_observation') }} as published
    inner join {{ ref('int_period_restated') }} as era on published.period = era.period

),

stated as (

    select distinct
        period,
        indicator,
        reporter_class
    from standing

),

-- What each expected unit said of each indicator, where it said anything.
said as (

    select
        expected.period,
        expected.era_period,
        observation.indicator,
        expected.unit_id,
        expected.landing_path,
        expected.is_divided,
        observation.is_usable,
        observation.mark = 'not_applicable' and not observation.is_withheld as is_excused,
        observation.is_withheld
    from {{ ref('int_expectation_landed') }} as expected
    inner join standing as observation
        on
            expected.period = observation.period
            and expected.unit_id = observation.unit_id
            and expected.reporter_class = observation.reporter_class
            and observation.is_reporter <> expected.is_declarer
            and observation.fact_scope = case when expected.is_declarer then 'total' else 'own' end

),

-- The silent under a declaration that was taken are covered where that landed, and above.
covered as (

    select
        expected.period,
        declaration.indicator,
        expected.unit_id,
        expected.landing_path,
        max({{ common_depth('expected.landing_path', 'declaration.landing_path') }}) as covered_depth
    from {{ ref('int_figure_landed') }} as declaration
    inner join (
        select
            expectation.*,
            unnest(expectation.path) as above_unit_id
        from {{ ref('int_expectation_landed') }} as expectation
    ) as expected
        on
            declaration.period = expected.period
            and declaration.reporter_class = expected.reporter_class
            and declaration.unit_id = expected.above_unit_id
    left join said
        on
            expected.period = said.period
            and declaration.indicator = said.indicator
            and expected.unit_id = said.unit_id
    where
        declaration.is_declaration
        and (said.unit_id is null or not (said.is_usable or said.is_excused))
    group by expected.period, declaration.indicator, expected.unit_id, expected.landing_path

),

spoken as (

    select
        said.period,
        said.indicator,
        unit.unit_id,
        count(*) filter (where said.is_excused) as excused,
        count(*) filter (where said.is_usable) as reporting,
        count(*) filter (where said.is_withheld) as withheld
    from said
    cross join lateral unnest(said.landing_path) as unit (unit_id)
    group by said.period, said.indicator, unit.unit_id

),

-- Divided units that say X are not expected, so nobody waits for a part of them.
excused as (

    select
        said.period,
        said.indicator,
        held.receiver_unit_id as unit_id,
        count(*) as held_units
    from said
    inner join {{ ref('int_part_retained') }} as held
        on
            said.era_period = held.era_period
            and said.unit_id = held.unit_id
    where said.is_excused
    group by said.period, said.indicator, held.receiver_unit_id

),

spoken_for as (

    select
        covered.period,
        covered.indicator,
        unit.unit_id,
        count(*) as reporting
    from covered
    cross join lateral unnest(covered.landing_path) with ordinality as unit (unit_id, position)
    where unit.position - 1 <= covered.covered_depth
    group by covered.period, covered.indicator, unit.unit_id

),

final as (

    select
        registered.period,
        stated.indicator,
        registered.unit_id,
        registered.expected_units - coalesce(spoken.excused, 0) as expected_units,
        coalesce(spoken.reporting, 0) + coalesce(spoken_for.reporting, 0) as reporting_units,
        coalesce(spoken.withheld, 0) as withheld_units,
        registered.held_units - coalesce(excused.held_units, 0) as waiting_units
    from {{ ref('int_expectation_counted') }} as registered
    inner join stated
        on
            registered.period = stated.period
            and registered.reporter_class = stated.reporter_class
    left join spoken
        on
            registered.period = spoken.period
            and stated.indicator = spoken.indicator
            and registered.unit_id = spoken.unit_id
    left join spoken_for
        on
            registered.period = spoken_for.period
            and stated.indicator = spoken_for.indicator
            and registered.unit_id = spoken_for.unit_id
    left join excused
        on
            registered.period = excused.period
            and stated.indicator = excused.indicator
            and registered.unit_id = excused.unit_id

)

select * from final
